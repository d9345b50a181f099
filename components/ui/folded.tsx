"use client";

import { type ReactNode, useState } from "react";

/** A long table whose first ten rows are shown until somebody wants the others: what stands below stays within reach. */
export function Folded({ rows, children }: { rows: number; children: ReactNode }) {
	const [open, setOpen] = useState(false);
	if (rows <= 12) return children;
	return (
		<>
			<div className={open ? "" : "[&_tbody>tr:nth-child(n+11)]:hidden"}>{children}</div>
			<button type="button" aria-expanded={open} onClick={() => setOpen(!open)} className="block min-h-8 w-full border-t border-line px-4 text-left text-sm text-ink-2 hover:bg-sunken">
				{open ? "Show less" : `Show ${rows - 10} more`}
			</button>
		</>
	);
}
