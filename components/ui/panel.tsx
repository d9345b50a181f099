import type { ReactNode } from "react";

/** A framed part of a page with its title, and what is said about it at the right. */
export function Panel({ title, aside, children, id }: { title: ReactNode; aside?: ReactNode; children: ReactNode; id?: string }) {
	return (
		<section id={id} className="min-w-0 scroll-mt-16 overflow-hidden rounded-md border border-line bg-panel" aria-label={typeof title === "string" ? title : undefined}>
			<header className="flex min-h-9 flex-wrap items-center justify-between gap-x-4 border-b border-line px-4 py-1.5">
				<h2 className="font-semibold">{title}</h2>
				{aside !== undefined && <div className="text-xs text-ink-3">{aside}</div>}
			</header>
			{children}
		</section>
	);
}
