import { shown } from "@/lib/errors";
import { sightingId } from "@/lib/indicators/identity";
import type { FeedItem } from "@/lib/net/formats";
import { type Listing, UnusableRow } from "@/lib/sources/define";
import { canonicalRows, type RowContext, Unusable } from "./canonical-row";
import { IdSet } from "./id-set";
import { BLOCK_ROWS, digestOf, ENTRY_BYTES, encodeRows, mergeRows, type StagedRow } from "./rows";

export interface SetAsideRow {
	line: number;
	reason: string;
	excerpt: string;
}

export interface StagedBlock {
	seq: number;
	rows: number;
	/** sighting id and digest of each row, 24 bytes a row */
	ids: Buffer;
	data: Buffer;
}

export interface StageResult {
	/** records the reader gave, good or bad */
	read: number;
	/** distinct sightings staged */
	staged: number;
	/** rows that repeat an earlier one of the same body */
	duplicates: number;
	setAside: number;
	setAsideRows: SetAsideRow[];
	blocks: number;
	shape: Record<string, unknown>;
}

/**
 * Where a staging stopped because its time was over. With the blocks written so far it is all that a later step needs to go on;
 * it is kept as JSON.
 */
export interface StageState {
	unfinished: true;
	/** records of the body that are done */
	read: number;
	duplicates: number;
	setAside: number;
	setAsideRows: SetAsideRow[];
	/** blocks written, those of repetitions not counted */
	seq: number;
	newest: number | null;
	types: Record<string, number>;
}

/** What an earlier step left: its state, entries (id and digest) of its blocks, and rows that repeat one of them. */
export interface Resumed {
	state: StageState;
	seen: IdSet;
	late: Map<string, StagedRow>;
}

/** Rows set aside of which text is kept; the count goes on. */
const KEPT_SET_ASIDE = 1000;
/** Characters after which a block is closed whatever its rows: a blob stays well below 1 MB. */
const BLOCK_WEIGHT = 1_000_000;
/** Repetitions with other content that are merged; a feed with more is broken, the rest is set aside. */
const MAX_LATE = 200_000;

/**
 * Turns records into canonical, distinct rows in blocks and hands each block to `write`. Memory: one block, 20 bytes an id,
 * and the rows that repeat an earlier one with other content (they go last, as blocks -1, -2 …, and are merged when applied).
 */
export class Stager {
	readonly #context: RowContext;
	readonly #write: (block: StagedBlock) => Promise<void>;
	readonly #blockRows: number;
	readonly #seen: IdSet;
	readonly #late: Map<string, StagedRow>;
	readonly #setAside: SetAsideRow[];
	#rows: StagedRow[] = [];
	#ids = Buffer.allocUnsafe(BLOCK_ROWS * ENTRY_BYTES);
	#read: number;
	#duplicates: number;
	#setAsideCount: number;
	#seq: number;
	/** records that an earlier step has done */
	readonly #skip: number;
	/** characters of the block so far, roughly */
	#weight = 0;
	#newest: number | null;
	readonly #types: Record<string, number>;

	constructor(context: RowContext, write: (block: StagedBlock) => Promise<void>, blockRows = BLOCK_ROWS, resumed?: Resumed) {
		this.#context = context;
		this.#write = write;
		this.#blockRows = blockRows;
		const state = resumed?.state;
		this.#seen = resumed?.seen ?? new IdSet(BLOCK_ROWS);
		this.#late = resumed?.late ?? new Map();
		this.#setAside = [...(state?.setAsideRows ?? [])];
		this.#skip = state?.read ?? 0;
		this.#read = this.#skip;
		this.#duplicates = state?.duplicates ?? 0;
		this.#setAsideCount = state?.setAside ?? 0;
		this.#seq = state?.seq ?? 0;
		this.#newest = state?.newest ?? null;
		this.#types = { ...state?.types };
	}

	/** Reads the whole feed. Errors of the reader (`SuspectBody`) and of `write` pass through. */
	async run(items: AsyncIterable<FeedItem>): Promise<StageResult> {
		return (await this.runUntil(items, () => false)) as StageResult;
	}

	/**
	 * Reads until the feed ends, or until `enough` says so after a block: then what is known so far is given back, and a stager
	 * that is made with it goes on there. At least one block is written, so every call gets further.
	 */
	async runUntil(items: AsyncIterable<FeedItem>, enough: () => boolean): Promise<StageResult | StageState> {
		let at = 0;
		for await (const item of items) {
			if (at++ < this.#skip) continue;
			this.#read++;
			if (item.ok) this.#take(item);
			else this.#putAside(item.line, item.reason, item.excerpt);
			if (this.#rows.length < this.#blockRows && this.#weight < BLOCK_WEIGHT) continue;
			await this.#flush();
			if (enough()) return await this.#stop();
		}
		await this.#flush();
		await this.#flushLate();
		return {
			read: this.#read,
			staged: this.#seen.size,
			duplicates: this.#duplicates,
			setAside: this.#setAsideCount,
			setAsideRows: this.#setAside,
			blocks: this.#seq,
			shape: { types: this.#types, newest: this.#newest === null ? null : new Date(this.#newest).toISOString() },
		};
	}

	async #stop(): Promise<StageState> {
		await this.#flushLate();
		return {
			unfinished: true,
			read: this.#read,
			duplicates: this.#duplicates,
			setAside: this.#setAsideCount,
			setAsideRows: this.#setAside,
			seq: this.#seq,
			newest: this.#newest,
			types: this.#types,
		};
	}

	#putAside(line: number, reason: string, excerpt: string): void {
		this.#setAsideCount++;
		if (this.#setAside.length < KEPT_SET_ASIDE) this.#setAside.push({ line, reason: shown(reason, 480), excerpt: shown(excerpt, 480) });
	}

	#take(item: Extract<FeedItem, { ok: true }>): void {
		const { record } = item;
		try {
			const listings = this.#context.source.row(record);
			if (listings === null) return;
			for (const listing of Array.isArray(listings) ? (listings as readonly Listing[]) : [listings as Listing]) {
				for (const made of canonicalRows(listing, this.#context)) {
					this.#add(made.id, made.row, made.indicator.type, record.line);
				}
			}
		} catch (error) {
			if (!(error instanceof UnusableRow) && !(error instanceof Unusable)) throw error;
			this.#putAside(record.line, error.message, record.text === "" ? JSON.stringify(record.json ?? record.cells) : record.text);
		}
	}

	#add(indicator: Buffer, row: StagedRow, type: string, line: number): void {
		const id = sightingId(this.#context.source.number, indicator);
		const digest = digestOf(row);
		const mark = digest.readUInt32LE(0);
		const known = this.#seen.add(id, 0, mark);
		if (known === undefined) {
			const at = this.#rows.length * ENTRY_BYTES;
			if (at + ENTRY_BYTES > this.#ids.length) this.#ids = Buffer.concat([this.#ids, Buffer.allocUnsafe(BLOCK_ROWS * ENTRY_BYTES)]);
			id.copy(this.#ids, at);
			digest.copy(this.#ids, at + 16);
			this.#rows.push(row);
			this.#weight += row.value.length + (row.description?.length ?? 0) + (row.referrer?.length ?? 0) + 60;
			this.#types[type] = (this.#types[type] ?? 0) + 1;
			const date = row.last ?? row.seen;
			if (date !== null && (this.#newest === null || date > this.#newest)) this.#newest = date;
			return;
		}
		this.#duplicates++;
		const key = id.toString("latin1");
		const late = this.#late.get(key);
		if (late !== undefined) this.#late.set(key, mergeRows(late, row));
		else if (known !== mark) {
			if (this.#late.size >= MAX_LATE) this.#putAside(line, `repeats an earlier row with other content, the ${MAX_LATE} that can be merged are used up`, row.value);
			else this.#late.set(key, row);
		}
	}

	async #flush(): Promise<void> {
		if (this.#rows.length === 0) return;
		const rows = this.#rows;
		this.#rows = [];
		this.#weight = 0;
		const ids = Buffer.from(this.#ids.subarray(0, rows.length * ENTRY_BYTES));
		await this.#write({ seq: this.#seq++, rows: rows.length, ids, data: encodeRows(rows) });
	}

	async #flushLate(): Promise<void> {
		const late = [...this.#late];
		for (let from = 0, seq = -1; from < late.length; from += BLOCK_ROWS, seq--) {
			const part = late.slice(from, from + BLOCK_ROWS);
			const ids = Buffer.alloc(part.length * ENTRY_BYTES);
			for (const [at, [key]] of part.entries()) ids.write(key, at * ENTRY_BYTES, "latin1");
			await this.#write({ seq, rows: part.length, ids, data: encodeRows(part.map(([, row]) => row)) });
		}
	}
}
