import type { Reach } from "@/lib/lookup";
import { askService, type Told } from "../ask-service";
import { AskQueue } from "./ask-queue";
import { MAX_ASKED, type ParsedList, parseList, type Row } from "./parse";
import { IndexFailure, type Known, readIndex } from "./read-index";

/** Answers come by the hundred a second: the page is drawn anew that often at most. */
const DRAW_EVERY_MS = 200;

/** What is known of a row besides itself. */
export interface Found {
	known: Known | undefined;
	told: ReadonlyMap<string, Told>;
}

/** Answers that asking again does not change for a while. */
const SETTLED: ReadonlySet<string> = new Set(["found", "unknown", "off"]);

/**
 * A list that is looked up: rows, what the index and the services have said so far, and what is still open. It lives outside of
 * the components, so that ten thousand answers are no ten thousand renderings.
 */
export class ListStore {
	readonly list: ParsedList;
	readonly #known: Array<Known | undefined>;
	readonly #told: Array<Map<string, Told> | undefined>;
	readonly #askedOf = new Map<string, { total: number; done: number }>();
	readonly #queue: AskQueue;
	readonly #listeners = new Set<() => void>();
	#stopper = new AbortController();
	#timer: ReturnType<typeof setTimeout> | undefined;
	#version = 0;
	/** values whose answer of the index is there */
	read = 0;
	isReading = false;
	/** why the index could not be read to the end */
	fault: string | null = null;

	/** `reach`: as it is chosen when a service is asked */
	constructor(text: string, reach: () => Reach) {
		this.list = parseList(text);
		this.#known = Array.from({ length: this.list.rows.length });
		this.#told = Array.from({ length: this.list.rows.length });
		this.#queue = new AskQueue({
			ask: ({ row, service }, signal) => {
				const indicator = this.list.rows[row]?.indicator;
				return indicator === null || indicator === undefined
					? Promise.resolve({ state: "unasked", reason: "This is no indicator.", again: null })
					: askService(service, indicator, reach(), false, signal);
			},
			onAnswer: ({ row, service }, told) => {
				const map = this.#told[row] ?? new Map<string, Told>();
				this.#told[row] = map.set(service, told);
				const counts = this.#askedOf.get(service);
				if (counts !== undefined) counts.done++;
			},
			onChange: () => this.#draw(),
		});
	}

	readonly subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	};
	readonly version = (): number => this.#version;

	found({ at }: Row): Found {
		return { known: this.#known[at], told: this.#told[at] ?? new Map() };
	}

	/** Reads the index for what it has not answered yet. */
	async readIndex(): Promise<void> {
		const open = this.list.rows.filter(({ at, indicator }) => indicator !== null && this.#known[at] === undefined);
		const { signal } = this.#stopper;
		this.isReading = true;
		this.fault = null;
		this.#draw();
		try {
			await readIndex(
				open.map(({ indicator }) => indicator?.value ?? ""),
				(at, known) => {
					const row = open[at];
					if (row === undefined || signal.aborted) return;
					this.#known[row.at] = known;
					this.read++;
					this.#draw();
				},
				signal,
			);
		} catch (error) {
			if (!signal.aborted) this.fault = error instanceof IndexFailure ? error.message : "The index gave an answer that cannot be read.";
		} finally {
			this.isReading = false;
			this.#draw();
		}
	}

	/** Rows of some types that a service has not been asked about, as many as services are asked about at most. */
	askable(types: readonly string[], service: string): Row[] {
		return this.list.rows
			.filter(({ indicator }) => indicator !== null)
			.slice(0, MAX_ASKED)
			.filter((row) => row.indicator !== null && types.includes(row.indicator.type) && !SETTLED.has(this.found(row).told.get(service)?.state ?? ""));
	}

	ask(service: string, types: readonly string[]): void {
		if (this.#queue.open(service) > 0) return;
		const rows = this.askable(types, service);
		const before = this.#askedOf.get(service)?.done ?? 0;
		this.#askedOf.set(service, { total: before + rows.length, done: before });
		this.#queue.add(rows.map(({ at }) => ({ row: at, service })));
	}

	/** How far a service is, null where it was not asked. */
	progress(service: string): { total: number; done: number; open: number; restsUntil: Date | null; isShareSpent: boolean } | null {
		const counts = this.#askedOf.get(service);
		return counts === undefined ? null : { ...counts, open: this.#queue.open(service), restsUntil: this.#queue.restsUntil(service), isShareSpent: this.#queue.isShareSpent(service) };
	}

	get isAsking(): boolean {
		return this.#queue.open() > 0;
	}

	stopAsking(): void {
		this.#queue.stop();
		for (const counts of this.#askedOf.values()) counts.total = counts.done;
		this.#draw();
	}

	/** Ends everything; the store is not used any more. */
	close(): void {
		this.#stopper.abort();
		this.#queue.stop();
		clearTimeout(this.#timer);
	}

	#draw(): void {
		this.#timer ??= setTimeout(() => {
			this.#timer = undefined;
			this.#version++;
			for (const listener of this.#listeners) listener();
		}, DRAW_EVERY_MS);
	}
}
