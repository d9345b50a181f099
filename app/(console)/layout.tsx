import Link from "next/link";
import { type ReactNode, Suspense } from "react";
import { IndicatorMenu } from "@/components/console/indicator-menu";
import { Keyboard } from "@/components/console/keyboard";
import { Logo, Rail, type RailGroup, RailSheet } from "@/components/console/rail";
import { SearchBox } from "@/components/console/search-box";
import { ThemeToggle } from "@/components/console/theme-toggle";
import { railNumbers } from "../frame-data";
import { pagePrincipal } from "../guard";

async function railGroups(): Promise<RailGroup[]> {
	const { counts, sources, captureDays, hunters } = await railNumbers();
	return [
		{
			title: null,
			items: [
				{ href: "/", label: "Overview" },
				{ href: "/cross", label: "Cross search" },
			],
		},
		{ title: "Trackers", items: counts.map(({ path, title, total }) => ({ href: path, label: title, count: total.toLocaleString("en") })) },
		{
			title: "Watch",
			items: [
				{ href: "/hunters", label: "Hunters", count: hunters.toLocaleString("en") },
				{ href: "/captures", label: "Captures", count: `${captureDays} d` },
			],
		},
		{ title: "Work", items: [{ href: "/lookup/list", label: "Look up list" }] },
		{
			title: "System",
			items: [
				{ href: "/sources", label: "Sources", count: `${sources.well} / ${sources.asked}` },
				{ href: "/api-guide", label: "API" },
				{ href: "/account", label: "Account" },
				{ href: "/credits", label: "Credits" },
			],
		},
	];
}

/** The frame of every page behind sign-in. It decides nothing: each page asks for its own principal. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
	const { user } = await pagePrincipal();
	const groups = await railGroups();
	return (
		<div className="flex min-h-screen">
			<a href="#content" className="sr-only focus:not-sr-only focus:absolute focus:z-30 focus:bg-panel focus:p-2">
				To the content
			</a>
			<Rail groups={groups} />
			<div className="flex min-w-0 flex-1 flex-col">
				<header className="sticky top-0 z-10 flex h-[52px] items-center gap-3 border-b border-line bg-panel px-3 sm:px-5">
					<RailSheet groups={groups} />
					<div className="lg:hidden max-sm:hidden">
						<Logo />
					</div>
					<Suspense>
						<SearchBox pages={groups.flatMap(({ items }) => items.map(({ href, label }) => ({ href, label })))} />
					</Suspense>
					<div className="ml-auto flex items-center gap-2">
						<ThemeToggle />
						<Link href="/account" className="text-sm whitespace-nowrap text-ink-3 hover:text-ink max-sm:hidden" title={user.email}>
							{user.name} · <span className="mono">{user.role}</span>
						</Link>
					</div>
				</header>
				<main id="content" className="flex min-w-0 flex-1 flex-col gap-3 px-3 py-4 sm:px-5">
					{children}
				</main>
			</div>
			<Keyboard mayHunt={user.role !== "viewer"} />
			<IndicatorMenu mayHunt={user.role !== "viewer"} />
		</div>
	);
}
