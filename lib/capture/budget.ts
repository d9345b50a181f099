/** What one capture may take. A step of a function in the cloud has 60 s; a capture ends well before. */
export interface Budget {
	/** everything, from the first name that is resolved to the end of the browser */
	totalMs: number;
	/** from the first request until the first byte of a page */
	answerMs: number;
	/** a page that is still loading gets its picture then */
	loadMs: number;
	/** after the load: how long at most for the page to come to rest */
	settleMs: number;
	/** one question to the page; a page that lets it pass is not asked again */
	stepMs: number;
	/** in both directions, headers too where they are not encrypted */
	wireBytes: number;
	/** of the content, and of each download */
	keptBytes: number;
	/** listed; the others are counted */
	requests: number;
	/** of all processes of the browser */
	memoryBytes: number;
}

export const BUDGET: Budget = {
	totalMs: 45_000,
	answerMs: 20_000,
	loadMs: 10_000,
	settleMs: 3_000,
	stepMs: 6_000,
	wireBytes: 30_000_000,
	keptBytes: 10_000_000,
	requests: 500,
	memoryBytes: 700_000_000,
};

/** The time of one capture. Nothing of it is awaited without an end. */
export class Clock {
	readonly #start = performance.now();
	readonly #totalMs: number;
	#gone: AbortSignal | undefined;

	constructor(totalMs: number) {
		this.#totalMs = totalMs;
	}

	/** Once there is a browser: without it nothing is worth waiting for. */
	until(gone: AbortSignal): void {
		this.#gone = gone;
	}

	/** milliseconds since the start */
	at(): number {
		return Math.round(performance.now() - this.#start);
	}

	left(): number {
		return Math.max(0, this.#totalMs - this.at());
	}

	/** Whether there is time left, and a browser to wait for. */
	get going(): boolean {
		return this.left() > 0 && this.#gone?.aborted !== true;
	}

	/** What a promise gives, or null where it fails, takes longer than `ms` or than what is left, or the browser is gone. */
	async within<T>(work: Promise<T>, ms: number): Promise<T | null> {
		work.catch(() => {});
		const gone = this.#gone;
		if (!this.going) return null;
		let stop = (): void => {};
		const ended = new Promise<null>((resolve) => {
			const timer = setTimeout(() => resolve(null), Math.min(ms, this.left()));
			const onGone = (): void => resolve(null);
			gone?.addEventListener("abort", onGone, { once: true });
			stop = () => {
				clearTimeout(timer);
				gone?.removeEventListener("abort", onGone);
			};
		});
		try {
			return await Promise.race([work, ended]);
		} catch {
			return null;
		} finally {
			stop();
		}
	}

	pause(ms: number): Promise<null> {
		return this.within(new Promise<never>(() => {}), ms);
	}
}
