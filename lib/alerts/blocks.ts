import type { KnownBlock } from "@slack/web-api";
import { inert } from "./text";

type Button = Extract<Extract<KnownBlock, { type: "actions" }>["elements"][number], { type: "button" }>;

/** Slack's own limits, in characters. */
const HEADER = 150;
export const SECTION = 3000;

/** A heading of untrusted text. */
export function header(text: string): KnownBlock {
	return { type: "header", text: { type: "plain_text", text: inert(text, HEADER) || "(no title)", emoji: false } };
}

/** Lines that are safe already, as many as fit. `verbatim`: Slack makes no links or mentions of what it finds. */
export function section(lines: readonly string[], accessory?: Button): KnownBlock {
	let text = "";
	for (const line of lines) {
		if (text.length + line.length + 1 > SECTION) break;
		text += text === "" ? line : `\n${line}`;
	}
	return { type: "section", text: { type: "mrkdwn", text, verbatim: true }, ...(accessory === undefined ? {} : { accessory }) };
}

/** Small print, safe already. */
export function context(text: string): KnownBlock {
	return { type: "context", elements: [{ type: "mrkdwn", text: text.slice(0, SECTION), verbatim: true }] };
}

/** A button that opens a page of ours; undefined without an address of this installation. */
export function linkButton(label: string, publicUrl: string | null, path: string, action: string): Button | undefined {
	if (publicUrl === null) return undefined;
	// Paths come from records, but a page of ours is all they may lead to.
	const base = new URL(publicUrl);
	const url = URL.canParse(publicUrl + path) ? new URL(publicUrl + path) : base;
	if (url.origin !== base.origin || url.href.length > SECTION) return undefined;
	return { type: "button", text: { type: "plain_text", text: label, emoji: false }, url: url.href, action_id: action };
}

/** A button that mutes a hunter at once, after a question. */
export function muteButton(hunter: string): Button {
	return {
		type: "button",
		text: { type: "plain_text", text: "Mute for a day", emoji: false },
		action_id: "mute_day",
		value: hunter,
		confirm: {
			title: { type: "plain_text", text: "Mute this hunter?" },
			text: { type: "plain_text", text: "For 24 hours its hits are kept and not told. It can be switched back on its page." },
			confirm: { type: "plain_text", text: "Mute" },
			deny: { type: "plain_text", text: "Cancel" },
		},
	};
}

export function actions(buttons: ReadonlyArray<Button | undefined>): KnownBlock[] {
	const elements = buttons.filter((button) => button !== undefined);
	return elements.length === 0 ? [] : [{ type: "actions", elements }];
}
