import { hash } from "node:crypto";
import type { Indicator } from "@/lib/domain/indicator";
import type { Queryable, SqlValue } from "@/lib/platform";
import type { SourceBasics } from "@/lib/sources/define";

/** An indicator that a record names. */
export interface Mention {
	indicator: Indicator;
	/** where in the record: `title`, `text`, `cve` … */
	place: string;
	/** why it is no find (the article's own site, a well-known service); null or absent where it may be one */
	mark?: string | null;
	/** the part of the record that names it, where records have parts */
	part?: Buffer;
}

/** One record ready to be stored. */
export interface PreparedRecord {
	id: Buffer;
	/** the record's own date: lists and charts go by it */
	at: Date;
	/** by column name, without those every table has (`id`, `source`, `digest`, `created_at`, `updated_at`) */
	columns: Readonly<Record<string, SqlValue>>;
	/** what word search reads, the title first */
	text: readonly string[];
	mentions: readonly Mention[];
}

export interface StoreContext {
	source: SourceBasics & { tracker: string };
	/** start of the run: the time of everything it observes */
	at: Date;
	ownDomains: readonly string[];
	/** what is written was known elsewhere for long (data of the original): hunters are not told */
	archived?: boolean;
}

export interface SetAsideItem {
	where: string;
	reason: string;
	excerpt: string;
}

export interface StoreCounts {
	new: number;
	updated: number;
	unchanged: number;
	/** items that repeat one of the same batch */
	duplicates: number;
	/** items that cannot be stored, with the reason */
	setAside: SetAsideItem[];
}

/** A share of what some items bring, for a transaction of its own. May be run again where its transaction was rolled back. Gives what it counts for. */
export type Portion = (tx: Queryable) => Promise<Partial<Pick<StoreCounts, "new" | "updated">>>;

/** Brings some items into a tracker's tables, inside the caller's transaction. Safe to repeat: identity and digest decide what is written. */
export interface RecordStore<Item> {
	store(tx: Queryable, items: ReadonlyArray<{ item: Item; where: string }>, context: StoreContext): Promise<StoreCounts>;
	/**
	 * What of some items is too much for one transaction, in portions to be run one after the other before `store` does the rest.
	 * Nothing may be claimed to be whole before `store` says so: between any two portions everything may end. After that, the same
	 * items give only the portions that are left.
	 */
	portions?(db: Queryable, items: ReadonlyArray<{ item: Item; where: string }>, context: StoreContext, limit?: number): AsyncIterable<Portion>;
	/** parts of a portion unless `limit` says less: where the database refuses one as too big */
	portionParts?: number;
}

/** Thrown by a portion whose record is no longer what it was planned for: somebody else wrote it. What is left is planned anew. */
export class PlanOutdated extends Error {
	constructor(what: string) {
		super(`${what} was changed by another run while it was written.`);
		this.name = "PlanOutdated";
	}
}

/** Thrown while an item is prepared, where it cannot be kept: it is set aside with this reason, the others land. */
export class UnusableItem extends Error {
	constructor(reason: string) {
		super(reason);
		this.name = "UnusableItem";
	}
}

/** Identity of a record, also the API's 32 hex: a hash of its source's number and the provider's own id. */
export function recordId(source: number, externalId: string): Buffer {
	return hash("sha256", `record\0${source}\0${externalId}`, "buffer").subarray(0, 16);
}
