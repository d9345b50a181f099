import { deliveryEvent, JUDGING_REQUESTED, type JudgingRequest, judgingRequest } from "./events";
import { defineJob } from "./job";

/** Length of one step: serverless functions end after 60 s, and a look under way must still fit. */
const STEP_MS = 35_000;
/** Two hours of work; the minute goes on where this stops. */
const MAX_STEPS = 200;

/**
 * Holds what is new and changed against the hunters, one judge at a time: a second request finds the first at work and then nothing.
 * Delivery is asked for as soon as there is something to tell.
 */
export const huntersJudge = defineJob<JudgingRequest>({
	id: "hunters-judge",
	description: "Holds new and changed records against the hunters.",
	event: JUDGING_REQUESTED,
	schema: judgingRequest,
	retries: 3,
	concurrency: [{ limit: 1 }],
	async run({ step, services }) {
		const sum = { records: 0, hits: 0, alerts: 0 };
		for (let at = 1; at <= MAX_STEPS; at++) {
			const slice = await step.run(`judge-${at}`, async () => ({ ...(await services.judge({ milliseconds: STEP_MS })), at: services.now().toISOString() }));
			sum.records += slice.records;
			sum.hits += slice.hits;
			sum.alerts += slice.alerts;
			if (slice.alerts > 0) await step.sendEvent(`tell-${at}`, [deliveryEvent(new Date(slice.at))]);
			if (slice.left === 0) return { ...sum, steps: at };
		}
		return { ...sum, steps: MAX_STEPS };
	},
});
