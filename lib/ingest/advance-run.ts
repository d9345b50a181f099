import { type CanonicalValue, typeFromNumber } from "@/lib/domain/indicator";
import { measureYoungIndex } from "@/lib/indicators/gram-frequency";
import { indicatorId } from "@/lib/indicators/identity";
import { type TextEntry, writeTextIndex } from "@/lib/indicators/text-index";
import { isTooBig, lit } from "@/lib/platform";
import type { AnySource } from "@/lib/sources";
import { applyBlock, countStored, STATEMENT_ROWS, storeIndicators } from "./apply";
import { MAX_BLOCKS, nextBlocks, Pace, packIndexes, readBlocks, rowsOf, type StoredBlock, unpackIndexes } from "./blocks";
import { type IngestContext, ingestContext } from "./context";
import { fetchPhase } from "./fetch-phase";
import { finishBad, finishOk } from "./finish-run";
import { type Late, readLate } from "./late-rows";
import { leavePhase } from "./leave-phase";
import { advanceRecords } from "./records";
import { BLOCK_ROWS, ENTRY_BYTES, mergeRows, type StagedRow } from "./rows";
import { holdRun, type RunRow, readRun, readState, runLit, Superseded } from "./run-store";
import { findSource } from "./start-run";

/** New rows of a run after which a young text index is measured again. */
const NOTABLE_GROWTH = 1000;

export interface Progress {
	done: boolean;
	state: string;
	phase: string;
	cursor: number;
	blocks: number;
}

/** Brings some blocks into the index in one transaction, and the run's counts and place with them. */
async function applyBlocks(run: RunRow, context: IngestContext, blocks: readonly StoredBlock[], late: Late, stored: number | undefined): Promise<RunRow> {
	return context.database.transaction(async (tx) => {
		await holdRun(tx, run, context.now());
		const state = await readState(tx, run.source);
		const first = state !== null && state.sightingCount - run.new === 0;
		const sum: RunRow = { ...run, cursor: run.cursor + blocks.length };
		for (const [at, block] of blocks.entries()) {
			const following = blocks[at + 1];
			const input = { source: run.source, at: run.startedAt, ids: block.ids, rows: block.rows, late, first, indicatorsStored: stored === undefined ? undefined : at === 0 ? stored : 0 };
			const counts = await applyBlock(tx, input, () => void (first && following?.rows.indicators()));
			sum.new += counts.new;
			sum.updated += counts.updated;
			sum.unchanged += counts.unchanged;
			sum.relisted += counts.relisted;
			if (counts.changed.length > 0) {
				await tx.execute(`UPDATE run_block SET changed = ${lit(packIndexes(counts.changed))} WHERE run = ${runLit(run.id)} AND seq = ${block.seq}`);
			}
		}
		const [added, back] = [sum.new - run.new, sum.relisted - run.relisted];
		if (added + back > 0) {
			await tx.execute(`UPDATE source_state SET sighting_count = sighting_count + ${added}, present_count = present_count + ${added + back} WHERE source = ${run.source}`);
		}
		await tx.execute(
			`UPDATE source_run SET \`cursor\` = ${sum.cursor}, rows_new = ${sum.new}, rows_updated = ${sum.updated}, rows_unchanged = ${sum.unchanged}, rows_relisted = ${sum.relisted} WHERE id = ${runLit(run.id)}`,
		);
		return sum;
	});
}

async function moveTo(run: RunRow, phase: RunRow["phase"], context: IngestContext): Promise<RunRow> {
	await context.database.transaction(async (tx) => {
		await holdRun(tx, run, context.now());
		await tx.execute(`UPDATE source_run SET phase = ${lit(phase)}, \`cursor\` = 0 WHERE id = ${runLit(run.id)}`);
	});
	return { ...run, phase, cursor: 0 };
}

/**
 * Indicators of a source's very first body go ahead of their sightings by a second connection. Not for later bodies: there most
 * rows are known, and which are new is only seen within the transaction.
 */
async function storeAhead(run: RunRow, context: IngestContext, blocks: readonly StoredBlock[], worker: "same" | "another"): Promise<number> {
	const rows = blocks.map((block) => block.rows);
	// A block that is not full may be half of one whose indicators were stored while it was whole.
	const isMine = worker === "same" && blocks.every((block) => rowsOf(block) >= (context.blockRows ?? BLOCK_ROWS));
	for (let most = STATEMENT_ROWS; ; most = Math.ceil(most / 2)) {
		try {
			const stored = await storeIndicators(context.database, rows, run.startedAt, most);
			// What was stored ahead before us, by a worker that never came to use it or by a try that failed, is of this run as well.
			return isMine && most === STATEMENT_ROWS ? stored : await countStored(context.database, rows, run.startedAt);
		} catch (error) {
			if (most === 1 || !isTooBig(error)) throw error;
		}
	}
}

async function applyPhase(run: RunRow, context: IngestContext, deadline: number): Promise<RunRow> {
	const late = await readLate(context.database, run);
	const pace = new Pace();
	const state = await readState(context.database, run.source);
	const first = state !== null && state.sightingCount - run.new === 0;
	let { run: current, blocks } = await nextBlocks(run, context, pace);
	let stored = first ? await storeAhead(run, context, blocks, "another") : undefined;
	while (blocks.length > 0) {
		const ahead = readBlocks(current, context, current.cursor + blocks.length, pace.blocks);
		// A failure surfaces at its await; where this transaction fails first, nobody comes to await it.
		ahead.catch(() => {});
		// A worker that died may have stored the blocks it was at and those behind them.
		const worker = current.cursor - run.cursor < 2 * MAX_BLOCKS ? "another" : "same";
		const storedAhead = first ? ahead.then((next) => storeAhead(run, context, next, worker)) : Promise.resolve(undefined);
		storedAhead.catch(() => {});
		const begun = performance.now();
		const applied = await applyBlocks(current, context, blocks, late, stored)
			.catch((error: unknown) => pace.less(blocks, error))
			// Nothing of ours may be under way when this worker lets go of the run.
			.finally(() => storedAhead.catch(() => {}));
		if (applied !== undefined) {
			current = applied;
			pace.note(performance.now() - begun);
			await context.onPoint?.(current.cursor <= blocks.length ? "after-first-batch" : "between-batches", run.id);
			if (Date.now() > deadline && current.cursor < current.blocks) return current;
		}
		const before = current.blocks;
		({ run: current, blocks } = await nextBlocks(current, context, pace, applied === undefined ? undefined : ahead));
		// Of blocks that were cut meanwhile, or are tried anew, what was stored ahead is counted by themselves.
		const isAsRead = applied !== undefined && current.blocks === before;
		stored = isAsRead ? await storedAhead : first ? await storeAhead(run, context, blocks, "another") : undefined;
	}
	await context.onPoint?.("after-last-batch-before-run-row", run.id);
	return moveTo(current, "leave", context);
}

function textEntries(block: StoredBlock, late: Late): TextEntry[] {
	const changed = unpackIndexes(block.changed);
	if (changed.length === 0) return [];
	const rows = block.rows.all();
	const entries: TextEntry[] = [];
	for (const index of changed) {
		let row = rows[index] as StagedRow;
		const extra = late.get(block.ids.toString("latin1", index * ENTRY_BYTES, index * ENTRY_BYTES + 16));
		if (extra !== undefined) row = mergeRows(row, extra);
		const id = indicatorId({ type: typeFromNumber(row.type), value: row.value as CanonicalValue });
		entries.push({ id, type: row.type, value: row.value, labels: [...(row.description === null ? [] : [row.description]), ...(row.tags ?? [])] });
	}
	return entries;
}

async function textPhase(run: RunRow, context: IngestContext, deadline: number): Promise<RunRow> {
	const late = await readLate(context.database, run);
	const pace = new Pace();
	let current = run;
	while (current.cursor < current.blocks) {
		const next = await nextBlocks(current, context, pace);
		const { blocks } = next;
		current = next.run;
		const begun = performance.now();
		const written = await context.database
			.transaction(async (tx) => {
				await holdRun(tx, current, context.now());
				for (const block of blocks) await writeTextIndex(tx, textEntries(block, late));
				await tx.execute(`UPDATE source_run SET \`cursor\` = ${current.cursor + blocks.length} WHERE id = ${runLit(run.id)}`);
				return { ...current, cursor: current.cursor + blocks.length };
			})
			.catch((error: unknown) => pace.less(blocks, error));
		if (written === undefined) continue;
		current = written;
		pace.note(performance.now() - begun);
		if (Date.now() > deadline) break;
	}
	return current;
}

async function oneStep(run: RunRow, source: AnySource, context: IngestContext, deadline: number, file: string | undefined): Promise<void> {
	if (source.tracker !== "reputation") return advanceRecords(run, source, context, { deadline, file });
	switch (run.phase) {
		case "fetch":
			await fetchPhase(run, source, context, file);
			return;
		case "apply":
			await applyPhase(run, context, deadline);
			return;
		case "leave": {
			const complete = await leavePhase(run, source, context, deadline);
			if (complete) await moveTo(await readRun(context.database, run.id), "text", context);
			return;
		}
		case "text": {
			const current = await textPhase(run, context, deadline);
			if (current.cursor < current.blocks) return;
			await context.onPoint?.("before-finish", run.id);
			if (current.new >= NOTABLE_GROWTH) await measureYoungIndex(context.database);
			await finishOk(current, source, context);
			return;
		}
		case "done":
	}
}

/**
 * Goes on with a run for about `milliseconds`, by one step at least, from where its last committed batch left it. Call until `done`.
 * Repeating a call, or two at once, changes nothing: whoever is late finds the run moved on and stops.
 */
export async function advanceRun(run: string, budget: { milliseconds: number; file?: string }, context: IngestContext = ingestContext()): Promise<Progress> {
	const deadline = Date.now() + budget.milliseconds;
	for (let steps = 0; ; steps++) {
		const current = await readRun(context.database, run);
		const done = current.state !== "running";
		// A call does something, however little time it has: a machine too busy to read a row in it would else go on for ever.
		if (done || (steps > 0 && Date.now() > deadline)) {
			return { done, state: current.state, phase: current.phase, cursor: current.cursor, blocks: current.blocks };
		}
		try {
			await oneStep(current, await findSource(current.source, context), context, deadline, budget.file);
		} catch (error) {
			if (!(error instanceof Superseded)) throw error;
			const now = await readRun(context.database, run);
			return { done: now.state !== "running", state: now.state, phase: now.phase, cursor: now.cursor, blocks: now.blocks };
		}
	}
}

/** Closes a run that can go on no more (its step failed for good), with the reason; old rows stay. */
export async function failRun(run: string, reason: string, context: IngestContext = ingestContext()): Promise<void> {
	const current = await readRun(context.database, run);
	if (current.state !== "running") return;
	await finishBad(current, await findSource(current.source, context), context, { state: "failing", reason });
}
