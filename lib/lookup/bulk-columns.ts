import type { CsvColumn } from "@/lib/trackers/define";
import type { BulkAnswer } from "./bulk";

/** An answer as a line of CSV. */
export const BULK_COLUMNS: ReadonlyArray<CsvColumn<BulkAnswer>> = [
	{ header: "value", value: (answer) => answer.value },
	{ header: "kind", value: (answer) => answer.kind },
	{ header: "type", value: (answer) => answer.indicator?.type ?? null },
	{ header: "indicator", value: (answer) => answer.indicator?.value ?? null },
	{ header: "category", value: (answer) => answer.category },
	{ header: "sources", value: (answer) => answer.sources.flatMap(({ name, listed }) => (listed ? name : [])).join("; ") },
	{ header: "first_seen", value: (answer) => answer.firstSeen },
	{ header: "last_seen", value: (answer) => answer.lastSeen },
	{ header: "containing", value: (answer) => answer.containing.map(({ value }) => value).join(" ") },
	{ header: "records", value: (answer) => Object.values(answer.records).reduce((sum, count) => sum + count, 0) },
	{ header: "warning", value: (answer) => answer.warning },
	{ header: "reason", value: (answer) => answer.reason },
	{ header: "page", value: (answer) => answer.page },
];
