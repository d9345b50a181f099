import type { WebClient } from "@slack/web-api";
import { isOurChannel, plainChannel } from "./channel";
import { adviceOf, isTokenGone, type Refused } from "./refusals";
import { type SlackFault, slackFault } from "./slack-client";

/** Pages of 200 that are looked through for a name; Slack lets us ask 20 times a minute. */
const PAGES = 15;

export type Found = { ok: true; id: string } | { ok: false; fault: SlackFault };

/** A refusal in words: the usual advice unless said. */
function refusal(code: string, channel: string, words: string = adviceFor(code, channel)): Found {
	return { ok: false, fault: { kind: "refused", code, needed: null, words } };
}

const adviceFor = (code: string, channel: string): string => adviceOf({ kind: "refused", code, needed: null, words: "" }, channel);

/** The id of a channel by its name, among those the app can see. `refused` with `channel_not_found`, or `is_archived`. */
export async function findChannel(client: WebClient, name: string): Promise<Found> {
	// Without the right to see private channels Slack refuses the whole question: then the public ones have to do.
	for (const types of ["public_channel,private_channel", "public_channel"]) {
		try {
			let cursor: string | undefined;
			for (let page = 0; page < PAGES; page++) {
				const answer = await client.conversations.list({ types, limit: 200, ...(cursor === undefined ? {} : { cursor }) });
				const channel = answer.channels?.find((one) => one.name === name);
				if (channel?.id !== undefined) return channel.is_archived === true ? refusal("is_archived", name) : { ok: true, id: channel.id };
				cursor = answer.response_metadata?.next_cursor;
				if (cursor === undefined || cursor === "") break;
			}
			return refusal("channel_not_found", name);
		} catch (error) {
			const fault = slackFault(error);
			if (fault.kind !== "refused" || fault.code !== "missing_scope" || types === "public_channel") return { ok: false, fault };
		}
	}
	return refusal("channel_not_found", name);
}

/**
 * What is told where the app does not find a channel: `words`, and why it could not look. Whatever a remedy is refused is that one
 * channel's trouble, never all of Slack's; only a token that is no good at all stays what it is.
 */
function unseen(found: Found, channel: string, words: string): Found {
	if (found.ok || found.fault.kind !== "refused" || isTokenGone(found.fault.code) || found.fault.code === "is_archived") return found;
	const { code, needed } = found.fault;
	if (code === "channel_not_found") return refusal("channel_not_found", channel, words);
	const why = code === "missing_scope" ? `it lacks the permission ${needed ?? "channels:read"}` : code;
	return refusal("channel_not_found", channel, `${words} The app may not list channels to look for it (${why}).`);
}

async function createChannel(client: WebClient, name: string): Promise<Found> {
	try {
		const { channel } = await client.conversations.create({ name });
		return channel?.id === undefined ? refusal("channel_not_found", name) : { ok: true, id: channel.id };
	} catch (error) {
		return { ok: false, fault: slackFault(error) };
	}
}

function unable(fault: Refused, channel: string): string {
	if (fault.code === "name_taken") return adviceOf(fault, channel);
	const why = fault.code === "missing_scope" ? `it lacks the permission ${fault.needed ?? "channels:manage"}` : fault.code;
	return `There is no channel #${channel}, and the app may not make it (${why}). Make it and invite the app.`;
}

/**
 * A channel Slack did not know: one of ours is made, under a plainer name where Slack does not take this one, and found where it is there
 * already. Made first, because that is one request, and because an app that may not list channels can still do it. Any other is only
 * looked for.
 */
export async function missingChannel(client: WebClient, name: string): Promise<Found> {
	for (const candidate of isOurChannel(name) ? [name, plainChannel(name)] : []) {
		if (candidate === null) break;
		const made = await createChannel(client, candidate);
		if (made.ok || made.fault.kind !== "refused" || isTokenGone(made.fault.code)) return made;
		if (!made.fault.code.startsWith("invalid_name")) return unseen(await findChannel(client, candidate), candidate, unable(made.fault, candidate));
	}
	return unseen(await findChannel(client, name), name, adviceFor("channel_not_found", name));
}

/** Joins a channel, where the app may. */
export async function joinChannel(client: WebClient, id: string, name: string): Promise<Found> {
	try {
		await client.conversations.join({ channel: id });
		return { ok: true, id };
	} catch (error) {
		const fault = slackFault(error);
		if (fault.kind !== "refused" || isTokenGone(fault.code)) return { ok: false, fault };
		return fault.code === "is_archived" ? refusal("is_archived", name) : refusal("not_in_channel", name);
	}
}

/** The same for a channel of which only the name is known. */
export async function joinNamed(client: WebClient, name: string): Promise<Found> {
	const found = await findChannel(client, name);
	if (found.ok) return joinChannel(client, found.id, name);
	return unseen(found, name, adviceFor("not_in_channel", name));
}
