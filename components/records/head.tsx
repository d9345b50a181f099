import Link from "next/link";
import type { ReactNode } from "react";
import type { RecordView } from "@/lib/trackers/view";
import { buttonClass } from "../ui/button";
import { RecordBadge, RecordCell } from "./cell";

/** What stands above a record: its title, what is said of it, and where else it can be read. */
export function RecordHead({ view, back, api, now, actions }: { view: RecordView; back: { href: string; label: string }; api: string; now: string; actions?: ReactNode }) {
	return (
		<div className="flex flex-wrap items-start gap-x-4 gap-y-2">
			<div className="min-w-0 max-w-[80ch] flex-1">
				<h1 className="text-lg font-semibold break-words">{view.title}</h1>
				<div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-3">
					<Link href={back.href} className="text-accent">
						{back.label}
					</Link>
					{view.said.map((cell, at) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: the cells of a head never move
						<span key={at}>
							<RecordCell cell={cell} now={now} />
						</span>
					))}
					{view.badges.map((badge) => (
						<RecordBadge key={badge.text} badge={badge} />
					))}
				</div>
			</div>
			<div className="flex flex-wrap gap-2 sm:ml-auto">
				{actions}
				{view.links.map(({ label, href }) => (
					<a key={href} href={href} target="_blank" rel="noopener noreferrer nofollow" className={buttonClass()} title={href}>
						{label} ↗
					</a>
				))}
				<a href={api} className={buttonClass()}>
					API
				</a>
			</div>
		</div>
	);
}
