import { randomBytes } from "node:crypto";
import { audit } from "@/lib/auth/audit";
import { type Database, lit } from "@/lib/platform";
import { channelOf } from "./channel";
import type { AlertContent } from "./content";
import { closeGate, openGate, readGate } from "./gate";
import { messageOf } from "./message";
import { type DeliveryParts, deliveryParts } from "./parts";
import { post } from "./post";
import { aboutOf } from "./refusals";
import { slackClient } from "./slack-client";
import { wake } from "./wake";
import { postWebhook, webhookBody } from "./webhook";
import { checkWebhookUrl, newWebhookSecret, openWebhook } from "./webhook-secret";

export interface TestInput {
	/** 32 hex of a stored hunter, null before it is saved */
	hunter: string | null;
	name: string;
	kind: string;
	/** the channel a person named; null: made of the name. Left out: Slack is not tested */
	channel?: string | null | undefined;
	/** address of the webhook; null: not tested */
	webhook: string | null;
}

export type TestSent = { ok: true; channel: string } | { ok: false; reason: string };

async function testSlack(content: AlertContent, channel: string, parts: DeliveryParts): Promise<string | null> {
	const { slack, database: db } = parts;
	if (slack === null) return "Slack is not set up: SLACK_TOKEN is not set. Alerts wait until it is.";
	const { client, close } = slackClient(slack);
	try {
		const message = (cut: boolean) => messageOf([{ content, at: parts.now() }], { ...parts, canMute: false, now: parts.now(), cut });
		const posted = await post(client, { channel, channelId: null, message, fence: async () => true });
		if (posted.ok) {
			// The token is good, whatever the last delivery found.
			if ((await readGate(db, slack.token)) !== null) await openGate(db);
			await wake(db, { via: "slack", target: channel, hunter: null }, parts.now());
			return null;
		}
		const { fault } = posted;
		if (fault?.kind === "refused" && aboutOf(fault.code) === "token") await closeGate(db, slack.token, { kind: "token", reason: fault.words }, parts.now(), parts.random);
		return fault?.words ?? "It was not sent.";
	} finally {
		await close();
	}
}

/** The secret of the stored webhook where its address is still the same; else one made for this test, as a new webhook has. */
async function secretFor(url: string, hunter: string | null, db: Database, authSecret: string | null): Promise<string> {
	if (hunter !== null && /^[0-9a-f]{32}$/.test(hunter)) {
		const [row] = await db.query<{ webhook: string | null }>(`SELECT webhook FROM hunter WHERE id = ${lit(Buffer.from(hunter, "hex"))}`);
		const stored = row?.webhook == null ? null : openWebhook(hunter, row.webhook, authSecret);
		if (stored?.url === url) return stored.secret;
	}
	return newWebhookSecret();
}

async function testWebhook(content: AlertContent, url: string, hunter: string | null, parts: DeliveryParts): Promise<string | null> {
	if (parts.policy.allowLoopback !== true) checkWebhookUrl(url);
	const secret = await secretFor(url, hunter, parts.database, parts.authSecret);
	const id = randomBytes(16).toString("hex");
	const answered = await postWebhook(id, webhookBody(id, content, { at: parts.now(), late: false, publicUrl: parts.publicUrl }), { url, secret }, parts.now(), parts.policy);
	return answered.ok ? null : answered.reason;
}

/** Sends a test at once, to where a hunter's alerts would go; noted in the audit log. Throws `invalid` for a webhook that cannot be one. */
export async function sendTest(input: TestInput, actor: string, parts: DeliveryParts = deliveryParts()): Promise<TestSent> {
	const content: AlertContent = { kind: "test", hunter: { id: input.hunter, name: input.name, kind: input.kind }, by: actor };
	const channel = channelOf(input.name, input.channel ?? null);
	const said = [input.channel === undefined ? null : await testSlack(content, channel, parts), input.webhook === null ? null : await testWebhook(content, input.webhook, input.hunter, parts)];
	const reasons = said.filter((reason) => reason !== null);
	await audit(actor, "alert.test", input.hunter ?? input.name, { channel, webhook: input.webhook !== null, ok: reasons.length === 0 }, parts.database);
	return reasons.length === 0 ? { ok: true, channel } : { ok: false, reason: reasons.join(" ") };
}
