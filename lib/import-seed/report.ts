import { recordId } from "@/lib/records";
import type { RecordOwner } from "./former";
import type { SeedStage, TableCounts } from "./stage";
import { SEED_TABLES, type SeedTable } from "./tables";

type TrackerName = SeedTable["tracker"];

/** Something that did not go as it stood, with an example and how often. */
export interface ReasonCount {
	reason: string;
	count: number;
	/** table and key of the first one */
	first: string;
}

export interface TrackerReport {
	tracker: TrackerName;
	/** rows of the original that are records, each key once */
	rows: number;
	/** of these: stored, alone or joined with others of the same record */
	imported: number;
	/** of these: cannot be stored, with the reason below */
	setAside: number;
	/** of these: left for a release that can store them */
	waiting: number;
	/** records of ours that came of it; a listing of several values is several records, several rows of one exploit are one */
	records: { new: number; updated: number; unchanged: number };
	setAsideReasons: ReasonCount[];
	/** imported, but not all of it as it stood */
	notes: ReasonCount[];
}

export interface SeedReport {
	dryRun: boolean;
	/** every row of these was accounted for */
	complete: boolean;
	tables: Array<{ table: string } & TableCounts>;
	unreadable: ReasonCount[];
	/** tables that were left alone, and why */
	otherTables: Array<{ table: string; rows: number; reason: string }>;
	trackers: TrackerReport[];
}

class Reasons {
	readonly #found = new Map<string, ReasonCount>();
	add(first: string, reason: string, count = 1): void {
		// Values differ, what is wrong with them does not.
		const key = reason.replace(/"[^"]*"|\d+/g, "…").slice(0, 200);
		const known = this.#found.get(key);
		if (known === undefined) this.#found.set(key, { reason: reason.slice(0, 500), count, first: first.slice(0, 200) });
		else known.count += count;
	}
	list(): ReasonCount[] {
		return [...this.#found.values()].sort((a, b) => b.count - a.count).slice(0, 100);
	}
}

type Counts = Omit<TrackerReport, "setAsideReasons" | "notes">;

/** Keeps the books of an import. */
export class Report {
	readonly #dryRun: boolean;
	readonly #trackers = new Map<TrackerName, Counts>();
	readonly #reasons = new Map<TrackerName, Reasons>();
	readonly #notes = new Map<TrackerName, Reasons>();
	readonly #unreadable = new Reasons();
	readonly #other = new Map<string, { rows: number; reason: string }>();
	#tables: SeedReport["tables"] = [];

	constructor(dryRun: boolean) {
		this.#dryRun = dryRun;
	}

	#of(tracker: TrackerName): Counts {
		let counts = this.#trackers.get(tracker);
		if (counts === undefined) {
			counts = { tracker, rows: 0, imported: 0, setAside: 0, waiting: 0, records: { new: 0, updated: 0, unchanged: 0 } };
			this.#trackers.set(tracker, counts);
		}
		return counts;
	}

	static #in(map: Map<TrackerName, Reasons>, tracker: TrackerName): Reasons {
		const known = map.get(tracker) ?? new Reasons();
		map.set(tracker, known);
		return known;
	}

	unreadable(where: string, reason: string): void {
		this.#unreadable.add(where, reason);
	}

	other(table: string, rows: number, reason: string): void {
		this.#other.set(table, { rows: (this.#other.get(table)?.rows ?? 0) + rows, reason });
	}

	tables(stage: SeedStage): void {
		this.#tables = Object.keys(SEED_TABLES)
			.map((table) => ({ table, ...stage.counts(table) }))
			.filter(({ read }) => read > 0);
		for (const table of ["threat_attribute", "threat_object", "threat_objectreference"]) {
			const { count, first } = stage.orphans(table, "event_id", "threat_event");
			if (count > 0) this.note("threat", `${table} ${first}`, `a row of ${table} names an event that is not there: it belongs to nothing and is left out`, count);
		}
		for (const { table, kept } of this.#tables) {
			const { tracker, record } = SEED_TABLES[table] as SeedTable;
			if (record === true) this.#of(tracker).rows += kept;
		}
	}

	isEmpty(): boolean {
		return this.#tables.length === 0;
	}

	imported(tracker: TrackerName, rows = 1): void {
		this.#of(tracker).imported += rows;
	}

	stored(tracker: TrackerName, counts: { new: number; updated: number; unchanged: number }): void {
		const { records } = this.#of(tracker);
		records.new += counts.new;
		records.updated += counts.updated;
		records.unchanged += counts.unchanged;
	}

	setAside(tracker: TrackerName, where: string, reason: string): void {
		this.#of(tracker).setAside++;
		Report.#in(this.#reasons, tracker).add(where, reason);
	}

	note(tracker: TrackerName, where: string, reason: string, count = 1): void {
		Report.#in(this.#notes, tracker).add(where, reason, count);
	}

	waiting(tracker: TrackerName, rows: number, reason: string): void {
		this.#of(tracker).waiting += rows;
		Report.#in(this.#reasons, tracker).add(`${tracker}: ${rows} rows`, reason);
	}

	/** Which record an item became, where that follows from the item; null where its store finds it by its own key anyway. */
	recordOf(tracker: TrackerName, item: unknown, owner: RecordOwner): Buffer | null {
		const number = owner.recordsOf ?? owner.number;
		if (tracker === "exploit") return recordId(number, (item as { externalId: string }).externalId);
		if (tracker === "news") return recordId(number, (item as { guid: string }).guid);
		if (tracker === "vuln") return recordId(number, (item as { name: string }).name);
		return null;
	}

	finish(): SeedReport {
		const trackers = [...this.#trackers.values()].map((counts) => ({
			...counts,
			setAsideReasons: Report.#in(this.#reasons, counts.tracker).list(),
			notes: Report.#in(this.#notes, counts.tracker).list(),
		}));
		return {
			dryRun: this.#dryRun,
			complete: trackers.every(({ rows, imported, setAside, waiting }) => rows === imported + setAside + waiting),
			tables: this.#tables,
			unreadable: this.#unreadable.list(),
			otherTables: [...this.#other].map(([table, rest]) => ({ table, ...rest })),
			trackers,
		};
	}
}
