import { randomBytes } from "node:crypto";
import type { WebClient } from "@slack/web-api";
import { env } from "@/lib/env";
import { type Database, database, lit, log } from "@/lib/platform";
import { type Claim, claimHead, type Lane, lanes, type Outcome, releaseDead, STUCK, settle } from "./claim";
import { openGate, readGate } from "./gate";
import { type DeliveryParts, deliveryParts } from "./parts";
import { sendSlack, sendWebhook } from "./send";
import { slackClient } from "./slack-client";
import { LONGEST_WAIT_MS } from "./waits";

/** Alerts (not messages) by what became of them. `nextAt`: when it is worth coming again, null: nothing waits for a time. */
export interface Delivered {
	sent: number;
	failed: number;
	unknown: number;
	/** still to be told */
	left: number;
	nextAt: Date | null;
}

/** Lanes that are served at once. */
const WIDTH = 4;
/** What is due sooner than this is waited for; anything later is somebody's next call. */
const PATIENCE_MS = 3000;

interface Run {
	parts: DeliveryParts;
	client: WebClient | null;
	/** nothing goes to Slack before then */
	shutUntil: Date | null;
	gated: boolean;
	waits: Map<string, Date>;
	counts: { sent: number; failed: number; unknown: number };
}

const keyOf = ({ via, target, hunter }: Lane): string => `${via} ${target} ${hunter?.toString("hex") ?? ""}`;

function note(run: Run, outcome: Outcome, count: number): void {
	if (outcome.kind !== "later") run.counts[outcome.kind] += count;
}

/** One message of a lane, or the finding that it has to wait. True where something went on. */
async function serve(lane: Lane, run: Run): Promise<boolean> {
	const { parts } = run;
	const { database: db } = parts;
	const claim = randomBytes(16);
	const got: Claim = await claimHead(db, lane, claim, parts.now());
	if (got.kind === "dropped") return true;
	if (got.kind !== "claimed") {
		// A lane another worker serves is that worker's.
		run.waits.set(keyOf(lane), got.kind === "wait" ? got.until : new Date(parts.now().getTime() + LONGEST_WAIT_MS));
		return false;
	}
	const { claimed } = got;
	const sent = lane.via === "slack" ? await sendSlack(run.client as WebClient, lane.target, claimed, parts) : await sendWebhook(claimed, parts);
	if ("taken" in sent) return false;
	await settle(db, claim, sent.outcome);
	note(run, sent.outcome, claimed.count);
	if (sent.shut !== undefined) run.shutUntil = sent.shut;
	else if (lane.via === "slack" && sent.outcome.kind === "sent" && run.gated) {
		run.gated = false;
		await openGate(db);
	}
	if (sent.outcome.kind !== "sent") log.warn({ alert: claimed.head.id.toString("hex"), via: lane.via, outcome: sent.outcome.kind, reason: sent.outcome.reason }, "alert not delivered");
	return sent.outcome.kind === "sent" || sent.outcome.kind === "failed";
}

/** Lanes that may go on now. */
function ready(all: readonly Lane[], run: Run): Lane[] {
	const now = run.parts.now();
	return all.filter((lane) => {
		const shut = lane.via === "slack" && run.shutUntil !== null && run.shutUntil > now;
		return !shut && (run.waits.get(keyOf(lane)) ?? now) <= now;
	});
}

/** When the first of the lanes may go on. */
function soonest(all: readonly Lane[], run: Run): Date | null {
	const now = run.parts.now();
	const times = all.map((lane) => {
		const own = run.waits.get(keyOf(lane)) ?? now;
		return Math.max(own.getTime(), lane.via === "slack" ? (run.shutUntil?.getTime() ?? 0) : 0);
	});
	return times.length === 0 ? null : new Date(Math.min(...times));
}

async function round(all: readonly Lane[], run: Run): Promise<boolean> {
	let went = false;
	const todo = ready(all, run);
	for (let from = 0; from < todo.length; from += WIDTH) {
		// Slack may have gone meanwhile.
		const some = ready(todo.slice(from, from + WIDTH), run);
		const done = await Promise.allSettled(some.map((lane) => serve(lane, run)));
		for (const one of done) if (one.status === "rejected") throw one.reason;
		went ||= done.some((one) => one.status === "fulfilled" && one.value);
	}
	return went;
}

async function left(db: Database): Promise<number> {
	const [row] = await db.query<{ n: number }>("SELECT COUNT(*) AS n FROM alert WHERE state IN ('pending', 'sending', 'unknown')");
	return Number(row?.n ?? 0);
}

/**
 * Tells what is due, oldest first in each channel, about one message a second there; channels do not wait for each other. Works for
 * about `milliseconds` and waits for what is due in a moment. Safe to run in several processes at once.
 */
export async function deliver({ milliseconds }: { milliseconds: number }, parts: DeliveryParts = deliveryParts()): Promise<Delivered> {
	const end = parts.now().getTime() + milliseconds;
	const { slack, database: db } = parts;
	await releaseDead(db, parts.now());
	const gate = slack === null ? null : await readGate(db, slack.token);
	const made = slack === null ? null : slackClient(slack);
	const shut = gate !== null && gate.until > parts.now() && gate.until.getTime() - parts.now().getTime() <= LONGEST_WAIT_MS;
	const run: Run = { parts, client: made?.client ?? null, shutUntil: shut ? gate.until : null, gated: gate !== null, waits: new Map(), counts: { sent: 0, failed: 0, unknown: 0 } };
	let nextAt: Date | null = null;
	try {
		for (;;) {
			const all = await lanes(db, slack !== null);
			const went = await round(all, run);
			const now = parts.now();
			nextAt = soonest(all, run);
			if (nextAt === null || now.getTime() >= end) break;
			if (went) continue;
			const wait = nextAt.getTime() - now.getTime();
			if (wait > PATIENCE_MS || now.getTime() + wait >= end) break;
			if (wait > 0) await parts.sleep(wait);
		}
	} finally {
		await made?.close();
	}
	return { ...run.counts, left: await left(db), nextAt };
}

/** Whether there is something to tell now: two small reads. What Slack does not take at the moment is not due. */
export async function hasDue(now: Date, db: Database = database(), slack: { token: string } | null = env().slack): Promise<boolean> {
	const gate = slack === null ? null : await readGate(db, slack.token);
	const open = slack !== null && (gate === null || gate.until <= now || gate.until.getTime() - now.getTime() > LONGEST_WAIT_MS);
	const far = lit(new Date(now.getTime() + LONGEST_WAIT_MS));
	const via = open ? "" : " AND via <> 'slack'";
	const [row] = await db.query(`SELECT id FROM alert WHERE state IN ('pending', 'unknown') AND told_in IS NULL AND unsure < ${STUCK} AND (next_at <= ${lit(now)} OR next_at > ${far})${via} LIMIT 1`);
	if (row !== undefined) return true;
	const [dead] = await db.query(`SELECT id FROM alert WHERE state = 'sending' AND claim_until <= ${lit(now)} LIMIT 1`);
	return dead !== undefined;
}
