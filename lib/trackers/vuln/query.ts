import type { CanonicalValue } from "@/lib/domain/indicator";
import { indicatorId } from "@/lib/indicators/identity";
import { type Database, lit } from "@/lib/platform";
import { recordId } from "@/lib/records";
import type { Restriction } from "../define";
import { dateRange, flagParameter, listParameter, type Parameter, type QueryOf, type Said, textParameter } from "../parameters";
import { cveParameter, recordParameters, restrictRecords } from "../record-tracker";
import { CISA_KEV } from "./known-exploited";
import { JVN, NVD } from "./numbers";

export const SEVERITIES = ["critical", "high", "medium", "low", "none"] as const;

/** A share or a score: a plain decimal number within a range. */
function decimalParameter(name: string, range: { min: number; max: number }, said: Said): Parameter<number> {
	const right = `a number from ${range.min} to ${range.max}, such as ${said.example}`;
	const { names, many, description, example, schema } = textParameter(name, { ...said, pattern: { is: /^\d{1,2}(?:\.\d{1,5})?$/, right } });
	return { names, many, description, example, schema: schema.transform(Number).refine((value) => value >= range.min && value <= range.max, right) };
}

/** Several names, every one of which must be there. */
function namesParameter(name: string, said: Said): Parameter<string[]> {
	const { names, description, example, schema } = textParameter(name, said);
	return { names, description, example, many: true, schema: schema.array() };
}

const published = dateRange("vulndb_published_date", "published");

export const vulnParameters = {
	...recordParameters("vuln", {
		field: "vulndb_last_modified",
		dated: "last modified",
		words: "words, every one of which title or description must hold; products and weaknesses are searched as well",
	}),
	publishedAfter: published.after,
	publishedBefore: published.before,
	cve: cveParameter("cve", { description: "vulnerabilities that are about this CVE", example: "CVE-2026-1234" }),
	tag: namesParameter("tag", { description: "a tag; given several times, all must be there", example: "exploit-reference" }),
	severity: listParameter("severity", SEVERITIES, { description: "severity of the score it is sorted out by", example: "critical,high" }),
	scoreMin: decimalParameter("score_min", { min: 0, max: 10 }, { description: "CVSS score at or above this", example: "7.5" }),
	epssMin: decimalParameter("epss_min", { min: 0, max: 1 }, { description: "EPSS score at or above this", example: "0.5" }),
	kev: flagParameter("kev", { description: "whether CISA lists it as exploited", example: "true" }),
	vendor: textParameter("vendor", { description: "vendor of an affected product, whole name without regard to case", example: "apache" }),
	cwe: textParameter("cwe", { description: "weakness", example: "CWE-79", pattern: { is: /^CWE-\d{1,6}$/i, right: "a weakness such as CWE-79" } }),
	rejected: flagParameter("rejected", { description: "whether its source took it back", example: "false" }),
};

export type VulnQuery = QueryOf<typeof vulnParameters>;

function facet(kind: string, value: string): string {
	return `v.id IN (SELECT f.vuln_id FROM vuln_facet f WHERE f.kind = ${lit(kind)} AND f.value = ${lit(value.toLowerCase())})`;
}

/** Those that are about a CVE; that merely name it in their text are not. */
function about(cve: string): string {
	const id = indicatorId({ type: "cve", value: cve as CanonicalValue });
	return `v.id IN (SELECT m.record_id FROM mention m WHERE m.indicator_id = ${lit(id)} AND m.tracker = 'vuln' AND m.place = 'cve')`;
}

function conditions(query: VulnQuery): string[] {
	const found: string[] = [];
	if (query.cve !== undefined) found.push(about(query.cve));
	for (const tag of query.tag ?? []) found.push(facet("tag", tag));
	if (query.vendor !== undefined) found.push(facet("vendor", query.vendor));
	if (query.cwe !== undefined) found.push(facet("cwe", query.cwe));
	if (query.severity !== undefined && query.severity.length > 0) found.push(`v.severity IN (${query.severity.map((severity) => lit(severity.toUpperCase())).join(",")})`);
	if (query.scoreMin !== undefined) found.push(`v.score_tenths >= ${Math.ceil(Number((query.scoreMin * 10).toFixed(4)))}`);
	if (query.epssMin !== undefined) found.push(`v.cve_id IN (SELECT e.indicator_id FROM epss e WHERE e.score >= ${query.epssMin})`);
	if (query.kev !== undefined) {
		// A derived table is made once; a plain OR or UNION within IN would be asked for every vulnerability.
		const listed = `SELECT k.id FROM (SELECT e.id FROM vuln e WHERE e.exploited_on IS NOT NULL UNION SELECT e.id FROM exploit x JOIN vuln e ON e.kev_id = x.id WHERE x.source = ${CISA_KEV}) k`;
		found.push(`v.id ${query.kev ? "IN" : "NOT IN"} (${listed})`);
	}
	if (query.rejected !== undefined) found.push(`v.rejected = ${query.rejected ? 1 : 0}`);
	if (query.publishedAfter !== undefined) found.push(`v.published_at >= ${lit(query.publishedAfter)}`);
	if (query.publishedBefore !== undefined) found.push(`v.published_at <= ${lit(query.publishedBefore)}`);
	return found;
}

/** Roll-ups count by the day of publication, the list goes by the date of change: they count it but cannot draw its chart. */
export function restrictVuln(query: VulnQuery, db: Database): Promise<Restriction> {
	return restrictRecords({ tracker: "vuln", alias: "v", time: "v.modified_at", chartByDay: false }, query, conditions(query), db);
}

/** `CVE-2026-1234` (NVD's record, else whichever is about it) or `JVNDB-2026-001234` to the record's id. */
export async function vulnIdOf(text: string, db: Database): Promise<string | null> {
	const name = text.trim().toUpperCase();
	if (/^JVNDB-\d{4}-\d{6,7}$/.test(name)) return recordId(JVN, name).toString("hex");
	if (!/^CVE-\d{4}-\d{4,19}$/.test(name)) return null;
	const own = recordId(NVD, name);
	const rows = await db.query<{ id: Buffer }>(`SELECT v.id FROM vuln v WHERE v.id = ${lit(own)} OR ${about(name)} ORDER BY v.id = ${lit(own)} DESC, v.modified_at DESC LIMIT 1`);
	return rows[0]?.id.toString("hex") ?? null;
}
