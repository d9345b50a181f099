import { type Answer, type AppAddress, callApp } from "./call";
import { fireCrons, noteCrons } from "./crons";
import { type Functions, takeEvent } from "./events";
import { limitKeys, readFunction, type StandinFunction } from "./functions";
import { applyAnswer, type Desk, giveUp, wakeUp } from "./outcome";
import type { FunctionConfig, StoredEvent } from "./protocol";
import type { DueWork, Store } from "./store";

/** Time as the engine sees it; tests hand in their own. */
export interface Clock {
	/** epoch milliseconds */
	now(): number;
	/** Calls back once after so many milliseconds; what it returns takes that back. */
	after(milliseconds: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
	now: () => Date.now(),
	after: (milliseconds, callback) => {
		const timer = setTimeout(callback, milliseconds);
		return () => clearTimeout(timer);
	},
};

export interface EngineParts {
	store: Store;
	app: AppAddress;
	clock?: Clock;
	/** one line a fault; never given keys or data */
	log?: (message: string, detail: Record<string, unknown>) => void;
	/** called when the app stops answering: it may come back with other functions */
	onAway?: () => void;
	/** a schedule of minutes fires once when it is new, instead of waiting for its first minute */
	eager?: boolean;
}

export interface Health {
	functions: number;
	app: "answering" | "away";
	/** steps that are due, asleep or to be tried again */
	queued: number;
	underWay: number;
	runs: Array<{ fn: string; state: string; runs: number }>;
}

/** Requests at once, whatever the functions allow. */
const MAX_UNDER_WAY = 32;

/** Wait after the app was away: doubled every time, up to the longest. Milliseconds. */
const AWAY_DELAY = 1000;
const LONGEST_AWAY_DELAY = 15_000;

/** The timer is looked at no later than this; longer ones overflow. */
const LONGEST_TIMER = 3600_000;

const HOUR = 3600_000;
/** How long things are remembered: as long as Inngest remembers event ids, and failures for whoever looks into them. */
const KEPT = { completed: 24 * HOUR, events: 24 * HOUR, failed: 7 * 24 * HOUR };

/**
 * Decides what is to be done when, and does it by asking the app. All it must not forget is in the store; it can be stopped or
 * killed at any moment and goes on where it was.
 */
export class Engine {
	readonly #store: Store;
	readonly #app: AppAddress;
	readonly #clock: Clock;
	readonly #log: NonNullable<EngineParts["log"]>;
	readonly #onAway: () => void;
	readonly #eager: boolean;
	readonly #stop = new AbortController();
	readonly #underWay = new Map<string, Promise<void>>();
	readonly #taken = new Map<string, number>();
	#functions: Functions = new Map();
	#cancelTimer: () => void = () => undefined;
	#state: "new" | "running" | "stopping" = "new";
	#timesAway = 0;
	#pausedUntil = 0;
	#prunedAt = 0;

	constructor({ store, app, clock = systemClock, log = () => undefined, onAway = () => undefined, eager = false }: EngineParts) {
		this.#store = store;
		this.#app = app;
		this.#clock = clock;
		this.#log = log;
		this.#onAway = onAway;
		this.#eager = eager;
	}

	/** Goes on with what the store holds. */
	start(): void {
		this.#functions = this.#read(this.#store.functions());
		this.#state = "running";
		this.#tick();
	}

	/** Begins nothing more, waits for what is under way, and breaks off what is not over by then: it is done again later. */
	async stop(graceMs = 0): Promise<void> {
		this.#state = "stopping";
		this.#cancelTimer();
		const timer = setTimeout(() => this.#stop.abort(), graceMs);
		await this.settled();
		clearTimeout(timer);
	}

	/** Resolves when nothing is under way. */
	async settled(): Promise<void> {
		while (this.#underWay.size > 0) await Promise.all(this.#underWay.values());
	}

	/** Replaces the functions. Returns whether they changed. Throws, and changes nothing, where one cannot be run here. */
	register(configs: readonly FunctionConfig[]): boolean {
		const functions = this.#read(configs);
		if (functions.size !== configs.length) throw new Error("Two functions have the same id.");
		const sorted = [...configs].sort((a, b) => (a.id < b.id ? -1 : 1));
		const changed = JSON.stringify(sorted) !== JSON.stringify(this.#store.functions());
		this.#store.transaction(() => {
			if (changed) this.#store.replaceFunctions(sorted);
			noteCrons(this.#store, functions, this.#clock.now(), this.#eager);
		});
		this.#functions = functions;
		// Not counted as an answer: an app that registers but takes no steps would be asked without a pause.
		this.#pausedUntil = 0;
		this.#tick();
		return changed;
	}

	/** Takes events, all or none; what they start begins at once. */
	send(events: readonly StoredEvent[]): void {
		const now = this.#clock.now();
		this.#store.transaction(() => {
			for (const event of events) takeEvent(this.#store, this.#functions, event, now);
		});
		this.#tick();
	}

	/** Whether an app has ever registered. Events that come before would start nothing and be forgotten. */
	get ready(): boolean {
		return this.#functions.size > 0;
	}

	health(): Health {
		return {
			functions: this.#functions.size,
			app: this.#timesAway === 0 ? "answering" : "away",
			queued: this.#store.queued(),
			underWay: this.#underWay.size,
			runs: this.#store.counts(),
		};
	}

	#read(configs: readonly FunctionConfig[]): Map<string, StandinFunction> {
		return new Map(configs.map((config) => [config.id, readFunction(config)]));
	}

	#desk(): Desk {
		return { store: this.#store, functions: this.#functions, now: this.#clock.now() };
	}

	/** Does what is due and sets the timer for what comes next. A store that fails is tried again a little later. */
	#tick(): void {
		if (this.#state !== "running") return;
		this.#cancelTimer();
		let wait = AWAY_DELAY;
		try {
			const now = this.#clock.now();
			this.#prune(now);
			fireCrons(this.#store, now);
			for (const work of this.#store.due(now)) if (work.kind === "sleep") wakeUp(this.#desk(), work);
			if (now >= this.#pausedUntil) for (const work of this.#store.due(now)) this.#begin(work);
			const paused = this.#pausedUntil > now ? this.#pausedUntil : null;
			const next = Math.min(this.#store.nextTime(now) ?? now + LONGEST_TIMER, paused ?? now + LONGEST_TIMER);
			wait = Math.min(Math.max(1, next - now), LONGEST_TIMER);
		} catch (error) {
			this.#log("The store of the job stand-in failed.", { error: String(error) });
		}
		this.#cancelTimer = this.#clock.after(wait, () => this.#tick());
	}

	#prune(now: number): void {
		if (now - this.#prunedAt < HOUR) return;
		this.#prunedAt = now;
		this.#store.prune({ completed: now - KEPT.completed, failed: now - KEPT.failed, events: now - KEPT.events });
	}

	/** Begins a piece of work where the limits let it; one request a run at a time. */
	#begin(work: DueWork): void {
		// An app that was away is asked one thing first, not everything at once.
		if (this.#underWay.size >= (this.#timesAway > 0 ? 1 : MAX_UNDER_WAY) || this.#underWay.has(work.run)) return;
		const fn = this.#functions.get(work.fn);
		if (fn === undefined) {
			this.#store.transaction(() => giveUp(this.#desk(), work, { name: "Error", message: `The function ${work.fn} is not registered any more.` }));
			return;
		}
		const keys = limitKeys(fn, work.event);
		if (keys.some((key, at) => (this.#taken.get(key) ?? 0) >= (fn.limits[at]?.limit ?? 1))) return;
		for (const key of keys) this.#taken.set(key, (this.#taken.get(key) ?? 0) + 1);
		const done = this.#do(work, fn).then(() => {
			this.#underWay.delete(work.run);
			for (const key of keys) this.#release(key);
			this.#tick();
		});
		this.#underWay.set(work.run, done);
	}

	#release(key: string): void {
		const left = (this.#taken.get(key) ?? 1) - 1;
		if (left > 0) this.#taken.set(key, left);
		else this.#taken.delete(key);
	}

	/** Asks the app for one piece of work and writes its answer. Never rejects. */
	async #do(work: DueWork, fn: StandinFunction): Promise<void> {
		try {
			const { run, step, attempt, event } = work;
			const input = { fn: fn.id, run, step, attempt, maxAttempts: fn.attempts, event, steps: this.#store.steps(run), planOnly: this.#store.workLeft(run) > 1 };
			const answer = await callApp(input, this.#app, this.#stop.signal, this.#clock.now());
			if (answer.kind === "away") return this.#away(answer.reason);
			this.#timesAway = 0;
			this.#report(work, answer);
			applyAnswer(this.#desk(), work, answer);
		} catch (error) {
			// The work is still noted and is done again; not at once, whatever is wrong with the store may last.
			this.#pausedUntil = this.#clock.now() + AWAY_DELAY;
			this.#log("The outcome of a step could not be noted.", { run: work.run, error: String(error) });
		}
	}

	#report(work: DueWork, answer: Answer): void {
		if (answer.kind !== "error") return;
		this.#log("A step failed.", { fn: work.fn, run: work.run, attempt: work.attempt, retriable: answer.retriable, error: answer.error.message });
	}

	#away(reason: string): void {
		if (this.#state !== "running") return;
		this.#pausedUntil = this.#clock.now() + Math.min(AWAY_DELAY * 2 ** this.#timesAway, LONGEST_AWAY_DELAY);
		this.#timesAway++;
		if (this.#timesAway > 1) return;
		this.#log("The app is away.", { reason });
		this.#onAway();
	}
}
