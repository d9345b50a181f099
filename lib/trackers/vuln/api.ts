import { hash } from "node:crypto";
import { z } from "zod";
import { formerMetrics } from "./cvss";
import type { VulnRow } from "./row";

const hex = z.string().regex(/^[0-9a-f]{32}$/);
const decimal = z.string().describe("a number with one decimal, as text: so the original writes it");

/** The original's item, then what it did not have. */
export const vulnItem = z.object({
	id: hex,
	title: z.string(),
	description: z.string().describe("in English; the source's own language where it has no English"),
	t_description: z.string().describe("in the source's own language, empty where that is English"),
	vulndb_published_date: z.iso.datetime(),
	vulndb_last_modified: z.iso.datetime(),
	products: z.array(z.object({ id: hex, name: z.string() })),
	vendors: z.array(z.string()),
	references: z.array(z.object({ id: hex, reftype: z.string().nullable(), value: z.string(), url: z.string() })),
	tags: z.array(z.object({ id: z.int(), name: z.string(), description: z.string().nullable(), longname: z.string().nullable() })),
	solution: z.string().describe("empty where the source has none"),
	nvds: z.array(z.object({ id: z.string(), cwe_id: z.string().nullable(), cvss_score: decimal.nullable(), summary: z.string().nullable() })).describe("the CVEs it is about"),
	cvsses: z.array(
		z.object({
			id: hex,
			access_complexity: z.string(),
			availability_impact: z.string(),
			confidentiality_impact: z.string(),
			access_vector: z.string(),
			authentication: z.string().describe("of CVSS 3 and 4 the privileges required"),
			integrity_impact: z.string(),
			score: decimal,
			calculated_cvss_base_score: decimal,
			cve_id: z.string().nullable(),
			source: z.string(),
			generated_on: z.iso.datetime(),
			version: z.string(),
			vector: z.string(),
			severity: z.string().nullable(),
			primary: z.boolean(),
		}),
	),
	source: z.string().describe("name of the source"),
	name: z.string().describe("the source's own name of it, such as CVE-2026-1234"),
	link: z.string().nullable(),
	status: z.string().nullable(),
	rejected: z.boolean(),
	score: z.number().nullable().describe("the CVSS score it is sorted out by"),
	severity: z.string().nullable(),
	cves: z.array(z.string()),
	cwes: z.array(z.object({ id: z.string(), name: z.string().optional() })),
	affected: z.array(z.object({ vendor: z.string(), product: z.string(), versions: z.string().optional(), cpe: z.string().optional() })),
	epss: z.object({ score: z.number(), percentile: z.number().nullable(), day: z.string() }).nullable(),
	known_exploited: z.object({ added: z.string(), due: z.string().nullable(), action: z.string().nullable(), ransomware: z.boolean() }).nullable(),
	left_out: z.array(z.string()).describe("what was not kept for its size, in words"),
});

function idOf(kind: string, value: string): string {
	return hash("sha256", `${kind}\0${value}`, "hex").slice(0, 32);
}

/** The original numbers its tags; ours have names only, so the number is made of the name. */
function tagNumber(name: string): number {
	return hash("sha256", `tag\0${name}`, "buffer").readUInt32BE(0) >>> 1;
}

/** The provider's own word for a reference: `NAME: ID`, as the original had it, else the address. */
function referenceValue({ title, url }: VulnRow["references"][number]): string {
	return title === undefined || title === "" ? url : title;
}

function nvds(row: VulnRow): z.output<typeof vulnItem>["nvds"] {
	// Only a record of the CVE itself says these things about it: JVN's can be about several.
	const own = row.cves.length === 1 && row.cves[0] === row.name;
	return row.cves.map((id) => ({
		id,
		cwe_id: own ? (row.cwes[0]?.id ?? null) : null,
		cvss_score: own ? (row.score?.toFixed(1) ?? null) : null,
		summary: own ? (row.description ?? "") : null,
	}));
}

function distinct(values: readonly string[]): string[] {
	return [...new Set(values.filter((value) => value !== ""))];
}

export function toVulnApi(row: VulnRow): z.output<typeof vulnItem> {
	return {
		id: row.id,
		title: row.title,
		description: row.description ?? row.translated ?? "",
		t_description: row.translated ?? "",
		vulndb_published_date: row.publishedAt.toISOString(),
		vulndb_last_modified: row.modifiedAt.toISOString(),
		products: distinct(row.products.map(({ product }) => product)).map((name) => ({ id: idOf("product", name), name })),
		vendors: distinct(row.products.map(({ vendor }) => vendor)),
		references: row.references.map((reference) => ({ id: idOf("reference", reference.url), reftype: reference.kind ?? null, value: referenceValue(reference), url: reference.url })),
		tags: row.tags.map((name) => ({ id: tagNumber(name), name, description: null, longname: null })),
		solution: row.solution ?? "",
		nvds: nvds(row),
		cvsses: row.cvss.map((cvss) => ({
			id: idOf("cvss", `${row.id} ${cvss.source} ${cvss.vector}`),
			...formerMetrics(cvss),
			score: cvss.score.toFixed(1),
			calculated_cvss_base_score: cvss.score.toFixed(1),
			cve_id: row.cves[0] ?? null,
			source: cvss.source,
			generated_on: row.modifiedAt.toISOString(),
			version: cvss.version,
			vector: cvss.vector,
			severity: cvss.severity ?? null,
			primary: cvss.primary,
		})),
		source: row.source.name,
		name: row.name,
		link: row.link,
		status: row.status,
		rejected: row.rejected,
		score: row.score,
		severity: row.severity,
		cves: row.cves,
		cwes: row.cwes.map(({ id, name }) => ({ id, ...(name === undefined ? {} : { name }) })),
		affected: row.products.map(({ vendor, product, versions, cpe }) => ({ vendor, product, ...(versions === undefined ? {} : { versions }), ...(cpe === undefined ? {} : { cpe }) })),
		epss: row.epss,
		known_exploited: row.exploited === null ? null : { added: row.exploited.added, due: row.exploited.due, action: row.exploited.action, ransomware: row.exploited.ransomware },
		left_out: row.cut,
	};
}
