import type { ReactNode } from "react";

/** What an empty or refused page says: what is so, and one next step. */
export function Notice({ title, children }: { title: string; children: ReactNode }) {
	return (
		<div className="rounded-md border border-line bg-panel px-5 py-6">
			<p className="mb-1 text-lg font-semibold">{title}</p>
			<div className="prose max-w-[70ch] text-ink-2">{children}</div>
		</div>
	);
}
