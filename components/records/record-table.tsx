import type { Cell, ShownRow, ShownTable } from "@/lib/trackers/view";
import { DataTable } from "../ui/data-table";
import { RecordCell } from "./cell";

const NOTHING: Cell = { kind: "text", text: null };

/** How much of the row a cell takes: what names the record has the room that is left. A card's rows are one line each. */
function room(cell: Cell, first: boolean, compact: boolean): string {
	if (first && compact) return "w-full max-w-0 truncate";
	if (first) return cell.kind === "record" ? "min-w-[10rem]" : "min-w-[9rem] lg:w-[46%]";
	if (cell.kind === "time") return "text-ink-2";
	if ((cell.kind === "text" || cell.kind === "link") && cell.aside === true) return `truncate text-ink-2 ${cell.kind === "link" ? "max-w-[9rem] sm:max-w-[18rem]" : "max-w-[14rem]"}`;
	return cell.kind === "badges" && compact ? "sm:[&>span]:flex-nowrap" : "";
}

/** Records of any tracker. `compact` leaves out what a dashboard card has no room for, `beside` what a column has none for where another stands beside it. */
export function RecordTable({ table, now, framed = false, compact = false, beside = false }: { table: ShownTable; now: string; framed?: boolean; compact?: boolean; beside?: boolean }) {
	return (
		<DataTable
			rows={table.rows}
			keyOf={({ id }) => id}
			framed={framed}
			compact={compact || beside}
			columns={table.columns.map((column, at) => ({
				...column,
				className: ({ cells }: ShownRow) => room(cells[at] ?? NOTHING, at === 0, compact),
				cell: ({ cells, href }: ShownRow) => <RecordCell cell={cells[at] ?? NOTHING} href={href} now={now} />,
			}))}
		/>
	);
}
