import type { Metadata } from "next";
import Link from "next/link";
import { Sparkline } from "@/components/bars";
import { FirstRun } from "@/components/console/first-run";
import { ReputationTable } from "@/components/reputation-table";
import { SourceHealthPanel } from "@/components/source-health-panel";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { ingestProgress, sourceHealth } from "@/lib/health";
import { chart, newestReputation, reputation, totals } from "@/lib/trackers";
import { pagePrincipal } from "../../guard";

export const metadata: Metadata = { title: "Overview" };

const NEWEST = 14;

export default async function OverviewPage() {
	await pagePrincipal();
	const [progress, counts, days, newest, sources] = await Promise.all([ingestProgress(), totals(), chart(reputation, { limit: 1 }), newestReputation(NEWEST), sourceHealth()]);
	const now = new Date().toISOString();
	return (
		<>
			<h1 className="sr-only">Overview</h1>
			<FirstRun initial={progress} />
			<div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
				{counts.map((count) => (
					<Link key={count.tracker} href={`/${count.tracker}`} className="col-span-2 rounded-md border border-line bg-panel px-4 py-3 hover:border-line-strong">
						<p className="flex justify-between text-sm text-ink-2">
							<span>{count.title}</span>
							<span className="text-ink-3">today</span>
						</p>
						<p className="mb-2 text-xl font-semibold tabular-nums">
							{count.total.toLocaleString("en")} <span className="text-sm font-normal text-ink-3">+{count.today.toLocaleString("en")}</span>
						</p>
						<Sparkline days={days} label={`${count.title} first seen a day, last 30 days`} />
					</Link>
				))}
				<Tile title="Indicators" value={counts.reduce((sum, { indicators }) => sum + indicators, 0)} said="distinct values" />
				<Tile title="Listed now" value={sources.reduce((sum, { present }) => sum + present, 0)} said="in the newest lists" />
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
				<Panel
					title={
						<Link href="/reputation" className="text-accent">
							Reputation
						</Link>
					}
					aside="newest"
				>
					<ReputationTable rows={newest} now={now} />
				</Panel>
			)}
		</>
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
