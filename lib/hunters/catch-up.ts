import { ExistError } from "@/lib/errors";
import { type Database, lit, log, type Queryable } from "@/lib/platform";
import type { HunterKind } from "./define";
import { type Looked, look } from "./look";
import type { JudgeParts } from "./parts";
import { BEGUN, type Change, putPoisonAsideFor, readChanges } from "./queue";
import { namesOf } from "./settle";
import { type Ranked, readQueries, Squad } from "./squad";
import { KEEP_DAYS, MAX_TRIES, nextTry, reasonOf, UNUSABLE_MS, unbelievable } from "./waits";
import { holdHunters, writeHits } from "./write-hits";

/** A hunter that is behind, and can be used. */
interface Straggler extends Ranked {
	revision: number;
}

/** A batch that some hunters are to look at: those that have not tried it together, whoever has alone. */
interface Arrear {
	/** 32 hex */
	change: string;
	hunters: Straggler[];
	/** tries before this one */
	attempts: number;
}

/** What came of a try. */
interface Tried {
	looked: Looked;
	/** hunters that failed at the batch, with the reason */
	failed: Map<string, string>;
}

interface CaughtUp {
	hits: number;
	alerts: number;
	/** hunters that have seen the batch, or failed at it */
	served: number;
}

const bytes = (id: string): Buffer => Buffer.from(id, "hex");
const list = (ids: readonly string[]): string => ids.map((id) => lit(bytes(id))).join(",");

/** Condition of what somebody should be asked to look at now: what waits for a hunter that cannot be used is left alone for an hour. */
export function dueArrears(now: Date): string {
	return `attempts < ${MAX_TRIES} AND (next_at <= ${lit(now)} OR next_at > ${lit(unbelievable(now))})`;
}

/** Hunters of a kind that are behind and can be used again; of the others the reason is noted, and they are left alone for an hour. */
async function stragglers(kind: HunterKind, { database: db, parse, compile, now }: JudgeParts): Promise<Straggler[]> {
	const rows = (
		await db.query<{ id: Buffer; query: string; revision: number; reason: string | null }>(
			`SELECT id, query, revision, reason FROM hunter WHERE kind = ${lit(kind.id)} AND enabled = 1 AND state = 'failing'`,
		)
	).map((row) => ({ ...row, id: row.id.toString("hex"), revision: Number(row.revision) }));
	const { ranks, failed } = readQueries(rows, kind, parse);
	for (const [id, reason] of new Squad(ranks, kind, compile).failed) failed.set(id, reason);
	for (const [id, reason] of failed) {
		// One that a person changed meanwhile is not what was read.
		const revision = rows.find((row) => row.id === id)?.revision ?? 0;
		await db.execute(`UPDATE hunter SET reason = ${lit(reason)} WHERE id = ${lit(bytes(id))} AND revision = ${revision} AND state = 'failing'`);
		await db.execute(
			`UPDATE hunter_arrear SET next_at = ${lit(new Date(now().getTime() + UNUSABLE_MS))} WHERE hunter_id = ${lit(bytes(id))} AND EXISTS (SELECT 1 FROM hunter h WHERE h.id = ${lit(bytes(id))} AND h.revision = ${revision})`,
		);
	}
	const revisions = new Map(rows.map(({ id, revision }) => [id, revision]));
	return ranks.filter(({ id }) => !failed.has(id)).map((rank) => ({ ...rank, revision: revisions.get(rank.id) ?? 0 }));
}

/** The oldest batches that some hunters, which can be used, have not seen and are to look at now; those that were tried before come last. */
async function arrearsOf(db: Database, hunters: readonly Straggler[], now: Date): Promise<Arrear[]> {
	const rows = await db.query<{ change_id: Buffer; hunter_id: Buffer; attempts: number }>(
		`SELECT a.change_id, a.hunter_id, a.attempts FROM hunter_arrear a JOIN record_change c ON c.id = a.change_id WHERE a.hunter_id IN (${list(hunters.map(({ id }) => id))}) AND c.judged_at IS NOT NULL AND a.attempts < ${MAX_TRIES} AND (a.attempts = 0 OR a.next_at <= ${lit(now)} OR a.next_at > ${lit(unbelievable(now))}) ORDER BY a.attempts, c.at, c.id LIMIT 200`,
	);
	const byId = new Map(hunters.map((hunter) => [hunter.id, hunter]));
	const found = new Map<string, Arrear>();
	for (const { change_id, hunter_id, attempts } of rows) {
		const change = change_id.toString("hex");
		const hunter = byId.get(hunter_id.toString("hex")) as Straggler;
		const key = Number(attempts) === 0 ? change : `${change} ${hunter.id}`;
		const before = found.get(key);
		if (before === undefined) found.set(key, { change, hunters: [hunter], attempts: Number(attempts) });
		else before.hunters.push(hunter);
	}
	return [...found.values()];
}

const ofArrear = ({ change, hunters }: Arrear): string => `change_id = ${lit(bytes(change))} AND hunter_id IN (${list(hunters.map(({ id }) => id))})`;

/** Counts a try before it is made, as the judge does (see `beginTry`). False: another judge is at it. */
async function begin(db: Database, arrear: Arrear, now: Date): Promise<boolean> {
	const attempts = arrear.attempts + 1;
	const { affected } = await db.execute(
		`UPDATE hunter_arrear SET attempts = ${attempts}, reason = ${lit(BEGUN)}, next_at = ${lit(nextTry(attempts, now))} WHERE ${ofArrear(arrear)} AND attempts = ${arrear.attempts}`,
	);
	return affected > 0;
}

/** A try that failed, which is counted already. */
async function tryLater(tx: Queryable, { change, attempts }: Arrear, failed: ReadonlyMap<string, string>, now: Date): Promise<void> {
	for (const [hunter, reason] of failed) {
		await tx.execute(
			`UPDATE hunter_arrear SET reason = ${lit(reason)}, next_at = ${lit(nextTry(attempts + 1, now))} WHERE change_id = ${lit(bytes(change))} AND hunter_id = ${lit(bytes(hunter))} AND attempts = ${attempts + 1}`,
		);
		await tx.execute(`UPDATE hunter SET reason = ${lit(reason)} WHERE id = ${lit(bytes(hunter))} AND state = 'failing'`);
	}
}

/** Writes what hunters that are behind found in a batch, and that they have seen it, or all of it but what they cannot look at. */
async function settleArrear(arrear: Arrear, kind: HunterKind, { looked, failed }: Tried, parts: JudgeParts): Promise<CaughtUp> {
	const now = parts.now();
	const names = await namesOf(looked, parts);
	const change = lit(bytes(arrear.change));
	return parts.database.transaction(async (tx) => {
		await tx.query(`SELECT id FROM record_change WHERE id = ${change} FOR UPDATE`);
		const hunters = await holdHunters(tx, kind);
		const arrears = await tx.query<{ hunter_id: Buffer }>(`SELECT hunter_id FROM hunter_arrear WHERE change_id = ${change} FOR UPDATE`);
		const owing = new Set(arrears.map(({ hunter_id }) => hunter_id.toString("hex")));
		// Who was changed or switched off meanwhile looks again, or not at all; who was served by another judge is done.
		const current = new Set(arrear.hunters.filter(({ id, revision }) => owing.has(id) && hunters.some((one) => one.id === id && one.revision === revision)).map(({ id }) => id));
		const finds = [...looked.finds.values()].filter(({ hunter }) => current.has(hunter));
		const told = await writeHits(tx, kind, hunters, finds, names, now);
		await tryLater(tx, arrear, new Map([...failed].filter(([id]) => current.has(id))), now);
		const done = [...current].filter((id) => !failed.has(id));
		for (const id of done) await putPoisonAsideFor(tx, id, looked.poison, arrear.attempts + 1, now);
		if (done.length > 0) await tx.execute(`DELETE FROM hunter_arrear WHERE change_id = ${change} AND hunter_id IN (${list(done)})`);
		await tx.execute(`DELETE FROM record_change WHERE id = ${change} AND judged_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM hunter_arrear WHERE change_id = ${change})`);
		return { ...told, served: current.size };
	});
}

/** Looks at a batch. Whoever has failed at it before looks for the records that it fails at, so that it sees the others. */
async function lookAt(batch: Change, { hunters, attempts }: Arrear, kind: HunterKind, { database: db, compile }: JudgeParts): Promise<Tried> {
	const isolate = attempts > 0;
	const squad = new Squad(hunters, kind, compile, { isStrict: isolate });
	const looked: Looked = { finds: new Map(), poison: [], consumed: 0 };
	const failed = new Map<string, string>();
	try {
		for (let rest = batch.entries; rest.length > 0; ) {
			const part = await look(db, kind, squad, [{ ...batch, entries: rest }], { entries: rest.length, until: Number.POSITIVE_INFINITY, isolate });
			for (const [key, find] of part.finds) looked.finds.set(key, find);
			looked.poison.push(...part.poison);
			rest = rest.slice(part.consumed);
		}
	} catch (error) {
		if (error instanceof ExistError && error.code === "unavailable") throw error;
		for (const { id } of hunters) failed.set(id, reasonOf(error));
	}
	for (const [id, reason] of squad.failed) failed.set(id, reason);
	const [poison] = looked.poison;
	// Where nothing of it can be looked at, it stays as it is.
	if (poison !== undefined && looked.poison.length === batch.entries.length) for (const { id } of hunters) failed.set(id, poison.reason);
	return { looked, failed };
}

/** One try of a batch. Rejects with `unavailable` where the database is away; everything else is this batch's, for which it is tried again later. */
async function catchUpOn(arrear: Arrear, kind: HunterKind, parts: JudgeParts): Promise<CaughtUp> {
	const { database: db } = parts;
	if (!(await begin(db, arrear, parts.now()))) return { hits: 0, alerts: 0, served: 0 };
	try {
		const [batch] = await readChanges(db, [bytes(arrear.change)], { whole: true });
		const tried = batch === undefined ? { looked: { finds: new Map(), poison: [], consumed: 0 }, failed: new Map() } : await lookAt(batch, arrear, kind, parts);
		return await settleArrear(arrear, kind, tried, parts);
	} catch (error) {
		if (error instanceof ExistError && error.code === "unavailable") {
			// It is no fault of the batch; where the database stays away, the try counts.
			await db.execute(`UPDATE hunter_arrear SET attempts = ${arrear.attempts}, reason = NULL WHERE ${ofArrear(arrear)} AND attempts = ${arrear.attempts + 1}`).catch(() => undefined);
			throw error;
		}
		const reason = reasonOf(error);
		log.warn({ kind: kind.id, attempts: arrear.attempts + 1, reason }, "hunters could not catch up");
		await tryLater(db, arrear, new Map(arrear.hunters.map(({ id }) => [id, reason])), parts.now());
		return { hits: 0, alerts: 0, served: arrear.hunters.length };
	}
}

/** What a hunter that is well again has not seen, in words: what was set aside, and what came so long ago that it was given up. */
function unseen(aside: number, seenTo: Date, now: Date): string | null {
	const kept = new Date(now.getTime() - KEEP_DAYS * 86_400_000);
	const parts = [
		...(aside === 0 ? [] : [`It could not look at ${aside.toLocaleString("en")} ${aside === 1 ? "record, which was" : "records, which were"} set aside.`]),
		...(seenTo >= kept ? [] : [`It never saw what came from ${seenTo.toISOString().slice(0, 10)} to ${kept.toISOString().slice(0, 10)}: that is kept for ${KEEP_DAYS} days.`]),
	];
	return parts.length === 0 ? null : parts.join(" ");
}

/** Hunters that have seen everything are well again: their lock keeps judges from noting more for them meanwhile. */
async function heal(db: Database, hunters: readonly Straggler[], now: Date): Promise<void> {
	for (const { id, revision } of hunters) {
		await db.transaction(async (tx) => {
			const [row] = await tx.query<{ seen_to: Date }>(`SELECT seen_to FROM hunter WHERE id = ${lit(bytes(id))} AND state = 'failing' AND enabled = 1 AND revision = ${revision} FOR UPDATE`);
			if (row === undefined) return;
			const [left] = await tx.query<{ live: number | null; aside: number | null }>(
				`SELECT SUM(a.attempts < ${MAX_TRIES}) AS live, SUM(CASE WHEN a.attempts >= ${MAX_TRIES} THEN OCTET_LENGTH(c.records) DIV 16 ELSE 0 END) AS aside FROM hunter_arrear a JOIN record_change c ON c.id = a.change_id WHERE a.hunter_id = ${lit(bytes(id))}`,
			);
			if (Number(left?.live ?? 0) > 0) return;
			await tx.execute(`UPDATE hunter SET state = 'ok', reason = ${lit(unseen(Number(left?.aside ?? 0), row.seen_to, now))} WHERE id = ${lit(bytes(id))}`);
		});
	}
}

/** Lets the hunters of a kind that failed and are mended look at what they have missed. `until`: of `performance.now()`. */
export async function catchUp(kind: HunterKind, until: number, parts: JudgeParts): Promise<{ hits: number; alerts: number }> {
	const told = { hits: 0, alerts: 0 };
	const behind = await stragglers(kind, parts);
	if (behind.length === 0) return told;
	let served: number;
	do {
		served = 0;
		for (const arrear of await arrearsOf(parts.database, behind, parts.now())) {
			const some = await catchUpOn(arrear, kind, parts);
			await parts.onPoint?.("after-arrear");
			told.hits += some.hits;
			told.alerts += some.alerts;
			// Where only hunters are left that somebody changed meanwhile, the next judge sees to them.
			served += some.served;
			if (performance.now() >= until) break;
		}
	} while (served > 0 && performance.now() < until);
	// Also where the time is over: without an arrear nobody would be asked to look at the hunter again before the next news.
	await heal(parts.database, behind, parts.now());
	return told;
}
