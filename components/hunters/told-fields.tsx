"use client";

import { useState } from "react";
import { Panel } from "../ui/panel";

export interface ToldStart {
	slack: boolean;
	/** as a person named it; empty: made of the name */
	channel: string;
	webhookHost: string | null;
	digestOver: string;
}

interface Props {
	start: ToldStart;
	/** where its hits would go, as the server says */
	channelInForce: string | null;
	onChannel: (channel: string) => void;
	onDigest: (digestOver: string) => void;
	fault: string | null;
	slackReady: boolean;
}

function Webhook({ host, isInvalid }: { host: string | null; isInvalid: boolean }) {
	const [forget, setForget] = useState(false);
	return (
		<div className="sm:col-span-2">
			<label className="block text-sm text-ink-2">
				Webhook
				<input
					name="webhook"
					inputMode="url"
					disabled={forget}
					placeholder={host === null ? "https://soc.example.com/hook" : `https://${host}/…`}
					className="field mt-0.5 block h-8 w-full aria-invalid:border-bad"
					aria-invalid={isInvalid || undefined}
					autoComplete="off"
					spellCheck={false}
				/>
			</label>
			<p className="mt-0.5 text-xs text-ink-3">
				{host === null ? "Takes every hit as signed JSON. The address is kept sealed and not shown again." : `One at ${host} is stored; leave this empty to keep it.`}
			</p>
			{host !== null && (
				<label className="mt-1 flex items-center gap-2 text-sm text-ink-2">
					<input type="checkbox" name="forgetWebhook" checked={forget} onChange={(event) => setForget(event.target.checked)} /> remove the stored webhook
				</label>
			)}
		</div>
	);
}

/** Where hits are told: Slack, a webhook, and from how many on in one message. */
export function ToldFields({ start, channelInForce, onChannel, onDigest, fault, slackReady }: Props) {
	const [slack, setSlack] = useState(start.slack);
	return (
		<Panel title="Where hits are told">
			<div className="grid gap-x-4 gap-y-3 px-4 py-3 sm:grid-cols-2">
				<label className="flex items-center gap-2 text-sm text-ink-2 sm:col-span-2">
					<input type="checkbox" name="slack" checked={slack} onChange={(event) => setSlack(event.target.checked)} /> tell them in Slack
					{slack && !slackReady && <span className="text-warn">— it is not connected yet: alerts wait until it is</span>}
				</label>
				<div>
					<label className="block text-sm text-ink-2">
						Channel
						<input
							name="channel"
							defaultValue={start.channel}
							onChange={(event) => onChannel(event.target.value)}
							placeholder={channelInForce === null ? "th-name" : channelInForce}
							className="field mt-0.5 block h-8 w-full aria-invalid:border-bad"
							aria-invalid={fault === "channel" || undefined}
							aria-describedby="hunter-channel"
							autoComplete="off"
							spellCheck={false}
						/>
					</label>
					<p id="hunter-channel" className="mt-0.5 text-xs text-ink-3 [overflow-wrap:anywhere]">
						{!slack ? (
							"not told in Slack"
						) : channelInForce === null ? (
							"empty: made of the name"
						) : (
							<>
								goes to #{channelInForce}, which {channelInForce.startsWith("th-") ? "is made where it is missing" : "has to be there"}
							</>
						)}
					</p>
				</div>
				<label className="text-sm text-ink-2">
					Hits told one by one, at most
					<input
						name="digestOver"
						inputMode="numeric"
						defaultValue={start.digestOver}
						onChange={(event) => onDigest(event.target.value)}
						className="field mt-0.5 block h-8 w-full aria-invalid:border-bad"
						aria-invalid={fault === "digestOver" || undefined}
					/>
					<span className="mt-0.5 block text-xs text-ink-3">more at a time become one message; 1 to 1,000</span>
				</label>
				<Webhook host={start.webhookHost} isInvalid={fault === "webhook"} />
			</div>
		</Panel>
	);
}
