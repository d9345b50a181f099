import { Fragment, type ReactNode } from "react";

export interface DataColumn<Row> {
	header: string;
	/** the header is for those who do not see the table: what stands below says enough to the others */
	unseen?: boolean;
	/** `phone`: left out below 640 px; `narrow`: below 1000 px, and where there is no room for all */
	hide?: "phone" | "narrow" | undefined;
	/** numbers and times */
	align?: "right" | undefined;
	/** of its cells, not of its head */
	className?: string | ((row: Row) => string);
	cell: (row: Row) => ReactNode;
}

interface Props<Row> {
	columns: ReadonlyArray<DataColumn<Row>>;
	rows: readonly Row[];
	/** left out, rows are known by their place: for rows that never move */
	keyOf?: (row: Row) => string | number;
	/** a frame of its own, where no panel is around it */
	framed?: boolean;
	/** beside others: columns for wide screens are left out everywhere */
	compact?: boolean;
	row?: (row: Row) => { id?: string; className?: string };
	/** a further row below one: `null` for none */
	below?: (row: Row) => ReactNode;
}

const HIDE = { phone: "max-sm:hidden", narrow: "max-lg:hidden" } as const;

function placeOf({ align, hide }: Pick<DataColumn<never>, "align" | "hide">, compact: boolean): string {
	const hidden = hide === undefined ? "" : compact && hide === "narrow" ? "hidden" : HIDE[hide];
	return `${align === "right" ? "num" : ""} ${hidden}`.trim();
}

/** Every table of the console: heads, what a small screen leaves out, and rows, from columns. It scrolls within itself. */
export function DataTable<Row>({ columns, rows, keyOf, framed = false, compact = false, row, below }: Props<Row>) {
	return (
		// What is said unseen is placed absolutely: it has to scroll with the table, not with the page.
		<div className={`relative overflow-x-auto ${framed ? "rounded-md border border-line bg-panel" : ""}`}>
			<table className="data">
				<thead>
					<tr>
						{columns.map((column) => (
							<th key={column.header} scope="col" className={placeOf(column, compact)}>
								{column.unseen === true ? <span className="sr-only">{column.header}</span> : column.header}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{rows.map((one, at) => (
						<Fragment key={keyOf?.(one) ?? at}>
							<tr {...row?.(one)}>
								{columns.map((column) => (
									<td key={column.header} className={`${placeOf(column, compact)} ${typeof column.className === "function" ? column.className(one) : (column.className ?? "")}`.trim()}>
										{column.cell(one)}
									</td>
								))}
							</tr>
							{below?.(one)}
						</Fragment>
					))}
				</tbody>
			</table>
		</div>
	);
}
