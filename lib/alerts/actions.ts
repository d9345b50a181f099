import { createHash } from "node:crypto";
import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import { env } from "@/lib/env";
import { ExistError } from "@/lib/errors";
import { type Database, database, isDuplicate, log, remembered } from "@/lib/platform";
import { fingerprint } from "./gate";
import { minute } from "./message";
import { type Muted, muteIn } from "./mute";
import { slackClient, slackFault } from "./slack-client";
import { verifySlackRequest } from "./slack-request";
import { inert } from "./text";

const DAY_MS = 24 * 3600_000;
/** Slack waits three seconds for us: a question whose token this is, the first time, and the word to the channel must fit in. */
const WORD_MS = 1000;
/** A token's workspace does not change. */
const TEAM_SECONDS = 3600;
const ID = /^[A-Z0-9]{1,40}$/;

const payload = z.object({
	type: z.string(),
	user: z.object({ id: z.string().regex(ID), team_id: z.string().regex(ID).nullish(), name: z.string().optional(), username: z.string().optional() }),
	team: z.object({ id: z.string().regex(ID) }).nullish(),
	channel: z.object({ id: z.string().regex(ID) }).optional(),
	actions: z.array(z.object({ action_id: z.string(), value: z.string().optional() })).max(25),
});

type Pressed = z.output<typeof payload>;

export interface ActionParts {
	database: Database;
	slack: { token: string; apiUrl: string | null; signingSecret: string | null } | null;
	now: () => Date;
}

type Slack = NonNullable<ActionParts["slack"]>;

function partsOfInstallation(): ActionParts {
	return { database: database(), slack: env().slack, now: () => new Date() };
}

function readPayload(body: string): Pressed {
	const text = new URLSearchParams(body).get("payload") ?? "";
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		throw new ExistError("invalid", "The body has no payload of Slack's.");
	}
	const parsed = payload.safeParse(value);
	if (!parsed.success) throw new ExistError("invalid", "The payload is none of the buttons'.");
	return parsed.data;
}

/**
 * Mutes a hunter for a day, once for each signed request: the audit entry's key is made of the signature, so that the same request
 * sent again finds it taken and changes nothing. Null where nothing was done.
 */
async function mute(hunter: string, actor: string, signature: string, parts: ActionParts): Promise<Muted | null> {
	const now = parts.now();
	const until = new Date(now.getTime() + DAY_MS);
	const auditId = createHash("sha256").update(`slack action\0${signature}`).digest().subarray(0, 16);
	try {
		return await parts.database.transaction((tx) => muteIn(tx, Buffer.from(hunter, "hex"), { until, actor, now, keepLonger: true, auditId }));
	} catch (error) {
		if (isDuplicate(error)) return null;
		throw error;
	}
}

/**
 * Whether somebody belongs to the workspace of our token, or to its organisation: members of another one see the button as well where
 * they share the channel. Throws `unavailable` where Slack does not say: then nobody mutes.
 */
async function isOurs({ user, team }: Pressed, client: WebClient, slack: Slack, { database: db }: ActionParts): Promise<boolean> {
	const theirs = user.team_id ?? team?.id;
	const key = `slack team ${fingerprint(slack.token)} ${slack.apiUrl ?? ""}`;
	try {
		const { team_id, enterprise_id } = await remembered(db, key, TEAM_SECONDS, () => client.auth.test());
		return theirs !== undefined && (theirs === team_id || theirs === enterprise_id);
	} catch (error) {
		const { words } = slackFault(error);
		throw new ExistError("unavailable", `It is not known whose workspace this is: ${words} Press again in a moment, or mute the hunter on its page.`);
	}
}

/** Says something in the channel, or to the one person who pressed. What was done does not hang on it. */
async function tell({ channel, user }: Pressed, text: string, whom: "channel" | "person", client: WebClient): Promise<void> {
	if (channel === undefined) return;
	const message = { channel: channel.id, text, parse: "none", link_names: false } as const;
	try {
		if (whom === "person") await client.chat.postEphemeral({ ...message, user: user.id });
		else await client.chat.postMessage({ ...message, unfurl_links: false, unfurl_media: false });
	} catch (error) {
		log.warn({ reason: slackFault(error).words }, "the answer to a button was not shown");
	}
}

async function muteByButton(pressed: Pressed, hunter: string, signature: string, client: WebClient, slack: Slack, parts: ActionParts): Promise<void> {
	const { user } = pressed;
	if (!(await isOurs(pressed, client, slack, parts))) {
		log.warn({ user: user.id, team: user.team_id }, "a button was pressed by somebody of another workspace");
		return tell(pressed, "Only members of the workspace that EXIST belongs to can mute its hunters.", "person", client);
	}
	const muted = await mute(hunter, `slack:${user.id}`, signature, parts);
	if (muted === null || muted.until === null) return;
	const name = `Hunter ${inert(muted.name, 150)}`;
	const until = minute(muted.until.toISOString());
	const wasMuted = muted.before !== null && muted.before > parts.now();
	if (wasMuted) return tell(pressed, `${name} was muted already, and is until ${until}. Its hits are kept.`, "person", client);
	// Whoever reads the channel is to know why it is silent.
	await tell(pressed, `${name} was muted by ${inert(user.name ?? user.username ?? "", 80) || user.id} until ${until}. Its hits are kept; its page ends it sooner.`, "channel", client);
}

/**
 * A button that was pressed in Slack. Throws `unauthenticated` for whatever Slack did not sign within the last five minutes, and
 * where no signing secret is set, `unavailable` where it is not known whether the person may. `body` as it came.
 */
export async function slackAction(headers: Pick<Headers, "get">, body: string, parts: ActionParts = partsOfInstallation()): Promise<void> {
	const { slack } = parts;
	const secret = slack?.signingSecret ?? null;
	if (slack === null || secret === null) throw new ExistError("unauthenticated", "Buttons of Slack are not set up here: SLACK_SIGNING_SECRET is not set.");
	if (!verifySlackRequest(headers, body, secret, parts.now())) throw new ExistError("unauthenticated", "The request is not signed by Slack, or was not made just now.");
	const pressed = readPayload(body);
	if (pressed.type !== "block_actions") return;
	// Buttons that open a page say so as well; nothing is to be done about them.
	const button = pressed.actions.find(({ action_id }) => action_id === "mute_day");
	if (button === undefined) return;
	if (!/^[0-9a-f]{32}$/.test(button.value ?? "")) throw new ExistError("invalid", "The button names no hunter.");
	const { client, close } = slackClient({ ...slack, timeoutMs: WORD_MS });
	try {
		await muteByButton(pressed, button.value as string, headers.get("x-slack-signature") ?? "", client, slack, parts);
	} finally {
		await close();
	}
}
