import { type Database, database, lit, log } from "@/lib/platform";

/** What became of an alert can be read for so long. What was told is not told again after that: hits stay. */
const KEEP_DAYS = 180;
const BATCH = 1000;

/**
 * Clears alerts up that nothing more is to be done about, and those that failed and that nobody has seen to, 180 days after they were
 * put. What waits or is unknown stays however old it is. Safe to stop and to repeat.
 */
export async function alertHousekeeping({ milliseconds }: { milliseconds: number }, db: Database = database(), now = new Date()): Promise<{ done: boolean }> {
	const end = performance.now() + milliseconds;
	const before = lit(new Date(now.getTime() - KEEP_DAYS * 86_400_000));
	for (const state of ["sent", "dropped", "failed"] as const) {
		for (;;) {
			if (performance.now() > end) return { done: false };
			const { affected } = await db.execute(`DELETE FROM alert WHERE created_at < ${before} AND state = ${lit(state)} LIMIT ${BATCH}`);
			if (affected > 0 && state === "failed") log.warn({ alerts: affected }, "alerts that failed and that nobody saw to were cleared up after 180 days");
			if (affected < BATCH) break;
		}
	}
	return { done: true };
}
