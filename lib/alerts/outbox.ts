import { createHash } from "node:crypto";
import { lit, type Queryable } from "@/lib/platform";
import type { AlertContent } from "./content";
import { limitedUntil } from "./wake";

/** An alert that is due. */
export interface NewAlert {
	/** the same cause gives the same id: see `alertId` */
	id: Buffer;
	hunter: Buffer | null;
	via: "slack" | "webhook";
	/** channel without `#`; empty for a webhook */
	target: string;
	content: AlertContent;
}

/** Identity of an alert: what it is about and whom it is told. 16 bytes. */
export function alertId(...about: ReadonlyArray<string | Buffer>): Buffer {
	const sum = createHash("sha256").update("alert");
	for (const part of about) sum.update("\0").update(part);
	return sum.digest().subarray(0, 16);
}

const ROWS = 100;

/**
 * Puts alerts into the outbox, in the transaction of what they tell. Those that are there already stay as they are. Returns how many
 * were new.
 */
export async function putAlerts(tx: Queryable, alerts: readonly NewAlert[], at: Date): Promise<number> {
	let put = 0;
	for (let from = 0; from < alerts.length; from += ROWS) {
		const tuples = alerts
			.slice(from, from + ROWS)
			.map(({ id, hunter, via, target, content }) => `(${lit(id)},${lit(hunter)},${lit(content.kind)},${lit(via)},${lit(target)},${lit(JSON.stringify(content))},'pending',0,${lit(at)},${lit(at)})`);
		put += (await tx.execute(`INSERT INTO alert (id, hunter_id, kind, via, target, content, state, attempts, next_at, created_at) VALUES ${tuples.join(",")} ON DUPLICATE KEY UPDATE id = id`))
			.affected;
	}
	return put;
}

/**
 * Takes back what waits of a hunter and has not been on its way yet, in the transaction that mutes it: a person can
 * still send it.
 */
export async function dropWaiting(tx: Queryable, hunter: Buffer, reason: string): Promise<void> {
	await tx.execute(
		`UPDATE alert SET state = 'dropped', reason = ${lit(reason)} WHERE hunter_id = ${lit(hunter)} AND kind IN ('hit', 'digest') AND state = 'pending' AND posted_at IS NULL AND told_in IS NULL`,
	);
}

/** What waits by one way and has not been on its way yet; and what was refused, but not where an earlier answer was lost: that one may be there. */
function untold(hunter: Buffer, via: "slack" | "webhook"): string {
	return `hunter_id = ${lit(hunter)} AND via = ${lit(via)} AND told_in IS NULL AND ((state = 'pending' AND posted_at IS NULL) OR (state = 'failed' AND unsure <= 1))`;
}

/**
 * Has what a hunter still has to tell in Slack told in its channel of now, at once: whatever was wrong was the old channel's. What has
 * failed is not sent by itself, but goes there where a person sends it again.
 */
export async function moveWaiting(tx: Queryable, hunter: Buffer, target: string, now: Date): Promise<void> {
	const due = (await limitedUntil(tx, { via: "slack", target, hunter: null }, now)) ?? now;
	await tx.execute(`UPDATE alert SET target = ${lit(target)}, next_at = ${lit(due)}, attempts = 0 WHERE ${untold(hunter, "slack")} AND target <> ${lit(target)}`);
}

/** Gives up what a hunter still had to tell by a way it has no longer. */
export async function giveUpWaiting(tx: Queryable, hunter: Buffer, via: "slack" | "webhook", reason: string): Promise<void> {
	await tx.execute(`UPDATE alert SET state = 'dropped', reason = ${lit(reason)} WHERE ${untold(hunter, via)}`);
}
