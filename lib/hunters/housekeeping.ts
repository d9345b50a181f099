import { type Database, database, lit, log } from "@/lib/platform";
import { MAX_TRIES } from "./waits";

/** What was set aside, and what waits for a hunter that cannot be used, is kept so long for somebody to see to it. */
const KEEP_DAYS = 90;
const BATCH = 1000;

/**
 * Clears up after hunters; hits and alerts are kept. Leftovers of deleted hunters go, and what nobody has seen to for 90 days. Safe to
 * stop and to repeat.
 */
export async function hunterHousekeeping({ milliseconds }: { milliseconds: number }, db: Database = database(), now = new Date()): Promise<{ done: boolean }> {
	const end = performance.now() + milliseconds;
	const before = lit(new Date(now.getTime() - KEEP_DAYS * 86_400_000));
	const orphans = await db.query<{ id: Buffer }>("SELECT DISTINCT t.hunter_id AS id FROM hunter_hit t LEFT JOIN hunter h ON h.id = t.hunter_id WHERE h.id IS NULL");
	const statements: ReadonlyArray<{ what: string; sql: string; isLoss: boolean }> = [
		// By hunter: a condition without an index would lock every hit there is.
		...orphans.map(({ id }) => ({ what: "hits of a deleted hunter", sql: `DELETE FROM hunter_hit WHERE hunter_id = ${lit(id)}`, isLoss: false })),
		{ what: "news set aside", sql: `DELETE FROM record_change WHERE judged_at IS NULL AND attempts >= ${MAX_TRIES} AND at < ${before}`, isLoss: true },
		{ what: "news for hunters that cannot be used", sql: `DELETE FROM record_change WHERE judged_at IS NOT NULL AND at < ${before}`, isLoss: true },
		{ what: "arrears without their news or hunter", sql: "DELETE FROM hunter_arrear WHERE change_id NOT IN (SELECT id FROM record_change) OR hunter_id NOT IN (SELECT id FROM hunter)", isLoss: false },
		{ what: "news that everybody has seen", sql: "DELETE FROM record_change WHERE judged_at IS NOT NULL AND id NOT IN (SELECT change_id FROM hunter_arrear)", isLoss: false },
	];
	for (const { what, sql, isLoss } of statements) {
		for (;;) {
			if (performance.now() > end) return { done: false };
			const { affected } = await db.execute(`${sql} LIMIT ${BATCH}`);
			if (affected > 0 && isLoss) log.warn({ what, batches: affected }, "given up after 90 days");
			if (affected < BATCH) break;
		}
	}
	return { done: true };
}
