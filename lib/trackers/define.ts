import type { Database } from "@/lib/platform";
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

/**
 * One kind of record, and everything page, API, CSV and search need to know of it. A further tracker is one such definition,
 * one table and its sources.
 */
export interface Tracker<Query extends BaseQuery, Row extends { id: string }> {
	/** as it stands in the database: `mention.tracker`, `daily_count.tracker` */
	name: string;
	/** the API's name for it */
	resource: string;
	title: string;
	/** shows parts of another tracker's records (attributes of events): it has no card and no total of its own */
	isPart?: boolean;
	/** of its list page; a record's page is below it */
	path: string;
	/** tables with their aliases; conditions and `select` use these */
	from: string;
	select: string;
	/** the columns that lists of pages need, where records carry texts; `toRow` takes what is missing for nothing */
	light?: string;
	/** newest first; `id` breaks ties and makes the keyset exact */
	order: { time: string; id: string; timeOf: (row: Row) => Date };
	parse: (params: URLSearchParams) => Query;
	restrict: (query: Query, database: Database) => Promise<Restriction>;
	toRow: (raw: Record<string, unknown>) => Row;
	/** the original's fields, in its order */
	toApi: (row: Row) => Record<string, unknown>;
	csv: ReadonlyArray<CsvColumn<Row>>;
	/** how list page, dashboard card, cross search and detail page show it; left out where pages of its own do */
	page?: TrackerPage<Row>;
}

export interface TrackerPage<Row> {
	columns: ReadonlyArray<ListColumn<Row>>;
	filters: readonly ListFilter[];
	/** other spellings of a record's id that its page takes (`CVE-2026-1`), to the 32 hex; null where there is none */
	idOf?: (text: string, database: Database) => Promise<string | null>;
	view: (row: Row) => RecordView;
	/** other pages of the tracker, linked from its list */
	siblings?: ReadonlyArray<{ href: string; label: string }>;
}

/** Identity function that checks a definition's shape at compile time. */
export function defineTracker<Query extends BaseQuery, Row extends { id: string }>(tracker: Tracker<Query, Row>): Tracker<Query, Row> {
	return tracker;
}

/** A tracker of whatever rows: what it gives goes back into it only. */
// biome-ignore lint/suspicious/noExplicitAny: queries and rows of different trackers have nothing in common
export type AnyTracker = Tracker<BaseQuery, any>;

// biome-ignore lint/suspicious/noExplicitAny: as above
export function anyTracker(tracker: Tracker<any, any>): AnyTracker {
	return tracker;
}
