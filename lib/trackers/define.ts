import type { Database } from "@/lib/platform";

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
	/** also the API's resource */
	name: string;
	title: string;
	/** tables with their aliases; conditions and `select` use these */
	from: string;
	select: string;
	/** newest first; `id` breaks ties and makes the keyset exact */
	order: { time: string; id: string; timeOf: (row: Row) => Date };
	parse: (params: URLSearchParams) => Query;
	restrict: (query: Query, database: Database) => Promise<Restriction>;
	toRow: (raw: Record<string, unknown>) => Row;
	/** the original's fields, in its order */
	toApi: (row: Row) => Record<string, unknown>;
	csv: ReadonlyArray<CsvColumn<Row>>;
}

/** Identity function that checks a definition's shape at compile time. */
export function defineTracker<Query extends BaseQuery, Row extends { id: string }>(tracker: Tracker<Query, Row>): Tracker<Query, Row> {
	return tracker;
}
