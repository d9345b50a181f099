import type { Category } from "@/lib/domain/category";
import { type Database, lit } from "@/lib/platform";
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

/** Ids in one statement. */
const STATEMENT_IDS = 1000;

const NONE: readonly Listing[] = [];

interface SourceState {
	name: string;
	lastOkAt: Date | null;
}

interface SightingRow {
	indicator_id: Buffer;
	source: number;
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

/**
 * What the index says of the indicators of one call, each asked for once. Every statement reads by indicator ids alone, so it
 * goes to their shards and to no other.
 */
export class Facts {
	readonly #db: Database;
	readonly #states: Promise<Map<number, SourceState>>;
	readonly #listings = new Map<string, Listing[]>();
	readonly #records = new Map<string, Record<string, number>>();
	readonly #asked = { listings: new Set<string>(), records: new Set<string>() };

	constructor(db: Database) {
		this.#db = db;
		this.#states = readStates(db);
		// Whoever asks hears of a failure; nobody may ever ask.
		this.#states.catch(() => {});
	}

	/** By the sources' numbers. */
	listings(key: string): readonly Listing[] {
		const found = this.#listings.get(key);
		if (found === undefined) return NONE;
		return found.length === 1 ? found : found.toSorted((a, b) => a.source.number - b.source.number);
	}

	/** Records that name it, by tracker; those that only mention it in passing are left out. */
	records(key: string): Readonly<Record<string, number>> {
		return this.#records.get(key) ?? {};
	}

	/** Reads what has not been asked for yet: listings of all, records of `own`. */
	async ask(own: readonly Asked[], containing: readonly Asked[]): Promise<void> {
		const listings = this.#new("listings", [...own, ...containing]);
		const records = this.#new("records", own);
		await Promise.all([...listings.map((ids) => this.#readListings(ids)), ...records.map((ids) => this.#readRecords(ids))]);
	}

	/** Literals of those not asked for before, in portions of a statement. Sorted, as the index is. */
	#new(what: "listings" | "records", wanted: readonly Asked[]): string[] {
		const seen = this.#asked[what];
		const literals: string[] = [];
		for (const { key, id } of wanted) {
			if (seen.has(key)) continue;
			seen.add(key);
			literals.push(lit(id));
		}
		literals.sort();
		return Array.from({ length: Math.ceil(literals.length / STATEMENT_IDS) }, (_, at) => literals.slice(at * STATEMENT_IDS, (at + 1) * STATEMENT_IDS).join(","));
	}

	async #readListings(ids: string): Promise<void> {
		const [states, rows] = await Promise.all([
			this.#states,
			this.#db.query<SightingRow>(`SELECT indicator_id, source, category, listed, present, seen_at, feed_last, observed_at, left_at FROM sighting WHERE indicator_id IN (${ids})`),
		]);
		for (const row of rows) {
			const key = row.indicator_id.toString("latin1");
			const number = Number(row.source);
			const state = states.get(number);
			const listing: Listing = {
				source: { number, name: state?.name ?? recordSource(number).name },
				category: row.category,
				listed: Number(row.listed) === 1,
				firstSeen: row.seen_at,
				lastSeen: lastSeen({ ...row, last_ok_at: state?.lastOkAt ?? null }),
			};
			const known = this.#listings.get(key);
			if (known === undefined) this.#listings.set(key, [listing]);
			else known.push(listing);
		}
	}

	async #readRecords(ids: string): Promise<void> {
		const rows = await this.#db.query<{ indicator_id: Buffer; tracker: string; n: number }>(
			`SELECT indicator_id, tracker, COUNT(DISTINCT record_id) AS n FROM mention WHERE indicator_id IN (${ids}) AND mark IS NULL GROUP BY indicator_id, tracker`,
		);
		for (const row of rows) {
			const key = row.indicator_id.toString("latin1");
			this.#records.set(key, { ...this.#records.get(key), [row.tracker]: Number(row.n) });
		}
	}
}
