import { deliveryEvent, judgingEvent, sourceRunEvent } from "./events";
import { defineJob } from "./job";
import type { JobServices } from "./services";

interface Due {
	at: string;
	sources: number[];
	/** something waits to be held against the hunters */
	news: boolean;
	/** something is to be told */
	alerts: boolean;
	/** questions that could not be answered, and why */
	failed: string[];
}

/** Asks each part what is due. One that cannot answer when it is asked again does not keep the others from theirs. */
async function whatIsDue(services: JobServices, attempt: number): Promise<Due> {
	const now = services.now();
	const failed: string[] = [];
	const ask = async <T>(what: string, otherwise: T, question: () => Promise<T>): Promise<T> => {
		try {
			return await question();
		} catch (error) {
			if (attempt === 0) throw error;
			failed.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
			return otherwise;
		}
	};
	const sources = await ask("sources", [], () => services.dueSources(now));
	const told = await ask("sources in trouble", 0, () => services.tellSources());
	const news = await ask("hunters", false, () => services.hasNews(now));
	const alerts = await ask("alerts", false, async () => told > 0 || (await services.alertsDue(now)));
	return { at: now.toISOString(), sources, news, alerts, failed };
}

/**
 * Asks every minute which sources are due, whether there is news for the hunters and whether there is something to tell, and requests
 * what is. A minute in which nothing is due costs one step.
 */
export const sourcesSchedule = defineJob({
	id: "sources-schedule",
	description: "Requests every minute what is due: runs of sources, judging, delivery of alerts.",
	cron: "* * * * *",
	retries: 1,
	concurrency: [{ limit: 1 }],
	async run({ step, services, attempt }) {
		const due = await step.run("due", () => whatIsDue(services, attempt));
		const at = new Date(due.at);
		const events = [...due.sources.map((source) => sourceRunEvent(source, "schedule", at)), ...(due.news ? [judgingEvent(at)] : []), ...(due.alerts ? [deliveryEvent(at)] : [])];
		if (events.length > 0) await step.sendEvent("request", events);
		if (due.failed.length > 0) throw new Error(`Not everything could be asked. ${due.failed.join("; ")}`);
		return { requested: due.sources.length, news: due.news, alerts: due.alerts };
	},
});
