import { ExistError, shown } from "@/lib/errors";
import { lit } from "@/lib/platform";
import type { AnySource } from "@/lib/sources";
import { everySource, type IngestContext, ingestContext, keyMissing, secretOf } from "./context";
import { forgetBody } from "./finish-run";
import { ensureState, LEASE_SECONDS, newRunId, type RunRow, readState, runLit } from "./run-store";

export type Trigger = "schedule" | "manual" | "cli";

export type StartResult = { started: true; run: string; resumed: boolean } | { started: false; reason: "running" | "disabled" | "no-key" | "not-due"; message: string };

/** A run that stopped longer ago than this is not resumed: its staged rows are yesterday's. */
const RESUME_WITHIN_MS = 6 * 3600_000;

/** Finds a definition by slug or number. Throws `not_found` and names what comes near. */
export async function findSource(reference: string | number, context: IngestContext): Promise<AnySource> {
	const text = String(reference).trim().toLowerCase();
	const known = await everySource(context);
	const found = known.find((source) => source.id === text || String(source.number) === text);
	if (found !== undefined) return found;
	const near = known.filter((source) => text.length > 2 && (source.id.includes(text) || source.name.toLowerCase().includes(text)));
	const hint =
		near.length > 0
			? ` Did you mean ${near
					.slice(0, 5)
					.map((source) => source.id)
					.join(", ")}?`
			: " `source list` shows all.";
	throw new ExistError("not_found", `There is no source "${shown(String(reference), 40)}".${hint}`, { field: "source" });
}

/**
 * Begins a run of a source, or takes over one whose worker died. At most one run a source is under way: a second caller is
 * told so. The run itself happens in `advanceRun`.
 */
export async function startRun(reference: string | number, options: { trigger: Trigger; withFile?: boolean }, context: IngestContext = ingestContext()): Promise<StartResult> {
	const source = await findSource(reference, context);
	const now = context.now();
	return context.database.transaction(async (tx): Promise<StartResult> => {
		await ensureState(tx, source);
		const state = await readState(tx, source.number, true);
		if (state === null) throw new ExistError("unavailable", `The state of ${source.name} could not be read.`);
		if (!state.enabled && options.trigger !== "cli") {
			return { started: false, reason: "disabled", message: `${source.name} is disabled. An administrator can enable it on the sources page.` };
		}
		if (source.unusable !== undefined) return { started: false, reason: "no-key", message: source.unusable };
		if (source.secret?.required === true && options.withFile !== true && secretOf(source, context) === undefined) {
			await tx.execute(`UPDATE source_state SET state = 'no-key', reason = ${lit(keyMissing(source))} WHERE source = ${source.number}`);
			return { started: false, reason: "no-key", message: keyMissing(source) };
		}
		if (state.leaseRun !== null) {
			const alive = state.leaseUntil !== null && state.leaseUntil > now;
			if (alive) return { started: false, reason: "running", message: `${source.name} is being read already.` };
			const resumed = await takeOver(tx, state.leaseRun, now);
			if (!resumed) await tx.execute(forgetBody(source.number));
			if (resumed) {
				await lease(tx, source.number, state.leaseRun, now);
				return { started: true, run: state.leaseRun, resumed: true };
			}
		}
		if (options.trigger === "schedule" && state.nextRunAt !== null && state.nextRunAt > now) {
			return { started: false, reason: "not-due", message: `${source.name} is not due before ${state.nextRunAt.toISOString()}.` };
		}
		const run = newRunId(now);
		await tx.execute(
			`INSERT INTO source_run (id, source, \`trigger\`, started_at, state, phase, \`cursor\`, blocks, fence, bytes, rows_read, rows_new, rows_updated, rows_unchanged, rows_relisted, rows_delisted, rows_duplicate, rows_set_aside) VALUES (${runLit(run)},${source.number},${lit(options.trigger)},${lit(now)},'running','fetch',0,0,1,0,0,0,0,0,0,0,0,0)`,
		);
		await lease(tx, source.number, run, now);
		return { started: true, run, resumed: false };
	});
}

type Tx = Parameters<Parameters<IngestContext["database"]["transaction"]>[0]>[0];

async function lease(tx: Tx, source: number, run: string, now: Date): Promise<void> {
	const until = new Date(now.getTime() + LEASE_SECONDS * 1000);
	await tx.execute(`UPDATE source_state SET lease_run = ${runLit(run)}, lease_until = ${lit(until)} WHERE source = ${source}`);
}

function abandon(now: Date): string {
	return `UPDATE source_run SET state = 'abandoned', finished_at = ${lit(now)}, reason = 'Its worker stopped and nobody went on with it.'`;
}

/** Raises the fence of a run that was left behind; false (and the run closed) where it is too old to go on with. */
async function takeOver(tx: Tx, run: string, now: Date): Promise<boolean> {
	const oldest = new Date(now.getTime() - RESUME_WITHIN_MS);
	const { affected } = await tx.execute(`UPDATE source_run SET fence = fence + 1 WHERE id = ${runLit(run)} AND state = 'running' AND started_at > ${lit(oldest)}`);
	if (affected === 1) return true;
	await tx.execute(`${abandon(now)} WHERE id = ${runLit(run)} AND state = 'running'`);
	return false;
}

/**
 * Takes back a run that brought nothing because there was nothing to read: as if it had never begun, or abandoned where it was
 * begun by a worker before us. Does nothing where another worker has it by now.
 */
export async function dropRun(run: RunRow, context: IngestContext): Promise<void> {
	await context.database.transaction(async (tx) => {
		const isOurs = `id = ${runLit(run.id)} AND fence = ${run.fence} AND state = 'running'`;
		const [ours] = await tx.query(`SELECT id FROM source_run WHERE ${isOurs} FOR UPDATE`);
		if (ours === undefined) return;
		// A run that was taken over has a history already.
		if (run.fence > 1) await tx.execute(`${abandon(context.now())} WHERE ${isOurs}`);
		else await tx.execute(`DELETE FROM source_run WHERE ${isOurs}`);
		await tx.execute(`UPDATE source_state SET lease_run = NULL, lease_until = NULL WHERE source = ${run.source} AND lease_run = ${runLit(run.id)}`);
	});
}
