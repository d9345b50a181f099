import type { Answer } from "./call";
import { type Functions, takeEvent } from "./events";
import { FUNCTION_FAILED } from "./functions";
import { type Op, type SerializedError, sleepUntil, toError } from "./protocol";
import { DISCOVER, type DueWork, type Store } from "./store";

/** Delay before the second try; every further one waits twice as long, up to the longest. Milliseconds. */
const FIRST_DELAY = 10_000;
const LONGEST_DELAY = 30 * 60_000;

/** As with Inngest: more steps than this are a run that never ends. */
const MAX_STEPS = 1000;

/** What an outcome is written with. `now` in epoch milliseconds. */
export interface Desk {
	store: Store;
	functions: Functions;
	now: number;
}

/** Milliseconds to wait after the given try, 0 for the first. */
export function backoff(attempt: number): number {
	return Math.min(FIRST_DELAY * 2 ** attempt, LONGEST_DELAY);
}

/** Ends a run as failed and tells of it, so that the function's own failure handler runs. Within a transaction. */
export function giveUp({ store, functions, now }: Desk, work: DueWork, error: SerializedError): void {
	if (!store.endRun(work.run, "failed", now, { error })) return;
	const data = { function_id: work.fn, run_id: work.run, error, event: work.event };
	takeEvent(store, functions, { id: `${work.run}.failed`, name: FUNCTION_FAILED, data, ts: now }, now);
}

function discover({ store, now }: Desk, run: string): void {
	store.addWork({ run, step: DISCOVER, kind: "call", dueAt: now, attempt: 0 });
}

/** Puts the same work back for another try; false where there is none left. */
function tryAgain({ store, functions, now }: Desk, work: DueWork, retryAfter: number | undefined): boolean {
	if (work.attempt + 1 >= (functions.get(work.fn)?.attempts ?? 1)) return false;
	const { run, step, kind, attempt } = work;
	store.addWork({ run, step, kind, attempt: attempt + 1, dueAt: now + (retryAfter ?? backoff(attempt)) });
	return true;
}

function noteError(desk: Desk, work: DueWork, step: string, error: SerializedError): void {
	desk.store.noteStep(work.run, step, { type: "error", error });
	discover(desk, work.run);
}

/** Writes one operation. Returns why the run cannot go on, or null. */
function applyOp(desk: Desk, work: DueWork, op: Op, retryAfter: number | undefined): string | null {
	const { store, now } = desk;
	switch (op.op) {
		case "StepRun":
			store.noteStep(work.run, op.id, { type: "data", data: op.data ?? null });
			discover(desk, work.run);
			return null;
		case "StepError":
			if (!tryAgain(desk, work, retryAfter)) noteError(desk, work, op.id, toError(op.error));
			return null;
		case "StepFailed":
			noteError(desk, work, op.id, toError(op.error ?? op.data));
			return null;
		case "StepPlanned":
			if (!store.hasWork(work.run, op.id)) store.addWork({ run: work.run, step: op.id, kind: "call", dueAt: now, attempt: 0 });
			return null;
		case "Sleep": {
			const until = sleepUntil(op.name ?? "", now);
			if (until === null) return `The end of the sleep ${op.displayName ?? op.id} cannot be read.`;
			if (!store.hasWork(work.run, op.id)) store.addWork({ run: work.run, step: op.id, kind: "sleep", dueAt: until, attempt: 0 });
			return null;
		}
		default:
			return `The operation ${op.op} is not supported by the stand-in.`;
	}
}

function isOp(value: unknown): value is Op {
	const op = (value ?? {}) as Partial<Op>;
	return typeof op.id === "string" && typeof op.op === "string";
}

function applyOps(desk: Desk, work: DueWork, ops: readonly Op[], retryAfter: number | undefined): void {
	const { store } = desk;
	store.dropWork(work.run, work.step);
	for (const op of ops) {
		const fault = isOp(op) ? applyOp(desk, work, op, retryAfter) : "The app answered with something that is no operation.";
		if (fault !== null) {
			giveUp(desk, work, { name: "Error", message: fault });
			return;
		}
	}
	if (store.workLeft(work.run) === 0) giveUp(desk, work, { name: "Error", message: "The app named nothing to go on with." });
	else if (store.steps(work.run).length > MAX_STEPS) giveUp(desk, work, { name: "Error", message: `The run has more than ${MAX_STEPS} steps.` });
}

function applyError(desk: Desk, work: DueWork, answer: Extract<Answer, { kind: "error" }>): void {
	if (answer.retriable && tryAgain(desk, work, answer.retryAfter)) return;
	if (work.step === DISCOVER) {
		giveUp(desk, work, answer.error);
		return;
	}
	// A step that was asked for by name is over; what that means is for the function to say.
	desk.store.dropWork(work.run, work.step);
	noteError(desk, work, work.step, answer.error);
}

/** Writes what an answer means, all of it or nothing. Throws what the store throws; then the work is still to be done. */
export function applyAnswer(desk: Desk, work: DueWork, answer: Exclude<Answer, { kind: "away" }>): void {
	const { store, now } = desk;
	store.transaction(() => {
		if (answer.kind === "done") store.endRun(work.run, "completed", now, { output: answer.output });
		else if (answer.kind === "ops") applyOps(desk, work, answer.ops, answer.retryAfter);
		else applyError(desk, work, answer);
	});
}

/** Ends a sleep: its step is noted, and the run goes on. */
export function wakeUp(desk: Desk, work: DueWork): void {
	desk.store.transaction(() => {
		desk.store.dropWork(work.run, work.step);
		desk.store.noteStep(work.run, work.step, { type: "data", data: null });
		discover(desk, work.run);
	});
}
