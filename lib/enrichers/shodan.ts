import { z } from "zod";
import { amount, listOf, membersOf, textCell, timeCell, utc, word, words } from "./answer";
import { defineEnricher, type FactTable } from "./define";
import { counted, indicatorFact, indicatorsOf, tagsFact, textFact, timeFact } from "./facts";

const service = z.looseObject({
	port: z.number(),
	transport: word,
	product: word,
	version: word,
	timestamp: word,
	http: z.looseObject({ title: word, server: word }).nullish().catch(null),
	ssl: z
		.looseObject({
			cert: z
				.looseObject({ subject: z.looseObject({ CN: word }).nullish().catch(null) })
				.nullish()
				.catch(null),
		})
		.nullish()
		.catch(null),
	vulns: membersOf(z.looseObject({ verified: z.boolean().nullish().catch(null) })),
});
type Service = z.output<typeof service>;
const answer = z.looseObject({
	ports: listOf(z.number()),
	data: listOf(service),
	hostnames: words,
	tags: words,
	// A list of the host, an object of a service.
	vulns: z.union([
		words.refine((found) => found.length > 0),
		z
			.unknown()
			.optional()
			.transform((value) => (typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [])),
	]),
	org: word,
	isp: word,
	asn: word,
	os: word,
	country_name: word,
	city: word,
	last_update: word,
	total: amount,
});

/** Tags that are a judgement, not a description. */
const BAD_TAGS: ReadonlySet<string> = new Set(["malware", "c2", "compromised"]);
const MAX_ROWS = 50;

function tableOf(services: readonly Service[]): FactTable[] {
	if (services.length === 0) return [];
	const rows = [...services]
		.sort((a, b) => a.port - b.port)
		.slice(0, MAX_ROWS)
		.map(({ port, transport, product, version, http, ssl, timestamp }) => [
			textCell(`${port}/${transport ?? "tcp"}`),
			textCell([product ?? http?.server, version].filter((text) => (text ?? "") !== "").join(" ")),
			textCell(http?.title ?? ssl?.cert?.subject?.CN),
			timeCell(utc(timestamp)),
		]);
	return [{ title: "Services", columns: ["Port", "Software", "Title or certificate", "Seen"], rows, more: services.length - rows.length }];
}

/**
 * What Shodan's scanners saw of an address. Its API takes the key in the query and nowhere else; whatever is shown or logged of
 * the request is masked. CVEs are guessed from banners unless they are verified.
 */
export const shodan = defineEnricher({
	id: "shodan",
	name: "Shodan",
	homepage: "https://www.shodan.io/",
	supports: ["ipv4", "ipv6"],
	exposure: "provider",
	secret: { name: "shodanKey", required: true },
	quota: [{ calls: 1, seconds: 1 }],
	keeps: { found: 24 * 3600, unknown: 6 * 3600 },
	timeoutMs: 15_000,
	async ask({ value }, tools) {
		const raw = await tools.json(`https://api.shodan.io/shodan/host/${encodeURIComponent(value)}?${new URLSearchParams({ key: tools.secret ?? "" })}`);
		if (raw === null) return null;
		const host = answer.parse(raw);
		const ports = [...new Set([...host.ports, ...host.data.map(({ port }) => port)])].sort((a, b) => a - b);
		const vulns = [...new Set([...host.vulns, ...host.data.flatMap((one) => one.vulns.map(([name]) => name))])];
		const verified = host.data.flatMap((one) => one.vulns.flatMap(([name, { verified: is }]) => (is === true ? [name] : [])));
		if (ports.length === 0 && vulns.length === 0 && host.tags.length === 0 && host.hostnames.length === 0) return null;
		const bad = host.tags.some((tag) => BAD_TAGS.has(tag.toLowerCase()));
		const facts = [
			...tagsFact("Open ports", ports.map(String)),
			...tagsFact("Tags", host.tags, bad ? "bad" : "none"),
			...indicatorFact("Host names", indicatorsOf(host.hostnames, "domain")),
			...indicatorFact("Verified vulnerabilities", indicatorsOf(verified, "cve")),
			...indicatorFact(
				"Possible vulnerabilities",
				indicatorsOf(
					vulns.filter((name) => !verified.includes(name)),
					"cve",
				),
			),
			...textFact("Organisation", host.org),
			...textFact("Provider", host.isp),
			...textFact("Network", host.asn),
			...textFact("Operating system", host.os),
			...textFact("Place", [host.city, host.country_name].filter((text) => (text ?? "") !== "").join(", ")),
			...timeFact("Last seen", utc(host.last_update)),
		];
		const summary = [counted(ports.length, "open port"), ...(vulns.length === 0 ? [] : [counted(vulns.length, "possible vulnerability", "possible vulnerabilities")])].join(", ");
		return {
			enrichment: { summary, tone: bad ? "bad" : vulns.length > 0 ? "warn" : "none", facts, tables: tableOf(host.data), link: `https://www.shodan.io/host/${encodeURIComponent(value)}` },
			raw,
		};
	},
});
