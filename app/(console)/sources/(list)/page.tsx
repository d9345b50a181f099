import type { Metadata } from "next";
import Link from "next/link";
import { ActionButton } from "@/components/console/action-button";
import { FirstRun } from "@/components/console/first-run";
import { HealthCells } from "@/components/health-cells";
import { StateBadge } from "@/components/source-state";
import { Time } from "@/components/time";
import { buttonClass } from "@/components/ui/button";
import { type Role, roleAllows } from "@/lib/auth";
import type { SourceHealth } from "@/lib/health";
import { healthNow, progressNow } from "../../../frame-data";
import { pagePrincipal } from "../../../guard";
import { enableSource, runNow } from "../actions";

export const metadata: Metadata = { title: "Sources" };

function every(minutes: number): string {
	return minutes % 1440 === 0 ? `${minutes / 1440} d` : minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}

function Actions({ source, role }: { source: SourceHealth; role: Role }) {
	const askable = source.enabled && source.state !== "no-key";
	return (
		<div className="-my-1 flex justify-end gap-2">
			{askable && roleAllows(role, "analyst") && <ActionButton action={runNow.bind(null, source.number)} label="Run now" pendingLabel="Asking …" />}
			{roleAllows(role, "administrator") &&
				(source.enabled ? (
					<ActionButton
						action={enableSource.bind(null, source.number, false)}
						label="Disable"
						pendingLabel="Disabling …"
						kind="danger"
						confirmation={`Disable ${source.name}? What it listed stays in the index.`}
					/>
				) : (
					<ActionButton action={enableSource.bind(null, source.number, true)} label="Enable" pendingLabel="Enabling …" />
				))}
		</div>
	);
}

function Row({ source, role, now }: { source: SourceHealth; role: Role; now: string }) {
	const { lastRun } = source;
	return (
		<tr>
			<td className="min-w-[11rem]">
				<Link href={`/sources/${source.id}`} data-row="" className="font-medium hover:underline">
					{source.name}
				</Link>
				{source.reason !== null && <p className="max-w-[34rem] text-sm text-ink-3">{source.reason}</p>}
			</td>
			<td>
				<StateBadge state={source.running === null ? source.state : "running"} stale={source.stale} />
			</td>
			<td className="w-[180px] min-w-[110px] max-lg:hidden">
				<HealthCells days={source.days} today={now} name={source.name} />
			</td>
			<td className="num">{source.present.toLocaleString("en")}</td>
			<td className="num text-ink-2 max-sm:hidden">
				<Time at={source.lastOkAt?.toISOString() ?? null} now={now} />
			</td>
			<td className="num text-ink-2 max-lg:hidden">{source.nextRunAt === null ? "–" : source.nextRunAt.toISOString() <= now ? "due" : <Time at={source.nextRunAt.toISOString()} now={now} />}</td>
			<td className="num text-ink-2 max-lg:hidden">{every(source.everyMinutes)}</td>
			<td className="num text-ink-2 max-lg:hidden" title="new, updated, delisted, set aside at the last run">
				{lastRun === null ? "–" : `${lastRun.new.toLocaleString("en")} / ${lastRun.updated.toLocaleString("en")} / ${lastRun.delisted.toLocaleString("en")} / ${lastRun.setAside.toLocaleString("en")}`}
			</td>
			<td className="max-sm:hidden">
				<Actions source={source} role={role} />
			</td>
		</tr>
	);
}

export default async function SourcesPage() {
	const { user } = await pagePrincipal();
	const [sources, progress] = await Promise.all([healthNow(), progressNow()]);
	const now = new Date().toISOString();
	return (
		<>
			<div className="flex flex-wrap items-baseline gap-x-3">
				<h1 className="text-lg font-semibold">Sources</h1>
				<p className="text-ink-3">
					{sources.length} known · {sources.reduce((sum, { present }) => sum + present, 0).toLocaleString("en")} listings in their newest good bodies
				</p>
				{roleAllows(user.role, "analyst") && (
					<Link href="/feeds/new" className={`${buttonClass()} ml-auto`}>
						Add a feed
					</Link>
				)}
			</div>
			<FirstRun initial={progress} />
			<div className="overflow-x-auto rounded-md border border-line bg-panel">
				<table className="data">
					<thead>
						<tr>
							<th scope="col">Source</th>
							<th scope="col">State</th>
							<th scope="col" className="max-lg:hidden">
								30 days
							</th>
							<th scope="col" className="num">
								Listed
							</th>
							<th scope="col" className="num max-sm:hidden">
								Last good
							</th>
							<th scope="col" className="num max-lg:hidden">
								Next
							</th>
							<th scope="col" className="num max-lg:hidden">
								Every
							</th>
							<th scope="col" className="num max-lg:hidden">
								New / upd. / gone / aside
							</th>
							<th scope="col" className="max-sm:hidden">
								<span className="sr-only">Actions</span>
							</th>
						</tr>
					</thead>
					<tbody>
						{sources.map((source) => (
							<Row key={source.number} source={source} role={user.role} now={now} />
						))}
					</tbody>
				</table>
			</div>
		</>
	);
}
