import { type Database, database } from "@/lib/platform";
import { trackers } from "./all";
import type { AnyTracker } from "./define";
import type { ListFilter, ShownTable } from "./view";

/** Rows of a tracker as its columns show them. Throws for a tracker with pages of its own. */
export function shownTable(tracker: AnyTracker, rows: readonly unknown[]): ShownTable {
	const { page, path } = tracker;
	if (page === undefined) throw new Error(`the tracker ${tracker.name} has no columns`);
	return {
		columns: page.columns.map(({ header, hide, align }) => ({ header, hide, align })),
		rows: (rows as ReadonlyArray<{ id: string }>).map((row) => ({ id: row.id, href: `${path}/${row.id}`, cells: page.columns.map(({ cell }) => cell(row)) })),
	};
}

/** Records of one tracker among others: its title, how many there are, the newest of them. */
export interface ShownGroup {
	tracker: string;
	title: string;
	href: string;
	total: number;
	more: boolean;
	table: ShownTable;
}

/** Groups of records as their trackers' columns show them. */
export function shownGroups(groups: ReadonlyArray<{ tracker: string; title: string; total: number; more: boolean; rows: readonly unknown[] }>): ShownGroup[] {
	return groups.flatMap(({ tracker: name, title, total, more, rows }) => {
		const tracker = trackers.find((one) => one.name === name && one.page !== undefined);
		return tracker === undefined ? [] : [{ tracker: name, title, href: tracker.path, total, more, table: shownTable(tracker, rows) }];
	});
}

type WithOptions<Filter> = Filter extends { kind: "choice" } ? Omit<Filter, "options"> & { options: ReadonlyArray<readonly [string, string]> } : Filter;

/** The filters of a tracker's list with their choices read. */
export async function shownFilters(tracker: AnyTracker, db: Database = database()): Promise<Array<WithOptions<ListFilter>>> {
	return Promise.all(
		(tracker.page?.filters ?? []).map(async (filter) => (filter.kind === "choice" ? { ...filter, options: typeof filter.options === "function" ? await filter.options(db) : filter.options } : filter)),
	);
}
