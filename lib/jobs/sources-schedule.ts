import { deliveryEvent, sourceRunEvent } from "./events";
import { defineJob } from "./job";

/**
 * Asks every minute which sources are due and whether there is something to tell, and requests what is. A minute in which nothing is
 * due costs one step.
 */
export const sourcesSchedule = defineJob({
	id: "sources-schedule",
	description: "Requests a run of every source that is due, and the delivery of alerts.",
	cron: "* * * * *",
	retries: 1,
	concurrency: [{ limit: 1 }],
	async run({ step, services }) {
		const due = await step.run("due", async () => {
			const now = services.now();
			const sources = await services.dueSources(now);
			const told = await services.tellSources();
			return { at: now.toISOString(), sources, alerts: told > 0 || (await services.alertsDue(now)) };
		});
		const at = new Date(due.at);
		const events = [...due.sources.map((source) => sourceRunEvent(source, "schedule", at)), ...(due.alerts ? [deliveryEvent(at)] : [])];
		if (events.length > 0) await step.sendEvent("request", events);
		return { requested: due.sources.length, alerts: due.alerts };
	},
});
