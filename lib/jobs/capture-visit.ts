import { CAPTURE_REQUESTED, type CaptureRequest, captureRequest } from "./events";
import { defineJob } from "./job";

/** Visits a URL and keeps what it left: one step, since bytes cannot travel from step to step. */
export const captureVisit = defineJob<CaptureRequest>({
	id: "capture-visit",
	description: "Visits a URL in a browser and stores what it left.",
	event: CAPTURE_REQUESTED,
	schema: captureRequest,
	retries: 1,
	// A browser needs most of a small machine's memory, and no host is to notice us twice at once.
	concurrency: [{ limit: 2 }, { limit: 1, key: "event.data.host" }],
	async run({ data, step, services, attempt }) {
		return step.run("visit", () => services.runCapture(data.capture, { again: attempt > 0 }));
	},
	async onFailure({ data, reason, step, services }) {
		await step.run("mark-failed", async () => ({ marked: await services.failCapture(data.capture, reason) }));
	},
});
