import type { ReactNode } from "react";
import type { SlackState } from "@/lib/alerts/state";
import { Time } from "../time";
import { Badge } from "../ui/badge";
import { Panel } from "../ui/panel";

function Row({ name, children }: { name: string; children: ReactNode }) {
	return (
		<div className="grid grid-cols-[9rem_minmax(0,1fr)] gap-3 border-t border-line px-4 py-1.5 first:border-t-0 max-sm:grid-cols-[7rem_minmax(0,1fr)]">
			<dt className="text-ink-3">{name}</dt>
			<dd className="min-w-0">{children}</dd>
		</div>
	);
}

/** Whether Slack is connected and what it lacks. Names of variables only: what they hold is never shown. `demo`: it is the demonstration's own. */
export function SlackPanel({ state, demo, now }: { state: SlackState; demo: boolean; now: string }) {
	const { configured, gate, operations, buttons } = state;
	return (
		<Panel title="Slack" aside={configured ? "as this installation is set up" : "alerts wait until it is connected"}>
			<dl>
				<Row name="Connection">
					{!configured ? (
						<>
							<Badge>not connected</Badge> <span className="text-ink-2">SLACK_TOKEN is not set. With the bot token of an app in your workspace alerts go out, those that wait as well.</span>
						</>
					) : gate === null ? (
						<>
							<Badge tone="info">connected</Badge>
							{demo && <span className="text-ink-2"> to a stand-in of the demonstration: what is sent stays on this machine and is forgotten when it ends.</span>}
						</>
					) : (
						<>
							<Badge tone="warn">closed</Badge> <span className="text-ink-2">{gate.reason}</span>
							<span className="text-ink-3">
								{" "}
								Asked again <Time at={gate.until.toISOString()} now={now} />.
							</span>
						</>
					)}
				</Row>
				<Row name="Mute button">{buttons ? "works in Slack" : <span className="text-ink-2">leads to the hunter’s page; with SLACK_SIGNING_SECRET it works in Slack itself</span>}</Row>
				<Row name="Sources in trouble">{operations === null ? <span className="text-ink-2">not told; SLACK_CHANNEL names the channel</span> : `told in #${operations}`}</Row>
			</dl>
		</Panel>
	);
}
