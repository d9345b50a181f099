import { z } from "zod";
import type { Indicator, IndicatorType } from "@/lib/domain";
import { amount, listOf, membersOf, textCell, word, words } from "./answer";
import type { Enrichment, Fact, FactTable, Tone } from "./define";
import { indicatorFact, indicatorsOf, tagsFact, textFact, timeFact } from "./facts";

/** VirusTotal's objects (API v3) in the shape all enrichers share. */

const relation = z.looseObject({ data: listOf(z.looseObject({ id: z.string() })), meta: z.looseObject({ count: amount }).nullish().catch(null) });
const engine = z.looseObject({ category: z.string(), result: word });
const counts = z.looseObject({ malicious: z.number(), suspicious: amount, harmless: amount, undetected: amount });

const answer = z.looseObject({
	data: z.looseObject({
		id: z.string(),
		attributes: z.looseObject({
			last_analysis_stats: counts.nullish(),
			last_analysis_results: membersOf(engine),
			last_analysis_date: amount,
			reputation: amount,
			total_votes: z.looseObject({ harmless: amount, malicious: amount }).nullish().catch(null),
			categories: membersOf(z.string()),
			tags: words,
			// of addresses
			as_owner: word,
			asn: amount,
			network: word,
			country: word,
			// of domains
			registrar: word,
			creation_date: amount,
			last_dns_records: listOf(z.looseObject({ type: word, value: word })),
			// of URLs
			title: word,
			last_final_url: word,
			last_http_response_code: amount,
			last_http_response_content_sha256: word,
			threat_names: words,
			// of files
			meaningful_name: word,
			names: words,
			size: amount,
			type_description: word,
			magic: word,
			md5: word,
			sha1: word,
			sha256: word,
			times_submitted: amount,
			first_submission_date: amount,
			last_submission_date: amount,
			popular_threat_classification: z.looseObject({ suggested_threat_label: word }).nullish().catch(null),
			crowdsourced_yara_results: listOf(z.looseObject({ rule_name: z.string() })),
		}),
		relationships: membersOf(relation),
	}),
});
export type VirusTotalObject = z.output<typeof answer>["data"];
type Attributes = VirusTotalObject["attributes"];

const MAX_ENGINES = 100;

export function virusTotalObject(raw: unknown): VirusTotalObject {
	return answer.parse(raw).data;
}

/** Ids of objects that the same answer names. */
export function relatedIds({ relationships }: VirusTotalObject, name: string): string[] {
	return relationships.find(([key]) => key === name)?.[1].data.map(({ id }) => id) ?? [];
}

/** The id of a resolution is the address and the name, written one behind the other. */
function resolved(data: VirusTotalObject, { type, value }: Indicator): Fact[] {
	const ids = relatedIds(data, "resolutions");
	const names = ids.flatMap((id) => (type === "domain" ? (id.endsWith(value) ? [id.slice(0, -value.length)] : []) : id.startsWith(value) ? [id.slice(value.length)] : []));
	return type === "domain" ? indicatorFact("Resolved to", indicatorsOf(names, "ip")) : indicatorFact("Names that resolved to it", indicatorsOf(names, "domain"));
}

function relatedFacts(data: VirusTotalObject, indicator: Indicator): Fact[] {
	const of = (name: string, expectation: "hash" | "domain" | "ip") => indicatorsOf(relatedIds(data, name), expectation);
	return [
		...resolved(data, indicator),
		...indicatorFact("Subdomains", of("subdomains", "domain")),
		...indicatorFact("Files that speak to it", of("communicating_files", "hash")),
		...indicatorFact("Domains it speaks to", of("contacted_domains", "domain")),
		...indicatorFact("Addresses it speaks to", of("contacted_ips", "ip")),
	];
}

function addressFacts(a: Attributes): Fact[] {
	const system = [a.asn === null ? "" : `AS${a.asn}`, a.as_owner ?? ""].filter((text) => text !== "").join(" ");
	return [...textFact("Network", system), ...indicatorFact("Block", indicatorsOf([a.network], "network")), ...textFact("Country", a.country)];
}

function domainFacts(a: Attributes): Fact[] {
	const addresses = a.last_dns_records.filter(({ type }) => type === "A" || type === "AAAA").map(({ value }) => value);
	return [...textFact("Registrar", a.registrar), ...timeFact("Registered", a.creation_date, 30), ...indicatorFact("Addresses when last seen", indicatorsOf(addresses, "ip"))];
}

function urlFacts(a: Attributes, value: string): Fact[] {
	return [
		...textFact("Threats", a.threat_names.join(", "), "bad"),
		...textFact("Title", a.title),
		...indicatorFact(
			"Led to",
			indicatorsOf([a.last_final_url], "url").filter((one) => one.value !== value),
		),
		...(a.last_http_response_code === null ? [] : [{ label: "Status", kind: "number", value: a.last_http_response_code } as const]),
		...indicatorFact("Content", indicatorsOf([a.last_http_response_content_sha256], "sha256")),
	];
}

function fileFacts(a: Attributes, value: string): Fact[] {
	const hashes = indicatorsOf([a.sha256, a.sha1, a.md5], "hash").filter((one) => one.value !== value);
	return [
		...textFact("Threat", a.popular_threat_classification?.suggested_threat_label, "bad"),
		...textFact("Name", a.meaningful_name ?? a.names[0]),
		...tagsFact("Other names", a.meaningful_name === null ? a.names.slice(1) : a.names.filter((name) => name !== a.meaningful_name)),
		...textFact("Type", a.type_description ?? a.magic),
		...(a.size === null ? [] : [{ label: "Size in bytes", kind: "number", value: a.size } as const]),
		...indicatorFact("Other hashes", hashes),
		...tagsFact(
			"YARA rules",
			a.crowdsourced_yara_results.map((rule) => rule.rule_name),
		),
	];
}

function ownFacts(type: IndicatorType, a: Attributes, value: string): Fact[] {
	if (type === "ipv4" || type === "ipv6") return addressFacts(a);
	if (type === "domain") return domainFacts(a);
	return type === "url" ? urlFacts(a, value) : fileFacts(a, value);
}

function commonFacts(a: Attributes): Fact[] {
	const votes = a.total_votes;
	const said = votes === null || votes === undefined || ((votes.harmless ?? 0) === 0 && (votes.malicious ?? 0) === 0) ? null : `${votes.malicious ?? 0} malicious, ${votes.harmless ?? 0} harmless`;
	return [
		...(a.reputation === null ? [] : [{ label: "Reputation by its users", kind: "number", value: a.reputation } as const]),
		...textFact("Votes", said),
		...tagsFact(
			"Categories",
			a.categories.map(([, category]) => category),
		),
		...tagsFact("Tags", a.tags),
		...timeFact("First submitted", a.first_submission_date),
		...timeFact("Last submitted", a.last_submission_date),
		...timeFact("Analysed", a.last_analysis_date),
	];
}

/** Engines with an opinion, those that call it malicious first. */
function engines({ last_analysis_results: results }: Attributes): FactTable[] {
	const bad = results.filter(([, { category }]) => category === "malicious" || category === "suspicious").sort(([, a], [, b]) => a.category.localeCompare(b.category));
	if (bad.length === 0) return [];
	const tone = (category: string): Tone => (category === "malicious" ? "bad" : "warn");
	const rows = bad.slice(0, MAX_ENGINES).map(([name, { category, result }]) => [textCell(name), { kind: "text", text: category, tone: tone(category) } as const, textCell(result)]);
	return [{ title: "Engines", columns: ["Engine", "Verdict", "Name"], rows, more: bad.length - rows.length }];
}

/** One or two engines are wrong often enough to need eyes before they are believed. */
function toneOf(malicious: number, suspicious: number): Tone {
	if (malicious >= 3) return "bad";
	return malicious + suspicious > 0 ? "warn" : "none";
}

/** An object in the common shape. Nobody calls anything clean: no engine against it is said as just that. */
export function virusTotalEnrichment(data: VirusTotalObject, indicator: Indicator): Enrichment {
	const { attributes } = data;
	const stats = attributes.last_analysis_stats;
	const facts: Fact[] = [];
	let summary = "Known, and not analysed yet";
	let tone: Tone = "none";
	if (stats !== null && stats !== undefined) {
		const suspicious = stats.suspicious ?? 0;
		const of = stats.malicious + suspicious + (stats.harmless ?? 0) + (stats.undetected ?? 0);
		// Counts that are all zero are those of an analysis that has not come to an end.
		if (of > 0) tone = toneOf(stats.malicious, suspicious);
		if (of > 0) summary = `${stats.malicious === 0 ? "None" : stats.malicious.toLocaleString("en")} of ${of.toLocaleString("en")} engines call${stats.malicious === 1 ? "s" : ""} it malicious`;
		if (suspicious > 0) summary += `, ${suspicious} suspicious`;
		if (of > 0) facts.push({ label: "Engines that call it malicious", kind: "share", part: stats.malicious, of, tone });
	}
	facts.push(...ownFacts(indicator.type, attributes, indicator.value), ...commonFacts(attributes), ...relatedFacts(data, indicator));
	return { summary, tone, facts, tables: engines(attributes) };
}
