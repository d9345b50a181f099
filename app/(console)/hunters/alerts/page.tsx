import type { Metadata } from "next";
import Link from "next/link";
import { AlertTable } from "@/components/hunters/alert-table";
import { AsidePanel } from "@/components/hunters/aside-panel";
import { defanged } from "@/components/hunters/defanged";
import { SlackPanel } from "@/components/hunters/slack-panel";
import { buttonClass } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { alertsOf, heldUp, latestAlerts, type ShownAlert, slackState } from "@/lib/alerts";
import { isDemo } from "@/lib/health";
import { listHunters, setAside } from "@/lib/hunters";
import type { Hunter } from "@/lib/hunters/hunter";
import { pagePrincipal, type SearchParams, urlParams } from "../../../guard";
import { type PageOf, pageOf } from "../../../page-of";
import { dropHunterAlert, resendHunterAlert, retryNews } from "../actions";

export const metadata: Metadata = { title: "Slack and alerts" };

const ROWS = 20;

/** Hunters whose alerts were not sent, each with the way to them. */
function Open({ hunters, held }: { hunters: readonly Hunter[]; held: ReadonlySet<string> }) {
	const open = hunters.filter(({ alerts: { pending, unknown, failed } }) => pending + unknown + failed > 0);
	if (open.length === 0) return null;
	return (
		<Panel title="Alerts of hunters that were not sent">
			<ul>
				{open.map(({ id, name, alerts: { pending, unknown, failed } }) => (
					<li key={id} className="flex flex-wrap justify-between gap-x-4 border-t border-line px-4 py-1.5 first:border-t-0">
						<Link href={`/hunters/${id}#alerts`} className="[overflow-wrap:anywhere] hover:underline" data-row="">
							<bdi>{defanged(name)}</bdi>
						</Link>
						<span className={unknown + failed > 0 || held.has(id) ? "text-warn" : "text-ink-2"}>
							{[pending > 0 ? `${pending.toLocaleString("en")} waiting` : "", unknown > 0 ? `${unknown.toLocaleString("en")} unknown` : "", failed > 0 ? `${failed.toLocaleString("en")} failed` : ""]
								.filter((part) => part !== "")
								.join(", ")}
						</span>
					</li>
				))}
			</ul>
		</Panel>
	);
}

interface ListProps {
	page: PageOf<ShownAlert>;
	title: string;
	/** what is said where there is none */
	empty: string;
	/** the parameter that holds where its page begins */
	parameter: "alerts" | "cursor";
	params: URLSearchParams;
	mayAct: boolean;
	now: string;
}

function List({ page, title, empty, parameter, params, mayAct, now }: ListProps) {
	if (typeof page === "string") {
		return (
			<Notice title="This is no page of the alerts">
				<p>{page}</p>
				<p>
					<Link href="/hunters/alerts">Begin at the newest</Link>
				</p>
			</Notice>
		);
	}
	const { rows, next } = page;
	const to = new URLSearchParams(params);
	if (next !== null) to.set(parameter, next);
	const older = (
		<Link href={`/hunters/alerts?${to}#${parameter}`} className="text-accent">
			older
		</Link>
	);
	return (
		<Panel id={parameter} title={title} aside={next === null ? "newest first" : older}>
			{rows.length === 0 ? <p className="px-4 py-3 text-ink-2">{empty}</p> : <AlertTable alerts={rows} now={now} act={mayAct ? { resend: resendHunterAlert, drop: dropHunterAlert } : null} />}
		</Panel>
	);
}

/** How Slack is connected, what hunters told of late, and what of this installation itself is told there: sources in trouble. */
export default async function AlertsPage({ searchParams }: { searchParams: SearchParams }) {
	const { user } = await pagePrincipal();
	const params = await urlParams(searchParams);
	const [state, hunters, held, latest, sources, aside] = await Promise.all([
		slackState(),
		listHunters(),
		heldUp(),
		pageOf(latestAlerts, ROWS, params.get("alerts")),
		pageOf((asked) => alertsOf(null, asked), ROWS, params.get("cursor")),
		setAside(),
	]);
	const now = new Date().toISOString();
	const shared = { params, now, mayAct: user.role !== "viewer" };
	return (
		<>
			<div className="flex flex-wrap items-center gap-x-3 gap-y-2">
				<h1 className="text-lg font-semibold">Slack and alerts</h1>
				<p className="text-ink-3">Where hits and sources in trouble are told</p>
				<Link href="/hunters" className={`${buttonClass()} ml-auto`}>
					Hunters
				</Link>
			</div>
			<SlackPanel state={state} demo={isDemo()} now={now} />
			<Open hunters={hunters} held={held} />
			{aside.length > 0 && <AsidePanel aside={aside} now={now} retry={user.role === "viewer" ? null : retryNews} />}
			<List
				{...shared}
				page={latest}
				title="Alerts of hunters"
				empty="Nothing was told yet. What a hunter finds stands here with what became of it, to Slack and to webhooks alike."
				parameter="alerts"
			/>
			<List
				{...shared}
				page={sources}
				title="Sources in trouble"
				empty="Nothing was told of sources yet: one is told of when it has been failing for two runs or an hour, and when it is well again."
				parameter="cursor"
			/>
		</>
	);
}
