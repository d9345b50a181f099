import { z } from "zod";
import { amount, listOf, newest, textCell, timeCell, utc, word, words } from "./answer";
import { defineEnricher, type FactTable } from "./define";
import { counted, indicatorFact, indicatorsOf, tagsFact, textFact, timeFact } from "./facts";

const software = z.looseObject({ vendor: word, product: word, version: word });
const service = z.looseObject({
	port: z.number(),
	// Names of the platform, and of the older Search API.
	protocol: word,
	service_name: word,
	transport_protocol: word,
	scan_time: word,
	software: listOf(software),
	labels: listOf(z.union([z.string(), z.looseObject({ value: z.string() }).transform(({ value }) => value)])),
	threats: listOf(z.looseObject({ name: word })),
	vulns: listOf(z.looseObject({ id: z.string() })),
});
type Service = z.output<typeof service>;
const host = z.looseObject({
	services: listOf(service),
	service_count: amount,
	labels: listOf(z.union([z.string(), z.looseObject({ value: z.string() }).transform(({ value }) => value)])),
	location: z.looseObject({ city: word, country: word }).nullish().catch(null),
	autonomous_system: z.looseObject({ asn: amount, name: word, bgp_prefix: word }).nullish().catch(null),
	dns: z
		.looseObject({ names: words, reverse_dns: z.looseObject({ names: words }).nullish().catch(null) })
		.nullish()
		.catch(null),
	operating_system: z.looseObject({ vendor: word, product: word }).nullish().catch(null),
	last_updated_at: word,
});
const answer = z.looseObject({ result: z.union([z.looseObject({ resource: host }).transform(({ resource }) => resource), host]) });

const MAX_ROWS = 50;

function tableOf(services: readonly Service[], count: number): FactTable[] {
	if (services.length === 0) return [];
	const rows = services
		.slice(0, MAX_ROWS)
		.map((one) => [
			textCell(`${one.port}/${(one.transport_protocol ?? "tcp").toLowerCase()}`),
			textCell(one.protocol ?? one.service_name),
			textCell(one.software.map(({ product, version }) => [product, version].filter((text) => (text ?? "") !== "").join(" ")).join(", ")),
			timeCell(utc(one.scan_time)),
		]);
	return [{ title: "Services", columns: ["Port", "Protocol", "Software", "Seen"], rows, more: Math.max(count, services.length) - rows.length }];
}

/** The key is a personal access token; an account that belongs to an organisation has its id behind a space. */
function headersOf(secret: string | undefined): Record<string, string> {
	const [token = "", organisation] = (secret ?? "").split(/\s+/);
	return { authorization: `Bearer ${token}`, accept: "application/vnd.censys.api.v3.host.v1+json", ...(organisation === undefined ? {} : { "x-organization-id": organisation }) };
}

/**
 * What Censys' scanners saw of an address, from its platform. A free account has 100 credits a month, and an address costs one. A
 * host without services is known and says so; threats that Censys names are its judgement.
 */
export const censys = defineEnricher({
	id: "censys",
	name: "Censys",
	homepage: "https://platform.censys.io/",
	supports: ["ipv4", "ipv6"],
	exposure: "provider",
	secret: { name: "censysKey", required: true },
	quota: [
		{ calls: 1, seconds: 1 },
		{ calls: 100, seconds: 30 * 86_400 },
	],
	keeps: { found: 3 * 86_400, unknown: 86_400 },
	timeoutMs: 15_000,
	async ask({ value }, tools) {
		const raw = await tools.json(`https://api.platform.censys.io/v3/global/asset/host/${encodeURIComponent(value)}`, { headers: headersOf(tools.secret) });
		if (raw === null) return null;
		const { services, service_count: count, labels, location, autonomous_system: system, dns, operating_system: os, last_updated_at: updated } = answer.parse(raw).result;
		const threats = services.flatMap((one) => one.threats.map(({ name }) => name ?? "")).filter((name) => name !== "");
		const names = [...(dns?.reverse_dns?.names ?? []), ...(dns?.names ?? [])];
		if (services.length === 0 && (count ?? 0) === 0 && names.length === 0 && labels.length === 0) return null;
		const vulns = indicatorsOf(
			services.flatMap((one) => one.vulns.map(({ id }) => id)),
			"cve",
		);
		const facts = [
			...tagsFact("Threats", threats, "bad"),
			...tagsFact("Open ports", [...new Set(services.map(({ port }) => port))].map(String)),
			...tagsFact("Labels", [...labels, ...services.flatMap((one) => one.labels)]),
			...indicatorFact("Possible vulnerabilities", vulns),
			...indicatorFact("Host names", indicatorsOf(names, "domain")),
			...textFact("Network", system === null || system === undefined ? null : [system.asn === null ? null : `AS${system.asn}`, system.name].filter((text) => text !== null).join(" ")),
			...indicatorFact("Announced as", indicatorsOf([system?.bgp_prefix], "network")),
			...textFact("Operating system", [os?.vendor, os?.product].filter((text) => (text ?? "") !== "").join(" ")),
			...textFact("Place", [location?.city, location?.country].filter((text) => (text ?? "") !== "").join(", ")),
			...timeFact("Last seen", utc(updated) ?? newest(services.map((one) => utc(one.scan_time)))),
		];
		const found = Math.max(count ?? 0, services.length);
		const summary = [counted(found, "service"), ...(threats.length === 0 ? [] : [`names ${[...new Set(threats)].slice(0, 3).join(", ")}`])].join(", ");
		const tone = threats.length > 0 ? "bad" : vulns.length > 0 ? "warn" : "none";
		return { enrichment: { summary, tone, facts, tables: tableOf(services, found), link: `https://platform.censys.io/hosts/${encodeURIComponent(value)}` }, raw };
	},
});
