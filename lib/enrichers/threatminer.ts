import { z } from "zod";
import type { IndicatorType } from "@/lib/domain";
import { indicatorCell, listOf, timeCell, utc, word } from "./answer";
import { defineEnricher, type Fact, type FactTable, ProviderFailure } from "./define";
import { counted, indicatorFact, indicatorsOf, textFact, timeFact } from "./facts";

const answer = z.looseObject({ status_code: z.union([z.string(), z.number()]).transform(String), results: z.array(z.unknown()).nullish() });
const resolution = z.looseObject({ ip: word, domain: word, first_seen: word, last_seen: word });
const sample = z.looseObject({ md5: word, sha1: word, sha256: word, file_type: word, file_name: word, file_size: word, date_analysed: word });

/** Which script and which report: passive DNS of addresses and domains, metadata of files. */
const REPORTS: Partial<Readonly<Record<IndicatorType, { script: string; page: string; report: string }>>> = {
	ipv4: { script: "host", page: "host", report: "2" },
	domain: { script: "domain", page: "domain", report: "2" },
	md5: { script: "sample", page: "sample", report: "1" },
	sha1: { script: "sample", page: "sample", report: "1" },
	sha256: { script: "sample", page: "sample", report: "1" },
};

const MAX_ROWS = 50;

function passiveDns(results: readonly unknown[], of: IndicatorType): { summary: string; facts: Fact[]; tables: FactTable[] } | null {
	const found = listOf(resolution)
		.parse(results)
		.map((one) => ({ name: of === "domain" ? one.ip : one.domain, from: utc(one.first_seen), to: utc(one.last_seen) }))
		.filter(({ name }) => (name ?? "") !== "");
	if (found.length === 0) return null;
	const rows = found.slice(0, MAX_ROWS).map(({ name, from, to }) => [indicatorCell(name, "host"), timeCell(from), timeCell(to)]);
	const what = of === "domain" ? counted(found.length, "address", "addresses") : counted(found.length, "domain");
	return {
		summary: `${what} by passive DNS`,
		facts: indicatorFact(
			of === "domain" ? "Addresses" : "Domains",
			indicatorsOf(
				found.map(({ name }) => name),
				"host",
			),
		),
		tables: [{ title: "Passive DNS", columns: [of === "domain" ? "Address" : "Domain", "First seen", "Last seen"], rows, more: found.length - rows.length }],
	};
}

function metadata(results: readonly unknown[]): { summary: string; facts: Fact[] } | null {
	const file = listOf(sample).parse(results)[0];
	if (file === undefined) return null;
	const facts = [
		...textFact("Name", file.file_name),
		...textFact("Type", file.file_type),
		...textFact("Size", file.file_size),
		...indicatorFact("Other hashes", indicatorsOf([file.md5, file.sha1, file.sha256], "hash")),
		...timeFact("Analysed", utc(file.date_analysed)),
	];
	return { summary: `A sample${file.file_type === null ? "" : `: ${file.file_type}`}`, facts };
}

/**
 * Passive DNS and samples of ThreatMiner, kept for those who reach it. Every answer has status 200: `status_code` inside says "404"
 * where nothing is known. It judges nothing.
 */
export const threatminer = defineEnricher({
	id: "threatminer",
	name: "ThreatMiner",
	homepage: "https://www.threatminer.org/",
	supports: ["ipv4", "domain", "md5", "sha1", "sha256"],
	exposure: "provider",
	quota: [{ calls: 10, seconds: 60 }],
	keeps: { found: 3 * 86_400, unknown: 86_400 },
	timeoutMs: 10_000,
	offReason: "ThreatMiner has not been seen answering since 2023.",
	async ask({ type, value }, tools) {
		const wanted = REPORTS[type];
		if (wanted === undefined) return null;
		const raw = await tools.json(`https://api.threatminer.org/v2/${wanted.script}.php?${new URLSearchParams({ q: value, rt: wanted.report })}`);
		if (raw === null) return null;
		const { status_code: status, results } = answer.parse(raw);
		if (status === "404") return null;
		if (status !== "200") throw new ProviderFailure("failed", `api.threatminer.org answers with status ${status.slice(0, 20)}`);
		const made = wanted.script === "sample" ? metadata(results ?? []) : passiveDns(results ?? [], type);
		return made === null ? null : { enrichment: { ...made, tone: "none", link: `https://www.threatminer.org/${wanted.page}.php?q=${encodeURIComponent(value)}` }, raw };
	},
});
