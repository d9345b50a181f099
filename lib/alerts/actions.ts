import { createHash } from "node:crypto";
import { z } from "zod";
import { env } from "@/lib/env";
import { ExistError } from "@/lib/errors";
import { type Database, database, isDuplicate, log } from "@/lib/platform";
import { muteIn } from "./mute";
import { slackClient } from "./slack-client";
import { verifySlackRequest } from "./slack-request";
import { inert } from "./text";

const DAY_MS = 24 * 3600_000;
/** Slack waits three seconds for us; the word to the person must fit in. */
const WORD_MS = 1500;

const payload = z.object({
	type: z.string(),
	user: z.object({ id: z.string().regex(/^[A-Z0-9]{1,40}$/) }),
	channel: z.object({ id: z.string().regex(/^[A-Z0-9]{1,40}$/) }).optional(),
	actions: z.array(z.object({ action_id: z.string(), value: z.string().optional() })).max(25),
});

export interface ActionParts {
	database: Database;
	slack: { token: string; apiUrl: string | null; signingSecret: string | null } | null;
	now: () => Date;
}

function partsOfInstallation(): ActionParts {
	return { database: database(), slack: env().slack, now: () => new Date() };
}

function readPayload(body: string): z.output<typeof payload> {
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
 * sent again finds it taken and changes nothing. Returns the hunter's name, or null where nothing was done.
 */
async function mute(hunter: string, actor: string, signature: string, parts: ActionParts): Promise<string | null> {
	const now = parts.now();
	const until = new Date(now.getTime() + DAY_MS);
	const auditId = createHash("sha256").update(`slack action\0${signature}`).digest().subarray(0, 16);
	try {
		return await parts.database.transaction(async (tx) => (await muteIn(tx, Buffer.from(hunter, "hex"), { until, actor, now, keepLonger: true, auditId }))?.name ?? null);
	} catch (error) {
		if (isDuplicate(error)) return null;
		throw error;
	}
}

/** Says what happened to whoever pressed the button. That it happened does not hang on it. */
async function tell(channel: string | undefined, user: string, text: string, { slack }: ActionParts): Promise<void> {
	if (slack === null || channel === undefined) return;
	const { client, close } = slackClient({ ...slack, timeoutMs: WORD_MS });
	try {
		await client.chat.postEphemeral({ channel, user, text, parse: "none", link_names: false });
	} catch (error) {
		log.debug({ reason: error instanceof Error ? error.name : "unknown" }, "the answer to a button was not shown");
	} finally {
		await close();
	}
}

/**
 * A button that was pressed in Slack. Throws `unauthenticated` for whatever Slack did not sign within the last five minutes, and
 * where no signing secret is set. `body` as it came.
 */
export async function slackAction(headers: Pick<Headers, "get">, body: string, parts: ActionParts = partsOfInstallation()): Promise<void> {
	const secret = parts.slack?.signingSecret ?? null;
	if (secret === null) throw new ExistError("unauthenticated", "Buttons of Slack are not set up here: SLACK_SIGNING_SECRET is not set.");
	if (!verifySlackRequest(headers, body, secret, parts.now())) throw new ExistError("unauthenticated", "The request is not signed by Slack, or was not made just now.");
	const { type, user, channel, actions } = readPayload(body);
	if (type !== "block_actions") return;
	// Buttons that open a page say so as well; nothing is to be done about them.
	const pressed = actions.find(({ action_id }) => action_id === "mute_day");
	if (pressed === undefined) return;
	if (!/^[0-9a-f]{32}$/.test(pressed.value ?? "")) throw new ExistError("invalid", "The button names no hunter.");
	const name = await mute(pressed.value as string, `slack:${user.id}`, headers.get("x-slack-signature") ?? "", parts);
	if (name !== null) await tell(channel?.id, user.id, `Hunter ${inert(name, 150)} is muted for 24 hours. Its hits are kept.`, parts);
}
