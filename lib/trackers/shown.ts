import { type Database, database, remembered } from "@/lib/platform";
import { trackers } from "./all";
import type { AnyTracker } from "./define";
import type { ListFilter, ShownTable } from "./view";

/**
 * Rows of a tracker as its columns show them. `leadTo`: a row leads to its record, or to the page of what it is about.
 * Throws for a tracker with pages of its own.
 */
export function shownTable(tracker: AnyTracker, rows: readonly unknown[], leadTo: "record" | "subject" = "record"): ShownTable {
	const { page, path } = tracker;
	if (page === undefined) throw new Error(`the tracker ${tracker.name} has no columns`);
	return {
		columns: page.columns.map(({ header, hide, align }) => ({ header, hide, align })),
		rows: (rows as ReadonlyArray<{ id: string }>).map((row) => ({
			id: row.id,
			href: leadTo === "subject" && tracker.isSighting === true ? null : `${path}/${row.id}`,
			cells: page.columns.map(({ cell }) => cell(row)),
		})),
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

/** How old a filter's choices may be, seconds: reading them goes over a whole table. */
const CHOICES_SECONDS = 60;

/** The filters of a tracker's list with their choices, which may be a minute old. */
export async function shownFilters(tracker: AnyTracker, db: Database = database()): Promise<Array<WithOptions<ListFilter>>> {
	return Promise.all(
		(tracker.page?.filters ?? []).map(async (filter) => {
			if (filter.kind !== "choice") return filter;
			const { options } = filter;
			return { ...filter, options: typeof options === "function" ? await remembered(db, `choices ${tracker.name} ${filter.name}`, CHOICES_SECONDS, () => options(db)) : options };
		}),
	);
}
