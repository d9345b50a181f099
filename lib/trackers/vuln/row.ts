import type { CvssScore, VulnItem } from "@/lib/sources/record";
import { type RecordSourceName, raw, recordSource } from "../record-tracker";

/** What CISA says of a weakness that is used; days in UTC. */
export interface KnownExploited {
	added: string;
	due: string | null;
	action: string | null;
	name: string | null;
	/** 32 hex of CISA's own record here, null where only NVD repeats it */
	recordId: string | null;
	ransomware: boolean;
}

export interface VulnRow {
	/** 32 hex */
	id: string;
	source: RecordSourceName;
	/** `CVE-2026-1234`, `JVNDB-2026-001234` */
	name: string;
	title: string;
	description: string | null;
	translated: string | null;
	language: string | null;
	publishedAt: Date;
	modifiedAt: Date;
	link: string | null;
	solution: string | null;
	status: string | null;
	/** 0-10 */
	score: number | null;
	/** in capitals */
	severity: string | null;
	rejected: boolean;
	cves: string[];
	cwes: VulnItem["cwes"];
	cvss: CvssScore[];
	products: VulnItem["products"];
	references: VulnItem["references"];
	tags: string[];
	cut: string[];
	epss: { score: number; percentile: number | null; day: string } | null;
	exploited: KnownExploited | null;
}

/** Scores and CISA's record are looked up for the rows that are shown only, by primary key. */
const BESIDE = [
	"(SELECT e.score FROM epss e WHERE e.indicator_id = v.cve_id) AS epss_score",
	"(SELECT e.percentile FROM epss e WHERE e.indicator_id = v.cve_id) AS epss_percentile",
	"(SELECT DATE_FORMAT(e.day, '%Y-%m-%d') FROM epss e WHERE e.indicator_id = v.cve_id) AS epss_day",
	"(SELECT x.id FROM exploit x WHERE x.id = v.kev_id) AS kev_record",
	"(SELECT DATE_FORMAT(x.published_at, '%Y-%m-%d') FROM exploit x WHERE x.id = v.kev_id) AS kev_added",
	"(SELECT x.extra FROM exploit x WHERE x.id = v.kev_id) AS kev_extra",
	"DATE_FORMAT(v.exploited_on, '%Y-%m-%d') AS exploited_day",
].join(", ");

export const VULN_SELECT = `v.*, ${BESIDE}`;
/** Without descriptions, references and solutions. */
export const VULN_LIGHT = `v.id, v.source, v.name, v.title, v.published_at, v.modified_at, v.score_tenths, v.severity, v.rejected, v.cves, v.products, v.exploited, ${BESIDE}`;

type Raw = Record<string, unknown>;

/** CISA's own record goes before what NVD repeats of it. */
function exploited(record: Raw): KnownExploited | null {
	const added = raw.text(record.kev_added) ?? raw.text(record.exploited_day);
	if (added === null) return null;
	const nvd = raw.json<{ due?: string; action?: string; name?: string }>(record.exploited, {});
	const cisa = raw.json<Record<string, string>>(record.kev_extra, {});
	return {
		added,
		due: cisa["Due date"] ?? nvd.due ?? null,
		action: cisa["Required action"] ?? nvd.action ?? null,
		name: nvd.name ?? null,
		recordId: record.kev_record === null || record.kev_record === undefined ? null : raw.hex(record.kev_record),
		ransomware: cisa["Used in ransomware campaigns"] === "Known",
	};
}

/** A database row of `VULN_SELECT` or `VULN_LIGHT` to the shape every door uses. */
export function toVulnRow(record: Raw): VulnRow {
	const tenths = raw.number(record.score_tenths);
	const epss = raw.number(record.epss_score);
	return {
		id: raw.hex(record.id),
		source: recordSource(record.source),
		name: String(record.name),
		title: String(record.title),
		description: raw.text(record.description),
		translated: raw.text(record.translated),
		language: raw.text(record.language),
		publishedAt: record.published_at as Date,
		modifiedAt: record.modified_at as Date,
		link: raw.text(record.link),
		solution: raw.text(record.solution),
		status: raw.text(record.status),
		score: tenths === null ? null : tenths / 10,
		severity: raw.text(record.severity),
		rejected: raw.flag(record.rejected) === true,
		cves: raw.json<string[]>(record.cves, []),
		cwes: raw.json<VulnItem["cwes"]>(record.cwes, []),
		cvss: raw.json<CvssScore[]>(record.cvss, []),
		products: raw.json<VulnItem["products"]>(record.products, []),
		references: raw.json<VulnItem["references"]>(record.refs, []),
		tags: raw.json<string[]>(record.tags, []),
		cut: raw.json<string[]>(record.cut, []),
		epss: epss === null ? null : { score: epss, percentile: raw.number(record.epss_percentile), day: String(record.epss_day) },
		exploited: exploited(record),
	};
}
