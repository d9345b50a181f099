import { shown } from "@/lib/errors";
import { measureYoungIndex } from "@/lib/indicators/gram-frequency";
import { inHalves, isTooBig, lit, type Queryable } from "@/lib/platform";
import { PlanOutdated, type Portion, type RecordStore, type SetAsideItem, type StoreContext, type StoreCounts } from "@/lib/records";
import type { ReadItem } from "@/lib/sources/record";
import { type IngestContext, secretMask } from "../context";
import { holdRun, type RunRow, runLit } from "../run-store";

/** Set-aside rows of which text is kept; the count goes on. */
const KEPT_SET_ASIDE = 1000;

/** A run of records on its way: what the run's row counts, and how many of its set-aside rows are kept so far. */
export interface RecordRun extends RunRow {
	read: number;
	duplicates: number;
	kept: number;
}

function asideTuple(run: RunRow, seq: number, { where, reason, excerpt }: SetAsideItem): string {
	const line = /^\d{1,9}$/.test(where) ? Number(where) : 0;
	return `(${runLit(run.id)},${seq},${run.source},${line},${lit(shown(line === 0 && where !== "" ? `${where}: ${reason}` : reason, 480))},${lit(shown(excerpt, 480))})`;
}

async function keepAside(tx: Queryable, run: RecordRun, rows: readonly SetAsideItem[]): Promise<number> {
	const kept = rows.slice(0, Math.max(0, KEPT_SET_ASIDE - run.kept));
	if (kept.length === 0) return run.kept;
	const tuples = kept.map((row, at) => asideTuple(run, run.kept + at, row));
	await tx.execute(`INSERT INTO set_aside (run, seq, source, line, reason, excerpt) VALUES ${tuples.join(",")} ON DUPLICATE KEY UPDATE reason = VALUES(reason)`);
	return run.kept + kept.length;
}

/** The columns of a run's row that a batch moves on. */
function runColumns(run: RecordRun): string {
	return `\`cursor\` = ${run.cursor}, rows_read = ${run.read}, rows_new = ${run.new}, rows_updated = ${run.updated}, rows_unchanged = ${run.unchanged}, rows_duplicate = ${run.duplicates}, rows_set_aside = ${run.setAside}`;
}

async function addToSource(tx: Queryable, run: RunRow, added: number): Promise<void> {
	if (added > 0) await tx.execute(`UPDATE source_state SET sighting_count = sighting_count + ${added}, present_count = present_count + ${added} WHERE source = ${run.source}`);
}

/** How often what is left is planned anew where others write the same records at the same time. */
const MOST_PLANS = 4;

/**
 * Stores what of some items is too much for one transaction, each portion under the run's fence. The run does not move on: whoever
 * is interrupted reads the same items again and finds what is left to do. `done` is false where the time was over before.
 */
export async function storePortions(
	context: IngestContext,
	run: RecordRun,
	items: ReadonlyArray<ReadItem<unknown>>,
	store: RecordStore<unknown>,
	storeContext: StoreContext,
	deadline: number,
): Promise<{ run: RecordRun; done: boolean }> {
	const good = items.filter((item) => item.ok).map(({ item, where }) => ({ item, where }));
	let current = run;
	if (store.portions === undefined || good.length === 0) return { run, done: true };
	let stored = false;
	let limit = store.portionParts;
	for (let plans = 1; ; plans++) {
		try {
			for await (const portion of store.portions(context.database, good, storeContext, limit)) {
				// At least one in a step, so that a source that is slow to read moves on all the same.
				if (stored && Date.now() > deadline) return { run: current, done: false };
				current = await storePortion(context, current, portion);
				stored = true;
				await context.onPoint?.("between-portions", run.id);
			}
			return { run: current, done: true };
		} catch (error) {
			if (error instanceof PlanOutdated && plans < MOST_PLANS) continue;
			if (!isTooBig(error) || limit === undefined || limit < 2) throw error;
			limit = Math.floor(limit / 2);
		}
	}
}

async function storePortion(context: IngestContext, run: RecordRun, portion: Portion): Promise<RecordRun> {
	return context.database.transaction(async (tx) => {
		await holdRun(tx, run, context.now());
		const counts = await portion(tx);
		const next: RecordRun = { ...run, new: run.new + (counts.new ?? 0), updated: run.updated + (counts.updated ?? 0) };
		await tx.execute(`UPDATE source_run SET ${runColumns(next)} WHERE id = ${runLit(run.id)}`);
		await addToSource(tx, run, counts.new ?? 0);
		return next;
	});
}

/**
 * Stores some items and moves the run on, in one transaction that checks the run's fence, or in several where one is too much for
 * the database. `also` is what belongs to the last of them (the mark of a source that is read in slices).
 */
export async function storeBatch(
	context: IngestContext,
	run: RecordRun,
	items: ReadonlyArray<ReadItem<unknown>>,
	store: RecordStore<unknown>,
	storeContext: StoreContext,
	also: (tx: Queryable) => Promise<void> = async () => {},
): Promise<RecordRun> {
	let current = run;
	let stored = 0;
	await inHalves(items, async (part) => {
		const isLast = stored + part.length === items.length;
		current = await storeTogether(context, current, part, store, storeContext, isLast ? also : async () => {});
		stored += part.length;
	});
	return current;
}

async function storeTogether(
	context: IngestContext,
	run: RecordRun,
	items: ReadonlyArray<ReadItem<unknown>>,
	store: RecordStore<unknown>,
	storeContext: StoreContext,
	also: (tx: Queryable) => Promise<void>,
): Promise<RecordRun> {
	return context.database.transaction(async (tx) => {
		await holdRun(tx, run, context.now());
		const good = items.filter((item) => item.ok).map(({ item, where }) => ({ item, where }));
		const bad: SetAsideItem[] = items.filter((item) => !item.ok).map(({ where, reason, excerpt }) => ({ where, reason, excerpt }));
		const counts: StoreCounts = good.length === 0 ? { new: 0, updated: 0, unchanged: 0, duplicates: 0, setAside: [] } : await store.store(tx, good, storeContext);
		const masked = secretMask(storeContext.source, context);
		const aside = [...bad, ...counts.setAside].map((row) => ({ ...row, reason: masked(row.reason), excerpt: masked(row.excerpt) }));
		const next: RecordRun = {
			...run,
			cursor: run.cursor + items.length,
			read: run.read + items.length,
			new: run.new + counts.new,
			updated: run.updated + counts.updated,
			unchanged: run.unchanged + counts.unchanged,
			duplicates: run.duplicates + counts.duplicates,
			setAside: run.setAside + aside.length,
		};
		next.kept = await keepAside(tx, run, aside);
		await tx.execute(`UPDATE source_run SET ${runColumns(next)} WHERE id = ${runLit(run.id)}`);
		await addToSource(tx, run, counts.new);
		await also(tx);
		return next;
	});
}

/** Makes this worker the only one that may store for the run. What earlier workers stored stays, and stays counted. */
export async function claimRecords(context: IngestContext, run: RunRow): Promise<RecordRun> {
	return context.database.transaction(async (tx) => {
		await holdRun(tx, run, context.now());
		await tx.execute(`UPDATE source_run SET fence = fence + 1 WHERE id = ${runLit(run.id)}`);
		const [row] = await tx.query<{ rows_read: number; rows_duplicate: number }>(`SELECT rows_read, rows_duplicate FROM source_run WHERE id = ${runLit(run.id)}`);
		const [kept] = await tx.query<{ n: number }>(`SELECT COUNT(*) AS n FROM set_aside WHERE run = ${runLit(run.id)}`);
		return { ...run, fence: run.fence + 1, read: Number(row?.rows_read ?? 0), duplicates: Number(row?.rows_duplicate ?? 0), kept: Number(kept?.n ?? 0) };
	});
}

/** New records of a run after which a young text index is measured again. */
const NOTABLE_GROWTH = 500;

/** What is common in the texts of records, measured while there are few. */
export async function measureTexts(context: IngestContext, run: RecordRun, tracker: string): Promise<void> {
	if (run.new >= NOTABLE_GROWTH) await measureYoungIndex(context.database, "records");
	// One event can bring thousands of attributes.
	if (run.new > 0 && tracker === "threat") await measureYoungIndex(context.database, "attributes");
}

/** Starts the counts of a run over: its body was read from the beginning again. */
export async function restartRecords(context: IngestContext, run: RecordRun, outcome: { bodyDigest: string }): Promise<RecordRun> {
	const fresh: RecordRun = { ...run, cursor: 0, read: 0, unchanged: 0, duplicates: 0, setAside: 0, kept: 0 };
	await context.database.transaction(async (tx) => {
		await holdRun(tx, run, context.now());
		await tx.execute(`DELETE FROM set_aside WHERE run = ${runLit(run.id)}`);
		await tx.execute(`UPDATE source_run SET ${runColumns(fresh)}, outcome = ${lit(JSON.stringify(outcome))} WHERE id = ${runLit(run.id)}`);
	});
	return { ...fresh, outcome };
}
