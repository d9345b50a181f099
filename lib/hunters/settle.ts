import { lit, type Queryable } from "@/lib/platform";
import type { HunterKind } from "./define";
import type { Looked } from "./look";
import type { JudgeParts } from "./parts";
import { type Change, holdChanges, putPoisonAside } from "./queue";
import { sourceName } from "./read/sources";
import { squadKey, unchanged } from "./squad";
import { concerns, type HeldHunter, holdHunters, writeHits } from "./write-hits";

/** What became of a look at some batches. */
export type Settled =
	/** another judge was quicker */
	| { kind: "taken" }
	/** a hunter was made, changed or deleted meanwhile: nothing was written, look again, unless it is the last time */
	| { kind: "changed" }
	| { kind: "done"; hits: number; alerts: number };

export interface Verdict {
	kind: HunterKind;
	/** which hunters were asked, see `squadKey` */
	key: string;
	changes: readonly Change[];
	looked: Looked;
	/** hunters that fell out, with the reason */
	failed: ReadonlyMap<string, string>;
	/** it is not looked at again: whoever was made or changed meanwhile sees to it alone */
	isLast: boolean;
}

const CHANGED = "It was changed while it was asked, and looks at what it has missed.";

const list = (ids: readonly Buffer[]): string => ids.map((id) => lit(id)).join(",");

/** Names of the sources that finds are told with. */
export async function namesOf(looked: Pick<Looked, "finds">, { database: db }: JudgeParts): Promise<ReadonlyMap<number, string>> {
	const names = new Map<number, string>();
	for (const { document } of looked.finds.values()) if (!names.has(document.source)) names.set(document.source, await sourceName(db, document.source));
	return names;
}

/** Marks hunters that fell out. What they have not seen is kept for them. */
export async function markFailing(tx: Queryable, failed: ReadonlyMap<string, string>): Promise<void> {
	for (const [id, reason] of failed) await tx.execute(`UPDATE hunter SET state = 'failing', reason = ${lit(reason)} WHERE id = ${lit(Buffer.from(id, "hex"))}`);
}

/** Keeps batches for hunters that have not seen them. */
async function keepFor(tx: Queryable, hunters: readonly string[], changes: readonly Buffer[], now: Date): Promise<void> {
	for (const change of changes) {
		for (let at = 0; at < hunters.length; at += 200) {
			const tuples = hunters.slice(at, at + 200).map((id) => `(${lit(change)},${lit(Buffer.from(id, "hex"))},0,${lit(now)})`);
			await tx.execute(`INSERT INTO hunter_arrear (change_id, hunter_id, attempts, next_at) VALUES ${tuples.join(",")} ON DUPLICATE KEY UPDATE hunter_id = VALUES(hunter_id)`);
		}
	}
}

/** Batches that are done with are deleted, or kept for those that are behind; the one that was begun remembers its place. Whatever gets on has not failed. */
async function moveOn(tx: Queryable, changes: readonly Change[], consumed: number, behind: readonly string[], now: Date): Promise<void> {
	const finished: Buffer[] = [];
	const touched: Buffer[] = [];
	let left = consumed;
	for (const { id, cursor, entries } of changes) {
		if (left === 0 && entries.length > 0) break;
		touched.push(id);
		if (left < entries.length) {
			await tx.execute(`UPDATE record_change SET \`cursor\` = ${cursor + left}, attempts = 0, reason = NULL WHERE id = ${lit(id)}`);
			break;
		}
		finished.push(id);
		left -= entries.length;
	}
	const untouched = changes.slice(touched.length).map(({ id }) => id);
	// The try was not theirs: they are as new as before.
	if (untouched.length > 0) await tx.execute(`UPDATE record_change SET attempts = 0, reason = NULL WHERE id IN (${list(untouched)})`);
	await keepFor(tx, behind, touched, now);
	if (finished.length === 0) return;
	const { affected } = await tx.execute(`DELETE FROM record_change WHERE id IN (${list(finished)}) AND NOT EXISTS (SELECT 1 FROM hunter_arrear WHERE hunter_arrear.change_id = record_change.id)`);
	if (affected < finished.length) await tx.execute(`UPDATE record_change SET judged_at = ${lit(now)}, attempts = 0, reason = NULL WHERE id IN (${list(finished)})`);
}

/** Hunters that were made or changed while others were asked, and have to look by themselves: as after an error, with the words of why. */
function missedBy(hunters: readonly HeldHunter[], asked: ReadonlySet<HeldHunter>, changes: readonly Change[], now: Date): Map<string, string> {
	const missed = hunters.filter((hunter) => !asked.has(hunter) && !hunter.isBehind && changes.some(({ at }) => concerns(hunter, at, now)));
	return new Map(missed.map(({ id }) => [id, CHANGED]));
}

/** Writes everything that came of a look in one transaction: hits, alerts, and where the batches stand. */
export async function settle(verdict: Verdict, parts: JudgeParts): Promise<Settled> {
	const { kind, key, changes, looked, isLast } = verdict;
	const now = parts.now();
	const names = await namesOf(looked, parts);
	return parts.database.transaction(async (tx): Promise<Settled> => {
		// Locking reads come first: the snapshot that plain reads see begins behind them.
		if (!(await holdChanges(tx, changes))) return { kind: "taken" };
		const hunters = await holdHunters(tx, kind);
		if (squadKey(hunters) !== key && !isLast) return { kind: "changed" };
		const asked = unchanged(hunters, key);
		const ids = new Set(asked.map(({ id }) => id));
		const failed = new Map([...[...verdict.failed].filter(([id]) => ids.has(id)), ...missedBy(hunters, new Set(asked), changes, now)]);
		const finds = [...looked.finds.values()].filter(({ hunter }) => ids.has(hunter));
		const told = await writeHits(tx, kind, asked, finds, names, now);
		await putPoisonAside(tx, looked.poison, now);
		await markFailing(tx, failed);
		const behind = hunters.filter(({ id, isBehind }) => isBehind || failed.has(id)).map(({ id }) => id);
		await moveOn(tx, changes, looked.consumed, behind, now);
		return { kind: "done", ...told };
	});
}
