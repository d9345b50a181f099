import type { Category } from "@/lib/domain/category";
import { type Database, hexLit } from "@/lib/platform";
import { recordSource } from "@/lib/trackers/record-tracker";
import { lastSeen } from "@/lib/trackers/reputation";
import type { Asked } from "./bulk-questions";

/** What one source says of an indicator. */
export interface Listing {
	source: { number: number; name: string };
	category: Category;
	listed: boolean;
	firstSeen: Date;
	lastSeen: Date;
}

/** Ids in one statement: MariaDB turns lists of 1,000 and more into a table of their own (`in_predicate_conversion_threshold`). */
const STATEMENT_IDS = 900;
/** Statements at once: others want the database's connections as well. */
const AT_ONCE = 3;

const NONE: readonly Listing[] = [];

interface SourceState {
	name: string;
	lastOkAt: Date | null;
}

/** An indicator that is stored, once for each source that lists or listed it; `source` is null where none ever did. */
interface SightingRow {
	id: Buffer;
	source: number | null;
	category: Category;
	listed: number;
	present: number;
	seen_at: Date;
	feed_last: Date | null;
	observed_at: Date;
	left_at: Date | null;
}

async function readStates(db: Database): Promise<Map<number, SourceState>> {
	const rows = await db.query<{ source: number; name: string | null; last_ok_at: Date | null }>("SELECT source, name, last_ok_at FROM source_state");
	return new Map(rows.map(({ source, name, last_ok_at: lastOkAt }) => [Number(source), { name: recordSource(source, { name }).name, lastOkAt }]));
}

const SIGHTING = "i.id, s.source, s.category, s.listed, s.present, s.seen_at, s.feed_last, s.observed_at, s.left_at";

/** Does `read` with literals of all ids, a statement's worth each. */
async function inPortions(ids: readonly string[], read: (list: string) => Promise<void>): Promise<void> {
	for (let from = 0; from < ids.length; from += STATEMENT_IDS * AT_ONCE) {
		const starts = Array.from({ length: AT_ONCE }, (_, at) => from + at * STATEMENT_IDS).filter((start) => start < ids.length);
		await Promise.all(
			starts.map((start) =>
				read(
					ids
						.slice(start, start + STATEMENT_IDS)
						.map(hexLit)
						.join(","),
				),
			),
		);
	}
}

/**
 * What the index says of the indicators of one call, each asked for once. Every statement reads by indicator ids alone, so it
 * goes to their shards and to no other. Most values are in no list: they cost one look at the indicators' own table.
 */
export class Facts {
	readonly #db: Database;
	readonly #states: Promise<Map<number, SourceState>>;
	/** of those that are stored */
	readonly #listings = new Map<string, Listing[]>();
	readonly #records = new Map<string, Record<string, number>>();
	readonly #asked = new Set<string>();
	readonly #askedRecords = new Set<string>();

	constructor(db: Database) {
		this.#db = db;
		this.#states = readStates(db);
		// Whoever asks hears of a failure; nobody may ever ask.
		this.#states.catch(() => {});
	}

	/** By the sources' numbers. */
	listings(id: string): readonly Listing[] {
		const found = this.#listings.get(id);
		if (found === undefined) return NONE;
		return found.length < 2 ? found : found.toSorted((a, b) => a.source.number - b.source.number);
	}

	/** Records that name it, by tracker; those that only mention it in passing are left out. */
	records(id: string): Readonly<Record<string, number>> | undefined {
		return this.#records.get(id);
	}

	/** Reads what has not been asked for yet: listings of all, records of those of `own` that are stored. */
	async ask(own: readonly Asked[], containing: readonly Asked[]): Promise<void> {
		const fresh: string[] = [];
		for (const list of [own, containing]) {
			for (const { id } of list) {
				if (this.#asked.has(id)) continue;
				this.#asked.add(id);
				fresh.push(id);
			}
		}
		await inPortions(fresh, (ids) => this.#readListings(ids));
		const stored: string[] = [];
		for (const { id } of own) {
			if (!this.#listings.has(id) || this.#askedRecords.has(id)) continue;
			this.#askedRecords.add(id);
			stored.push(id);
		}
		await inPortions(stored, (ids) => this.#readRecords(ids));
	}

	async #readListings(ids: string): Promise<void> {
		const [states, rows] = await Promise.all([this.#states, this.#db.query<SightingRow>(`SELECT ${SIGHTING} FROM indicator i LEFT JOIN sighting s ON s.indicator_id = i.id WHERE i.id IN (${ids})`)]);
		for (const row of rows) {
			const id = row.id.toString("hex");
			const known = this.#listings.get(id) ?? [];
			if (known.length === 0) this.#listings.set(id, known);
			if (row.source !== null) known.push(toListing(row, Number(row.source), states));
		}
	}

	async #readRecords(ids: string): Promise<void> {
		const rows = await this.#db.query<{ indicator_id: Buffer; tracker: string; n: number }>(
			`SELECT indicator_id, tracker, COUNT(DISTINCT record_id) AS n FROM mention WHERE indicator_id IN (${ids}) AND mark IS NULL GROUP BY indicator_id, tracker`,
		);
		for (const row of rows) {
			const id = row.indicator_id.toString("hex");
			this.#records.set(id, { ...this.#records.get(id), [row.tracker]: Number(row.n) });
		}
	}
}

function toListing(row: SightingRow, number: number, states: ReadonlyMap<number, SourceState>): Listing {
	const state = states.get(number);
	return {
		source: { number, name: state?.name ?? recordSource(number).name },
		category: row.category,
		listed: Number(row.listed) === 1,
		firstSeen: row.seen_at,
		lastSeen: lastSeen({ ...row, last_ok_at: state?.lastOkAt ?? null }),
	};
}
