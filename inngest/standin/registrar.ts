import { type AppAddress, askToRegister } from "./call";
import type { Clock } from "./engine";

/** Milliseconds until the app is asked again: soon while it has not registered, now and then afterwards. */
const SOON = 1000;
const LONGEST_SOON = 10_000;
const LATER = 120_000;

export interface RegistrarParts {
	app: AppAddress;
	clock: Clock;
	log: (message: string, detail: Record<string, unknown>) => void;
}

/**
 * Keeps the app registered: asks until it answers, every two minutes after that, and at once when `wake` says that it was away,
 * as it may have come back with other functions.
 */
export class Registrar {
	readonly #parts: RegistrarParts;
	readonly #stop = new AbortController();
	#cancel: () => void = () => undefined;
	#asking: Promise<void> | null = null;
	#misses = 0;

	constructor(parts: RegistrarParts) {
		this.#parts = parts;
	}

	/** Asks now, unless an answer is being waited for. */
	wake(): void {
		if (this.#asking !== null || this.#stop.signal.aborted) return;
		this.#cancel();
		this.#asking = this.#ask().then((wait) => {
			this.#asking = null;
			if (!this.#stop.signal.aborted) this.#cancel = this.#parts.clock.after(wait, () => this.wake());
		});
	}

	/** Asks no more. */
	async stop(): Promise<void> {
		this.#stop.abort();
		this.#cancel();
		await this.#asking;
	}

	/** One question; resolves with the milliseconds until the next. Never rejects. */
	async #ask(): Promise<number> {
		const { app, log } = this.#parts;
		const fault = await askToRegister(app, this.#stop.signal);
		if (this.#stop.signal.aborted) return LATER;
		if (fault === null) {
			this.#misses = 0;
			return LATER;
		}
		if (this.#misses === 0) log("The app has not registered yet.", { reason: fault });
		return Math.min(SOON * 2 ** this.#misses++, LONGEST_SOON);
	}
}
