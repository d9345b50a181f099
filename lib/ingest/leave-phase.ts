import { inHalves, lit } from "@/lib/platform";
import type { SourceDefinition } from "@/lib/sources/define";
import type { IngestContext } from "./context";
import { IdSet } from "./id-set";
import { ENTRY_BYTES } from "./rows";
import { holdRun, type RunRow, readState, runLit } from "./run-store";

/** Rows of the index that are compared at a time, and rows that leave in one transaction. */
const PAGE = 20_000;
const BATCH = 2000;

async function stagedIds(run: RunRow, context: IngestContext): Promise<IdSet> {
	const set = new IdSet(run.new + run.updated + run.unchanged + run.relisted);
	for (let seq = 0; seq < run.blocks; seq++) {
		const rows = await context.database.query<{ ids: Buffer }>(`SELECT ids FROM run_block WHERE run = ${runLit(run.id)} AND seq = ${seq}`);
		const ids = rows[0]?.ids;
		if (ids === undefined) throw new Error(`block ${seq} of run ${run.id} is gone`);
		for (let at = 0; at < ids.length; at += ENTRY_BYTES) set.add(ids, at);
	}
	return set;
}

/**
 * Notes that listings are gone. A snapshot's are delisted at once; a window's and an append feed's stay listed (a window's
 * until housekeeping finds them expired). The presence interval that ends here is written once and never changed.
 */
async function leave(run: RunRow, source: SourceDefinition, gone: readonly Buffer[], context: IngestContext): Promise<RunRow> {
	let current = run;
	await inHalves(gone, async (ids) => {
		current = await leaveTogether(current, source, ids, context);
	});
	return current;
}

async function leaveTogether(run: RunRow, source: SourceDefinition, ids: readonly Buffer[], context: IngestContext): Promise<RunRow> {
	const now = context.now();
	return context.database.transaction(async (tx) => {
		await holdRun(tx, run, now);
		const list = ids.map((id) => lit(id)).join(",");
		const at = lit(run.startedAt);
		await tx.execute(
			`INSERT INTO presence (indicator_id, source, from_at, to_at) SELECT indicator_id, source, present_since, ${at} FROM sighting WHERE id IN (${list}) AND present = 1 ON DUPLICATE KEY UPDATE to_at = to_at`,
		);
		const listed = source.lists.mode === "snapshot" ? "listed = 0," : "";
		const { affected } = await tx.execute(`UPDATE sighting SET present = 0, ${listed} left_at = ${at} WHERE id IN (${list}) AND present = 1`);
		const delisted = run.delisted + affected;
		await tx.execute(`UPDATE source_state SET present_count = present_count - ${affected} WHERE source = ${run.source}`);
		await tx.execute(`UPDATE source_run SET rows_delisted = ${delisted} WHERE id = ${runLit(run.id)}`);
		return { ...run, delisted };
	});
}

/**
 * Second last phase: what the source listed before and no longer does. Skipped without reading where the counts show that
 * nothing can be missing. Returns false when the time ran out; a repeat starts over and finds what is left.
 */
export async function leavePhase(run: RunRow, source: SourceDefinition, context: IngestContext, deadline: number): Promise<boolean> {
	const state = await readState(context.database, run.source);
	if (state !== null && state.presentCount === run.new + run.updated + run.unchanged + run.relisted) return true;
	const staged = await stagedIds(run, context);
	let current = run;
	let from: { seen: Date; id: Buffer } | null = null;
	let gone: Buffer[] = [];
	for (;;) {
		const after: string = from === null ? "" : `AND (seen_at > ${lit(from.seen)} OR (seen_at = ${lit(from.seen)} AND id > ${lit(from.id)}))`;
		const page: { id: Buffer; seen_at: Date; present: number }[] = await context.database.query(
			`SELECT id, seen_at, present FROM sighting WHERE source = ${run.source} ${after} ORDER BY seen_at, id LIMIT ${PAGE}`,
		);
		for (const row of page) if (Number(row.present) === 1 && !staged.has(row.id)) gone.push(row.id);
		const last = page.at(-1);
		while (gone.length >= BATCH || (gone.length > 0 && page.length < PAGE)) {
			current = await leave(current, source, gone.slice(0, BATCH), context);
			gone = gone.slice(BATCH);
			await context.onPoint?.("mid-expiry-of-old-rows", run.id);
		}
		if (last === undefined || page.length < PAGE) return true;
		if (Date.now() > deadline) return false;
		from = { seen: last.seen_at, id: last.id };
	}
}
