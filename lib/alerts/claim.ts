import { type Database, lit, type Queryable } from "@/lib/platform";
import type { AlertContent } from "./content";
import { dueAt, LONGEST_WAIT_MS, PACE_MS } from "./waits";

/** Where alerts stand in line one behind the other: a channel, or the webhook of a hunter. */
export interface Lane {
	via: "slack" | "webhook";
	target: string;
	/** of a webhook */
	hunter: Buffer | null;
}

/** An alert as delivery sees it. */
export interface Row {
	id: Buffer;
	hunterId: Buffer | null;
	content: AlertContent;
	attempts: number;
	postedAt: Date | null;
	unsure: number;
	createdAt: Date;
	/** what kept it last time */
	reason: string | null;
}

/** Alerts that are ours for a while: `head` carries the message, the others are told in it. */
export interface Claimed {
	claim: Buffer;
	head: Row;
	/** what it says: the head's own, or all of them in one */
	content: AlertContent[];
	/** when the oldest was put */
	since: Date;
	count: number;
	/** where the lane's last message went */
	channelId: string | null;
	webhook: string | null;
}

/** A worker that has shown no sign of life for this long is dead: four times what a request may take. */
export const LEASE_MS = 60_000;
/** Sources that change their state at the same time: beyond this they are one message. */
const OPERATIONS_OVER = 5;
const RECORDS = 10;
/** Most that go into one message, so that a statement stays small. */
const MERGED = 2000;
/** Alerts behind one that waits, put off in one transaction, and how often: with years of them behind it, that is bounded as well. */
const PORTION = 1000;
const PORTIONS = 20;
/** Hits in one body to a webhook, which leaves none out. */
const BODY = 100;
/** A request whose answer was lost is repeated blindly once, */
export const MOST_UNSURE = 2;
/** and where it still cannot be looked for then, a person decides. */
export const STUCK = 3;

const OPEN = `state IN ('pending', 'unknown') AND told_in IS NULL AND unsure < ${STUCK}`;

/** The rows of a lane, as a condition. */
export function laneWhere({ via, target, hunter }: Lane): string {
	return via === "slack" ? `via = 'slack' AND target = ${lit(target)}` : `via = 'webhook' AND hunter_id = ${lit(hunter)}`;
}

/** Lanes of one way in which something is to be done, the one that waits longest first. */
export async function lanes(db: Queryable, via: Lane["via"]): Promise<Lane[]> {
	const whose = via === "webhook" ? "hunter_id" : "NULL";
	const rows = await db.query<{ target: string; hunter: Buffer | null }>(
		`SELECT target, ${whose} AS hunter, MIN(created_at) AS oldest FROM alert WHERE via = ${lit(via)} AND ${OPEN} GROUP BY target${via === "webhook" ? ", hunter_id" : ""} ORDER BY oldest`,
	);
	return rows.map(({ target, hunter }) => ({ via, target, hunter }));
}

/** What nobody is at any more: its worker shows no sign of life, or has a claim that only a clock which was put back since can have made. */
export function isDead(now: Date): string {
	return `state = 'sending' AND (claim_until <= ${lit(now)} OR claim_until > ${lit(new Date(now.getTime() + LONGEST_WAIT_MS))})`;
}

/** Takes back what dead workers held: what may have been sent is unknown, the rest is as it was. */
export async function releaseDead(db: Database, now: Date): Promise<void> {
	await db.execute(
		`UPDATE alert SET state = CASE WHEN posted_at IS NULL THEN 'pending' ELSE 'unknown' END, told_in = CASE WHEN posted_at IS NULL THEN NULL ELSE told_in END, reason = CASE WHEN posted_at IS NULL THEN reason ELSE 'The process ended before the answer was noted.' END, next_at = ${lit(now)}, claim = NULL, claim_until = NULL WHERE ${isDead(now)}`,
	);
}

const COLUMNS = "id, hunter_id, kind, content, attempts, next_at, posted_at, unsure, created_at, state, reason";

interface Raw {
	id: Buffer;
	hunter_id: Buffer | null;
	kind: AlertContent["kind"];
	content: string;
	attempts: number;
	next_at: Date;
	posted_at: Date | null;
	unsure: number;
	created_at: Date;
	state: string;
	reason: string | null;
}

function toRow(raw: Raw): Row {
	return {
		id: raw.id,
		hunterId: raw.hunter_id,
		content: JSON.parse(raw.content) as AlertContent,
		attempts: Number(raw.attempts),
		postedAt: raw.posted_at,
		unsure: Number(raw.unsure),
		createdAt: raw.created_at,
		reason: raw.reason,
	};
}

const idList = (ids: readonly Buffer[]): string => ids.map((id) => lit(id)).join(",");

/** Ids of the others that are told in the head's message: those that were, where it may have been sent; else those of a flood. */
async function companions(tx: Queryable, lane: Lane, head: Raw, digestOver: number): Promise<Buffer[]> {
	if (head.posted_at !== null) {
		return (await tx.query<{ id: Buffer }>(`SELECT id FROM alert WHERE told_in = ${lit(head.id)} AND state IN ('pending', 'unknown')`)).map(({ id }) => id);
	}
	const same = head.hunter_id === null ? "hunter_id IS NULL AND kind = 'operation'" : `hunter_id = ${lit(head.hunter_id)} AND kind IN ('hit', 'digest')`;
	const most = lane.via === "webhook" ? BODY : MERGED;
	const rows = await tx.query<{ id: Buffer; kind: string }>(
		`SELECT id, kind FROM alert WHERE ${laneWhere(lane)} AND state = 'pending' AND told_in IS NULL AND posted_at IS NULL AND ${same} ORDER BY created_at, id LIMIT ${most}`,
	);
	const over = head.hunter_id === null ? OPERATIONS_OVER : Math.min(digestOver, most - 1);
	// One flood may have been written in several parts: a part that is a digest already says that it was one.
	const flood = rows.length > over || (lane.via === "slack" && rows.some(({ kind }) => kind === "digest"));
	return flood ? rows.map(({ id }) => id).filter((id) => !id.equals(head.id)) : [];
}

/**
 * What several alerts of a hunter say together, of those that were claimed: `count` of them. For Slack, of most only their number is
 * read, and the newest are named; a webhook gets all of them.
 */
async function together(tx: Queryable, lane: Lane, ids: readonly Buffer[], claim: Buffer, count: number): Promise<AlertContent[]> {
	const ours = `id IN (${idList(ids)}) AND claim = ${lit(claim)}`;
	const [most, from] = lane.via === "webhook" ? [BODY, "ASC"] : [RECORDS, "DESC"];
	const rows = await tx.query<{ kind: string; content: string }>(
		`(SELECT kind, content, created_at, id FROM alert WHERE ${ours} AND kind <> 'hit') UNION ALL (SELECT kind, content, created_at, id FROM alert WHERE ${ours} AND kind = 'hit' ORDER BY created_at ${from}, id ${from} LIMIT ${most}) ORDER BY created_at, id`,
	);
	const contents = rows.map(({ content }) => JSON.parse(content) as AlertContent);
	const first = contents.find((content) => content.kind === "hit" || content.kind === "digest");
	if (first === undefined || (first.kind !== "hit" && first.kind !== "digest")) return contents;
	const digests = contents.filter((content) => content.kind === "digest");
	const total = count - digests.length + digests.reduce((sum, digest) => sum + digest.total, 0);
	const inOrder = lane.via === "webhook" ? contents : contents.toReversed();
	const records = inOrder.flatMap((content) => (content.kind === "hit" ? [content.record] : content.kind === "digest" ? content.records : [])).slice(0, lane.via === "webhook" ? undefined : RECORDS);
	return [{ kind: "digest", hunter: first.hunter, total, records }];
}

/** The newest messages of a lane: where they went, and when the next may. */
async function before(tx: Queryable, lane: Lane): Promise<{ channelId: string | null; nextAt: number }> {
	const rows = await tx.query<{ channel_id: string | null; sent_at: Date | null }>(
		`SELECT channel_id, sent_at FROM alert WHERE ${laneWhere(lane)} AND sent_at IS NOT NULL ORDER BY ${lane.via === "slack" ? "sent_at" : "created_at"} DESC LIMIT 5`,
	);
	const last = Math.max(0, ...rows.map(({ sent_at }) => sent_at?.getTime() ?? 0));
	return { channelId: rows.find(({ channel_id }) => channel_id !== null && channel_id !== "")?.channel_id ?? null, nextAt: last + PACE_MS };
}

export type Claim = { kind: "claimed"; claimed: Claimed } | { kind: "wait"; until: Date; more?: true } | { kind: "dropped"; count: number } | { kind: "busy" };

/**
 * Takes the oldest alert of a lane, with those that are told in the same message. One worker at a time has something of a lane, so
 * order and pace hold. `dropped`: their hunter is gone.
 */
export async function claimHead(db: Database, lane: Lane, claim: Buffer, now: Date): Promise<Claim> {
	const [seen] = await db.query<Raw>(`SELECT ${COLUMNS} FROM alert WHERE ${laneWhere(lane)} AND ${OPEN} ORDER BY created_at, id LIMIT 1`);
	if (seen === undefined) return { kind: "busy" };
	for (let portion = 1; ; portion++) {
		const got = await db.transaction((tx) => claimSeen(tx, lane, seen, claim, now));
		// What is left behind it after so many has its turn when somebody comes for it.
		if (got.kind !== "wait" || got.more !== true || portion === PORTIONS) return got;
	}
}

async function claimSeen(tx: Queryable, lane: Lane, seen: Raw, claim: Buffer, now: Date): Promise<Claim> {
	const where = laneWhere(lane);
	// The lock comes first: what a transaction reads later without one is as it was at its first reading.
	const [head] = await tx.query<Raw>(`SELECT ${COLUMNS} FROM alert WHERE id = ${lit(seen.id)} AND state = ${lit(seen.state)} FOR UPDATE`);
	if (head === undefined) return { kind: "busy" };
	const [sending] = await tx.query(`SELECT id FROM alert WHERE ${where} AND state = 'sending' LIMIT 1`);
	if (sending !== undefined) return { kind: "busy" };
	const due = dueAt(head.next_at, now);
	if (due > now) {
		// Those behind it are due no earlier: so nobody is woken for them.
		const { affected } = await tx.execute(`UPDATE alert SET next_at = ${lit(due)} WHERE ${where} AND state = 'pending' AND next_at < ${lit(due)} LIMIT ${PORTION}`);
		return affected < PORTION ? { kind: "wait", until: due } : { kind: "wait", until: due, more: true };
	}
	const last = await before(tx, lane);
	const pace = dueAt(new Date(last.nextAt), now);
	if (pace > now) return { kind: "wait", until: pace };
	const hunter = head.hunter_id === null ? null : (await tx.query<{ digest_over: number; webhook: string | null }>(`SELECT digest_over, webhook FROM hunter WHERE id = ${lit(head.hunter_id)}`))[0];
	if (hunter === undefined) {
		const { affected } = await tx.execute(
			`UPDATE alert SET state = 'dropped', reason = 'Its hunter was deleted.' WHERE ${where} AND hunter_id = ${lit(head.hunter_id)} AND state IN ('pending', 'unknown')`,
		);
		return { kind: "dropped", count: affected };
	}
	const ids = [head.id, ...(await companions(tx, lane, head, Number(hunter?.digest_over ?? 0)))];
	// Some may have been dropped since they were read: what is told is what was taken.
	const { affected: count } = await tx.execute(
		`UPDATE alert SET state = 'sending', claim = ${lit(claim)}, claim_until = ${lit(new Date(now.getTime() + LEASE_MS))}, told_in = CASE WHEN id = ${lit(head.id)} THEN NULL ELSE ${lit(head.id)} END WHERE id IN (${idList(ids)}) AND state IN ('pending', 'unknown')`,
	);
	const row = toRow(head);
	const content = count === 1 ? [row.content] : await together(tx, lane, ids, claim, count);
	return { kind: "claimed", claimed: { claim, head: row, content, since: head.created_at, count, channelId: last.channelId, webhook: hunter?.webhook ?? null } };
}

/** What is known of the requests for an alert before the next one. */
export interface Doubts {
	/** first that may have become a message */
	postedAt: Date | null;
	/** how many had no answer */
	unsure: number;
}

/**
 * Whether what is claimed is still ours, noted before every request: from now on it may have been sent. Counted as without answer until
 * one comes, so that nothing has to be guessed about a worker that died; a further request (`turn`) follows an answer.
 */
export async function fence(db: Database, claim: Buffer, turn: number, doubts: Doubts, now: Date): Promise<boolean> {
	const until = new Date(now.getTime() + LEASE_MS + turn);
	const { affected } = await db.execute(
		`UPDATE alert SET posted_at = ${lit(doubts.postedAt ?? now)}, unsure = ${doubts.unsure + 1}, claim_until = ${lit(until)} WHERE claim = ${lit(claim)} AND state = 'sending'`,
	);
	return affected > 0;
}

/** What became of what was claimed. */
export type Outcome =
	| { kind: "sent"; channelId: string | null; ts: string | null; note: string | null; at: Date }
	/** what was known before this request holds; `maybe`: but it may have had its effect, so it is looked for first */
	| { kind: "later"; reason: string; nextAt: Date; doubts: Doubts; maybe?: boolean }
	/** `stuck`: it is not tried again by itself */
	| { kind: "unknown"; reason: string; nextAt: Date; stuck?: boolean }
	| { kind: "failed"; reason: string };

function settings(outcome: Outcome): string {
	switch (outcome.kind) {
		case "sent":
			return `state = 'sent', reason = ${lit(outcome.note)}, sent_at = ${lit(outcome.at)}, channel_id = ${lit(outcome.channelId)}, message_ts = ${lit(outcome.ts)}`;
		case "later": {
			const { postedAt, unsure } = outcome.doubts;
			const posted = outcome.maybe === true ? "" : `, posted_at = ${lit(postedAt)}${postedAt === null ? ", told_in = NULL" : ""}`;
			return `state = 'pending', reason = ${lit(outcome.reason)}, next_at = ${lit(outcome.nextAt)}, attempts = attempts + 1, unsure = ${unsure}${posted}`;
		}
		case "unknown":
			return `state = 'unknown', reason = ${lit(outcome.reason)}, next_at = ${lit(outcome.nextAt)}, attempts = attempts + 1${outcome.stuck === true ? `, unsure = ${STUCK}` : ""}`;
		case "failed":
			return `state = 'failed', reason = ${lit(outcome.reason)}, attempts = attempts + 1, told_in = NULL`;
	}
}

/** Notes what became of it and lets go. Of a claim that was taken from us nothing is written. */
export async function settle(db: Database, claim: Buffer, outcome: Outcome): Promise<void> {
	await db.execute(`UPDATE alert SET ${settings(outcome)}, claim = NULL, claim_until = NULL WHERE claim = ${lit(claim)} AND state = 'sending'`);
}
