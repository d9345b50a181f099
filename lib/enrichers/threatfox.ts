import { z } from "zod";
import type { Indicator } from "@/lib/domain";
import { authHeaders, FAIR_USE, known } from "./abuse-ch";
import { amount, indicatorCell, newest, textCell, timeCell, utc, word, words } from "./answer";
import { defineEnricher, type FactTable } from "./define";
import { counted, indicatorFact, indicatorsOf, tagsFact, timeFact } from "./facts";

const HOST = "threatfox-api.abuse.ch";

const entry = z.looseObject({
	id: word,
	ioc: z.string(),
	ioc_type: word,
	threat_type: word,
	threat_type_desc: word,
	malware_printable: word,
	malware_alias: word,
	malware_malpedia: word,
	confidence_level: amount,
	first_seen: word,
	last_seen: word,
	reporter: word,
	reference: word,
	tags: words,
});
type Entry = z.output<typeof entry>;
/** Errors and "nothing" come as a text in place of the list. */
const answer = z.looseObject({ data: z.array(entry) });

const MAX_ROWS = 50;

/** `search_ioc` finds parts of values: an entry counts only where it is about the very value, whatever port stands beside it. */
function about(entries: readonly Entry[], { type, value }: Indicator): Entry[] {
	if (type === "md5" || type === "sha1" || type === "sha256") return [...entries];
	return entries.filter(({ ioc }) => indicatorsOf([ioc])[0]?.value === value);
}

function tableOf(entries: readonly Entry[]): FactTable {
	const rows = entries
		.slice(0, MAX_ROWS)
		.map((one) => [
			one.ioc_type === "ip:port" ? textCell(one.ioc) : indicatorCell(one.ioc),
			textCell(one.threat_type?.replaceAll("_", " ")),
			textCell(one.malware_printable),
			textCell(one.confidence_level === null ? null : `${one.confidence_level} %`),
			timeCell(utc(one.first_seen)),
			timeCell(utc(one.last_seen)),
		]);
	return { title: "Entries", columns: ["Indicator", "Threat", "Malware", "Confidence", "First seen", "Last seen"], rows, more: entries.length - rows.length };
}

function aliases(entries: readonly Entry[]): string[] {
	return entries.flatMap(({ malware_alias: alias }) => (alias ?? "").split(",")).filter((alias) => alias.trim() !== "None");
}

/**
 * Indicators of malware that people and abuse.ch reported. Hashes are asked by `search_hash`, which also gives the indicators of
 * one sample; a confidence below 50 needs eyes.
 */
export const threatfox = defineEnricher({
	id: "threatfox",
	name: "ThreatFox",
	homepage: "https://threatfox.abuse.ch/",
	supports: ["ipv4", "domain", "url", "md5", "sha1", "sha256"],
	exposure: "provider",
	secret: { name: "abuseChAuthKey", required: true },
	quota: FAIR_USE,
	keeps: { found: 6 * 3600, unknown: 3600 },
	timeoutMs: 12_000,
	async ask(indicator, tools) {
		const { type, value } = indicator;
		// `search_hash` knows MD5 and SHA-256 only; a SHA-1 is an indicator like any other there.
		const json = type === "md5" || type === "sha256" ? { query: "search_hash", hash: value } : { query: "search_ioc", search_term: value };
		const raw = await tools.json(`https://${HOST}/api/v1/`, { json, headers: authHeaders(tools.secret) });
		if (raw === null || !known(raw, HOST)) return null;
		const entries = about(answer.parse(raw).data, indicator);
		if (entries.length === 0) return null;
		const confidence = Math.max(...entries.map((one) => one.confidence_level ?? 0));
		const tone = confidence >= 50 ? "bad" : "warn";
		const malware = [...new Set(entries.map((one) => one.malware_printable ?? "").filter((name) => name !== ""))];
		const related = indicatorsOf(entries.map(({ ioc }) => ioc)).filter((one) => one.value !== value);
		const facts = [
			...tagsFact("Malware", malware, tone),
			{ label: "Confidence", kind: "share", part: confidence, of: 100, tone } as const,
			...tagsFact(
				"Threat",
				entries.map((one) => one.threat_type_desc ?? one.threat_type ?? ""),
			),
			...tagsFact("Also called", aliases(entries)),
			...tagsFact(
				"Tags",
				entries.flatMap(({ tags }) => tags),
			),
			...indicatorFact("Indicators of the sample", related),
			...timeFact("Last seen", newest(entries.map((one) => utc(one.last_seen) ?? utc(one.first_seen)))),
		];
		const summary = `${counted(entries.length, "entry", "entries")}${malware.length === 0 ? "" : `: ${malware.slice(0, 3).join(", ")}`}`;
		const id = entries[0]?.id ?? "";
		const link = !/^\d{1,12}$/.test(id) ? `https://threatfox.abuse.ch/browse.php?search=ioc%3A${encodeURIComponent(value)}` : `https://threatfox.abuse.ch/ioc/${id}/`;
		return { enrichment: { summary, tone, facts, tables: [tableOf(entries)], link }, raw };
	},
});
