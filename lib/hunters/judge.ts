import { ExistError } from "@/lib/errors";
import { type Database, database, isTooBig, lit, log } from "@/lib/platform";
import { catchUp, dueArrears } from "./catch-up";
import type { HunterKind } from "./define";
import { look } from "./look";
import { type JudgeParts, judgeParts } from "./parts";
import { beginTry, type Change, cutUp, dueChanges, dueGroup, putOff, takeBackTry, trackersWithNews } from "./queue";
import { type Settled, settle } from "./settle";
import { squadOf } from "./squad";
import { reasonOf } from "./waits";

/** What a judge did. */
export interface Judged {
	/** new and changed records (parts of records each by itself) that were held against the hunters */
	records: number;
	hits: number;
	alerts: number;
	/** batches that still wait to be looked at now */
	left: number;
}

/** The longest look before its outcome is written. */
const LOOK_MS = 10_000;

/** Looks at the same batches, where hunters change meanwhile. */
const MOST_TURNS = 3;

interface Run extends JudgeParts {
	until: number;
	sum: Omit<Judged, "left">;
}

function isAway(error: unknown): boolean {
	return error instanceof ExistError && error.code === "unavailable";
}

/** Looks at some batches and writes the outcome; hunters that change meanwhile are asked anew, a few times. Halves what is too much for one transaction. */
async function judgeChanges(kind: HunterKind, changes: readonly Change[], run: Run, entries = Number.MAX_SAFE_INTEGER): Promise<void> {
	for (let turn = 1; ; turn++) {
		const { squad, key } = await squadOf(kind, run);
		const limits = { entries, until: Math.min(run.until, performance.now() + LOOK_MS), isolate: (changes[0]?.attempts ?? 0) > 0 };
		const looked = await look(run.database, kind, squad, changes, limits);
		await run.onPoint?.("after-look-before-commit");
		let settled: Settled;
		try {
			// Somebody who changes hunters all the time keeps nobody waiting.
			const isLast = turn >= MOST_TURNS || performance.now() >= run.until;
			settled = await settle({ kind, key, changes, looked, failed: squad.failed, isLast }, run);
		} catch (error) {
			if (!isTooBig(error) || looked.consumed < 2) throw error;
			return judgeChanges(kind, changes, run, Math.ceil(looked.consumed / 2));
		}
		if (settled.kind === "changed") continue;
		if (settled.kind === "taken") return takeBackTry(run.database, changes, run.now());
		for (const [hunter, reason] of squad.failed) log.warn({ hunter, reason }, "a hunter cannot be used");
		run.sum.records += looked.consumed;
		run.sum.hits += settled.hits;
		run.sum.alerts += settled.alerts;
		await run.onPoint?.("after-commit");
		return;
	}
}

/** A batch that fails is tried again later and goes alone then; the others of its group go on at once. */
async function judgeOrPutOff(kind: HunterKind, changes: readonly Change[], run: Run): Promise<void> {
	try {
		await judgeChanges(kind, changes, run);
	} catch (error) {
		if (isAway(error)) throw error;
		const [only] = changes;
		if (changes.length === 1 && only !== undefined) {
			log.warn({ tracker: only.tracker, records: only.entries.length, attempts: only.attempts + 1, reason: reasonOf(error) }, "news could not be judged");
			return putOff(run.database, only, reasonOf(error), run.now());
		}
		for (const change of changes) await judgeOrPutOff(kind, [change], run);
	}
}

/** A try of some batches, counted before it is made. */
async function tryChanges(kind: HunterKind, changes: readonly Change[], run: Run): Promise<void> {
	const [first] = changes;
	if (first !== undefined && (await cutUp(run.database, first, run.now()))) return;
	if (!(await beginTry(run.database, changes, run.now()))) return;
	try {
		await judgeOrPutOff(kind, changes, run);
	} catch (error) {
		// A database that is away is no fault of the batches; where it stays away, the try counts.
		if (isAway(error)) await takeBackTry(run.database, changes, run.now()).catch(() => undefined);
		throw error;
	}
}

/** When hunters were asked last, and that they have seen everything up to what still waits. */
async function noteRun(kind: HunterKind, begun: Date, run: Run): Promise<void> {
	const [row] = await run.database.query<{ at: Date | null }>(`SELECT MIN(at) AS at FROM record_change WHERE tracker = ${lit(kind.tracker)} AND judged_at IS NULL`);
	const seenTo = row?.at != null && row.at < begun ? row.at : begun;
	await run.database.execute(`UPDATE hunter SET state = 'ok', last_run_at = ${lit(run.now())}, seen_to = ${lit(seenTo)} WHERE kind = ${lit(kind.id)} AND enabled = 1 AND state <> 'failing'`);
}

/** Goes round the trackers that have news, a group of batches each, so that much of one does not hold up the others. */
async function judgeNews(run: Run): Promise<void> {
	const begun = run.now();
	const asked = new Set<HunterKind>();
	let trackers = await trackersWithNews(run.database, begun);
	while (trackers.length > 0) {
		for (const tracker of trackers) {
			const kind = run.kinds.find((one) => one.tracker === tracker);
			// Nobody can ask for what no kind looks at.
			if (kind === undefined) await run.database.execute(`DELETE FROM record_change WHERE tracker = ${lit(tracker)}`);
			else {
				const changes = await dueGroup(run.database, tracker, run.now());
				if (changes.length > 0) await tryChanges(kind, changes, run);
				asked.add(kind);
			}
			if (performance.now() >= run.until) break;
		}
		// Something is done in however short a time, so that whoever comes again comes to an end.
		trackers = performance.now() < run.until ? await trackersWithNews(run.database, run.now()) : [];
	}
	for (const kind of asked) await noteRun(kind, begun, run);
}

async function count(db: Database, now: Date): Promise<number> {
	const [row] = await db.query<{ n: number }>(`SELECT COUNT(*) AS n FROM record_change WHERE ${dueChanges(now)}`);
	return Number(row?.n ?? 0);
}

/**
 * Holds what is new and changed against all hunters, and lets those that failed catch up, for about `milliseconds`. Hits, alerts and
 * the end of a batch are one transaction, so it may be stopped at any moment, and several may work at once. Rejects with
 * `unavailable` where the database is away.
 */
export async function judge({ milliseconds }: { milliseconds: number }, parts: JudgeParts = judgeParts()): Promise<Judged> {
	const run: Run = { ...parts, until: performance.now() + milliseconds, sum: { records: 0, hits: 0, alerts: 0 } };
	await judgeNews(run);
	for (const kind of run.kinds) {
		if (performance.now() >= run.until) break;
		const { hits, alerts } = await catchUp(kind, run.until, run);
		run.sum.hits += hits;
		run.sum.alerts += alerts;
	}
	return { ...run.sum, left: await count(run.database, run.now()) };
}

/** Whether there is something to judge now: two small reads. */
export async function hasNews(now: Date, db: Database = database()): Promise<boolean> {
	const [change] = await db.query(`SELECT id FROM record_change WHERE ${dueChanges(now)} LIMIT 1`);
	if (change !== undefined) return true;
	const [arrear] = await db.query(`SELECT hunter_id FROM hunter_arrear WHERE ${dueArrears(now)} LIMIT 1`);
	return arrear !== undefined;
}
