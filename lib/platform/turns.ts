import { ExistError } from "@/lib/errors";

/**
 * Lets `most` pieces of heavy work run at once in this process; others wait their turn, `waiting` of them at most. Throws
 * `unavailable` to whoever comes beyond that: memory is finite, patience is cheap.
 */
export function turns(most: number, waiting: number): <T>(work: () => Promise<T>) => Promise<T> {
	let running = 0;
	const queue: Array<() => void> = [];
	return async (work) => {
		if (running >= most) {
			if (queue.length >= waiting) throw new ExistError("unavailable", "Too much of this kind is asked for at the moment. Try again in a few seconds.", { retryAfter: 5 });
			await new Promise<void>((resolve) => queue.push(resolve));
		}
		running++;
		try {
			return await work();
		} finally {
			running--;
			queue.shift()?.();
		}
	};
}
