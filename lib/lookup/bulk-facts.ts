import type { Category } from "@/lib/domain/category";
import { type Database, hexLits } from "@/lib/platform";
import { recordSource } from "@/lib/trackers/record-tracker";
import { lastSeen } from "@/lib/trackers/reputation";
import type { Asked, Listing } from "./bulk-asked";
import type { Question } from "./bulk-questions";

/** Ids in one statement: MariaDB turns lists of 1,000 and more into a table of their own (`in_predicate_conversion_threshold`). */
const STATEMENT_IDS = 900;
/** Statements at once: others want the database's connections as well. */
const AT_ONCE = 2;

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
		await Promise.all(starts.map((start) => read(hexLits(ids.slice(start, start + STATEMENT_IDS)))));
	}
}

/**
 * Asks the index about the indicators of one call, each once, and notes at each what it says. Every statement reads by indicator
 * ids alone, so it goes to their shards and to no other. Most values are in no list: they cost one look at the indicators' own table.
 */
export class Facts {
	readonly #db: Database;
	readonly #byId: (id: string) => Asked | undefined;
	readonly #states: Promise<Map<number, SourceState>>;
	/** everything that has been asked for so far is answered */
	#answered: Promise<unknown> = Promise.resolve();

	constructor(db: Database, byId: (id: string) => Asked | undefined) {
		this.#db = db;
		this.#byId = byId;
		this.#states = readStates(db);
		// Whoever asks hears of a failure; nobody may ever ask.
		this.#states.catch(() => {});
	}

	/** Reads what has not been asked for yet: listings of all, records of the values themselves that are stored. */
	async ask(questions: readonly Question[]): Promise<void> {
		const fresh: string[] = [];
		const add = (asked: Asked): void => {
			if (asked.asked) return;
			asked.asked = true;
			fresh.push(asked.id);
		};
		for (const { asked } of questions) add(asked);
		for (const { containing } of questions) for (const { asked } of containing) add(asked);
		// What another portion has asked for, as the domain above a host, may be a value of this one: whether it is stored is not known before.
		const answered = Promise.all([this.#answered, inPortions(fresh, (ids) => this.#readListings(ids))]);
		this.#answered = answered;
		await answered;
		const stored: string[] = [];
		for (const { asked } of questions) {
			if (!asked.stored || asked.askedRecords) continue;
			asked.askedRecords = true;
			stored.push(asked.id);
		}
		await inPortions(stored, (ids) => this.#readRecords(ids));
	}

	async #readListings(ids: string): Promise<void> {
		const [states, rows] = await Promise.all([this.#states, this.#db.query<SightingRow>(`SELECT ${SIGHTING} FROM indicator i LEFT JOIN sighting s ON s.indicator_id = i.id WHERE i.id IN (${ids})`)]);
		for (const row of rows) {
			const asked = this.#byId(row.id.toString("hex"));
			if (asked === undefined) continue;
			asked.stored = true;
			if (row.source !== null) asked.listings = [...asked.listings, toListing(row, Number(row.source), states)].sort((a, b) => a.source.number - b.source.number);
		}
	}

	async #readRecords(ids: string): Promise<void> {
		const rows = await this.#db.query<{ indicator_id: Buffer; tracker: string; n: number }>(
			`SELECT indicator_id, tracker, COUNT(DISTINCT record_id) AS n FROM mention WHERE indicator_id IN (${ids}) AND mark IS NULL GROUP BY indicator_id, tracker`,
		);
		for (const row of rows) {
			const asked = this.#byId(row.indicator_id.toString("hex"));
			if (asked !== undefined) asked.records = { ...asked.records, [row.tracker]: Number(row.n) };
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
