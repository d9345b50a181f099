import { sourceRunEvent } from "./events";
import { defineJob } from "./job";

/** Asks every minute which sources are due and requests a run of each. A minute in which nothing is due costs one step. */
export const sourcesSchedule = defineJob({
	id: "sources-schedule",
	description: "Requests a run of every source that is due.",
	cron: "* * * * *",
	retries: 1,
	concurrency: [{ limit: 1 }],
	async run({ step, services }) {
		const due = await step.run("due", async () => {
			const now = services.now();
			return { at: now.toISOString(), sources: await services.dueSources(now) };
		});
		if (due.sources.length === 0) return { requested: 0 };
		const at = new Date(due.at);
		await step.sendEvent(
			"request-runs",
			due.sources.map((source) => sourceRunEvent(source, "schedule", at)),
		);
		return { requested: due.sources.length };
	},
});
