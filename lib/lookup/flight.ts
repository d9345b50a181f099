import { randomUUID } from "node:crypto";
import type { Cache } from "@/lib/platform";

/** How often it is looked whether another instance, which is asking already, has its answer. */
const LOOK_EVERY_MS = 250;
/** How much longer than the question itself its lock stands, for what comes after the answer. */
const AFTER_MS = 1_000;

/** What is asked once for all instances: `key` names it, `found` looks for an answer that stands, `timeoutMs` is as long as asking takes at most. */
export interface Flight<T> {
	cache: Cache;
	key: string;
	timeoutMs: number;
	found: () => Promise<T | null>;
}

/**
 * The answer of whichever instance is asking the same right now, or that of `ask`. The lock is taken in one step, so of those who
 * come at the same time one asks and the others wait for what it finds. One that ends without an answer (refused, killed) leaves
 * the lock to the next; who has waited as long as a question takes asks all the same.
 */
export async function askedOnce<T>({ cache, key, timeoutMs, found }: Flight<T>, ask: () => Promise<T>): Promise<T> {
	const lock = `${key}:busy`;
	const holder = randomUUID();
	const end = Date.now() + timeoutMs + AFTER_MS;
	while (!(await cache.claim(lock, holder, (timeoutMs + AFTER_MS) / 1000))) {
		if (Date.now() >= end) return ask();
		await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
		const theirs = await found();
		if (theirs !== null) return theirs;
	}
	try {
		// Somebody may have answered and let go between the first look and the lock.
		return (await found()) ?? (await ask());
	} finally {
		await cache.release(lock, holder);
	}
}
