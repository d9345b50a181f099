function Bar({ width, className = "h-3" }: { width: string; className?: string }) {
	return <span className={`waiting block ${className}`} style={{ width }} />;
}

/** Widths of the values in a table that is still on its way; any will do, as long as they differ. */
const WIDTHS = ["52%", "38%", "61%", "44%", "35%", "57%", "48%", "40%"];

/** A table's place, with as many rows as it will have at least. */
export function WaitingTable({ rows = 12 }: { rows?: number }) {
	return (
		<div className="rounded-md border border-line bg-panel" aria-hidden="true">
			{Array.from({ length: rows + 1 }, (_, row) => row).map((row) => (
				<div key={row} className={`flex h-(--row) items-center justify-between gap-6 px-4 ${row === 0 ? "" : "border-t border-line"}`}>
					<Bar width={row === 0 ? "5rem" : (WIDTHS[row % WIDTHS.length] ?? "50%")} className={row === 0 ? "h-2" : "h-3"} />
					<Bar width="3.5rem" className={row === 0 ? "h-2" : "h-3"} />
				</div>
			))}
		</div>
	);
}

/** A panel of a known height, in px. */
export function WaitingPanel({ height, className = "" }: { height: number; className?: string }) {
	return (
		<div className={`rounded-md border border-line bg-panel p-4 ${className}`} style={{ height }} aria-hidden="true">
			<Bar width="9rem" />
		</div>
	);
}

/** The line every page begins with; says once, to those who do not see it, that something comes. */
export function WaitingTitle() {
	return (
		<div className="flex h-7 items-center gap-3" role="status">
			<span className="sr-only">Loading</span>
			<Bar width="8rem" className="h-4" />
			<Bar width="14rem" />
		</div>
	);
}
