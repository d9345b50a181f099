import { indicatorId } from "@/lib/indicators/identity";
import { type TextEntry, writeTextIndex } from "@/lib/indicators/text-index";
import { measureYoungIndex } from "@/lib/indicators/gram-frequency";
import { type CanonicalValue, typeFromNumber } from "@/lib/domain/indicator";
import { lit } from "@/lib/platform";
import type { SourceDefinition } from "@/lib/sources/define";
import { applyBlock } from "./apply";
import { type IngestContext, ingestContext } from "./context";
import { fetchPhase } from "./fetch-phase";
import { finishBad, finishOk } from "./finish-run";
import { leavePhase } from "./leave-phase";
import { decodeRows, ENTRY_BYTES, mergeRows, type StagedRow } from "./rows";
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

type Late = ReadonlyMap<string, StagedRow>;

async function readLate(run: RunRow, context: IngestContext): Promise<Late> {
	const late = new Map<string, StagedRow>();
	const blocks = await context.database.query<{ ids: Buffer; data: Buffer }>(
		`SELECT ids, data FROM run_block WHERE run = ${runLit(run.id)} AND seq < 0 ORDER BY seq DESC`,
	);
	for (const block of blocks) {
		for (const [at, row] of decodeRows(block.data).entries()) late.set(block.ids.toString("latin1", at * ENTRY_BYTES, at * ENTRY_BYTES + 16), row);
	}
	return late;
}

interface StoredBlock {
	ids: Buffer;
	data: Buffer;
	changed: Buffer | null;
}

async function readBlock(run: RunRow, context: IngestContext, seq: number): Promise<StoredBlock> {
	const rows = await context.database.query<StoredBlock & Record<string, unknown>>(
		`SELECT ids, data, changed FROM run_block WHERE run = ${runLit(run.id)} AND seq = ${seq}`,
	);
	if (rows[0] === undefined) throw new Error(`block ${seq} of run ${run.id} is gone`);
	return rows[0];
}

function packIndexes(indexes: readonly number[]): Buffer {
	const bytes = Buffer.alloc(indexes.length * 2);
	for (const [at, index] of indexes.entries()) bytes.writeUInt16LE(index, at * 2);
	return bytes;
}

async function applyOne(run: RunRow, context: IngestContext, block: StoredBlock, late: Late): Promise<RunRow> {
	return context.database.transaction(async (tx) => {
		await holdRun(tx, run, context.now());
		const state = await readState(tx, run.source);
		const first = state !== null && state.sightingCount - run.new === 0;
		const counts = await applyBlock(tx, { source: run.source, at: run.startedAt, ids: block.ids, data: block.data, late, first });
		const next: RunRow = {
			...run,
			cursor: run.cursor + 1,
			new: run.new + counts.new,
			updated: run.updated + counts.updated,
			unchanged: run.unchanged + counts.unchanged,
			relisted: run.relisted + counts.relisted,
		};
		if (counts.changed.length > 0) {
			await tx.execute(`UPDATE run_block SET changed = ${lit(packIndexes(counts.changed))} WHERE run = ${runLit(run.id)} AND seq = ${run.cursor}`);
		}
		if (counts.new + counts.relisted > 0) {
			await tx.execute(
				`UPDATE source_state SET sighting_count = sighting_count + ${counts.new}, present_count = present_count + ${counts.new + counts.relisted} WHERE source = ${run.source}`,
			);
		}
		await tx.execute(
			`UPDATE source_run SET \`cursor\` = ${next.cursor}, rows_new = ${next.new}, rows_updated = ${next.updated}, rows_unchanged = ${next.unchanged}, rows_relisted = ${next.relisted} WHERE id = ${runLit(run.id)}`,
		);
		return next;
	});
}

async function moveTo(run: RunRow, phase: RunRow["phase"], context: IngestContext): Promise<RunRow> {
	await context.database.transaction(async (tx) => {
		await holdRun(tx, run, context.now());
		await tx.execute(`UPDATE source_run SET phase = ${lit(phase)}, \`cursor\` = 0 WHERE id = ${runLit(run.id)}`);
	});
	return { ...run, phase, cursor: 0 };
}

async function applyPhase(run: RunRow, context: IngestContext, deadline: number): Promise<RunRow> {
	const late = await readLate(run, context);
	let current = run;
	let next: Promise<StoredBlock> | null = null;
	while (current.cursor < current.blocks) {
		const block: StoredBlock = await (next ?? readBlock(current, context, current.cursor));
		next = current.cursor + 1 < current.blocks ? readBlock(current, context, current.cursor + 1) : null;
		next?.catch(() => {});
		current = await applyOne(current, context, block, late);
		await context.onPoint?.(current.cursor === 1 ? "after-first-batch" : "between-batches", run.id);
		if (Date.now() > deadline) return current;
	}
	await context.onPoint?.("after-last-batch-before-run-row", run.id);
	return moveTo(current, "leave", context);
}

function textEntries(block: StoredBlock, late: Late): TextEntry[] {
	const { changed } = block;
	if (changed === null || changed.length === 0) return [];
	const rows = decodeRows(block.data);
	const entries: TextEntry[] = [];
	for (let at = 0; at < changed.length; at += 2) {
		const index = changed.readUInt16LE(at);
		let row = rows[index] as StagedRow;
		const extra = late.get(block.ids.toString("latin1", index * ENTRY_BYTES, index * ENTRY_BYTES + 16));
		if (extra !== undefined) row = mergeRows(row, extra);
		const id = indicatorId({ type: typeFromNumber(row.type), value: row.value as CanonicalValue });
		entries.push({ id, type: row.type, value: row.value, labels: [...(row.description === null ? [] : [row.description]), ...(row.tags ?? [])] });
	}
	return entries;
}

async function textPhase(run: RunRow, context: IngestContext, deadline: number): Promise<RunRow> {
	const late = await readLate(run, context);
	let current = run;
	while (current.cursor < current.blocks) {
		const entries = textEntries(await readBlock(current, context, current.cursor), late);
		current = await context.database.transaction(async (tx) => {
			await holdRun(tx, current, context.now());
			await writeTextIndex(tx, entries);
			await tx.execute(`UPDATE source_run SET \`cursor\` = ${current.cursor + 1} WHERE id = ${runLit(run.id)}`);
			return { ...current, cursor: current.cursor + 1 };
		});
		if (Date.now() > deadline) break;
	}
	return current;
}

async function oneStep(run: RunRow, source: SourceDefinition, context: IngestContext, deadline: number, file: string | undefined): Promise<void> {
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
 * Goes on with a run for about `milliseconds`, from where its last committed batch left it. Call until `done`.
 * Repeating a call, or two at once, changes nothing: whoever is late finds the run moved on and stops.
 */
export async function advanceRun(
	run: string,
	budget: { milliseconds: number; file?: string },
	context: IngestContext = ingestContext(),
): Promise<Progress> {
	const deadline = Date.now() + budget.milliseconds;
	for (;;) {
		const current = await readRun(context.database, run);
		const done = current.state !== "running";
		if (done || Date.now() > deadline) {
			return { done, state: current.state, phase: current.phase, cursor: current.cursor, blocks: current.blocks };
		}
		try {
			await oneStep(current, findSource(current.source, context), context, deadline, budget.file);
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
	await finishBad(current, findSource(current.source, context), context, { state: "failing", reason });
}
