import type { Metadata } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import { Sparkline } from "@/components/bars";
import { FirstRun } from "@/components/console/first-run";
import { RecordTable } from "@/components/records/record-table";
import { SourceHealthPanel } from "@/components/source-health-panel";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { newestRecords, shownTable, type TrackerTotal, totals, trackers } from "@/lib/trackers";
import { healthNow, progressNow } from "../../frame-data";
import { pagePrincipal } from "../../guard";

export const metadata: Metadata = { title: "Overview" };

const NEWEST = 5;

/** The newest of every tracker that the generic pages show and that holds anything. */
async function newestOfAll() {
	const shown = trackers.filter(({ page, isPart }) => page !== undefined && isPart !== true);
	const tables = await Promise.all(shown.map(async (tracker) => ({ tracker, table: shownTable(tracker, await newestRecords(tracker, NEWEST), "subject") })));
	return tables.filter(({ table }) => table.rows.length > 0);
}

export default async function OverviewPage() {
	await pagePrincipal();
	const [progress, counts, newest, sources] = await Promise.all([progressNow(), totals(), newestOfAll(), healthNow()]);
	const now = new Date().toISOString();
	const reputationSources = sources.filter(({ tracker }) => tracker === "reputation");
	return (
		<>
			<h1 className="sr-only">Overview</h1>
			<FirstRun initial={progress} />
			<div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
				{counts.map((count) => (
					<TrackerTile key={count.tracker} count={count} />
				))}
				<Tile title="Indicators" value={counts.reduce((sum, { indicators }) => sum + indicators, 0)} said="distinct values" />
				<Tile title="Listed now" value={reputationSources.reduce((sum, { present }) => sum + present, 0)} said="in the newest lists" />
			</div>
			<SourceHealthPanel sources={sources} now={now} />
			{newest.length === 0 ? (
				<Notice title="Nothing has been read yet">
					<p>Sources are asked as soon as the jobs run; what they list appears here. The sources page shows when each is due.</p>
					<p>
						<Link href="/sources">Open the sources</Link>
					</p>
				</Notice>
			) : (
				<div className="grid gap-3 xl:grid-cols-2">
					{newest.map(({ tracker, table }) => (
						<Card key={tracker.name} title={tracker.title} href={tracker.path}>
							<RecordTable table={table} now={now} compact />
						</Card>
					))}
				</div>
			)}
		</>
	);
}

function Card({ title, href, children }: { title: string; href: string; children: ReactNode }) {
	return (
		<Panel
			title={
				<Link href={href} className="text-accent">
					{title}
				</Link>
			}
			aside="newest"
		>
			{children}
		</Panel>
	);
}

function TrackerTile({ count }: { count: TrackerTotal }) {
	return (
		<Link href={count.path} className="flex min-w-0 flex-col rounded-md border border-line bg-panel px-4 py-3 hover:border-line-strong">
			<p className="flex justify-between text-sm text-ink-2">
				<span>{count.title}</span>
				<span className="text-ink-3">today</span>
			</p>
			<p className="mb-2 text-xl font-semibold tabular-nums">
				{count.total.toLocaleString("en")} <span className="text-sm font-normal text-ink-3">+{count.today.toLocaleString("en")}</span>
			</p>
			<div className="mt-auto">
				<Sparkline days={count.days} label={`${count.title} a day, last 30 days`} />
			</div>
		</Link>
	);
}

function Tile({ title, value, said }: { title: string; value: number; said: string }) {
	return (
		<div className="rounded-md border border-line bg-panel px-4 py-3">
			<p className="text-sm text-ink-2">{title}</p>
			<p className="text-xl font-semibold tabular-nums">{value.toLocaleString("en")}</p>
			<p className="text-xs text-ink-3">{said}</p>
		</div>
	);
}
