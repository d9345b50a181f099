import type { Metadata } from "next";
import Link from "next/link";
import { inSentence, isMuted } from "@/components/hunters/hunter-state";
import { HunterTable, type ListedHunter } from "@/components/hunters/hunter-table";
import { Time } from "@/components/time";
import { buttonClass } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { heldUp, type SlackState, slackState } from "@/lib/alerts";
import { type JudgeStanding, judgeStanding, listHunters } from "@/lib/hunters";
import { hitDays } from "@/lib/hunters/hit-days";
import { hunterKinds, kindOf } from "@/lib/hunters/kinds";
import { pagePrincipal, type SearchParams, urlParams } from "../../guard";

export const metadata: Metadata = { title: "Hunters" };

async function listed(): Promise<ListedHunter[]> {
	const [hunters, held] = await Promise.all([listHunters(), heldUp()]);
	const days = await hitDays(hunters.map(({ id }) => id));
	return hunters.map((hunter) => ({ ...hunter, days: days.get(hunter.id) ?? [], heldUp: held.has(hunter.id), watches: kindOf(hunter.kind)?.title ?? hunter.kind }));
}

function counted(count: number, one: string, many: string): string {
	return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** What keeps news from being judged, where something does. */
function Trouble({ standing: { isBehind, oldest, aside }, now }: { standing: JudgeStanding; now: string }) {
	return (
		<>
			{isBehind && (
				<span className="text-warn">
					{" "}
					News waits since <Time at={oldest?.toISOString() ?? null} now={now} />: the jobs do not run, or fail.
				</span>
			)}
			{aside > 0 && (
				<>
					{" "}
					<Link href="/hunters/alerts#aside" className="text-warn underline decoration-line-strong">
						{counted(aside, "batch", "batches")} of news could not be judged
					</Link>
					.
				</>
			)}
		</>
	);
}

function Sum({ hunters, slack, standing, now }: { hunters: readonly ListedHunter[]; slack: SlackState; standing: JudgeStanding; now: string }) {
	const off = hunters.filter(({ enabled }) => !enabled).length;
	const failing = hunters.filter(({ state, enabled }) => enabled && state === "failing").length;
	const hits = hunters.reduce((sum, { days }) => sum + days.reduce((all, { count }) => all + count, 0), 0);
	const today = hunters.reduce((sum, { days }) => sum + (days.at(-1)?.count ?? 0), 0);
	const muted = hunters.filter((hunter) => hunter.enabled && isMuted(hunter, now)).length;
	const held = hunters.some(({ heldUp }) => heldUp);
	const open = [
		...(slack.pending > 0 ? [`${slack.pending.toLocaleString("en")} waiting`] : []),
		...(slack.failed + slack.unknown > 0 ? [`${(slack.failed + slack.unknown).toLocaleString("en")} to be looked at`] : []),
	];
	const why = !slack.configured ? "Slack is not connected" : (slack.gate?.reason ?? "");
	return (
		<div
			className={`rounded-md border border-l-[3px] border-line bg-panel px-4 py-2.5 text-[14.5px] leading-relaxed ${failing > 0 || held || slack.failed + slack.unknown > 0 || standing.isBehind || standing.aside > 0 ? "border-l-warn" : "border-l-line-strong"}`}
		>
			<strong>{counted(hunters.length - off, "hunter watches", "hunters watch")}</strong>
			{muted > 0 && <span className="text-warn">, {muted === 1 && hunters.length - off === 1 ? "muted" : `${muted.toLocaleString("en")} of them muted`}</span>}
			{off > 0 && `, ${off} ${off === 1 ? "is" : "are"} off`}
			{failing > 0 && <span className="text-warn">, {counted(failing, "fails", "fail")}</span>}. <strong>{counted(hits, "hit", "hits")}</strong> in 30 days, {today.toLocaleString("en")} of them today.
			{open.length > 0 && (
				<>
					{" "}
					<Link href="/hunters/alerts" className={`underline decoration-line-strong ${held || slack.failed + slack.unknown > 0 ? "text-warn" : ""}`}>
						Alerts: {open.join(", ")}
					</Link>
					.
				</>
			)}
			<Trouble standing={standing} now={now} />
			{why !== "" && (
				<span className={slack.configured ? "text-warn" : "text-ink-3"}>
					{" "}
					{why.replace(/\.$/, "")}: <Link href="/hunters/alerts">what it needs</Link>.
				</span>
			)}
		</div>
	);
}

/** Nothing to list: why that is so, and one next step. */
function Nothing({ kind, analyst }: { kind: string | null; analyst: boolean }) {
	const title = kind === null ? null : (kindOf(kind)?.title ?? null);
	return (
		<Notice title={title === null ? "Nothing is watched yet" : `No hunter watches ${inSentence(title)}`}>
			<p>
				A hunter is a saved query. Whatever is new or changes is held against it within a minute; what it finds is kept here and told once, in Slack or to a webhook. Before it is saved it can be tried
				on the last 30 days.
			</p>
			{analyst ? (
				<p>
					<Link href={`/hunters/new${kind === null ? "" : `?kind=${kind}`}`}>{kind === null ? "Make the first hunter" : "Make one"}</Link>
				</p>
			) : (
				<p>Analysts can make one. You will see what it finds.</p>
			)}
		</Notice>
	);
}

function KindChoice({ hunters, chosen }: { hunters: readonly ListedHunter[]; chosen: string | null }) {
	const choices = [{ id: null, title: "All", count: hunters.length }, ...hunterKinds.map(({ id, title }) => ({ id, title, count: hunters.filter(({ kind }) => kind === id).length }))];
	return (
		<nav aria-label="Kinds" className="flex flex-wrap gap-2">
			{choices.map(({ id, title, count }) => (
				<Link
					key={title}
					href={id === null ? "/hunters" : `/hunters?kind=${id}`}
					aria-current={id === chosen ? "page" : undefined}
					className={`${buttonClass()} aria-[current]:border-accent aria-[current]:bg-accent-soft`}
				>
					{title} <span className="mono text-xs text-ink-3">{count}</span>
				</Link>
			))}
		</nav>
	);
}

export default async function HuntersPage({ searchParams }: { searchParams: SearchParams }) {
	const { user } = await pagePrincipal();
	const chosen = kindOf((await urlParams(searchParams)).get("kind") ?? "")?.id ?? null;
	const [hunters, slack, standing] = await Promise.all([listed(), slackState(), judgeStanding()]);
	const now = new Date().toISOString();
	const analyst = user.role !== "viewer";
	const shown = hunterKinds.filter(({ id }) => chosen === null || id === chosen).flatMap(({ id }) => hunters.filter(({ kind }) => kind === id));
	const isEmpty = shown.length === 0;
	return (
		<>
			<div className="flex flex-wrap items-center gap-x-3 gap-y-2">
				<h1 className="text-lg font-semibold">Hunters</h1>
				<p className="text-ink-3">Saved queries that new and changed records are held against</p>
				<div className="ml-auto flex gap-2">
					<Link href="/hunters/alerts" className={buttonClass()}>
						Slack and alerts
					</Link>
					{analyst && !(isEmpty && chosen === null) && (
						<Link href={`/hunters/new${chosen === null ? "" : `?kind=${chosen}`}`} className={buttonClass("primary")}>
							New hunter
						</Link>
					)}
				</div>
			</div>
			{hunters.length > 0 && <Sum hunters={hunters} slack={slack} standing={standing} now={now} />}
			{hunters.length > 0 && <KindChoice hunters={hunters} chosen={chosen} />}
			{isEmpty ? <Nothing kind={chosen} analyst={analyst} /> : <HunterTable hunters={shown} kinds={chosen === null} now={now} />}
		</>
	);
}
