import type { Metadata } from "next";
import Link from "next/link";
import { AlertTable } from "@/components/hunters/alert-table";
import { AsidePanel } from "@/components/hunters/aside-panel";
import { SlackPanel } from "@/components/hunters/slack-panel";
import { buttonClass } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { alertsOf, slackState } from "@/lib/alerts";
import { ExistError } from "@/lib/errors";
import { listHunters, setAside } from "@/lib/hunters";
import type { Hunter } from "@/lib/hunters/hunter";
import { pagePrincipal, type SearchParams, urlParams } from "../../../guard";
import { dropHunterAlert, resendHunterAlert, retryNews } from "../actions";

export const metadata: Metadata = { title: "Slack and alerts" };

const ROWS = 30;

async function ofInstallation(params: URLSearchParams) {
	try {
		return await alertsOf(null, { limit: ROWS, ...(params.has("cursor") ? { cursor: params.get("cursor") ?? "" } : {}) });
	} catch (error) {
		if (error instanceof ExistError && error.code === "invalid") return error.message;
		throw error;
	}
}

/** Hunters whose alerts were not sent, each with the way to them. */
function Open({ hunters }: { hunters: readonly Hunter[] }) {
	const open = hunters.filter(({ alerts: { pending, unknown, failed } }) => pending + unknown + failed > 0);
	if (open.length === 0) return null;
	return (
		<Panel title="Alerts of hunters that were not sent">
			<ul>
				{open.map(({ id, name, alerts: { pending, unknown, failed } }) => (
					<li key={id} className="flex flex-wrap justify-between gap-x-4 border-t border-line px-4 py-1.5 first:border-t-0">
						<Link href={`/hunters/${id}#alerts`} className="[overflow-wrap:anywhere] hover:underline" data-row="">
							<bdi>{name}</bdi>
						</Link>
						<span className={unknown + failed > 0 ? "text-warn" : "text-ink-2"}>
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

/** How Slack is connected, and what of this installation itself is told there: sources in trouble. */
export default async function AlertsPage({ searchParams }: { searchParams: SearchParams }) {
	const { user } = await pagePrincipal();
	const params = await urlParams(searchParams);
	const [state, hunters, alerts, aside] = await Promise.all([slackState(), listHunters(), ofInstallation(params), setAside()]);
	const now = new Date().toISOString();
	return (
		<>
			<div className="flex flex-wrap items-center gap-x-3 gap-y-2">
				<h1 className="text-lg font-semibold">Slack and alerts</h1>
				<p className="text-ink-3">Where hits and sources in trouble are told</p>
				<Link href="/hunters" className={`${buttonClass()} ml-auto`}>
					Hunters
				</Link>
			</div>
			<SlackPanel state={state} now={now} />
			<Open hunters={hunters} />
			{aside.length > 0 && <AsidePanel aside={aside} now={now} retry={user.role === "viewer" ? null : retryNews} />}
			{typeof alerts === "string" ? (
				<Notice title="This is no page of the alerts">
					<p>{alerts}</p>
				</Notice>
			) : (
				alerts.rows.length > 0 && (
					<Panel
						title="Sources in trouble"
						aside={
							alerts.next === null ? (
								"newest first"
							) : (
								<Link href={`/hunters/alerts?cursor=${alerts.next}`} className="text-accent">
									older
								</Link>
							)
						}
					>
						<AlertTable alerts={alerts.rows} now={now} act={user.role === "viewer" ? null : { resend: resendHunterAlert, drop: dropHunterAlert }} />
					</Panel>
				)
			)}
		</>
	);
}
