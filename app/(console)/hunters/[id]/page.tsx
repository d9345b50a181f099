import type { Metadata } from "next";
import Link from "next/link";
import { DayChart } from "@/components/bars";
import { ActionButton } from "@/components/console/action-button";
import { AlertTable } from "@/components/hunters/alert-table";
import { defanged } from "@/components/hunters/defanged";
import { HitTable } from "@/components/hunters/hit-table";
import { HunterState, inSentence, isMuted } from "@/components/hunters/hunter-state";
import { HunterVerdict } from "@/components/hunters/hunter-verdict";
import { Pager } from "@/components/pager";
import { Time } from "@/components/time";
import { buttonClass } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { alertsOf, heldUp, slackState } from "@/lib/alerts";
import { xSearchTrouble } from "@/lib/health";
import { behindSince, listHits } from "@/lib/hunters";
import { hitDays } from "@/lib/hunters/hit-days";
import type { Hit, Hunter } from "@/lib/hunters/hunter";
import { kindOf } from "@/lib/hunters/kinds";
import { findHunter } from "../../../find-hunter";
import { pagePrincipal, type SearchParams, urlParams } from "../../../guard";
import { type PageOf, pageOf } from "../../../page-of";
import { dropHunterAlert, enableHunter, muteHunterForDay, resendHunterAlert } from "../actions";

type Props = { params: Promise<{ id: string }>; searchParams: SearchParams };

export const metadata: Metadata = { title: "Hunter" };

const HITS = 25;
const ALERTS = 20;

function Buttons({ hunter, now }: { hunter: Hunter; now: string }) {
	const { id, enabled, name } = hunter;
	const muted = isMuted(hunter, now);
	return (
		<>
			{/* One that is off tells nothing anyway. */}
			{enabled && <ActionButton key={`mute ${muted}`} action={muteHunterForDay.bind(null, id, !muted)} label={muted ? "Unmute" : "Mute for a day"} pendingLabel="Saving …" />}
			<ActionButton
				key={`switch ${enabled}`}
				action={enableHunter.bind(null, id, !enabled)}
				label={enabled ? "Switch off" : "Switch on"}
				pendingLabel="Saving …"
				{...(enabled ? { kind: "danger" as const, confirmation: `Switch ${name} off? What comes meanwhile is not held against it.` } : {})}
			/>
			<Link href={`/hunters/${id}/edit`} className={buttonClass("primary")}>
				Edit
			</Link>
		</>
	);
}

function Head({ hunter, analyst, now }: { hunter: Hunter; analyst: boolean; now: string }) {
	const { id, name, query, createdBy, createdAt, lastRunAt, hitCount } = hunter;
	return (
		<div className="flex flex-wrap items-start gap-x-4 gap-y-2">
			<div className="min-w-0">
				<h1 data-subject="" data-copy={query} data-defanged={query} className="text-lg font-semibold [overflow-wrap:anywhere]">
					<bdi>{defanged(name)}</bdi> <HunterState hunter={hunter} now={now} />
				</h1>
				<p className="text-sm text-ink-3">
					{kindOf(hunter.kind)?.title ?? hunter.kind} · made by {createdBy} <Time at={createdAt.toISOString()} now={now} as="date" /> · news last came{" "}
					<Time at={lastRunAt?.toISOString() ?? null} now={now} />
				</p>
			</div>
			<div className="flex flex-wrap gap-2 sm:ml-auto">
				{hitCount > 0 && (
					<a href={`/api/hunters/${id}/hits?format=csv`} className={buttonClass()} download="">
						CSV
					</a>
				)}
				{analyst && <Buttons hunter={hunter} now={now} />}
			</div>
		</div>
	);
}

/** Where the button of a message leads: it asks, and only the button here changes something. */
function MuteQuestion({ hunter, analyst, now }: { hunter: Hunter; analyst: boolean; now: string }) {
	if (isMuted(hunter, now) || !hunter.enabled) return null;
	return (
		<section aria-label="Mute" className="flex flex-wrap items-center gap-3 rounded-md border border-l-[3px] border-line border-l-accent bg-panel px-4 py-3">
			<p>
				<strong>Mute it for a day?</strong> Hits are kept and not told until then.
			</p>
			{analyst ? <ActionButton action={muteHunterForDay.bind(null, hunter.id, true)} label="Mute for a day" pendingLabel="Saving …" kind="primary" /> : <p className="text-ink-3">An analyst can.</p>}
			<Link href={`/hunters/${hunter.id}`} className={buttonClass()}>
				Leave it
			</Link>
		</section>
	);
}

interface HitsProps {
	hunter: Hunter;
	page: PageOf<Hit>;
	params: URLSearchParams;
	analyst: boolean;
	now: string;
}

function Hits({ hunter, page, params, analyst, now }: HitsProps) {
	const path = `/hunters/${hunter.id}`;
	if (typeof page === "string") {
		return (
			<Notice title="This is no page of its hits">
				<p>{page}</p>
				<p>
					<Link href={path}>Begin at the newest</Link>
				</p>
			</Notice>
		);
	}
	if (page.rows.length === 0) {
		return (
			<Notice title="No hits yet">
				<p>
					{hunter.enabled ? "Whatever comes from now on is held against it." : "It is switched off."}
					{analyst && (
						<>
							{" "}
							<Link href={`${path}/edit`}>Try it on the last 30 days</Link> to see what it would have found.
						</>
					)}
				</p>
			</Notice>
		);
	}
	const deep = params.get("cursor") !== null;
	return (
		<>
			<Panel id="hits" title="Hits" aside={deep ? <Link href={`${path}#hits`}>back to the newest</Link> : `${hunter.hitCount.toLocaleString("en")}, newest first`}>
				<HitTable hits={page.rows} now={now} />
			</Panel>
			{(page.next !== null || deep) && <Pager path={path} params={params} next={page.next} previous={null} />}
		</>
	);
}

export default async function OneHunterPage({ params, searchParams }: Props) {
	const { user } = await pagePrincipal();
	const hunter = await findHunter((await params).id);
	const asked = await urlParams(searchParams);
	const kind = kindOf(hunter.kind);
	const [hits, alerts, days, slack, held, xTrouble, behind] = await Promise.all([
		pageOf((page) => listHits(hunter.id, page), HITS, asked.get("cursor")),
		pageOf((page) => alertsOf(hunter.id, page), ALERTS, asked.get("alerts")),
		hitDays([hunter.id]),
		slackState(),
		heldUp(),
		hunter.kind === "twitter" && hunter.enabled ? xSearchTrouble(hunter.name) : null,
		kind !== undefined && hunter.enabled ? behindSince(kind.tracker) : null,
	]);
	const now = new Date().toISOString();
	const analyst = user.role !== "viewer";
	return (
		<>
			<Head hunter={hunter} analyst={analyst} now={now} />
			{asked.get("mute") === "day" && <MuteQuestion hunter={hunter} analyst={analyst} now={now} />}
			<HunterVerdict
				hunter={hunter}
				kind={inSentence(kind?.title ?? hunter.kind)}
				now={now}
				slackReady={slack.configured && slack.gate === null}
				heldUp={held.has(hunter.id)}
				xTrouble={xTrouble}
				behindSince={behind}
			/>
			{hunter.hitCount > 0 && <DayChart days={days.get(hunter.id) ?? []} now={now} label="hits" />}
			<Hits hunter={hunter} page={hits} params={asked} analyst={analyst} now={now} />
			{typeof alerts !== "string" && alerts.rows.length > 0 && (
				<Panel
					id="alerts"
					title="Alerts"
					aside={
						alerts.next === null ? (
							"newest first"
						) : (
							<Link href={`/hunters/${hunter.id}?alerts=${alerts.next}#alerts`} className="text-accent">
								older
							</Link>
						)
					}
				>
					<AlertTable alerts={alerts.rows} now={now} act={analyst ? { resend: resendHunterAlert, drop: dropHunterAlert } : null} />
				</Panel>
			)}
		</>
	);
}
