import { boolean, date, datetime, double, index, int, mysqlTable, primaryKey, tinyint } from "drizzle-orm/mysql-core";
import { asciiText, binary8, binary16, exactText, jsonText, longText } from "./columns";

const time = (name: string) => datetime(name, { mode: "date", fsp: 3 });

/** One vulnerability as one source describes it. `id` is a hash of the source's number and the name, so that it can be computed. */
export const vuln = mysqlTable(
	"vuln",
	{
		id: binary16("id").primaryKey(),
		source: int("source").notNull(),
		/** `CVE-2026-1234`, `JVNDB-2026-001234` */
		name: asciiText("name", { length: 64 }).notNull(),
		/** indicator id of its (first) CVE: EPSS is joined by it */
		cveId: binary16("cve_id"),
		/** id that CISA's record of that CVE has in `exploit`, whether it is there or not */
		kevId: binary16("kev_id"),
		title: longText("title").notNull(),
		description: longText("description"),
		/** the description in the source's own language */
		translated: longText("translated"),
		language: asciiText("language", { length: 8 }),
		publishedAt: time("published_at").notNull(),
		modifiedAt: time("modified_at").notNull(),
		link: longText("link"),
		solution: longText("solution"),
		/** how far the source is with it, in its own words */
		status: exactText("status", { length: 64 }),
		/** the score to sort out by, in tenths: the primary one of the newest CVSS version */
		scoreTenths: tinyint("score_tenths"),
		/** of that score: `CRITICAL`, `HIGH`, `MEDIUM`, `LOW`, `NONE` */
		severity: asciiText("severity", { length: 12 }),
		/** day CISA listed it as exploited, as far as the source repeats that */
		exploitedOn: date("exploited_on", { mode: "string" }),
		exploited: jsonText<{ due?: string; action?: string; name?: string }>()("exploited"),
		rejected: boolean("rejected").notNull(),
		cves: jsonText<string[]>()("cves").notNull(),
		cwes: jsonText<Array<{ id: string; name?: string }>>()("cwes").notNull(),
		cvss: jsonText<unknown[]>()("cvss").notNull(),
		products: jsonText<unknown[]>()("products").notNull(),
		refs: jsonText<unknown[]>()("refs").notNull(),
		tags: jsonText<string[]>()("tags").notNull(),
		/** what was left out for its size, in words */
		cut: jsonText<string[]>()("cut"),
		digest: binary8("digest").notNull(),
		/** first stored here, last changed here */
		createdAt: time("created_at").notNull(),
		updatedAt: time("updated_at").notNull(),
	},
	(t) => [
		index("vuln_modified").on(t.modifiedAt, t.id),
		index("vuln_published").on(t.publishedAt),
		index("vuln_source").on(t.source, t.publishedAt),
		index("vuln_cve").on(t.cveId),
		index("vuln_kev").on(t.kevId),
		index("vuln_score").on(t.scoreTenths, t.modifiedAt),
		index("vuln_severity").on(t.severity, t.modifiedAt),
		index("vuln_exploited").on(t.exploitedOn),
	],
);

/** Vendors, weaknesses and tags of vulnerabilities, so that "all of this vendor" is an index range. Rewritten with their record. */
export const vulnFacet = mysqlTable(
	"vuln_facet",
	{
		/** `vendor`, `cwe`, `tag` */
		kind: asciiText("kind", { length: 8 }).notNull(),
		/** lower case */
		value: exactText("value", { length: 255 }).notNull(),
		vulnId: binary16("vuln_id").notNull(),
	},
	(t) => [primaryKey({ columns: [t.kind, t.value, t.vulnId] }), index("vuln_facet_vuln").on(t.vulnId)],
);

/** How likely a CVE is to be exploited within 30 days, newest known. Keyed by the CVE's indicator id. */
export const epss = mysqlTable(
	"epss",
	{
		indicatorId: binary16("indicator_id").primaryKey(),
		/** 0-1 */
		score: double("score").notNull(),
		percentile: double("percentile"),
		/** UTC day of the model run that first gave these values */
		day: date("day", { mode: "string" }).notNull(),
	},
	(t) => [index("epss_score").on(t.score)],
);
