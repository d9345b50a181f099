import type { CvssScore } from "../record";
import { numberOf, textOf } from "../text";
import { severityOf } from "./fields";

/** The members of `metrics` that are CVSS. There are others (`ssvcV203` since 2026), of other shapes: nothing may loop over all. */
const CVSS_MEMBERS = [
	["cvssMetricV40", "4.0"],
	["cvssMetricV31", "3.1"],
	["cvssMetricV30", "3.0"],
	["cvssMetricV2", "2.0"],
] as const;

function metric(entry: unknown, version: string): CvssScore | undefined {
	const data = typeof entry === "object" && entry !== null ? (entry as { cvssData?: unknown }).cvssData : undefined;
	const score = numberOf(data, "baseScore");
	const vector = textOf(data, "vectorString");
	if (score === undefined || score < 0 || score > 10 || vector === undefined || vector.length > 400) return undefined;
	// In version 2 the word stands beside the data, later inside it.
	const severity = textOf(data, "baseSeverity") ?? textOf(entry, "baseSeverity") ?? severityOf(version, score);
	return { version, source: textOf(entry, "source")?.slice(0, 200) ?? "", primary: textOf(entry, "type") === "Primary", vector, score, severity: severity.toUpperCase().slice(0, 12) };
}

/** Every CVSS score of a record, newest version first; one that lacks score or vector is left out. */
export function nvdMetrics(cve: unknown): CvssScore[] {
	const metrics = typeof cve === "object" && cve !== null ? (cve as { metrics?: unknown }).metrics : undefined;
	if (typeof metrics !== "object" || metrics === null) return [];
	return CVSS_MEMBERS.flatMap(([member, version]) => {
		const entries = (metrics as Record<string, unknown>)[member];
		return Array.isArray(entries) ? entries.map((entry) => metric(entry, version)).filter((one) => one !== undefined) : [];
	});
}
