import type { ReactNode } from "react";

/** What an empty or refused page says: what is so, and one next step. */
export function Notice({ title, children, heading: Heading = "h2" }: { title: string; children: ReactNode; heading?: "h1" | "h2" }) {
	return (
		<div className="rounded-md border border-line bg-panel px-5 py-6">
			<Heading className="mb-1 text-lg font-semibold">{title}</Heading>
			<div className="prose max-w-[70ch] text-ink-2">{children}</div>
		</div>
	);
}
