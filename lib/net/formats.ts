/**
 * The shapes feeds come in, as data: a source says which, the readers in this folder do the work (`readFeed`).
 * Readers stream; they hold one record at a time.
 */

/** One record: its cells by name (CSV, JSON) or its text (lines). `line` counts from 1 in the decoded body. */
export interface FeedRecord {
	readonly line: number;
	/** the raw line (lines format), trimmed of line ends and surrounding blanks */
	readonly text: string;
	/** cells by column name (csv); a missing cell is absent. Has no prototype */
	readonly cells: Readonly<Record<string, string>>;
	/** the parsed value (json, ndjson), else undefined. Integers beyond 2^53 arrive as strings */
	readonly json: unknown;
	/** key under which the record stood, where the format has one (object of arrays) */
	readonly key: string | undefined;
}

export type FeedFormat =
	| {
			readonly kind: "lines";
			/** lines starting with one of these are not records (default `#`, `;`, `//`) */
			readonly comments?: readonly string[];
			/** text from this string on is cut off a line (`1.2.3.4 # why`) and not part of `text` */
			readonly trailingComment?: string;
	  }
	| {
			readonly kind: "csv";
			readonly delimiter?: "," | "\t" | ";" | "|";
			/** header as a plain first row, inside a comment line, or none (then `columns` gives the order) */
			readonly header: "row" | "comment" | "none";
			/** columns that must be there; a body without them is suspect. With `header: "none"` all columns in order */
			readonly columns: readonly string[];
			/** blanks after a delimiter belong to nothing (`", "`) */
			readonly skipInitialSpace?: boolean;
			readonly comments?: readonly string[];
			/** rows may carry fewer cells than the header (default false: set aside) */
			readonly ragged?: boolean;
			/** surplus delimiters belong to the last cell, for feeds that quote nothing */
			readonly restInLast?: boolean;
	  }
	| { readonly kind: "ndjson" }
	| {
			readonly kind: "json";
			/**
			 * Where the records are: `array` the root is one; `object-of-arrays` `{id: [record, …]}`; or a path of keys
			 * to the array (`["data"]`).
			 */
			readonly root: "array" | "object-of-arrays" | readonly string[];
	  };

/** A body that cannot be what the source promises: the run is suspect, old rows stay. */
export class SuspectBody extends Error {
	constructor(reason: string) {
		super(reason);
		this.name = "SuspectBody";
	}
}

/** What a reader yields: a record, or one that could not be read and why. */
export type FeedItem = { readonly ok: true; readonly record: FeedRecord } | { readonly ok: false; readonly line: number; readonly reason: string; readonly excerpt: string };
