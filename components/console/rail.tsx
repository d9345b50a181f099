import Link from "next/link";
import { NavLink } from "./nav-link";

export interface RailItem {
	href: string;
	label: string;
	count?: string;
}

export interface RailGroup {
	title: string | null;
	items: readonly RailItem[];
}

function Items({ groups }: { groups: readonly RailGroup[] }) {
	return groups.map((group) => (
		<div key={group.title ?? "top"} className="mb-3">
			{group.title !== null && <p className="px-2 pt-1 pb-1 text-xs font-semibold tracking-wider text-ink-3 uppercase">{group.title}</p>}
			{group.items.map((item) => (
				<NavLink key={item.href} href={item.href}>
					<span>{item.label}</span>
					{item.count !== undefined && <span className="mono text-xs text-ink-3">{item.count}</span>}
				</NavLink>
			))}
		</div>
	));
}

export function Logo() {
	return (
		<Link href="/" className="flex items-center gap-2 px-2 text-lg font-semibold tracking-wide">
			<i className="block size-2.5 rounded-[2px] bg-accent" aria-hidden="true" />
			EXIST
		</Link>
	);
}

/** Where one can go. At the side of a screen, a sheet behind a button on a phone. */
export function Rail({ groups }: { groups: readonly RailGroup[] }) {
	return (
		<nav aria-label="Main" className="hidden w-[196px] shrink-0 border-r border-line bg-panel px-2.5 py-3 lg:block">
			<div className="sticky top-3">
				<div className="mb-4">
					<Logo />
				</div>
				<Items groups={groups} />
			</div>
		</nav>
	);
}

export function RailSheet({ groups }: { groups: readonly RailGroup[] }) {
	return (
		<details className="relative lg:hidden">
			<summary className="flex size-8 list-none items-center justify-center rounded-md border border-line-strong" aria-label="Menu">
				≡
			</summary>
			<nav aria-label="Main, small" className="fixed inset-x-0 z-20 mt-2 max-h-[80vh] overflow-y-auto border-y border-line-strong bg-panel px-3 py-3">
				<Items groups={groups} />
			</nav>
		</details>
	);
}
