import { type Database, database, lit, log } from "@/lib/platform";
import { KEEP_DAYS, MAX_TRIES } from "./waits";

const BATCH = 1000;

/**
 * Hunters that are gone and have hits. Asked without a join: the ids alone are read off the index one by one, however many hits each has.
 * Hits come first: a hunter that is made meanwhile has none among them.
 */
async function orphanOwners(db: Database): Promise<Buffer[]> {
	const owners = await db.query<{ id: Buffer }>("SELECT DISTINCT hunter_id AS id FROM hunter_hit");
	const hunters = new Set((await db.query<{ id: Buffer }>("SELECT id FROM hunter")).map(({ id }) => id.toString("hex")));
	return owners.map(({ id }) => id).filter((id) => !hunters.has(id.toString("hex")));
}

/** Tells hunters for which news was kept that nobody has seen to: the page shows it until a person saves the hunter. */
async function tellLoss(db: Database, before: string, now: Date): Promise<void> {
	const lost = await db.query<{ id: Buffer; n: number }>(
		`SELECT a.hunter_id AS id, SUM(OCTET_LENGTH(c.records) DIV 16) AS n FROM hunter_arrear a JOIN record_change c ON c.id = a.change_id WHERE c.judged_at IS NOT NULL AND c.at < ${before} GROUP BY a.hunter_id`,
	);
	for (const { id, n } of lost) {
		const records = `${Number(n).toLocaleString("en")} ${Number(n) === 1 ? "record, which was" : "records, which were"}`;
		const reason = `It never saw ${records} kept for it for ${KEEP_DAYS} days and given up on ${now.toISOString().slice(0, 10)}.`;
		// One that fails says why, and what it has missed when it is well again.
		await db.execute(`UPDATE hunter SET reason = ${lit(reason)} WHERE id = ${lit(id)} AND state <> 'failing'`);
	}
}

/**
 * Clears up after hunters; hits and alerts are kept. Leftovers of deleted hunters go, and what nobody has seen to for 90 days. Safe to
 * stop and to repeat.
 */
export async function hunterHousekeeping({ milliseconds }: { milliseconds: number }, db: Database = database(), now = new Date()): Promise<{ done: boolean }> {
	const end = performance.now() + milliseconds;
	const before = lit(new Date(now.getTime() - KEEP_DAYS * 86_400_000));
	const orphans = await orphanOwners(db);
	await tellLoss(db, before, now);
	const statements: ReadonlyArray<{ what: string; sql: string; isLoss: boolean }> = [
		// By hunter: a condition without an index would lock every hit there is.
		...orphans.map((id) => ({ what: "hits of a deleted hunter", sql: `DELETE FROM hunter_hit WHERE hunter_id = ${lit(id)}`, isLoss: false })),
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
