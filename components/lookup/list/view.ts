import { CATEGORIES } from "@/lib/domain/category";
import { csvLine } from "@/lib/domain/csv-cell";
import { defang } from "@/lib/domain/defang";
import { TYPE_WORDS } from "@/lib/domain/indicator";
import type { Told } from "../ask-service";
import type { ListStore } from "./list-store";
import type { Row } from "./parse";
import type { Known } from "./read-index";

export const FILTERS = [
	["all", "All values"],
	["listed", "Listed"],
	["known", "Known otherwise"],
	["not", "Not listed"],
	["invalid", "No indicator"],
] as const;
export type Filter = (typeof FILTERS)[number][0];

/** By place in the list, or by what stands in a column; `service:` and its id for a service's. */
export type SortKey = "place" | "value" | "type" | "listed" | "category" | "first" | "last" | `service:${string}`;
export interface Sort {
	key: SortKey;
	down: boolean;
}

/** Sources that list it now. */
export function listedBy(known: Known | undefined): string[] {
	return (known?.sources ?? []).filter(({ listed }) => listed).map(({ name }) => name);
}

const KIND_ORDER = ["listed", "known", "not listed", "invalid"] as const;

/** What a service said, in the few words a cell has room for. What is not known is said to be so. */
export function wordsOf(told: Told | undefined): string {
	if (told === undefined) return "";
	switch (told.state) {
		case "found":
			return told.enrichment.summary;
		case "unknown":
			return "unknown";
		case "timeout":
			return "timed out";
		case "off":
			return "not asked";
		default:
			return told.state;
	}
}

function weight(told: Told | undefined): number {
	if (told?.state !== "found") return told === undefined ? 4 : 3;
	return told.enrichment.tone === "bad" ? 0 : told.enrichment.tone === "warn" ? 1 : 2;
}

function keyOf(store: ListStore, row: Row, key: SortKey): number | string {
	const { known, told } = store.found(row);
	switch (key) {
		case "place":
			return row.at;
		case "value":
			return row.indicator?.value ?? row.text;
		case "type":
			return row.indicator?.type ?? "~";
		case "listed":
			return known === undefined ? KIND_ORDER.length * 1000 : KIND_ORDER.indexOf(known.kind) * 1000 - listedBy(known).length;
		case "category":
			return known === undefined || known.category === null ? CATEGORIES.length : CATEGORIES.indexOf(known.category);
		case "first":
			return known?.firstSeen ?? "~";
		case "last":
			return known?.lastSeen === null || known === undefined ? 1 : -Date.parse(known.lastSeen);
		default:
			return weight(told.get(key.slice("service:".length)));
	}
}

function passes(store: ListStore, row: Row, filter: Filter): boolean {
	if (filter === "all") return true;
	if (filter === "invalid") return row.indicator === null;
	const { known } = store.found(row);
	if (row.indicator === null || known === undefined) return false;
	return known.kind === (filter === "not" ? "not listed" : filter);
}

/** The rows somebody wants to see, in their order; equal ones stay in the order of the list. */
export function shownRows(store: ListStore, filter: Filter, { key, down }: Sort): Row[] {
	const rows = store.list.rows.filter((row) => passes(store, row, filter)).map((row) => ({ row, key: keyOf(store, row, key) }));
	const turn = down ? -1 : 1;
	return rows.sort((a, b) => turn * (a.key < b.key ? -1 : a.key > b.key ? 1 : 0) || a.row.at - b.row.at).map(({ row }) => row);
}

/** Rows as CSV that no spreadsheet runs anything of, with what has been answered so far. */
export function csvOfRows(store: ListStore, rows: readonly Row[], services: ReadonlyArray<{ id: string; name: string }>): string {
	const head = ["given", "value", "type", "state", "listed_by", "category", "first_seen", "last_seen", "warning", "reason", ...services.map(({ name }) => name)];
	const lines = rows.map((row) => {
		const { known, told } = store.found(row);
		const state = row.indicator === null ? "no indicator" : known === undefined ? "not answered" : known.kind;
		return csvLine([
			row.text,
			row.indicator?.value ?? null,
			row.indicator === null ? null : TYPE_WORDS[row.indicator.type],
			state,
			known === undefined ? null : listedBy(known).join("; "),
			known?.category ?? null,
			known?.firstSeen ?? null,
			known?.lastSeen ?? null,
			known?.warning ?? null,
			known?.reason ?? row.reason,
			...services.map(({ id }) => wordsOf(told.get(id))),
		]);
	});
	return `\ufeff${csvLine(head)}${lines.join("")}`;
}

/** Values a line each, as nobody can click them. */
export function defangedLines(rows: readonly Row[]): string {
	return rows.map(({ indicator, text }) => (indicator === null ? text : defang(indicator))).join("\n");
}
