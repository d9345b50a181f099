import { DELIVERY_REQUESTED, type DeliveryRequest, deliveryRequest } from "./events";
import { defineJob } from "./job";

/** Length of one step: serverless functions end after 60 s, and a request under way must still fit. */
const STEP_MS = 35_000;
/** What is due later than this is left to the minute's own look. */
const PATIENCE_MS = 60_000;
/** Two hours of one message a second in one channel; the minute goes on where this stops. */
const MAX_STEPS = 200;

/**
 * Tells what stands in the outbox, one delivery at a time: a second request finds the first at work and the outbox empty. Waits
 * between steps cost nothing.
 */
export const alertsDeliver = defineJob<DeliveryRequest>({
	id: "alerts-deliver",
	description: "Delivers alerts to Slack and webhooks.",
	event: DELIVERY_REQUESTED,
	schema: deliveryRequest,
	retries: 3,
	concurrency: [{ limit: 1 }],
	async run({ step, services }) {
		let told = 0;
		for (let at = 1; at <= MAX_STEPS; at++) {
			const slice = await step.run(`deliver-${at}`, async () => ({ ...(await services.deliverAlerts({ milliseconds: STEP_MS })), at: services.now().toISOString() }));
			told += slice.sent;
			const wait = slice.nextAt === null ? Number.POSITIVE_INFINITY : Date.parse(slice.nextAt) - Date.parse(slice.at);
			if (slice.left === 0 || wait > PATIENCE_MS) return { told, left: slice.left, steps: at };
			if (wait > 0) await step.sleep(`wait-${at}`, wait);
		}
		return { told, steps: MAX_STEPS };
	},
});
