import type { CanonicalValue } from "@/lib/domain/indicator";
import { indicatorId } from "@/lib/indicators/identity";
import { lit, type Queryable } from "@/lib/platform";
import { insertInto, noteWritten, readByIds, type StoreContext, type StoreCounts } from "@/lib/records";
import type { EpssItem } from "@/lib/sources/record";

interface Stored {
	indicator_id: Buffer;
	score: number;
	percentile: number | null;
}

/** A score as hunters see it: in thousandths, rounded down, so that a model that moves in the fifth place is nobody's news. */
export function roughScore(score: number): number {
	return Math.floor(score * 1000 + 1e-9) / 1000;
}

/** The vulnerabilities of some CVEs whose score has changed. */
async function noteScored(tx: Queryable, cves: readonly Buffer[], context: StoreContext): Promise<void> {
	const rows = await readByIds<{ id: Buffer }>(tx, cves, (list) => `SELECT id FROM vuln WHERE cve_id IN (${list})`);
	await noteWritten(
		tx,
		"vuln",
		rows.map(({ id }) => ({ record: id })),
		context,
	);
}

/**
 * A quarter of a million scores a day, of which most did not change: known ones are read first and only the others written.
 * They are no records: no text, no mentions, no day counts. For hunters, a vulnerability whose score moved has changed.
 */
export async function storeEpss(tx: Queryable, items: readonly EpssItem[], context: StoreContext): Promise<Omit<StoreCounts, "setAside">> {
	const byId = new Map<string, { id: Buffer; item: EpssItem }>();
	for (const item of items) {
		const id = indicatorId({ type: "cve", value: item.cve as CanonicalValue });
		byId.set(id.toString("latin1"), { id, item });
	}
	// Ascending by key: neighbouring pages, and two writers do not deadlock.
	const sorted = [...byId.values()].sort((a, b) => a.id.compare(b.id));
	const rows = await readByIds<Stored>(
		tx,
		sorted.map(({ id }) => id),
		(list) => `SELECT indicator_id, score, percentile FROM epss WHERE indicator_id IN (${list})`,
	);
	const known = new Map(rows.map((row) => [row.indicator_id.toString("latin1"), row]));
	const tuples: string[] = [];
	const news: Buffer[] = [];
	let fresh = 0;
	for (const { id, item } of sorted) {
		const before = known.get(id.toString("latin1"));
		const percentile = item.percentile ?? null;
		if (before !== undefined && Number(before.score) === item.score && (before.percentile === null ? null : Number(before.percentile)) === percentile) continue;
		if (before === undefined) fresh++;
		if (before === undefined || roughScore(Number(before.score)) !== roughScore(item.score)) news.push(id);
		tuples.push(`(${lit(id)},${item.score},${percentile ?? "NULL"},${lit(item.day)})`);
	}
	await insertInto(tx, "INSERT INTO epss (indicator_id, score, percentile, day) VALUES", tuples, "ON DUPLICATE KEY UPDATE score = VALUES(score), percentile = VALUES(percentile), day = VALUES(day)");
	await noteScored(tx, news, context);
	return { new: fresh, updated: tuples.length - fresh, unchanged: sorted.length - tuples.length, duplicates: items.length - sorted.length };
}
