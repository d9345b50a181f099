/** Tries of a batch, or of a hunter alone, before it is set aside: some ten minutes. */
export const MAX_TRIES = 8;

/** What was set aside, and what waits for a hunter that cannot be used, is kept so long for somebody to see to it. */
export const KEEP_DAYS = 90;

const FIRST_MS = 5000;
const CAP_MS = 5 * 60_000;

/** Nothing waits longer than this: what is set further ahead was set by a clock that has been put back since. */
const LONGEST_MS = 2 * 3600_000;

/** A hunter that cannot be used waits for a person or a release. */
export const UNUSABLE_MS = 3600_000;

/**
 * Clocks of machines differ, and are put right: what was noted this much before a hunter was made is its business still. It may be told
 * of something that is two minutes old; nothing is lost.
 */
export const SKEW_MS = 2 * 60_000;

/** When something is tried again that failed so many times: 5 s, 10 s … 5 min. */
export function nextTry(attempts: number, now: Date): Date {
	return new Date(now.getTime() + Math.min(CAP_MS, FIRST_MS * 2 ** Math.max(0, attempts - 1)));
}

/** From there a time in the future is not believed. */
export function unbelievable(now: Date): Date {
	return new Date(now.getTime() + LONGEST_MS);
}

/** An error in the words that are kept of it. */
export function reasonOf(error: unknown): string {
	return (error instanceof Error ? error.message : String(error)).slice(0, 500) || "It failed without a reason.";
}
