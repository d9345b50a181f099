import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { ActionButton } from "@/components/console/action-button";
import { HealthCells } from "@/components/health-cells";
import { LimitTable } from "@/components/limit-table";
import { RunTable, SetAsideTable } from "@/components/run-table";
import { StateBadge } from "@/components/source-state";
import { Time } from "@/components/time";
import { buttonClass } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { type Role, roleAllows } from "@/lib/auth";
import { runDetail, type SourceHealth, sourceRuns } from "@/lib/health";
import { ADDED_NUMBERS } from "@/lib/sources";
import { trackers } from "@/lib/trackers";
import { healthNow } from "../../../frame-data";
import { pagePrincipal } from "../../../guard";
import { decideHeld, enableSource, runNow } from "../actions";

type Props = { params: Promise<{ slug: string }> };

async function find(slug: string): Promise<SourceHealth | undefined> {
	return (await healthNow()).find((source) => source.id === slug || String(source.number) === slug);
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
	return { title: `Source ${(await params).slug.slice(0, 60)}` };
}

function Header({ source, role, now }: { source: SourceHealth; role: Role; now: string }) {
	return (
		<div className="flex flex-wrap items-start gap-x-4 gap-y-2">
			<div>
				<h1 className="text-lg font-semibold">
					{source.name} <StateBadge state={source.running === null ? source.state : "running"} stale={source.stale} />
				</h1>
				<p className="text-sm text-ink-3">
					number {source.number} ·{" "}
					{source.tracker === "reputation"
						? `${source.present.toLocaleString("en")} listed now, ${source.sightings.toLocaleString("en")} ever`
						: `${source.sightings.toLocaleString("en")} ${source.sightings === 1 ? "record" : "records"}`}{" "}
					· last good <Time at={source.lastOkAt?.toISOString() ?? null} now={now} />
					{source.failures > 0 && ` · ${source.failures} bad ${source.failures === 1 ? "run" : "runs"} in a row`}
				</p>
				{source.reason !== null && <p className="mt-1 max-w-[80ch] text-ink-2">{source.reason}</p>}
			</div>
			<div className="ml-auto flex flex-wrap gap-2">
				<Link href={`${trackers.find(({ name }) => name === source.tracker)?.path ?? "/reputation"}?source=${source.number}`} className={buttonClass()}>
					{source.tracker === "reputation" ? "What it lists" : "Its records"}
				</Link>
				{source.number >= ADDED_NUMBERS.first && roleAllows(role, "analyst") && (
					<Link href={`/feeds/${source.number}`} className={buttonClass()}>
						Edit
					</Link>
				)}
				{source.enabled && source.state !== "no-key" && roleAllows(role, "analyst") && (
					<ActionButton action={runNow.bind(null, source.number)} label="Run now" pendingLabel="Asking …" kind="primary" />
				)}
				{roleAllows(role, "administrator") && (
					<ActionButton
						action={enableSource.bind(null, source.number, !source.enabled)}
						label={source.enabled ? "Disable" : "Enable"}
						pendingLabel="Saving …"
						{...(source.enabled ? { kind: "danger" as const, confirmation: `Disable ${source.name}? What it listed stays in the index.` } : {})}
					/>
				)}
			</div>
		</div>
	);
}

function Held({ source, role }: { source: SourceHealth; role: Role }) {
	if (source.heldRun === null) return null;
	return (
		<section className="rounded-md border border-l-[3px] border-line border-l-warn bg-panel px-4 py-3">
			<p className="mb-2">
				<strong>A new list waits for a decision.</strong> {source.reason}
			</p>
			{roleAllows(role, "administrator") ? (
				<div className="flex flex-wrap gap-2">
					<ActionButton
						action={decideHeld.bind(null, source.number, "accept")}
						label="Take the new rows"
						pendingLabel="Taking over …"
						confirmation="Take the new rows? What is missing from them counts as gone."
					/>
					<ActionButton action={decideHeld.bind(null, source.number, "reject")} label="Keep old rows" pendingLabel="Keeping …" kind="primary" />
				</div>
			) : (
				<p className="text-sm text-ink-3">An administrator can decide.</p>
			)}
		</section>
	);
}

export default async function SourcePage({ params }: Props) {
	const { user } = await pagePrincipal();
	const source = await find((await params).slug);
	if (source === undefined) notFound();
	const runs = await sourceRuns(source.number, 30);
	const newest = runs.find(({ setAside }) => setAside > 0);
	const detail = newest === undefined ? null : await runDetail(newest.run);
	const now = new Date().toISOString();
	return (
		<>
			<Header source={source} role={user.role} now={now} />
			<Held source={source} role={user.role} />
			<div className="rounded-md border border-line bg-panel px-4 py-3">
				<HealthCells days={source.days} today={now} name={source.name} />
				<p className="mt-1 flex justify-between text-xs text-ink-3">
					<span>30 days ago</span>
					<span>today</span>
				</p>
			</div>
			<p className="text-sm text-ink-2">
				<a href={source.homepage} target="_blank" rel="noopener noreferrer" className="text-accent underline">
					{new URL(source.homepage).hostname} ↗
				</a>{" "}
				· terms: {source.licence.name}. {source.licence.attribution}
			</p>
			{source.limits.length > 0 && (
				<Panel title="Credentials" aside="as the provider said when each was last asked">
					<LimitTable limits={source.limits} now={now} />
				</Panel>
			)}
			<Panel title="Runs" aside="newest first">
				<RunTable runs={runs} now={now} />
			</Panel>
			{detail !== null && (
				<Panel
					title="Rows that could not be used"
					aside={`${detail.setAside.toLocaleString("en")} at the last run that had some${detail.setAside > detail.setAsideRows.length ? `, the first ${detail.setAsideRows.length} are kept` : ""}`}
				>
					<SetAsideTable rows={detail.setAsideRows.slice(0, 100)} />
				</Panel>
			)}
		</>
	);
}
