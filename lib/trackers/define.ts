import type { z } from "zod";
import type { Word } from "@/lib/indicators/words";
import type { Database } from "@/lib/platform";
import { type Parameters, type QueryOf, readParameters } from "./parameters";
import type { ListColumn, ListFilter, RecordView } from "./view";

/** What every list takes, whatever the tracker. */
export interface BaseQuery {
	limit: number;
	offset?: number | undefined;
	/** opaque, from `next` or `previous` of another page */
	cursor?: string | undefined;
}

/** A tracker's answer to a query: joins and conditions, in SQL made of literals only. */
export interface Restriction {
	joins: string[];
	conditions: string[];
	/** the conditions read texts, although nothing is joined for them */
	isOfWords?: boolean;
	/** nothing can match (an exact value that is not canonical): no query is made */
	nothing?: boolean;
	/** the count is kept by roll-ups and needs no counting */
	count?: (database: Database) => Promise<number>;
	/** the same for the 30-day chart */
	chart?: (database: Database, since: string) => Promise<Array<{ day: string; count: number }>>;
}

export interface CsvColumn<Row> {
	header: string;
	value: (row: Row) => string | number | boolean | null;
}

interface Basics<Row extends { id: string }> {
	/** as it stands in the database: `mention.tracker`, `daily_count.tracker` */
	name: string;
	/** the API's name for it */
	resource: string;
	title: string;
	/** shows parts of another tracker's records (attributes of events): it has no card and no total of its own */
	isPart?: boolean;
	/** its records are the sightings of the index: they are found by their indicator, not by mentions or texts */
	isSighting?: boolean;
	/**
	 * Where its records are and the date that day counts go by: housekeeping recomputes them. `present`: what is in the newest
	 * good body, where that is not all; `where`: records that count. Left out by a tracker that shows parts of another's.
	 */
	counted?: { table: string; at: string; present?: string; where?: string };
	/** of its list page; a record's page is below it */
	path: string;
	/** tables with their aliases; conditions and `select` use these */
	from: string;
	/** the tables that conditions use, where `from` joins more than they need: matches are counted over these */
	matchedIn?: string;
	select: string;
	/** the columns that lists of pages need, where records carry texts; `toRow` takes what is missing for nothing */
	light?: string;
	/** newest first; `id` (with `within`) breaks ties and makes the keyset exact */
	order: { time: string; id: string; timeOf: (row: Row) => Date };
	/** what makes `order.id` unique where it alone is not (an attribute that stands in two events), and which of several is the record */
	within?: { column: string; of: (row: Row) => string; first: string };
	toRow: (raw: Record<string, unknown>) => Row;
	csv: ReadonlyArray<CsvColumn<Row>>;
	/** other spellings of a record's id that page and API take (`CVE-2026-1`), to the 32 hex; null where there is none */
	idOf?: (text: string, database: Database) => Promise<string | null>;
	/** which records hold all words, where the text index of records does not have everything; else cross search asks that */
	holding?: (words: readonly Word[], database: Database) => Promise<Restriction>;
	/** how list page, dashboard card, cross search and detail page show it; left out where pages of its own do */
	page?: TrackerPage<Row>;
}

export interface TrackerPage<Row> {
	columns: ReadonlyArray<ListColumn<Row>>;
	filters: readonly ListFilter[];
	view: (row: Row) => RecordView;
	/** other pages of the tracker, linked from its list */
	siblings?: ReadonlyArray<{ href: string; label: string }>;
	/** what its list says of all its records; left out, how many there are */
	said?: (sum: { total: number; indicators: number }) => string;
	/** what a list without a match says first; left out, that no record fits */
	nothing?: string;
}

/**
 * One kind of record, and everything page, API, CSV and search need to know of it. A further tracker is one such definition,
 * one table and its sources.
 */
export interface Tracker<Query extends BaseQuery, Row extends { id: string }> extends Basics<Row> {
	/** what its list may be asked beside limit, offset and cursor */
	parameters: Parameters;
	/** what the API gives of a record */
	item: z.ZodObject;
	/** the query of a request; throws `invalid` */
	parse: (params: URLSearchParams) => Query;
	restrict: (query: Query, database: Database) => Promise<Restriction>;
	/** the original's fields, in its order, then ours */
	toApi: (row: Row) => Record<string, unknown>;
}

/** A tracker as it is written: query and item have the types of what is declared. */
interface Definition<P extends Parameters, Item extends z.ZodObject, Row extends { id: string }> extends Basics<Row> {
	parameters: P;
	item: Item;
	restrict: (query: QueryOf<P>, database: Database) => Promise<Restriction>;
	toApi: (row: Row) => z.output<Item>;
}

/** Checks a definition's shape at compile time, and reads requests as its parameters say. */
export function defineTracker<P extends Parameters, Item extends z.ZodObject, Row extends { id: string }>(definition: Definition<P, Item, Row>): Tracker<QueryOf<P>, Row> {
	return { ...definition, parse: (params) => readParameters(definition.parameters, params) };
}

/** A tracker of whatever rows: what it gives goes back into it only. */
// biome-ignore lint/suspicious/noExplicitAny: queries and rows of different trackers have nothing in common
export type AnyTracker = Tracker<BaseQuery, any>;

// biome-ignore lint/suspicious/noExplicitAny: as above
export function anyTracker(tracker: Tracker<any, any>): AnyTracker {
	return tracker;
}
