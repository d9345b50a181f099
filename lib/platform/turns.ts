import { ExistError } from "@/lib/errors";

function tooMuch(): ExistError {
	return new ExistError("unavailable", "Too much of this kind is asked for at the moment. Try again in a few seconds.", { retryAfter: 5 });
}

/**
 * Places for `most` pieces of heavy work at once in this process, each kept until it is given back. Others wait for one, `waiting`
 * of them at most and none longer than `waitMs`. Throws `unavailable` to whoever comes beyond that or has waited so long: memory
 * is finite, patience is cheap. What it gives may be called more than once.
 */
export function places(most: number, waiting: number, waitMs: number): () => Promise<() => void> {
	let taken = 0;
	const queue = new Set<() => void>();
	const giveBack = (): void => {
		const [next] = queue;
		// The place goes from hand to hand, so nobody who comes meanwhile is before those who wait.
		if (next === undefined) taken--;
		else next();
	};
	const once = (): (() => void) => {
		let held = true;
		return () => {
			if (held) giveBack();
			held = false;
		};
	};
	return async () => {
		if (taken < most) {
			taken++;
			return once();
		}
		if (queue.size >= waiting) throw tooMuch();
		await new Promise<void>((resolve, reject) => {
			const timer = Number.isFinite(waitMs) ? setTimeout(() => leave(() => reject(tooMuch())), waitMs) : undefined;
			const mine = () => leave(resolve);
			const leave = (then: () => void): void => {
				clearTimeout(timer);
				queue.delete(mine);
				then();
			};
			queue.add(mine);
		});
		return once();
	};
}

/** The same for each of several who ask, by a name of theirs; nothing is kept of those who hold nothing. */
export function placesOfEach(most: number, waiting: number, waitMs: number): (who: string) => Promise<() => void> {
	const asking = new Map<string, { take: () => Promise<() => void>; count: number }>();
	return async (who) => {
		const own = asking.get(who) ?? { take: places(most, waiting, waitMs), count: 0 };
		asking.set(who, own);
		own.count++;
		const leave = (): void => {
			if (--own.count === 0) asking.delete(who);
		};
		try {
			const giveBack = await own.take();
			let held = true;
			return () => {
				if (!held) return;
				held = false;
				giveBack();
				leave();
			};
		} catch (error) {
			leave();
			throw error;
		}
	};
}

/** The same for work that is one promise: it has its place until that settles. Whoever waits does so as long as it takes. */
export function turns(most: number, waiting: number): <T>(work: () => Promise<T>) => Promise<T> {
	const take = places(most, waiting, Number.POSITIVE_INFINITY);
	return async (work) => {
		const giveBack = await take();
		try {
			return await work();
		} finally {
			giveBack();
		}
	};
}
