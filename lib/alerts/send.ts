import type { WebClient } from "@slack/web-api";
import { type Claimed, type Doubts, fence, MOST_UNSURE, type Outcome } from "./claim";
import { closeGate } from "./gate";
import { LATE_MS, messageOf } from "./message";
import type { DeliveryParts } from "./parts";
import { lookFor, post } from "./post";
import { aboutOf, isTokenGone } from "./refusals";
import type { SlackFault } from "./slack-client";
import { backOff, LOOK_MS, limitWait } from "./waits";
import { postWebhook, webhookBody } from "./webhook";
import { openWebhook } from "./webhook-secret";

/** A channel that cannot be posted to is tried again so often: somebody has to do something about it. */
const TROUBLE_MS = 30 * 60_000;
/** How many tries more a message that Slack may have taken in part counts as, for the wait. */
const PARTLY_SLOWER = 4;
/** A refusal nobody here knows is taken as final after so many tries and so long, so that what stands behind goes on. */
const UNKNOWN_TRIES = 10;
const UNKNOWN_MS = 24 * 3600_000;
/** A webhook that does not answer for so long is given up; a person can send again. */
const WEBHOOK_DAYS = 3;

/** What became of a claim; `taken`: another worker has it by now. `shut`: nothing goes to Slack before then. `lost`: Slack did not answer. */
export type Sent = { outcome: Outcome; shut?: Date; lost?: boolean } | { taken: true };

const NONE: Doubts = { postedAt: null, unsure: 0 };

const later = (now: Date, milliseconds: number): Date => new Date(now.getTime() + milliseconds);

/** What a fault means for what was claimed. `doubts`: what was known before this request. */
async function afterFault(fault: SlackFault, claimed: Claimed, doubts: Doubts, parts: DeliveryParts): Promise<Sent> {
	const { attempts } = claimed.head;
	const now = parts.now();
	const wait = (milliseconds: number): Outcome => ({ kind: "later", reason: fault.words, nextAt: later(now, milliseconds), doubts });
	const shut = async (kind: "token" | "reach"): Promise<Sent> => {
		const until = await closeGate(parts.database, parts.slack?.token ?? "", { kind, reason: fault.words }, now, parts.random);
		// The gate makes it wait: when that opens, by a new token for one, it is due at once.
		return { outcome: { kind: "later", reason: fault.words, nextAt: now, doubts }, shut: until };
	};
	switch (fault.kind) {
		case "unreached":
			return shut("reach");
		case "limited":
			return { outcome: wait(limitWait(fault.seconds, attempts, parts.random)) };
		case "lost":
			return { outcome: { kind: "unknown", reason: `${fault.words} It is looked for before it is sent again.`, nextAt: later(now, backOff(attempts, parts.random, LOOK_MS)) }, lost: true };
		case "doubtful": {
			// Counted like an answer that was lost, so that it ends where nobody may look; slower, as Slack is in trouble then.
			const partly = fault.partly === true;
			const known = partly ? { ...doubts, unsure: doubts.unsure + 1 } : doubts;
			return { outcome: { kind: "later", reason: fault.words, nextAt: later(now, backOff(attempts + (partly ? PARTLY_SLOWER : 0), parts.random)), doubts: known, maybe: true } };
		}
		case "refused": {
			const about = aboutOf(fault.code);
			if (about === "token") return shut("token");
			if (about === "message" || about === "long") return { outcome: { kind: "failed", reason: fault.words } };
			if (about === "channel") return { outcome: wait(TROUBLE_MS) };
			const isOld = attempts + 1 >= UNKNOWN_TRIES && now.getTime() - claimed.head.createdAt.getTime() >= UNKNOWN_MS;
			// The same as last time: what waited for something else until now gets its tries.
			if (isOld && claimed.head.reason === fault.words) return { outcome: { kind: "failed", reason: `${fault.words} It was tried for a day; what stood behind it goes on.` } };
			return { outcome: wait(backOff(attempts + 2, parts.random)) };
		}
	}
}

/** Looks for a message that may have been posted. `sent` null: it is not there, or cannot be looked for and may be sent once more. */
async function reconcile(client: WebClient, channel: string, claimed: Claimed, parts: DeliveryParts): Promise<{ sent: Sent | null; doubts: Doubts }> {
	const { head } = claimed;
	const doubts: Doubts = { postedAt: head.postedAt, unsure: head.unsure };
	if (head.postedAt === null) return { sent: null, doubts: NONE };
	const looked = await lookFor(client, head.id.toString("hex"), channel, claimed.channelId, head.postedAt);
	const now = parts.now();
	if (looked.found === true) return { sent: { outcome: { kind: "sent", channelId: looked.channelId, ts: looked.ts, note: "Its answer was lost; it was found in the channel.", at: now } }, doubts };
	if (looked.found === false) return { sent: null, doubts: NONE };
	const { fault } = looked;
	// A token that is no good says nothing of the message: everything waits for a new one.
	if (fault.kind === "refused" && isTokenGone(fault.code)) return { sent: await afterFault(fault, claimed, doubts, parts), doubts };
	if (fault.kind === "refused") {
		// No permission to read: one more try, and then nobody but a person can know.
		const reason = `It may have arrived, and it cannot be looked for: ${looked.words} Look into the channel, then send it again or drop it.`;
		return { sent: head.unsure < MOST_UNSURE ? null : { outcome: { kind: "unknown", reason, nextAt: now, stuck: true } }, doubts };
	}
	// What passes is waited for.
	if (fault.kind === "unreached") return { sent: await afterFault(fault, claimed, doubts, parts), doubts };
	const wait = fault.kind === "limited" ? limitWait(fault.seconds, head.attempts, parts.random) : backOff(head.attempts, parts.random, LOOK_MS);
	const said = { reason: `It was not possible to look for it: ${fault.words}`, nextAt: later(now, wait) };
	return { sent: { outcome: head.unsure > 0 ? { kind: "unknown", ...said } : { kind: "later", ...said, doubts }, lost: fault.kind === "lost" }, doubts };
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
			const ours = await fence(parts.database, claimed.claim, ++turn, looked.doubts, parts.now());
			if (ours) await parts.onPoint?.("after-outbox-commit-before-post", id);
			return ours;
		},
	});
	if (posted.ok) {
		await parts.onPoint?.("after-post-before-mark", id);
		return { outcome: { kind: "sent", channelId: posted.channelId, ts: posted.ts, note: posted.cut ? "Cut: Slack found it too long." : null, at: parts.now() } };
	}
	return posted.fault === null ? { taken: true } : afterFault(posted.fault, claimed, looked.doubts, parts);
}

/** Posts what was claimed to its hunter's webhook. */
export async function sendWebhook(claimed: Claimed, parts: DeliveryParts): Promise<Sent> {
	const { head } = claimed;
	const hunter = head.hunterId?.toString("hex") ?? "";
	if (claimed.webhook === null) return { outcome: { kind: "failed", reason: "The hunter has no webhook any more." } };
	const webhook = openWebhook(hunter, claimed.webhook, parts.authSecret);
	if (webhook === null) return { outcome: { kind: "failed", reason: "The webhook cannot be opened any more, because NEXTAUTH_SECRET changed. Enter it again." } };
	const before: Doubts = { postedAt: head.postedAt, unsure: 0 };
	if (!(await fence(parts.database, claimed.claim, 1, before, parts.now()))) return { taken: true };
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
	// Receivers know a repeated alert by its id, so there is no unknown: it is simply sent again. What may have been taken stays as it was,
	// since whoever took it reads nothing more under the same id.
	const doubts: Doubts = answered.maybe ? { ...before, postedAt: head.postedAt ?? now } : before;
	return { outcome: { kind: "later", reason: answered.reason, nextAt: later(parts.now(), wait), doubts } };
}
