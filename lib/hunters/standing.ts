import { audit } from "@/lib/auth/audit";
import { ExistError, shown } from "@/lib/errors";
import { type Database, database, lit } from "@/lib/platform";
import { MAX_TRIES } from "./waits";

/** News that could not be judged, after the last try. */
export interface SetAside {
	/** 32 hex */
	id: string;
	tracker: string;
	/** of them the first, 32 hex */
	record: string;
	records: number;
	/** when they were noted */
	at: Date;
	reason: string;
	/** the one hunter that failed at them; null: nobody could read them */
	hunter: { id: string; name: string } | null;
}

/** How the judge is doing. */
export interface JudgeStanding {
	/** batches of news that nobody has looked at yet, those that failed included */
	waiting: number;
	/** when the oldest was noted that has not failed; null: nothing waits */
	oldest: Date | null;
	/** it has waited for more than five minutes */
	isBehind: boolean;
	/** batches of news that were given up, see `setAside` */
	aside: number;
	/** hunters that fail */
	failing: number;
}

const PATIENCE_MS = 5 * 60_000;
const SHOWN = 200;

/** How the judge is doing: small reads, for every look at the health of this installation. */
export async function judgeStanding(now: Date = new Date(), db: Database = database()): Promise<JudgeStanding> {
	const [changes, arrears, hunters] = await Promise.all([
		db.query<{ waiting: number | null; oldest: Date | null; aside: number | null }>(
			`SELECT SUM(attempts < ${MAX_TRIES}) AS waiting, MIN(CASE WHEN attempts = 0 THEN at END) AS oldest, SUM(attempts >= ${MAX_TRIES}) AS aside FROM record_change WHERE judged_at IS NULL`,
		),
		db.query<{ n: number }>(`SELECT COUNT(*) AS n FROM hunter_arrear WHERE attempts >= ${MAX_TRIES}`),
		db.query<{ n: number }>("SELECT COUNT(*) AS n FROM hunter WHERE enabled = 1 AND state = 'failing'"),
	]);
	const oldest = changes[0]?.oldest ?? null;
	return {
		waiting: Number(changes[0]?.waiting ?? 0),
		oldest,
		isBehind: oldest !== null && now.getTime() - oldest.getTime() > PATIENCE_MS,
		aside: Number(changes[0]?.aside ?? 0) + Number(arrears[0]?.n ?? 0),
		failing: Number(hunters[0]?.n ?? 0),
	};
}

/** Since when news of a tracker waits that nobody has looked at, where that is longer than five minutes; null: the judge works, or has nothing to do. */
export async function behindSince(tracker: string, now: Date = new Date(), db: Database = database()): Promise<Date | null> {
	const [row] = await db.query<{ oldest: Date | null }>(`SELECT MIN(at) AS oldest FROM record_change WHERE judged_at IS NULL AND tracker = ${lit(tracker)} AND attempts = 0`);
	const oldest = row?.oldest ?? null;
	return oldest !== null && now.getTime() - oldest.getTime() > PATIENCE_MS ? oldest : null;
}

interface Row {
	id: Buffer;
	tracker: string;
	records: Buffer;
	at: Date;
	reason: string | null;
	hunter_id: Buffer | null;
	hunter_name: string | null;
}

/** News that was given up, newest first: the first 200. */
export async function setAside(db: Database = database()): Promise<SetAside[]> {
	const rows = await db.query<Row>(
		`SELECT id, tracker, records, at, reason, NULL AS hunter_id, NULL AS hunter_name FROM record_change WHERE judged_at IS NULL AND attempts >= ${MAX_TRIES} ORDER BY at DESC, id DESC LIMIT ${SHOWN}`,
	);
	const alone = await db.query<Row>(
		`SELECT c.id, c.tracker, c.records, c.at, a.reason, a.hunter_id, h.name AS hunter_name FROM hunter_arrear a JOIN record_change c ON c.id = a.change_id JOIN hunter h ON h.id = a.hunter_id WHERE a.attempts >= ${MAX_TRIES} ORDER BY c.at DESC, c.id DESC LIMIT ${SHOWN}`,
	);
	return [...rows, ...alone]
		.map(({ id, tracker, records, at, reason, hunter_id, hunter_name }) => ({
			id: id.toString("hex"),
			tracker,
			record: records.subarray(0, 16).toString("hex"),
			records: records.length / 16,
			at,
			reason: reason ?? "",
			hunter: hunter_id === null ? null : { id: hunter_id.toString("hex"), name: hunter_name ?? "" },
		}))
		.sort((a, b) => b.at.getTime() - a.at.getTime())
		.slice(0, SHOWN);
}

/** Lets news that was given up be tried again: one batch (32 hex), or all of it. Returns how many. Throws `not_found`. */
export async function retrySetAside(id: string | null, actor: string, db: Database = database(), now = new Date()): Promise<number> {
	if (id !== null && !/^[0-9a-f]{32}$/.test(id)) throw new ExistError("not_found", `There is no batch "${shown(id, 40)}" that was set aside.`);
	const key = id === null ? null : lit(Buffer.from(id, "hex"));
	const retried = await db.transaction(async (tx) => {
		const set = `attempts = ${MAX_TRIES - 1}, next_at = ${lit(now)}`;
		const changes = await tx.execute(`UPDATE record_change SET ${set} WHERE judged_at IS NULL AND attempts >= ${MAX_TRIES}${key === null ? "" : ` AND id = ${key}`}`);
		// Their hunters are behind again, until they have seen it.
		await tx.execute(
			`UPDATE hunter SET state = 'failing', reason = ${lit("It looks again at what was set aside.")} WHERE enabled = 1 AND id IN (SELECT hunter_id FROM hunter_arrear WHERE attempts >= ${MAX_TRIES}${key === null ? "" : ` AND change_id = ${key}`})`,
		);
		const arrears = await tx.execute(`UPDATE hunter_arrear SET ${set} WHERE attempts >= ${MAX_TRIES}${key === null ? "" : ` AND change_id = ${key}`}`);
		const n = changes.affected + arrears.affected;
		if (n > 0) await audit(actor, "hunter.retry", id ?? "all", { batches: n }, tx);
		return n;
	});
	if (retried === 0 && id !== null) throw new ExistError("not_found", `There is no batch ${id} that was set aside.`);
	return retried;
}
