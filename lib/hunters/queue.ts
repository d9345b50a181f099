import { randomBytes } from "node:crypto";
import { type Database, lit, type Queryable } from "@/lib/platform";
import type { RecordChange } from "@/lib/records";
import { MAX_TRIES, nextTry, unbelievable } from "./waits";

/** A batch of news that waits. */
export interface Change {
	id: Buffer;
	tracker: string;
	/** when it was noted */
	at: Date;
	/** entries that have been looked at */
	cursor: number;
	attempts: number;
	/** the last judge that began with it did not come to its end */
	ended: boolean;
	/** those that have not */
	entries: RecordChange[];
}

/** What could not be read, and why. */
export interface Poison {
	change: Change;
	entry: RecordChange;
	reason: string;
}

/** Records that are looked at together. */
export const GROUP_ENTRIES = 2000;
const GROUP_ROWS = 200;
/** Pieces of a batch that ends its judges: of 5,000 records one is left before the last try. */
const PIECES = 8;
const ID_BYTES = 16;
const NO_PART = Buffer.alloc(ID_BYTES);

/** Why a try failed of which nobody came to say it. */
export const BEGUN = "A judge began with it and did not come to its end.";

/** Condition of what is to be looked at now. A batch that has not failed waits for no clock. */
export function dueChanges(now: Date): string {
	return `judged_at IS NULL AND attempts < ${MAX_TRIES} AND (attempts = 0 OR next_at <= ${lit(now)} OR next_at > ${lit(unbelievable(now))})`;
}

/** Trackers of which something waits; those of which there is only what was tried before come last, so that it holds up nobody if it ends this judge too. */
export async function trackersWithNews(db: Queryable, now: Date): Promise<string[]> {
	return (await db.query<{ tracker: string }>(`SELECT tracker FROM record_change WHERE ${dueChanges(now)} GROUP BY tracker ORDER BY MIN(attempts), tracker`)).map(({ tracker }) => tracker);
}

interface Raw {
	id: Buffer;
	tracker: string;
	at: Date;
	cursor: number;
	attempts: number;
	reason: string | null;
	records: Buffer;
	parts: Buffer | null;
}

function entriesOf({ records, parts }: Raw, from: number): RecordChange[] {
	const entries: RecordChange[] = [];
	for (let at = from * ID_BYTES; at < records.length; at += ID_BYTES) {
		const part = parts?.subarray(at, at + ID_BYTES) ?? NO_PART;
		entries.push({ record: records.subarray(at, at + ID_BYTES), ...(part.equals(NO_PART) ? {} : { part }) });
	}
	return entries;
}

/** Batches with what is left of them, or with all of them. */
export async function readChanges(db: Queryable, ids: readonly Buffer[], options: { whole?: boolean } = {}): Promise<Change[]> {
	if (ids.length === 0) return [];
	const rows = await db.query<Raw>(`SELECT id, tracker, at, \`cursor\`, attempts, reason, records, parts FROM record_change WHERE id IN (${ids.map((id) => lit(id)).join(",")}) ORDER BY at, id`);
	return rows.map((row) => {
		const cursor = Number(row.cursor);
		return { id: row.id, tracker: row.tracker, at: row.at, cursor, attempts: Number(row.attempts), ended: row.reason === BEGUN, entries: entriesOf(row, options.whole === true ? 0 : cursor) };
	});
}

/** The oldest batches of a tracker, as many as are looked at together. Those that were tried before come last and go alone, so that they hold up nobody. */
export async function dueGroup(db: Queryable, tracker: string, now: Date): Promise<Change[]> {
	const where = `tracker = ${lit(tracker)} AND ${dueChanges(now)}`;
	const rows = await db.query<{ id: Buffer; size: number }>(
		`SELECT id, OCTET_LENGTH(records) DIV ${ID_BYTES} - \`cursor\` AS size FROM record_change WHERE ${where} AND attempts = 0 ORDER BY at, id LIMIT ${GROUP_ROWS}`,
	);
	if (rows.length === 0) {
		const [first] = await db.query<{ id: Buffer }>(`SELECT id FROM record_change WHERE ${where} AND attempts > 0 ORDER BY attempts, at, id LIMIT 1`);
		return first === undefined ? [] : readChanges(db, [first.id]);
	}
	const taken: Buffer[] = [];
	let entries = 0;
	for (const { id, size } of rows) {
		if (taken.length > 0 && entries + Number(size) > GROUP_ENTRIES) break;
		taken.push(id);
		entries += Number(size);
	}
	// One that another judge has begun with in between is not new any more.
	return (await readChanges(db, taken)).filter(({ attempts }) => attempts === 0);
}

const list = (changes: readonly Change[]): string => changes.map(({ id }) => lit(id)).join(",");

/**
 * Counts a try before it is made: what ends the process that looks at it (its time, its memory) could not be counted afterwards, and
 * would come first for ever. All batches have been tried equally often. False: another judge has begun with some of them.
 */
export async function beginTry(db: Queryable, changes: readonly Change[], now: Date): Promise<boolean> {
	const before = changes[0]?.attempts ?? 0;
	const { affected } = await db.execute(
		`UPDATE record_change SET attempts = ${before + 1}, reason = ${lit(BEGUN)}, next_at = ${lit(nextTry(before + 1, now))} WHERE id IN (${list(changes)}) AND attempts = ${before} AND judged_at IS NULL`,
	);
	if (affected === changes.length) return true;
	if (affected > 0) await takeBackTry(db, changes, now);
	return false;
}

/** A try that was none: nobody's fault, or done by another judge. */
export async function takeBackTry(db: Queryable, changes: readonly Change[], now: Date): Promise<void> {
	const before = changes[0]?.attempts ?? 0;
	await db.execute(`UPDATE record_change SET attempts = ${before}, reason = NULL, next_at = ${lit(now)} WHERE id IN (${list(changes)}) AND attempts = ${before + 1} AND judged_at IS NULL`);
}

/** Locks batches, and says whether all are still where they were read: another judge may have been quicker. */
export async function holdChanges(tx: Queryable, changes: readonly Change[]): Promise<boolean> {
	const rows = await tx.query<{ id: Buffer; cursor: number }>(`SELECT id, \`cursor\` FROM record_change WHERE id IN (${list(changes)}) AND judged_at IS NULL ORDER BY id FOR UPDATE`);
	const held = new Map(rows.map((row) => [row.id.toString("hex"), Number(row.cursor)]));
	return changes.every(({ id, cursor }) => held.get(id.toString("hex")) === cursor);
}

interface NewChange {
	attempts: number;
	reason: string | null;
	nextAt: Date;
	judgedAt: Date | null;
}

/** Notes entries of a batch as one of their own, and gives its id. */
async function putApart(tx: Queryable, { tracker, at }: Change, entries: readonly RecordChange[], { attempts, reason, nextAt, judgedAt }: NewChange): Promise<Buffer> {
	const id = randomBytes(ID_BYTES);
	const parts = entries.some(({ part }) => part !== undefined) ? Buffer.concat(entries.map(({ part }) => part ?? NO_PART)) : null;
	await tx.execute(
		`INSERT INTO record_change (id, tracker, at, records, parts, \`cursor\`, attempts, reason, next_at, judged_at) VALUES (${lit(id)},${lit(tracker)},${lit(at)},${lit(Buffer.concat(entries.map(({ record }) => record)))},${lit(parts)},0,${attempts},${lit(reason)},${lit(nextAt)},${lit(judgedAt)})`,
	);
	return id;
}

/**
 * Cuts up a batch that has ended judges more than once: its pieces are tried each by itself and no more often than it would have been, so
 * that in the end what ends a judge is set aside, and not what came with it. False: there is nothing to cut.
 */
export async function cutUp(db: Database, change: Change, now: Date): Promise<boolean> {
	const { attempts, ended, entries } = change;
	if (!ended || attempts < 2 || entries.length < 2) return false;
	const size = Math.ceil(entries.length / PIECES);
	await db.transaction(async (tx) => {
		if (!(await holdChanges(tx, [change]))) return;
		for (let at = 0; at < entries.length; at += size) await putApart(tx, change, entries.slice(at, at + size), { attempts, reason: BEGUN, nextAt: now, judgedAt: null });
		await tx.execute(`DELETE FROM record_change WHERE id = ${lit(change.id)}`);
	});
	return true;
}

/** Notes entries that could not be read as a batch of their own, for another try. The rest of the batch goes on. */
export async function putPoisonAside(tx: Queryable, poison: readonly Poison[], now: Date): Promise<void> {
	for (const { change, entry, reason } of poison) {
		const attempts = change.attempts + 1;
		await putApart(tx, change, [entry], { attempts, reason, nextAt: nextTry(attempts, now), judgedAt: null });
	}
}

/** The same for entries that only one hunter (32 hex) could not look at, after so many tries. */
export async function putPoisonAsideFor(tx: Queryable, hunter: string, poison: readonly Poison[], attempts: number, now: Date): Promise<void> {
	const nextAt = nextTry(attempts, now);
	for (const { change, entry, reason } of poison) {
		const id = await putApart(tx, change, [entry], { attempts: 0, reason: null, nextAt, judgedAt: now });
		await tx.execute(`INSERT INTO hunter_arrear (change_id, hunter_id, attempts, reason, next_at) VALUES (${lit(id)},${lit(Buffer.from(hunter, "hex"))},${attempts},${lit(reason)},${lit(nextAt)})`);
	}
}

/** A batch that failed as a whole, in a try that is counted: later again, or set aside. */
export async function putOff(db: Queryable, change: Change, reason: string, now: Date): Promise<void> {
	const attempts = change.attempts + 1;
	await db.execute(`UPDATE record_change SET reason = ${lit(reason)}, next_at = ${lit(nextTry(attempts, now))} WHERE id = ${lit(change.id)} AND attempts = ${attempts} AND judged_at IS NULL`);
}
