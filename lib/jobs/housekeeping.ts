import { defineJob } from "./job";

const STEP_MS = 40_000;
const MAX_STEPS = 200;

/** Expiry, recounting and clearing up, once a day at a quiet minute; each step goes on with the task the last one stopped at. */
export const housekeeping = defineJob({
	id: "housekeeping",
	description: "Expires, recounts and clears up once a day.",
	cron: "17 3 * * *",
	retries: 3,
	concurrency: [{ limit: 1 }],
	async run({ step, services }) {
		let from: string | null = null;
		for (let at = 1; at <= MAX_STEPS; at++) {
			const task: string | null = from;
			const slice: { done: boolean; next: string | null } = await step.run(`slice-${at}`, () => services.housekeeping({ milliseconds: STEP_MS, ...(task === null ? {} : { from: task }) }));
			if (slice.done) return { slices: at };
			from = slice.next;
		}
		// What is left over waits for tomorrow: every task is safe to repeat and to leave.
		return { slices: MAX_STEPS, leftAt: from };
	},
});
