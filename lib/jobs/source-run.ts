import { judgingEvent, SOURCE_RUN_REQUESTED, type SourceRunRequest, sourceRunRequest } from "./events";
import { defineJob } from "./job";
import type { JobServices } from "./services";

/** Length of one step. Serverless functions end after 60 s; one batch and the answer must still fit. */
const STEP_MS = 40_000;

/** Inngest allows 1,000 steps a run; this many are more than five hours of work. */
const MAX_STEPS = 500;

/**
 * A request older than this is not acted upon: whoever delivers it again has forgotten its id (Inngest does so after 24 hours),
 * and what was due then has been requested anew.
 */
const STALE_AFTER_MS = 6 * 3600_000;

type Start = { run: string } | { skipped: string; message: string };

async function begin(request: SourceRunRequest, services: JobServices, attempt: number): Promise<Start> {
	const age = services.now().getTime() - Date.parse(request.requestedAt);
	if (age > STALE_AFTER_MS) return { skipped: "stale", message: `Requested at ${request.requestedAt}, too long ago to act upon.` };
	const result = await services.startRun(request.source, { trigger: request.trigger });
	if (result.started) return { run: result.run };
	if (result.reason === "running" && attempt > 0) {
		// An earlier try of this step began the run and its answer was lost. Should the run be another's, going on with it too
		// does no harm: every batch checks the run's fence.
		const run = await services.runningRun(request.source);
		if (run !== null) return { run };
	}
	return { skipped: result.reason, message: result.message };
}

/** A slice of the run, and at its end whether the hunters have something to look at: asked in the same step. */
async function advance(run: string, services: JobServices): Promise<{ done: boolean; state: string; news: boolean; at: string }> {
	const { done, state } = await services.advanceRun(run, { milliseconds: STEP_MS });
	const now = services.now();
	return { done, state, news: done && (await services.hasNews(now)), at: now.toISOString() };
}

/** Runs one source, in steps that go on where the last one stopped. */
export const sourceRun = defineJob<SourceRunRequest>({
	id: "source-run",
	description: "Reads one source: fetch, check, apply, leave, text; then asks for judging where there is news.",
	event: SOURCE_RUN_REQUESTED,
	schema: sourceRunRequest,
	retries: 3,
	concurrency: [{ limit: 1, key: "event.data.source" }, { limit: 4 }],
	async run({ data, step, services, attempt }) {
		const start = await step.run("start", () => begin(data, services, attempt));
		if (!("run" in start)) return start;
		for (let at = 1; at <= MAX_STEPS; at++) {
			const progress = await step.run(`advance-${at}`, () => advance(start.run, services));
			if (!progress.done) continue;
			// A run that brought nothing new asks for nothing; what other ways bring is found by the minute.
			if (progress.news) await step.sendEvent("request-judging", [judgingEvent(new Date(progress.at))]);
			return { run: start.run, state: progress.state, steps: at };
		}
		throw new Error(`The run was not over after ${MAX_STEPS} steps.`);
	},
	async onFailure({ data, reason, step, services }) {
		await step.run("mark-failed", async () => {
			const run = await services.runningRun(data.source);
			if (run !== null) await services.failRun(run, reason);
			return { run };
		});
	},
});
