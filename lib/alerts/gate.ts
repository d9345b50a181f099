import { createHash } from "node:crypto";
import { type Database, lit, type Queryable } from "@/lib/platform";
import { backOff } from "./waits";

/** Why nothing goes to Slack at the moment. */
export interface SlackGate {
	/** `token`: Slack does not take it; `reach`: Slack is not there */
	kind: "token" | "reach";
	reason: string;
	since: Date;
	until: Date;
}

const NAME = "slack-gate";
const TOKEN_WAIT_MS = 15 * 60_000;
const REACH_CAP_MS = 5 * 60_000;

interface Stored {
	token: string;
	kind: SlackGate["kind"];
	reason: string;
	since: string;
	until: string;
	failures: number;
}

/** A new token opens the gate: its trouble was the old one's. */
export const fingerprint = (token: string): string => createHash("sha256").update(`gate\0${token}`).digest("hex").slice(0, 16);

async function stored(db: Queryable, token: string): Promise<Stored | null> {
	const [row] = await db.query<{ value: string }>(`SELECT value FROM setting WHERE name = ${lit(NAME)}`);
	if (row === undefined) return null;
	const value = JSON.parse(row.value) as Stored;
	return value.token === fingerprint(token) ? value : null;
}

/** What keeps all of Slack's alerts waiting, or null. Past its `until` a few are tried. */
export async function readGate(db: Queryable, token: string): Promise<SlackGate | null> {
	const value = await stored(db, token);
	return value === null ? null : { kind: value.kind, reason: value.reason, since: new Date(value.since), until: new Date(value.until) };
}

/** Makes everything wait. Returns until when. */
export async function closeGate(db: Database, token: string, gate: { kind: SlackGate["kind"]; reason: string }, now: Date, random: () => number): Promise<Date> {
	const before = await stored(db, token);
	const failures = before === null || before.kind !== gate.kind ? 0 : before.failures + 1;
	const wait = gate.kind === "token" ? TOKEN_WAIT_MS : Math.min(REACH_CAP_MS, backOff(failures, random));
	const until = new Date(now.getTime() + wait);
	const value: Stored = { token: fingerprint(token), kind: gate.kind, reason: gate.reason, since: before?.since ?? now.toISOString(), until: until.toISOString(), failures };
	await db.execute(
		`INSERT INTO setting (name, value, updated_at) VALUES (${lit(NAME)}, ${lit(JSON.stringify(value))}, ${lit(now)}) ON DUPLICATE KEY UPDATE value = VALUES(value), updated_at = VALUES(updated_at)`,
	);
	return until;
}

/** Slack took something: nothing waits any longer. */
export async function openGate(db: Database): Promise<void> {
	await db.execute(`DELETE FROM setting WHERE name = ${lit(NAME)}`);
}
