import { lit, type Queryable } from "@/lib/platform";
import type { IngestContext } from "./context";
import type { FetchedBody } from "./fetch-body";
import { IdSet } from "./id-set";
import { readLate } from "./late-rows";
import { ENTRY_BYTES } from "./rows";
import { holdRun, type RunOutcome, type RunRow, readRun, runLit } from "./run-store";
import type { Resumed, StageState } from "./stage";

/**
 * A list too long for one step is staged in several: each fetches the body again, passes over the records that are done, and goes
 * on where the one before stopped. That holds only while the body is the same; another one is begun from its start.
 */

type Body = Extract<FetchedBody, { kind: "body" }>;

async function readState(tx: Queryable, run: RunRow): Promise<StageState | null> {
	if (run.cursor === 0) return null;
	const [row] = await tx.query<{ shape: string | null }>(`SELECT shape FROM source_run WHERE id = ${runLit(run.id)}`);
	const shape = row?.shape === null || row?.shape === undefined ? null : (JSON.parse(row.shape) as Partial<StageState>);
	return shape?.unfinished === true ? (shape as StageState) : null;
}

/** Entries and repetitions of the blocks that the state knows of, a block at a time. */
async function readBlocks(run: RunRow, state: StageState, context: IngestContext): Promise<Resumed> {
	const seen = new IdSet(state.read);
	for (let seq = 0; seq < state.seq; seq++) {
		const [block] = await context.database.query<{ ids: Buffer }>(`SELECT ids FROM run_block WHERE run = ${runLit(run.id)} AND seq = ${seq}`);
		if (block === undefined) throw new Error(`block ${seq} of run ${run.id} is gone`);
		for (let at = 0; at < block.ids.length; at += ENTRY_BYTES) seen.add(block.ids, at, block.ids.readUInt32LE(at + 16));
	}
	return { state, seen, late: await readLate(context.database, run) };
}

/** What an earlier step of this run left of this very body; null where there is nothing to go on from. */
export async function resumedStage(run: RunRow, body: Body, context: IngestContext): Promise<Resumed | null> {
	const state = await readState(context.database, run);
	if (state === null || run.outcome?.bodyDigest !== body.digest.toString("hex")) return null;
	return readBlocks(run, state, context);
}

/** Begins anew, and counts it: the body is another one than that of the step before. */
export async function forgetStage(run: RunRow, context: IngestContext): Promise<RunRow> {
	const outcome: RunOutcome = { restarts: (run.outcome?.restarts ?? 0) + 1 };
	return context.database.transaction(async (tx) => {
		await holdRun(tx, run, context.now());
		await tx.execute(`UPDATE source_run SET \`cursor\` = 0, shape = NULL, outcome = ${lit(JSON.stringify(outcome))} WHERE id = ${runLit(run.id)}`);
		return readRun(tx, run.id);
	});
}

/** Notes how far staging is; the run stays in its first phase. */
export async function keepStage(run: RunRow, body: Body, state: StageState, context: IngestContext): Promise<void> {
	await context.database.transaction(async (tx) => {
		await holdRun(tx, run, context.now());
		await tx.execute(
			`UPDATE source_run SET \`cursor\` = ${state.read}, rows_read = ${state.read}, rows_duplicate = ${state.duplicates}, rows_set_aside = ${state.setAside}, shape = ${lit(JSON.stringify(state))}, outcome = ${lit(JSON.stringify({ ...run.outcome, bodyDigest: body.digest.toString("hex") }))} WHERE id = ${runLit(run.id)}`,
		);
	});
}
