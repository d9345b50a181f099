import { randomBytes } from "node:crypto";
import type { WebClient } from "@slack/web-api";
import { env } from "@/lib/env";
import { type Database, database, lit, log } from "@/lib/platform";
import { type Claim, claimHead, isDead, type Lane, lanes, releaseDead, STUCK, settle } from "./claim";
import { closeGate, openGate, readGate } from "./gate";
import { type DeliveryParts, deliveryParts } from "./parts";
import { type Sent, sendSlack, sendWebhook } from "./send";
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

/** Lanes of Slack, and as many webhooks, that are served at once. */
const WIDTH = 4;
/** What is due sooner than this is waited for; anything later is somebody's next call. */
const PATIENCE_MS = 3000;

interface Run {
	parts: DeliveryParts;
	client: WebClient | null;
	/** no request is begun after this, in milliseconds */
	end: number;
	/** nothing goes to Slack before then */
	shutUntil: Date | null;
	gated: boolean;
	/** requests to Slack one after the other that had no answer */
	silent: number;
	/** lanes whose turn is still to come, and those that somebody is at */
	todo: Record<Lane["via"], Lane[]>;
	taken: Set<string>;
	waits: Map<string, Date>;
	counts: { sent: number; failed: number; unknown: number };
}

const keyOf = ({ via, target, hunter }: Lane): string => `${via} ${target} ${hunter?.toString("hex") ?? ""}`;

/** What a message to Slack says of Slack as a whole: that it takes them again, or answers nobody. */
async function noteSlack(sent: Exclude<Sent, { taken: true }>, run: Run): Promise<void> {
	const { parts } = run;
	run.silent = sent.lost === true ? run.silent + 1 : 0;
	if (sent.shut !== undefined) run.shutUntil = sent.shut;
	else if (run.silent >= (run.gated ? 1 : WIDTH)) {
		run.shutUntil = await closeGate(parts.database, parts.slack?.token ?? "", { kind: "reach", reason: "Slack takes connections and does not answer." }, parts.now(), parts.random);
	} else if (sent.outcome.kind === "sent" && run.gated) {
		run.gated = false;
		await openGate(parts.database);
	}
}

/** One message of a lane, or the finding that it has to wait. */
async function serve(lane: Lane, run: Run): Promise<void> {
	const { parts } = run;
	const { database: db } = parts;
	const claim = randomBytes(16);
	const got: Claim = await claimHead(db, lane, claim, parts.now());
	if (got.kind === "dropped") return;
	if (got.kind !== "claimed") {
		// A lane another worker serves is that worker's.
		run.waits.set(keyOf(lane), got.kind === "wait" ? got.until : new Date(parts.now().getTime() + LONGEST_WAIT_MS));
		return;
	}
	const { claimed } = got;
	const sent = lane.via === "slack" ? await sendSlack(run.client as WebClient, lane.target, claimed, parts) : await sendWebhook(claimed, parts);
	if ("taken" in sent) return;
	await settle(db, claim, sent.outcome);
	if (sent.outcome.kind !== "later") run.counts[sent.outcome.kind] += claimed.count;
	if (lane.via === "slack") await noteSlack(sent, run);
	if (sent.outcome.kind !== "sent") log.warn({ alert: claimed.head.id.toString("hex"), via: lane.via, outcome: sent.outcome.kind, reason: sent.outcome.reason }, "alert not delivered");
}

/** Milliseconds until a lane may go on. */
function waitOf(lane: Lane, run: Run): number {
	const now = run.parts.now().getTime();
	const shut = lane.via === "slack" ? (run.shutUntil?.getTime() ?? now) : now;
	return Math.max(0, (run.waits.get(keyOf(lane))?.getTime() ?? now) - now, shut - now);
}

/** Takes the next lane of those that nobody is at, each in its turn, and waits where it may go on in a moment; null: none does. */
async function next(via: Lane["via"], run: Run): Promise<Lane | null> {
	const { parts } = run;
	const free = (): Lane[] => run.todo[via].filter((lane) => !run.taken.has(keyOf(lane)));
	let lane = free().find((one) => waitOf(one, run) === 0);
	if (lane === undefined) {
		run.todo[via] = await lanes(parts.database, via);
		lane = free().sort((a, b) => waitOf(a, run) - waitOf(b, run))[0];
	}
	if (lane === undefined) return null;
	const wait = waitOf(lane, run);
	if (wait > PATIENCE_MS || parts.now().getTime() + wait >= run.end) return null;
	run.taken.add(keyOf(lane));
	run.todo[via] = run.todo[via].filter((one) => one !== lane);
	if (wait > 0) await parts.sleep(wait);
	return lane;
}

/** Serves one lane after the other until the time is over, nothing is due in a moment, or `goOn` says so. */
async function work(via: Lane["via"], run: Run, goOn: () => boolean = () => true): Promise<void> {
	while (run.parts.now().getTime() < run.end && goOn()) {
		const lane = await next(via, run);
		if (lane === null) return;
		try {
			// Slack may have gone meanwhile.
			if (waitOf(lane, run) === 0) await serve(lane, run);
		} catch (error) {
			run.end = 0;
			throw error;
		} finally {
			run.taken.delete(keyOf(lane));
		}
	}
}

/** Waits for all of them, whatever becomes of one. */
async function all(promises: ReadonlyArray<Promise<void>>): Promise<void> {
	for (const one of await Promise.allSettled(promises)) if (one.status === "rejected") throw one.reason;
}

/** Serves all lanes of one way, several at once: one that takes its time holds up no other. */
async function tell(via: Lane["via"], run: Run): Promise<void> {
	// Where Slack took nothing before, one message is tried, and the others follow once it has taken it.
	if (via === "slack" && run.gated) await work(via, run, () => run.gated);
	await all(Array.from({ length: WIDTH }, () => work(via, run)));
}

/** When the first of the lanes may go on. */
function soonest(left: readonly Lane[], run: Run): Date | null {
	if (left.length === 0) return null;
	return new Date(run.parts.now().getTime() + Math.min(...left.map((lane) => waitOf(lane, run))));
}

async function left(db: Database): Promise<number> {
	const [row] = await db.query<{ n: number }>("SELECT COUNT(*) AS n FROM alert WHERE state IN ('pending', 'sending', 'unknown')");
	return Number(row?.n ?? 0);
}

/**
 * Tells what is due, oldest first in each channel, about one message a second there; channels do not wait for each other, nor for
 * webhooks. Begins nothing after `milliseconds`, so that it ends one request later, and waits for what is due in a moment. Safe to run
 * in several processes at once.
 */
export async function deliver({ milliseconds }: { milliseconds: number }, parts: DeliveryParts = deliveryParts()): Promise<Delivered> {
	const end = parts.now().getTime() + milliseconds;
	const { slack, database: db } = parts;
	await releaseDead(db, parts.now());
	const gate = slack === null ? null : await readGate(db, slack.token);
	const made = slack === null ? null : slackClient(slack);
	const shut = gate !== null && gate.until > parts.now() && gate.until.getTime() - parts.now().getTime() <= LONGEST_WAIT_MS;
	const run: Run = {
		parts,
		client: made?.client ?? null,
		end,
		shutUntil: shut ? gate.until : null,
		gated: gate !== null,
		silent: 0,
		todo: { slack: [], webhook: [] },
		taken: new Set(),
		waits: new Map(),
		counts: { sent: 0, failed: 0, unknown: 0 },
	};
	const ways: ReadonlyArray<Lane["via"]> = slack === null ? ["webhook"] : ["slack", "webhook"];
	try {
		await all(ways.map((via) => tell(via, run)));
	} finally {
		await made?.close();
	}
	const open = await Promise.all(ways.map((via) => lanes(db, via)));
	return { ...run.counts, left: await left(db), nextAt: soonest(open.flat(), run) };
}

/** Whether there is something to tell now: two small reads. What Slack does not take at the moment is not due. */
export async function hasDue(now: Date, db: Database = database(), slack: { token: string } | null = env().slack): Promise<boolean> {
	const gate = slack === null ? null : await readGate(db, slack.token);
	const open = slack !== null && (gate === null || gate.until <= now || gate.until.getTime() - now.getTime() > LONGEST_WAIT_MS);
	const far = lit(new Date(now.getTime() + LONGEST_WAIT_MS));
	const via = open ? "" : " AND via <> 'slack'";
	const [row] = await db.query(`SELECT id FROM alert WHERE state IN ('pending', 'unknown') AND told_in IS NULL AND unsure < ${STUCK} AND (next_at <= ${lit(now)} OR next_at > ${far})${via} LIMIT 1`);
	if (row !== undefined) return true;
	const [dead] = await db.query(`SELECT id FROM alert WHERE ${isDead(now)} LIMIT 1`);
	return dead !== undefined;
}
