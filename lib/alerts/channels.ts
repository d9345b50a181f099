import type { WebClient } from "@slack/web-api";
import { isOurChannel, plainChannel } from "./channel";
import { adviceOf } from "./refusals";
import { type SlackFault, slackFault } from "./slack-client";

/** Pages of 200 that are looked through for a name; Slack lets us ask 20 times a minute. */
const PAGES = 15;

export type Found = { ok: true; id: string } | { ok: false; fault: SlackFault };

function refusal(code: string, channel: string): Found {
	const fault = { kind: "refused", code, needed: null, words: "" } as const;
	return { ok: false, fault: { ...fault, words: adviceOf(fault, channel) } };
}

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

/** Makes a channel, under a plainer name where Slack does not take this one. One that is there already is found. */
async function createChannel(client: WebClient, name: string): Promise<Found> {
	for (const candidate of [name, plainChannel(name)]) {
		if (candidate === null) break;
		try {
			const { channel } = await client.conversations.create({ name: candidate });
			if (channel?.id !== undefined) return { ok: true, id: channel.id };
		} catch (error) {
			const fault = slackFault(error);
			if (fault.kind !== "refused") return { ok: false, fault };
			if (fault.code === "name_taken") {
				const found = await findChannel(client, candidate);
				return !found.ok && found.fault.kind === "refused" && found.fault.code === "channel_not_found" ? refusal("name_taken", candidate) : found;
			}
			if (!fault.code.startsWith("invalid_name")) return { ok: false, fault: { ...fault, words: unable(fault, candidate) } };
		}
	}
	return refusal("channel_not_found", name);
}

function unable(fault: Extract<SlackFault, { kind: "refused" }>, channel: string): string {
	const why = fault.code === "missing_scope" ? `it lacks the permission ${fault.needed ?? "channels:manage"}` : fault.code;
	return `There is no channel #${channel}, and the app may not make it (${why}). Make it and invite the app.`;
}

/** A channel Slack did not know: found by name, and made where it is one of ours. Never made where a person named it. */
export async function missingChannel(client: WebClient, name: string): Promise<Found> {
	const found = await findChannel(client, name);
	if (found.ok || found.fault.kind !== "refused" || found.fault.code !== "channel_not_found" || !isOurChannel(name)) return found;
	const made = await createChannel(client, name);
	if (made.ok || made.fault.kind !== "refused") return made;
	// Whatever kept us from making it is the channel's trouble, not the token's: others go on.
	return { ok: false, fault: { ...made.fault, code: made.fault.code === "is_archived" ? "is_archived" : "channel_not_found" } };
}

/** Joins a channel, where the app may. */
export async function joinChannel(client: WebClient, id: string, name: string): Promise<Found> {
	try {
		await client.conversations.join({ channel: id });
		return { ok: true, id };
	} catch (error) {
		const fault = slackFault(error);
		if (fault.kind !== "refused") return { ok: false, fault };
		return fault.code === "is_archived" ? refusal("is_archived", name) : refusal("not_in_channel", name);
	}
}
