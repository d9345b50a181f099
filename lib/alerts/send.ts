import type { WebClient } from "@slack/web-api";
import { type Claimed, fence, MOST_UNSURE, type Outcome } from "./claim";
import { closeGate } from "./gate";
import { LATE_MS, messageOf } from "./message";
import type { DeliveryParts } from "./parts";
import { lookFor, post } from "./post";
import { aboutOf } from "./refusals";
import type { SlackFault } from "./slack-client";
import { backOff, limitWait } from "./waits";
import { postWebhook, webhookBody } from "./webhook";
import { openWebhook } from "./webhook-secret";

/** A channel that cannot be posted to is tried again so often: somebody has to do something about it. */
const TROUBLE_MS = 30 * 60_000;
/** Slack shows a message in the history a moment after it was posted. */
const LOOK_MS = 5000;
/** A webhook that does not answer for so long is given up; a person can send again. */
const WEBHOOK_DAYS = 3;

/** What became of a claim; `taken`: another worker has it by now. `shut`: nothing goes to Slack before then. */
export type Sent = { outcome: Outcome; shut?: Date } | { taken: true };

const later = (now: Date, milliseconds: number): Date => new Date(now.getTime() + milliseconds);

interface Before {
	postedAt: Date | null;
	unsure: number;
}

/** What a fault means for what was claimed. `before`: what was known before this request. */
async function afterFault(fault: SlackFault, claimed: Claimed, before: Before, parts: DeliveryParts): Promise<Sent> {
	const { attempts } = claimed.head;
	const now = parts.now();
	const wait = (milliseconds: number): Outcome => ({ kind: "later", reason: fault.words, nextAt: later(now, milliseconds), before });
	const shut = async (kind: "token" | "reach"): Promise<Sent> => {
		const until = await closeGate(parts.database, parts.slack?.token ?? "", { kind, reason: fault.words }, now, parts.random);
		// The gate makes it wait: when that opens, by a new token for one, it is due at once.
		return { outcome: { kind: "later", reason: fault.words, nextAt: now, before }, shut: until };
	};
	switch (fault.kind) {
		case "unreached":
			return shut("reach");
		case "limited":
			return { outcome: wait(limitWait(fault.seconds, attempts, parts.random)) };
		case "lost":
			return { outcome: { kind: "unknown", reason: lostWords(fault.words, before.unsure + 1), nextAt: later(now, backOff(attempts, parts.random, LOOK_MS)), lost: true } };
		case "doubtful":
			return { outcome: { kind: "later", reason: fault.words, nextAt: later(now, backOff(attempts, parts.random)), before: null } };
		case "refused": {
			const about = aboutOf(fault.code);
			if (about === "token") return shut("token");
			if (about === "message" || about === "long") return { outcome: { kind: "failed", reason: fault.words } };
			return { outcome: wait(about === "channel" ? TROUBLE_MS : backOff(attempts + 2, parts.random)) };
		}
	}
}

function lostWords(words: string, unsure: number): string {
	return unsure >= MOST_UNSURE
		? `${words} It may have arrived, and Slack could not be asked. Look into the channel, then send it again or drop it.`
		: `${words} It is looked for before it is sent again.`;
}

/** Looks for a message that may have been posted. Null: it is not there (or cannot be looked for, and may be sent once more). */
async function reconcile(client: WebClient, lane: string, claimed: Claimed, parts: DeliveryParts): Promise<{ sent: Sent | null; before: Before }> {
	const { head } = claimed;
	const before = { postedAt: head.postedAt, unsure: head.unsure };
	const clean = { postedAt: null, unsure: 0 };
	if (head.postedAt === null) return { sent: null, before: clean };
	const looked = await lookFor(client, head.id.toString("hex"), lane, claimed.channelId, head.postedAt);
	if (looked.found === true) {
		return { sent: { outcome: { kind: "sent", channelId: looked.channelId, ts: looked.ts, note: "Its answer was lost; it was found in the channel.", at: parts.now() } }, before };
	}
	if (looked.found === false) return { sent: null, before: clean };
	const { fault } = looked;
	// What passes is waited for; what does not (no permission to read) leaves one more try.
	if (fault.kind === "refused") return { sent: null, before };
	if (fault.kind === "unreached") return { sent: await afterFault(fault, claimed, before, parts), before };
	const wait = fault.kind === "limited" ? limitWait(fault.seconds, head.attempts, parts.random) : backOff(head.attempts, parts.random, LOOK_MS);
	const state = head.unsure > 0 ? ("unknown" as const) : null;
	const nextAt = later(parts.now(), wait);
	const reason = `It was not possible to look for it: ${fault.words}`;
	return { sent: { outcome: state === null ? { kind: "later", reason, nextAt, before } : { kind: state, reason, nextAt, lost: false } }, before };
}

/** Posts what was claimed to Slack, after looking whether it is there already. */
export async function sendSlack(client: WebClient, channel: string, claimed: Claimed, parts: DeliveryParts): Promise<Sent> {
	const looked = await reconcile(client, channel, claimed, parts);
	if (looked.sent !== null) return looked.sent;
	const id = claimed.head.id.toString("hex");
	let turn = 0;
	const posted = await post(client, {
		id,
		channel,
		channelId: claimed.channelId,
		message: (cut) =>
			messageOf(
				claimed.content.map((content) => ({ content, at: claimed.since })),
				{ publicUrl: parts.publicUrl, canMute: parts.slack?.canMute ?? false, now: parts.now(), look: parts.look, cut },
			),
		fence: async () => {
			const ours = await fence(parts.database, claimed.claim, ++turn, parts.now());
			if (ours) await parts.onPoint?.("after-outbox-commit-before-post", id);
			return ours;
		},
	});
	if (posted.ok) {
		await parts.onPoint?.("after-post-before-mark", id);
		return { outcome: { kind: "sent", channelId: posted.channelId, ts: posted.ts, note: posted.cut ? "Cut: Slack found it too long." : null, at: parts.now() } };
	}
	return posted.fault === null ? { taken: true } : afterFault(posted.fault, claimed, looked.before, parts);
}

/** Posts what was claimed to its hunter's webhook. */
export async function sendWebhook(claimed: Claimed, parts: DeliveryParts): Promise<Sent> {
	const { head } = claimed;
	const hunter = head.hunterId?.toString("hex") ?? "";
	if (claimed.webhook === null) return { outcome: { kind: "failed", reason: "The hunter has no webhook any more." } };
	const webhook = openWebhook(hunter, claimed.webhook, parts.authSecret);
	if (webhook === null) return { outcome: { kind: "failed", reason: "The webhook cannot be opened any more, because NEXTAUTH_SECRET changed. Enter it again." } };
	if (!(await fence(parts.database, claimed.claim, 1, parts.now()))) return { taken: true };
	const id = head.id.toString("hex");
	await parts.onPoint?.("after-outbox-commit-before-post", id);
	const now = parts.now();
	const [content] = claimed.content;
	if (content === undefined) return { outcome: { kind: "failed", reason: "It says nothing." } };
	const age = now.getTime() - claimed.since.getTime();
	const body = webhookBody(id, content, { at: claimed.since, late: age > LATE_MS, publicUrl: parts.publicUrl });
	const answered = await postWebhook(id, body, webhook, now, parts.policy);
	if (answered.ok) {
		await parts.onPoint?.("after-post-before-mark", id);
		return { outcome: { kind: "sent", channelId: null, ts: null, note: null, at: parts.now() } };
	}
	if (!answered.again || age > WEBHOOK_DAYS * 24 * 3600_000) return { outcome: { kind: "failed", reason: answered.reason } };
	const wait = answered.seconds === null ? backOff(head.attempts, parts.random) : limitWait(answered.seconds, head.attempts, parts.random);
	// Receivers know a repeated alert by its id, so there is no unknown: it is simply sent again.
	return { outcome: { kind: "later", reason: answered.reason, nextAt: later(parts.now(), wait), before: { postedAt: null, unsure: 0 } } };
}
