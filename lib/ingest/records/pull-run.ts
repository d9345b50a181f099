import { SuspectBody } from "@/lib/net/formats";
import { lit } from "@/lib/platform";
import type { RecordStore, StoreContext } from "@/lib/records";
import { type AnyRecordSource, type Json, PullFailure, type PullReading, type Slice } from "@/lib/sources/record";
import type { IngestContext } from "../context";
import { finishBad, finishOk } from "../finish-run";
import { type RunRow, runLit } from "../run-store";
import { claimRecords, measureTexts, type RecordRun, storeBatch, storePortions } from "./progress";
import { pullTools } from "./pull-tools";

async function readMark(context: IngestContext, source: number): Promise<Json | null> {
	const [row] = await context.database.query<{ mark: string | null }>(`SELECT mark FROM source_state WHERE source = ${source}`);
	return row?.mark === null || row?.mark === undefined ? null : (JSON.parse(row.mark) as Json);
}

type AnySlice = Slice<unknown, Json>;

async function commit(run: RecordRun, slice: AnySlice, store: RecordStore<unknown>, storeContext: StoreContext, context: IngestContext): Promise<RecordRun> {
	return storeBatch(context, run, slice.items, store, storeContext, async (tx) => {
		const limits = slice.limits === undefined ? "" : `, limits = ${lit(JSON.stringify(slice.limits))}`;
		await tx.execute(`UPDATE source_state SET mark = ${lit(JSON.stringify(slice.mark))}${limits} WHERE source = ${run.source}`);
		if (slice.note !== undefined) await tx.execute(`UPDATE source_run SET reason = ${lit(slice.note)} WHERE id = ${runLit(run.id)}`);
	});
}

async function finish(run: RecordRun, slice: AnySlice, source: AnyRecordSource, context: IngestContext): Promise<void> {
	await context.onPoint?.("before-finish", run.id);
	await measureTexts(context, run, source.tracker);
	await finishOk({ ...run, reason: slice.note ?? null }, source, context);
	if (slice.waitUntil !== undefined) {
		await context.database.execute(`UPDATE source_state SET next_run_at = GREATEST(COALESCE(next_run_at, ${lit(slice.waitUntil)}), ${lit(slice.waitUntil)}) WHERE source = ${run.source}`);
	}
}

/**
 * A run of a source that is asked many times: slice by slice, each stored together with the place reached. A request that fails
 * ends the run; what was stored stays, and the next run goes on at the same place.
 */
export async function advancePull(run: RunRow, source: AnyRecordSource, reading: PullReading<unknown, Json>, store: RecordStore<unknown>, context: IngestContext, deadline: number): Promise<void> {
	let current = await claimRecords(context, run);
	const storeContext: StoreContext = { source, at: run.startedAt, ownDomains: context.ownDomains };
	const tools = pullTools(source, context, run.startedAt, deadline);
	try {
		for (;;) {
			const slice = await reading.next(await readMark(context, run.source), tools);
			const portions = await storePortions(context, current, slice.items, store, storeContext, deadline);
			current = portions.run;
			if (!portions.done) return;
			current = await commit(current, slice, store, storeContext, context);
			await context.onPoint?.("between-batches", run.id);
			if (slice.done || slice.waitUntil !== undefined) return await finish(current, slice, source, context);
			if (Date.now() > deadline) return;
		}
	} catch (error) {
		if (error instanceof PullFailure) await finishBad(current, source, context, { state: "failing", reason: error.message, retryAfter: error.retryAfter, status: error.status });
		else if (error instanceof SuspectBody) await finishBad(current, source, context, { state: "suspect", reason: error.message });
		else throw error;
	}
}
