import type { Metadata } from "next";
import Link from "next/link";
import { ActionButton } from "@/components/console/action-button";
import { FirstRun } from "@/components/console/first-run";
import { HealthCells } from "@/components/health-cells";
import { StateBadge } from "@/components/source-state";
import { Time } from "@/components/time";
import { buttonClass } from "@/components/ui/button";
import { type DataColumn, DataTable } from "@/components/ui/data-table";
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

function columns(role: Role, now: string): ReadonlyArray<DataColumn<SourceHealth>> {
	const time = (at: Date | null) => <Time at={at?.toISOString() ?? null} now={now} />;
	const quiet = { align: "right", className: "text-ink-2" } as const;
	return [
		{
			header: "Source",
			className: "min-w-[11rem]",
			cell: ({ id, name, reason }) => (
				<>
					<Link href={`/sources/${id}`} data-row="" className="font-medium hover:underline">
						{name}
					</Link>
					{reason !== null && <p className="max-w-[34rem] text-sm text-ink-3">{reason}</p>}
				</>
			),
		},
		{ header: "State", cell: ({ running, state, stale }) => <StateBadge state={running === null ? state : "running"} stale={stale} /> },
		{ header: "30 days", hide: "narrow", className: "w-[180px] min-w-[110px]", cell: ({ days, name }) => <HealthCells days={days} today={now} name={name} /> },
		{ header: "Listed", align: "right", cell: ({ present }) => present.toLocaleString("en") },
		{ header: "Last good", hide: "phone", ...quiet, cell: ({ lastOkAt }) => time(lastOkAt) },
		{ header: "Next", hide: "narrow", ...quiet, cell: ({ nextRunAt }) => (nextRunAt === null ? "–" : nextRunAt.toISOString() <= now ? "due" : time(nextRunAt)) },
		{ header: "Every", hide: "narrow", ...quiet, cell: ({ everyMinutes }) => every(everyMinutes) },
		{
			header: "New / upd. / gone / aside",
			hide: "narrow",
			...quiet,
			cell: ({ lastRun }) =>
				lastRun === null ? (
					"–"
				) : (
					<span title="new, updated, delisted, set aside at the last run">
						{[lastRun.new, lastRun.updated, lastRun.delisted, lastRun.setAside].map((count) => count.toLocaleString("en")).join(" / ")}
					</span>
				),
		},
		{ header: "Actions", unseen: true, hide: "phone", cell: (source) => <Actions source={source} role={role} /> },
	];
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
			<DataTable framed rows={sources} keyOf={({ number }) => number} columns={columns(user.role, now)} />
		</>
	);
}
