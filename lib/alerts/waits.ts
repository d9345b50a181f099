/** Nothing waits longer than this, so what is set further ahead was set by a clock that has been put back since. */
export const LONGEST_WAIT_MS = 3600_000;

/** Slack grants a channel about one message a second. */
export const PACE_MS = 1000;

/** Slack shows a message in the history a moment after it was posted. */
export const LOOK_MS = 5000;

/** Why an alert waits that Slack wants later; no other wait is told so. */
export const LIMITED = "Slack wants fewer messages at a time.";

const FIRST_MS = 5000;
const CAP_MS = 15 * 60_000;

/** Longer with every try, and a little different for everybody: between half and the whole of twice the last one. */
export function backOff(attempts: number, random: () => number, least = 0): number {
	const whole = Math.min(CAP_MS, FIRST_MS * 2 ** Math.min(attempts, 12));
	return Math.max(least, Math.round(whole * (0.5 + random() / 2)));
}

/** When to come again after a rate limit: never before Slack says, and later each time it says so again. */
export function limitWait(seconds: number | null, attempts: number, random: () => number): number {
	const asked = seconds === null ? 30_000 : Math.min(seconds * 1000, LONGEST_WAIT_MS - 60_000);
	return asked + Math.round(random() * Math.min(30_000, 250 * 2 ** Math.min(attempts, 7)));
}

/** The time something is due, where a clock that went back must not hold it up. */
export function dueAt(nextAt: Date, now: Date): Date {
	return nextAt.getTime() - now.getTime() > LONGEST_WAIT_MS ? now : nextAt;
}
