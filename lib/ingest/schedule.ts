import { audit } from "@/lib/auth/audit";
import { ExistError } from "@/lib/errors";
import { lit } from "@/lib/platform";
import { everySource, type IngestContext, ingestContext, secretOf } from "./context";
import { forgetBody, retireHeld } from "./finish-run";
import { ensureState, readState, runLit, toState } from "./run-store";
import { findSource } from "./start-run";

/**
 * Numbers of the sources to run now: enabled, with the key they need, and due, or left behind by a worker that died.
 * One query whatever the number of sources.
 */
export async function dueSources(now: Date, context: IngestContext = ingestContext()): Promise<number[]> {
	const rows = await context.database.query("SELECT * FROM source_state");
	const states = new Map(rows.map((row) => [Number(row.source), toState(row)]));
	const due: number[] = [];
	for (const source of await everySource(context)) {
		if (source.unusable !== undefined) continue;
		const state = states.get(source.number);
		if (source.secret?.required === true && secretOf(source, context) === undefined) continue;
		if (state === undefined) {
			if (source.enabledByDefault !== false) due.push(source.number);
			continue;
		}
		if (!state.enabled) continue;
		if (state.leaseRun !== null) {
			if (state.leaseUntil !== null && state.leaseUntil <= now) due.push(source.number);
		} else if (state.nextRunAt === null || state.nextRunAt <= now) due.push(source.number);
	}
	return due;
}

/** Turns a source on or off. Off, it is not asked again; what it listed stays as it was. */
export async function setSourceEnabled(reference: string | number, enabled: boolean, actor: string, context: IngestContext = ingestContext()): Promise<void> {
	const source = await findSource(reference, context);
	await context.database.transaction(async (tx) => {
		await ensureState(tx, source);
		const state = await readState(tx, source.number, true);
		if (state?.enabled === enabled) return;
		const after = enabled
			? `enabled = 1, state = 'new', reason = NULL, failures = 0, told_state = NULL, next_run_at = NULL`
			: `enabled = 0, state = 'disabled', told_state = NULL, reason = ${lit(`Disabled by ${actor}.`)}`;
		await tx.execute(`UPDATE source_state SET ${after} WHERE source = ${source.number}`);
		await audit(actor, enabled ? "source.enable" : "source.disable", `${source.number} ${source.name}`, {}, tx);
	});
}

/**
 * An operator's word on a held run. `accept`: the staged rows are applied at the next run (which the caller asks for);
 * `reject`: they are dropped and the old rows stay. Throws `conflict` where nothing is held.
 */
export async function finishHeld(reference: string | number, decision: "accept" | "reject", actor: string, context: IngestContext = ingestContext()): Promise<void> {
	const source = await findSource(reference, context);
	const now = context.now();
	const held = await context.database.transaction(async (tx) => {
		const state = await readState(tx, source.number, true);
		if (state?.heldRun === null || state?.heldRun === undefined) {
			throw new ExistError("conflict", `Nothing of ${source.name} waits for a decision any more.`);
		}
		if (state.leaseRun !== null) throw new ExistError("conflict", `${source.name} is being read at the moment. Decide when that run is over.`);
		await audit(actor, `source.held.${decision}`, `${source.number} ${source.name}`, { run: state.heldRun }, tx);
		if (decision === "accept") {
			await tx.execute(`UPDATE source_run SET state = 'running', finished_at = NULL, fence = fence + 1, reason = ${lit(`Accepted by ${actor}.`)} WHERE id = ${runLit(state.heldRun)}`);
			// The lease has ended already, so the next start of this source goes on with the held run.
			await tx.execute(`UPDATE source_state SET held_run = NULL, failures = 0, lease_run = ${runLit(state.heldRun)}, lease_until = ${lit(now)} WHERE source = ${source.number}`);
		} else {
			await tx.execute(`UPDATE source_state SET reason = ${lit(`${actor} kept the old rows.`)} WHERE source = ${source.number}`);
			await tx.execute(forgetBody(source.number));
		}
		return state.heldRun;
	});
	if (decision === "reject") await retireHeld(context, source.number, held);
}
