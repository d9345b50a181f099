import type { WebClient } from "@slack/web-api";
import { findChannel, joinChannel, joinNamed, missingChannel } from "./channels";
import type { SlackMessage } from "./message";
import { aboutOf, adviceOf, type Refused } from "./refusals";
import { type SlackFault, slackFault } from "./slack-client";

/** Type of the metadata that carries an alert's id. */
export const EVENT_TYPE = "exist_alert";

export interface PostInput {
	/** 32 hex; undefined for tests, which nobody looks for */
	id?: string;
	/** without `#` */
	channel: string;
	/** where it went before */
	channelId: string | null;
	message: (cut: boolean) => SlackMessage;
	/** called before every request that may become a message; false: somebody else has the alert, nothing is sent */
	fence: () => Promise<boolean>;
}

export type Posted = { ok: true; channelId: string; ts: string; cut: boolean } | { ok: false; fault: SlackFault } | { ok: false; fault: null };

/** What was tried already, so that each remedy is tried once. */
interface Attempt {
	to: string;
	cut: boolean;
	signed: boolean;
	tried: Set<string>;
}

async function once(client: WebClient, input: PostInput, { to, cut, signed }: Attempt): Promise<Posted> {
	if (!(await input.fence())) return { ok: false, fault: null };
	const { text, blocks, username, icon_emoji } = input.message(cut);
	try {
		const answer = await client.chat.postMessage({
			channel: to,
			text,
			blocks,
			...(signed ? { username, icon_emoji } : {}),
			parse: "none",
			link_names: false,
			unfurl_links: false,
			unfurl_media: false,
			...(input.id === undefined ? {} : { metadata: { event_type: EVENT_TYPE, event_payload: { id: input.id } } }),
		});
		return { ok: true, channelId: answer.channel ?? (to.startsWith("#") ? "" : to), ts: answer.ts ?? "", cut };
	} catch (error) {
		return { ok: false, fault: slackFault(error) };
	}
}

/** The message itself was refused, so no remedy's lost answer can have made one: it is simply tried again. */
function unposted(fault: SlackFault): SlackFault {
	return fault.kind === "lost" || fault.kind === "doubtful" ? { kind: "limited", seconds: null, words: fault.words } : fault;
}

/** What can be done about a refusal: the next attempt, or the fault as it is told. */
async function remedy(client: WebClient, input: PostInput, attempt: Attempt, fault: Refused): Promise<Attempt | SlackFault> {
	const { code, needed } = fault;
	const told = { ...fault, words: adviceOf(fault, input.channel) };
	const first = (what: string): boolean => !attempt.tried.has(what) && attempt.tried.add(what) !== undefined;
	if (code === "missing_scope" && needed?.includes("customize") === true && first("unsigned")) return { ...attempt, signed: false };
	if (aboutOf(code) === "long" && first("cut")) return { ...attempt, cut: true };
	if (code === "channel_not_found" && first("find")) {
		const found = await missingChannel(client, input.channel);
		return found.ok ? { ...attempt, to: found.id } : unposted(found.fault);
	}
	if (code === "not_in_channel" && first("join")) {
		const joined = await (attempt.to.startsWith("#") ? joinNamed(client, input.channel) : joinChannel(client, attempt.to, input.channel));
		return joined.ok ? { ...attempt, to: joined.id } : unposted(joined.fault);
	}
	// A channel that was archived and made anew has another id under the same name.
	if (code === "is_archived" && !attempt.to.startsWith("#") && first("rename")) return { ...attempt, to: `#${input.channel}` };
	return told;
}

/**
 * Posts one message, with what Slack wants for it: joins the channel, makes one of ours that is missing, cuts what is too long, does
 * without name and picture where the app may not choose them. Each of these once.
 */
export async function post(client: WebClient, input: PostInput): Promise<Posted> {
	let attempt: Attempt = { to: input.channelId ?? `#${input.channel}`, cut: false, signed: true, tried: new Set() };
	for (;;) {
		const posted = await once(client, input, attempt);
		if (posted.ok || posted.fault === null || posted.fault.kind !== "refused") return posted;
		const next = await remedy(client, input, attempt, posted.fault);
		if ("kind" in next) return { ok: false, fault: next };
		attempt = next;
	}
}

export type Looked = { found: true; channelId: string; ts: string } | { found: false } | { found: "cannot"; words: string; fault: SlackFault };

/** Messages a page, and pages: more than an hour of a busy channel. */
const PAGE = 200;
const PAGES = 10;
/** Clocks may differ by less than this. */
const MARGIN_MS = 2 * 3600_000;

/** Looks through a channel, which reading may need joining for: where anybody may post without being in. */
async function within(client: WebClient, channelId: string, channel: string, id: string, postedAt: Date): Promise<Looked> {
	try {
		return await searched(client, channelId, id, postedAt);
	} catch (error) {
		const fault = slackFault(error);
		if (fault.kind !== "refused" || fault.code !== "not_in_channel" || !(await joinChannel(client, channelId, channel)).ok) throw error;
		return searched(client, channelId, id, postedAt);
	}
}

/** Whether the message of an alert stands in its channel, newest first back to before it was posted. */
export async function lookFor(client: WebClient, id: string, channel: string, channelId: string | null, postedAt: Date): Promise<Looked> {
	try {
		const known = channelId === "" ? null : channelId;
		const before = known === null ? null : await within(client, known, channel, id, postedAt);
		if (before !== null && before.found !== false) return before;
		// The name may belong to another channel since the last message: then it went there.
		const named = await findChannel(client, channel);
		if (named.ok) return named.id === known ? { found: false } : await within(client, named.id, channel, id, postedAt);
		// A channel we cannot see may still hold the message.
		return before ?? { found: "cannot", words: named.fault.words, fault: named.fault };
	} catch (error) {
		const fault = slackFault(error);
		return { found: "cannot", words: fault.words, fault };
	}
}

async function searched(client: WebClient, channelId: string, id: string, postedAt: Date): Promise<Looked> {
	let cursor: string | undefined;
	for (let page = 0; page < PAGES; page++) {
		const answer = await client.conversations.history({ channel: channelId, include_all_metadata: true, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
		const messages = answer.messages ?? [];
		const ours = messages.find(({ metadata }) => metadata?.event_type === EVENT_TYPE && (metadata.event_payload as { id?: unknown } | undefined)?.id === id);
		if (ours !== undefined) return { found: true, channelId, ts: ours.ts ?? "" };
		cursor = answer.response_metadata?.next_cursor;
		const oldest = Number(messages.at(-1)?.ts ?? 0) * 1000;
		if (cursor === undefined || cursor === "" || answer.has_more === false || oldest < postedAt.getTime() - MARGIN_MS) return { found: false };
	}
	const words = "The channel has had too many messages since to look through.";
	return { found: "cannot", words, fault: { kind: "refused", code: "too_many_messages", needed: null, words } };
}
