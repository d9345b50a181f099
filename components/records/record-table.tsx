import type { ShownColumn, ShownRow } from "@/lib/trackers/view";
import { RecordCell } from "./cell";

const HIDE = { phone: "max-sm:hidden", narrow: "max-lg:hidden" } as const;

function classOf(column: ShownColumn, compact: boolean): string {
	const hide = column.hide === undefined ? "" : compact && column.hide === "narrow" ? "hidden" : HIDE[column.hide];
	return `${column.align === "right" ? "num" : ""} ${hide}`.trim();
}

/** Records of any tracker. `compact` leaves out what a dashboard card has no room for. */
export function RecordTable({ columns, rows, now, compact = false }: { columns: readonly ShownColumn[]; rows: readonly ShownRow[]; now: string; compact?: boolean }) {
	return (
		<table className="data">
			<thead>
				<tr>
					{columns.map((column) => (
						<th key={column.header} scope="col" className={classOf(column, compact)}>
							{column.header}
						</th>
					))}
				</tr>
			</thead>
			<tbody>
				{rows.map((row) => (
					<tr key={row.id}>
						{columns.map((column, at) => (
							<td key={column.header} className={`${classOf(column, compact)} ${at > 0 ? "" : compact ? "w-full max-w-0 truncate" : "min-w-[10rem]"}`}>
								<RecordCell cell={row.cells[at] ?? { kind: "text", text: null }} href={row.href} now={now} />
							</td>
						))}
					</tr>
				))}
			</tbody>
		</table>
	);
}
