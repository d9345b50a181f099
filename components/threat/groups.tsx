import Link from "next/link";
import type { AttributeGroup } from "@/lib/trackers/threat/contents";

function Choice({ href, current, label, count }: { href: string; current: boolean; label: string; count: number }) {
	return (
		<Link
			href={href}
			prefetch={false}
			scroll={false}
			{...(current ? { "aria-current": "true" as const } : {})}
			className={`inline-flex items-center gap-1.5 rounded-sm border px-1.5 py-px text-sm ${current ? "border-accent text-accent" : "border-line text-ink-2 hover:border-line-strong"}`}
		>
			{label} <span className="text-xs text-ink-3 tabular-nums">{count.toLocaleString("en")}</span>
		</Link>
	);
}

/** Categories of an event's attributes with their types: each is a filter. `href` gives the address for a choice. */
export function AttributeGroups({
	groups,
	category,
	type,
	href,
}: {
	groups: readonly AttributeGroup[];
	category: string | undefined;
	type: string | undefined;
	href: (choice: { category?: string; type?: string }) => string;
}) {
	const categories = [...new Set(groups.map((group) => group.category))];
	const total = groups.reduce((sum, { count }) => sum + count, 0);
	return (
		<div className="flex flex-col gap-1.5 border-b border-line px-4 py-2.5">
			<div className="flex flex-wrap items-center gap-1.5">
				<Choice href={href({})} current={category === undefined && type === undefined} label="All" count={total} />
			</div>
			{categories.map((name) => {
				const own = groups.filter((group) => group.category === name);
				return (
					<div key={name} className="flex flex-wrap items-center gap-1.5">
						<Choice href={href({ category: name })} current={category === name && type === undefined} label={name} count={own.reduce((sum, { count }) => sum + count, 0)} />
						<span aria-hidden className="text-ink-3">
							›
						</span>
						{own.map((group) => (
							<Choice key={group.type} href={href({ category: name, type: group.type })} current={category === name && type === group.type} label={group.type} count={group.count} />
						))}
					</div>
				);
			})}
		</div>
	);
}
