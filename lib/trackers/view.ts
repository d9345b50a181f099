import type { Indicator } from "@/lib/domain/indicator";
import type { Database } from "@/lib/platform";

/**
 * How records are shown, as data: a tracker says which columns and sections it has, the components draw them. The same
 * columns serve list page, dashboard card and cross search.
 */

/** `bad` and `warn` only for what is called dangerous; everything else is ink on paper. */
export type CellTone = "bad" | "warn" | "info" | "none";

export interface CellBadge {
	text: string;
	tone?: CellTone;
	/** `#rrggbb` of its source (a MISP tag): the ink on it is chosen for contrast */
	colour?: string;
	href?: string;
	title?: string;
}

export type Cell =
	/** `aside`: said beside the rest, in a table one line at most with the whole as its title */
	| { kind: "text"; text: string | null; mono?: boolean; title?: string; aside?: boolean }
	/** leads to the record's own page; with a note the text is a short name and stays on one line */
	| { kind: "record"; text: string; note?: string }
	/** what the record is about, defanged, with what `c` and `d` copy; leads to the record's page, or where the row says so to its own */
	| { kind: "subject"; indicator: Indicator; ports?: readonly string[]; doubtful?: boolean }
	| { kind: "number"; value: number | null; digits?: number }
	| { kind: "time"; at: Date | null; as?: "date" | "relative"; prefix?: string }
	| { kind: "badges"; badges: readonly CellBadge[] }
	/** outside: opens in a new tab, named by its host where `text` is empty; `aside` as with texts */
	| { kind: "link"; href: string; text: string; outside?: boolean; aside?: boolean }
	| { kind: "indicators"; indicators: readonly Indicator[] };

export interface ListColumn<Row> {
	header: string;
	cell: (row: Row) => Cell;
	/** `phone`: left out below 640 px; `narrow`: below 1000 px */
	hide?: "phone" | "narrow";
	align?: "right";
}

/** One filter of a list page. `name` is the parameter that page, API and CSV understand alike. */
export type ListFilter =
	| { kind: "words"; name: string; label: string; placeholder: string }
	| { kind: "text"; name: string; label: string; placeholder: string; width?: string; pattern?: string; longest?: number; upper?: boolean }
	| { kind: "choice"; name: string; label: string; options: ReadonlyArray<readonly [value: string, words: string]> | ((db: Database) => Promise<ReadonlyArray<readonly [string, string]>>) }
	/** today, 7 days, 30 days, a year: the parameter takes a date */
	| { kind: "since"; name: string; label: string }
	| { kind: "flag"; name: string; label: string };

export type Section =
	/** `id`: the record's own, ours or the provider's, to be read character by character */
	| { kind: "fields"; title: string; aside?: string; id?: string; fields: ReadonlyArray<{ name: string; cell: Cell }> }
	/** plain text as it stands */
	| { kind: "text"; title: string; text: string }
	/** numbered lines, nothing in it is live */
	| { kind: "code"; title: string; text: string; aside?: string }
	/** sanitised by the store that wrote it */
	| { kind: "html"; title: string; html: string }
	| { kind: "table"; title: string; aside?: string; headers: readonly string[]; rows: ReadonlyArray<readonly Cell[]> };

/** A record's page: what stands above, then its sections. What it names, and what else names the same, is added for every tracker. */
export interface RecordView {
	title: string;
	/** the record says something of one indicator: its page shows everything known about that, and the record's sections among it */
	subject?: Indicator;
	/** small words under the title: source, id */
	said: readonly Cell[];
	badges: readonly CellBadge[];
	/** indicators that the record is about: they are not listed again among those it names */
	about?: readonly string[];
	/** pages elsewhere, http(s) */
	links: ReadonlyArray<{ label: string; href: string }>;
	/** what an analyst can have done about it; carried out by `app/(console)/[tracker]/actions.ts` under this name */
	actions?: ReadonlyArray<{ name: "follow-links" | "read-text"; label: string; pendingLabel: string }>;
	sections: readonly Section[];
}

/** A row ready to be drawn: cells in the order of the columns, and where the record is shown. */
export interface ShownRow {
	id: string;
	/** null: what the row is about has a page of its own, and the row leads there */
	href: string | null;
	cells: readonly Cell[];
}

export interface ShownColumn {
	header: string;
	hide?: "phone" | "narrow" | undefined;
	align?: "right" | undefined;
}

/** Records of one tracker, ready to be drawn. */
export interface ShownTable {
	columns: readonly ShownColumn[];
	rows: readonly ShownRow[];
}
