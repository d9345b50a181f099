import { lit, type Queryable } from "@/lib/platform";
import type { SourceBasics } from "@/lib/sources/define";
import { type IngestContext, withoutSecrets } from "./context";
import { dropBlocks, holdRun, type RunOutcome, type RunRow, readState, runLit, type StateRow } from "./run-store";
import { tellBad, tellWell } from "./tell";

/** Longest pause that back-off makes, and the shortest. */
const MAX_BACKOFF_MINUTES = 24 * 60;
const MIN_BACKOFF_MINUTES = 5;

/** How bad a day was, for the one-cell-a-day picture. */
export const DAY_WELL = 1;
export const DAY_SUSPECT = 2;
export const DAY_FAILING = 3;

/** When a source is asked again after `failures` bad runs in a row; the provider's own wish counts when it is later. */
export function nextRunAfter(source: SourceBasics, startedAt: Date, now: Date, failures: number, retryAfter?: number): Date {
	const interval = source.everyMinutes * 60_000;
	if (failures === 0) return new Date(Math.max(startedAt.getTime() + interval, now.getTime()));
	const backoff = Math.min(MAX_BACKOFF_MINUTES, Math.max(MIN_BACKOFF_MINUTES, source.everyMinutes) * 2 ** Math.min(failures - 1, 12));
	const wanted = Math.max(backoff * 60_000, (retryAfter ?? 0) * 1000);
	return new Date(now.getTime() + wanted);
}

async function countDay(tx: Queryable, run: RunRow, now: Date, worst: number, rowsNew: number): Promise<void> {
	await tx.execute(
		`INSERT INTO source_day (source, day, worst, runs, rows_new) VALUES (${run.source},${lit(now.toISOString().slice(0, 10))},${worst},1,${rowsNew}) ON DUPLICATE KEY UPDATE worst = GREATEST(worst, VALUES(worst)), runs = runs + 1, rows_new = rows_new + VALUES(rows_new)`,
	);
}

async function closeRun(tx: Queryable, run: RunRow, state: string, now: Date, reason: string | null): Promise<void> {
	await tx.execute(`UPDATE source_run SET state = ${lit(state)}, phase = 'done', finished_at = ${lit(now)}, reason = ${lit(reason)} WHERE id = ${runLit(run.id)}`);
}

function validators(outcome: RunOutcome | null): string {
	return `etag = ${lit(fitting(outcome?.etag, 512))}, last_modified = ${lit(fitting(outcome?.lastModified, 128))}`;
}

/** A validator that does not fit its column is not kept: without it the next fetch is unconditional, nothing worse. */
function fitting(value: string | undefined, max: number): string | null {
	return value === undefined || value.length > max ? null : value;
}

/** Makes the next run of a source read its body whatever validators and digest say. */
export function forgetBody(source: number): string {
	return `UPDATE source_state SET etag = NULL, last_modified = NULL, body_digest = NULL WHERE source = ${source}`;
}

/** A whole run went through: everything it confirmed is now "last seen" at its start. */
export async function finishOk(run: RunRow, source: SourceBasics, context: IngestContext): Promise<void> {
	const now = context.now();
	await context.database.transaction(async (tx) => {
		await holdRun(tx, run, now);
		await tellWell(tx, source, (await readState(tx, run.source)) as StateRow, context);
		await closeRun(tx, run, "ok", now, run.reason);
		const changed = run.new + run.updated + run.relisted + run.delisted > 0;
		const digest = run.outcome?.bodyDigest;
		await tx.execute(
			`UPDATE source_state SET state = 'ok', reason = NULL, failures = 0, last_run_at = ${lit(run.startedAt)}, last_ok_at = ${lit(run.startedAt)}, ${changed ? `last_change_at = ${lit(run.startedAt)},` : ""} ${validators(run.outcome)}, body_digest = ${lit(digest === undefined ? null : Buffer.from(digest, "hex"))}, next_run_at = ${lit(nextRunAfter(source, run.startedAt, now, 0))}, lease_run = NULL, lease_until = NULL WHERE source = ${run.source}`,
		);
		await countDay(tx, run, now, DAY_WELL, run.new);
	});
	await dropBlocks(context.database, run.id);
}

/** The provider has nothing new: one row says that everything present was confirmed. */
export async function finishUnchanged(run: RunRow, source: SourceBasics, context: IngestContext, how: string, outcome: RunOutcome | null): Promise<void> {
	const now = context.now();
	await context.database.transaction(async (tx) => {
		await holdRun(tx, run, now);
		const state = (await readState(tx, run.source)) as StateRow;
		await tellWell(tx, source, state, context);
		await tx.execute(`UPDATE source_run SET rows_unchanged = ${state.presentCount} WHERE id = ${runLit(run.id)}`);
		await closeRun(tx, run, "unchanged", now, how);
		await tx.execute(
			`UPDATE source_state SET state = 'unchanged', reason = NULL, failures = 0, last_run_at = ${lit(run.startedAt)}, last_ok_at = ${lit(run.startedAt)}, ${outcome === null ? "" : `${validators(outcome)},`} next_run_at = ${lit(nextRunAfter(source, run.startedAt, now, 0))}, lease_run = NULL, lease_until = NULL WHERE source = ${run.source}`,
		);
		await countDay(tx, run, now, DAY_WELL, 0);
	});
}

/**
 * A run that brought nothing good. `suspect`: something came and cannot be what was promised; `failing`: nothing came.
 * Old rows stay as they are.
 */
export async function finishBad(
	run: RunRow,
	source: SourceBasics,
	context: IngestContext,
	bad: { state: "suspect" | "failing"; reason: string; retryAfter?: number | undefined; status?: number | null },
): Promise<void> {
	const now = context.now();
	await context.database.transaction(async (tx) => {
		await holdRun(tx, run, now);
		const state = (await readState(tx, run.source)) as StateRow;
		if (bad.status !== undefined && bad.status !== null) await tx.execute(`UPDATE source_run SET http_status = ${bad.status} WHERE id = ${runLit(run.id)}`);
		const reason = withoutSecrets(bad.reason, source, context);
		await closeRun(tx, run, bad.state === "suspect" ? "suspect" : "failed", now, reason);
		const failures = state.failures + 1;
		await tellBad(tx, source, state, { state: bad.state, reason }, context);
		// Part of this run is in the index: the next body has to be read whole, even if it equals the last good one.
		if (run.phase !== "fetch") await tx.execute(forgetBody(run.source));
		await tx.execute(
			`UPDATE source_state SET state = ${lit(bad.state)}, reason = ${lit(reason)}, failures = ${failures}, last_run_at = ${lit(run.startedAt)}, next_run_at = ${lit(nextRunAfter(source, run.startedAt, now, failures, bad.retryAfter))}, lease_run = NULL, lease_until = NULL WHERE source = ${run.source}`,
		);
		await countDay(tx, run, now, bad.state === "suspect" ? DAY_SUSPECT : DAY_FAILING, 0);
	});
	await dropBlocks(context.database, run.id);
}

/** Keeps the staged rows aside until an operator decides (`finishHeld`). */
export async function holdForOperator(run: RunRow, source: SourceBasics, context: IngestContext, reason: string): Promise<void> {
	const now = context.now();
	await context.database.transaction(async (tx) => {
		await holdRun(tx, run, now);
		const state = (await readState(tx, run.source)) as StateRow;
		await tx.execute(`UPDATE source_run SET state = 'suspect', finished_at = ${lit(now)}, reason = ${lit(reason)} WHERE id = ${runLit(run.id)}`);
		const failures = state.failures + 1;
		await tellBad(tx, source, state, { state: "suspect", reason }, context);
		await tx.execute(
			`UPDATE source_state SET state = 'suspect', reason = ${lit(reason)}, failures = ${failures}, held_run = ${runLit(run.id)}, last_run_at = ${lit(run.startedAt)}, next_run_at = ${lit(nextRunAfter(source, run.startedAt, now, failures))}, lease_run = NULL, lease_until = NULL WHERE source = ${run.source}`,
		);
		await countDay(tx, run, now, DAY_SUSPECT, 0);
	});
}

/** A newer body makes an older held one pointless. */
export async function retireHeld(context: IngestContext, source: number, held: string): Promise<void> {
	const now = context.now();
	await context.database.transaction(async (tx) => {
		await tx.execute(
			`UPDATE source_run SET state = 'rejected', phase = 'done', finished_at = ${lit(now)}, reason = CONCAT(COALESCE(reason, ''), ' A newer run took its place.') WHERE id = ${runLit(held)} AND state = 'suspect'`,
		);
		await tx.execute(`UPDATE source_state SET held_run = NULL WHERE source = ${source} AND held_run = ${runLit(held)}`);
	});
	await dropBlocks(context.database, held);
}
