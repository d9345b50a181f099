import { randomBytes } from "node:crypto";
import { channelOf } from "@/lib/alerts/channel";
import { muteIn } from "@/lib/alerts/mute";
import { giveUpWaiting, moveWaiting } from "@/lib/alerts/outbox";
import { wake } from "@/lib/alerts/wake";
import { newWebhookSecret, sealWebhook } from "@/lib/alerts/webhook-secret";
import { audit } from "@/lib/auth/audit";
import { ExistError, shown } from "@/lib/errors";
import { type Database, database, isDuplicate, lit, type Queryable } from "@/lib/platform";
import type { Hunter, HunterInput } from "./hunter";
import { type CheckedInput, checkInput } from "./input";
import { type JudgeParts, judgeParts } from "./parts";
import { MAX_TRIES } from "./waits";

/** A hunter that was saved; the secret of a new webhook is told this once. */
export interface SavedHunter extends Hunter {
	webhookSecret: string | null;
}

interface Row {
	id: Buffer;
	kind: string;
	name: string;
	query: string;
	enabled: number;
	slack: number;
	channel: string | null;
	webhook_host: string | null;
	digest_over: number;
	muted_until: Date | null;
	revision: number;
	state: string;
	reason: string | null;
	seen_to: Date;
	last_run_at: Date | null;
	last_hit_at: Date | null;
	hit_count: number;
	created_by: string;
	created_at: Date;
	updated_at: Date;
}

type Parts = Pick<JudgeParts, "database" | "kinds" | "parse" | "now">;

const COLUMNS =
	"id, kind, name, query, enabled, slack, channel, webhook_host, digest_over, muted_until, revision, state, reason, seen_to, last_run_at, last_hit_at, hit_count, created_by, created_at, updated_at";
const HEX = /^[0-9a-f]{32}$/;
const MAX_MUTE_MS = 366 * 86_400_000;

/** The key of a hunter. Throws `not_found` for what is none. */
export function hunterKey(id: string): Buffer {
	if (!HEX.test(id)) throw new ExistError("not_found", `There is no hunter "${shown(id, 40)}".`);
	return Buffer.from(id, "hex");
}

function toHunter(row: Row, alerts: Hunter["alerts"]): Hunter {
	const enabled = Number(row.enabled) === 1;
	return {
		id: row.id.toString("hex"),
		kind: row.kind,
		name: row.name,
		query: row.query,
		enabled,
		slack: Number(row.slack) === 1,
		channel: channelOf(row.name, row.channel),
		ownChannel: row.channel !== null,
		webhookHost: row.webhook_host,
		digestOver: Number(row.digest_over),
		mutedUntil: row.muted_until,
		revision: Number(row.revision),
		state: enabled ? (row.state as Hunter["state"]) : "off",
		reason: row.reason,
		seenTo: row.seen_to,
		lastRunAt: row.last_run_at,
		lastHitAt: row.last_hit_at,
		hitCount: Number(row.hit_count),
		createdBy: row.created_by,
		createdAt: row.created_at,
		updatedAt: row.updated_at,
		alerts,
	};
}

/** Alerts that were not sent, by hunter. */
async function openAlerts(db: Queryable, hunter?: Buffer): Promise<Map<string, Hunter["alerts"]>> {
	const rows = await db.query<{ hunter_id: Buffer; state: string; n: number }>(
		`SELECT hunter_id, state, COUNT(*) AS n FROM alert WHERE state IN ('pending', 'sending', 'unknown', 'failed') AND ${hunter === undefined ? "hunter_id IS NOT NULL" : `hunter_id = ${lit(hunter)}`} GROUP BY hunter_id, state`,
	);
	const found = new Map<string, Hunter["alerts"]>();
	for (const { hunter_id, state, n } of rows) {
		const id = hunter_id.toString("hex");
		const counts = found.get(id) ?? { pending: 0, unknown: 0, failed: 0 };
		counts[state === "sending" ? "pending" : (state as keyof Hunter["alerts"])] += Number(n);
		found.set(id, counts);
	}
	return found;
}

const none = (): Hunter["alerts"] => ({ pending: 0, unknown: 0, failed: 0 });

/** All hunters, or those of a kind, by kind and name. */
export async function listHunters(filter: { kind?: string } = {}, db: Database = database()): Promise<Hunter[]> {
	const where = filter.kind === undefined ? "" : ` WHERE kind = ${lit(filter.kind)}`;
	const [rows, alerts] = await Promise.all([db.query<Row>(`SELECT ${COLUMNS} FROM hunter${where} ORDER BY kind, name, id`), openAlerts(db)]);
	return rows.map((row) => toHunter(row, alerts.get(row.id.toString("hex")) ?? none()));
}

/** One hunter. Throws `not_found`. */
export async function getHunter(id: string, db: Queryable = database()): Promise<Hunter> {
	const key = hunterKey(id);
	const [row] = await db.query<Row>(`SELECT ${COLUMNS} FROM hunter WHERE id = ${lit(key)}`);
	if (row === undefined) throw new ExistError("not_found", `There is no hunter ${id}. It may have been deleted.`);
	return toHunter(row, (await openAlerts(db, key)).get(id) ?? none());
}

function partsOf(given: Database | Parts): Parts {
	return "kinds" in given ? given : judgeParts(given);
}

/** What the audit log says of a hunter; a webhook's address may hold a secret and is told by its host. */
function told(input: CheckedInput, host: string | null): Record<string, unknown> {
	const { kind, name, query, enabled, slack, channel, digestOver } = input;
	return { kind, name, query, enabled, slack, channel, digestOver, webhook: host };
}

interface NewWebhook {
	sealed: string | null;
	host: string | null;
	secret: string | null;
}

function makeWebhook(id: Buffer, url: string | null): NewWebhook {
	if (url === null) return { sealed: null, host: null, secret: null };
	const secret = newWebhookSecret();
	return { sealed: sealWebhook(id.toString("hex"), { url, secret }), host: new URL(url).hostname, secret };
}

function taken(input: CheckedInput): ExistError {
	return new ExistError("conflict", `There is a ${input.kind} hunter called "${shown(input.name)}" already. Give this one another name.`, { field: "name" });
}

/** Makes a hunter; it looks at what comes from now on. Throws `invalid` (see `checkInput`) and `conflict` for a name that is taken. */
export async function createHunter(value: HunterInput, actor: string, given: Database | Parts = database()): Promise<SavedHunter> {
	const parts = partsOf(given);
	const input = checkInput(value, parts);
	const id = randomBytes(16);
	const now = lit(parts.now());
	const webhook = makeWebhook(id, input.webhook ?? null);
	try {
		await parts.database.transaction(async (tx) => {
			await tx.execute(
				`INSERT INTO hunter (id, kind, name, query, enabled, slack, channel, webhook, webhook_host, digest_over, muted_until, revision, since, state, reason, seen_to, hit_count, created_by, created_at, updated_at) VALUES (${lit(id)},${lit(input.kind)},${lit(input.name)},${lit(input.query)},${lit(input.enabled)},${lit(input.slack)},${lit(input.channel)},${lit(webhook.sealed)},${lit(webhook.host)},${input.digestOver},NULL,1,${now},'new',NULL,${now},0,${lit(actor.slice(0, 320))},${now},${now})`,
			);
			await audit(actor, "hunter.create", id.toString("hex"), told(input, webhook.host), tx);
		});
	} catch (error) {
		if (isDuplicate(error)) throw taken(input);
		throw error;
	}
	return { ...(await getHunter(id.toString("hex"), parts.database)), webhookSecret: webhook.secret };
}

function gone(key: Buffer): ExistError {
	return new ExistError("not_found", `There is no hunter ${key.toString("hex")}. It may have been deleted.`);
}

/** Locks a hunter. Throws `not_found`. */
async function hold(tx: Queryable, key: Buffer): Promise<Row> {
	const [row] = await tx.query<Row>(`SELECT ${COLUMNS} FROM hunter WHERE id = ${lit(key)} FOR UPDATE`);
	if (row === undefined) throw gone(key);
	return row;
}

/**
 * What changes with the query or the switch: a hunter that failed tries again at once what it has missed; one that is switched on
 * looks at what comes from now on.
 */
async function revive(tx: Queryable, row: Row, enabled: boolean, now: Date): Promise<string> {
	const id = lit(row.id);
	if (!enabled || Number(row.enabled) === 0) {
		await tx.execute(`DELETE FROM hunter_arrear WHERE hunter_id = ${id}`);
		return Number(row.enabled) === 0 && enabled ? `, state = 'new', reason = NULL, since = ${lit(now)}, seen_to = ${lit(now)}` : "";
	}
	// What it could not look at is said until a person saves it.
	if (row.state !== "failing") return ", reason = NULL";
	await tx.execute(`UPDATE hunter_arrear SET attempts = 0, reason = NULL, next_at = ${lit(now)} WHERE hunter_id = ${id}`);
	const [left] = await tx.query<{ n: number }>(`SELECT COUNT(*) AS n FROM hunter_arrear WHERE hunter_id = ${id} AND attempts < ${MAX_TRIES}`);
	return Number(left?.n ?? 0) === 0 ? ", state = 'ok', reason = NULL" : `, reason = ${lit("It was changed, and looks at what it has missed.")}`;
}

/** What waits to be told follows the hunter: to the channel it has now, or nowhere. */
async function reroute(tx: Queryable, key: Buffer, input: CheckedInput, webhook: NewWebhook | null, actor: string, now: Date): Promise<void> {
	if (input.slack) await moveWaiting(tx, key, channelOf(input.name, input.channel), now);
	else await giveUpWaiting(tx, key, "slack", `Slack was switched off by ${actor}.`);
	if (webhook === null) return;
	if (webhook.sealed === null) await giveUpWaiting(tx, key, "webhook", `The webhook was removed by ${actor}.`);
	else await wake(tx, { via: "webhook", target: "", hunter: key }, now);
}

/**
 * Changes a hunter; what comes from now on, and what it has not seen yet, is held against the new query; what waits to be told goes to the
 * new channel. `revision`: the one the person saw. Throws `conflict` where somebody else was quicker or the name is taken, `invalid`, `not_found`.
 */
export async function updateHunter(id: string, value: HunterInput, revision: number, actor: string, given: Database | Parts = database()): Promise<SavedHunter> {
	const parts = partsOf(given);
	const key = hunterKey(id);
	const input = checkInput(value, parts);
	const webhook = input.webhook === undefined ? null : makeWebhook(key, input.webhook);
	const now = parts.now();
	try {
		await parts.database.transaction(async (tx) => {
			const row = await hold(tx, key);
			if (Number(row.revision) !== revision) {
				throw new ExistError("conflict", `"${shown(row.name)}" was changed meanwhile (revision ${row.revision}, yours was ${revision}). Load it again and make your change there.`);
			}
			if (row.kind !== input.kind) throw new ExistError("invalid", `A ${row.kind} hunter stays one: its hits are of that kind. Make a new ${input.kind} hunter.`, { field: "kind" });
			const state = await revive(tx, row, input.enabled, now);
			const hook = webhook === null ? "" : `, webhook = ${lit(webhook.sealed)}, webhook_host = ${lit(webhook.host)}`;
			await tx.execute(
				`UPDATE hunter SET name = ${lit(input.name)}, query = ${lit(input.query)}, enabled = ${lit(input.enabled)}, slack = ${lit(input.slack)}, channel = ${lit(input.channel)}, digest_over = ${input.digestOver}, revision = revision + 1, updated_at = ${lit(now)}${hook}${state} WHERE id = ${lit(key)}`,
			);
			await reroute(tx, key, input, webhook, actor, now);
			await audit(actor, "hunter.change", id, told(input, webhook === null ? row.webhook_host : webhook.host), tx);
		});
	} catch (error) {
		if (isDuplicate(error)) throw taken(input);
		throw error;
	}
	return { ...(await getHunter(id, parts.database)), webhookSecret: webhook?.secret ?? null };
}

/** Switches a hunter on or off. Switched on, it looks at what comes from then on. Throws `not_found`. */
export async function switchHunter(id: string, enabled: boolean, actor: string, given: Database | Parts = database()): Promise<void> {
	const { database: db, now: clock } = partsOf(given);
	const key = hunterKey(id);
	const now = clock();
	await db.transaction(async (tx) => {
		const row = await hold(tx, key);
		if ((Number(row.enabled) === 1) === enabled) return;
		const state = await revive(tx, row, enabled, now);
		await tx.execute(`UPDATE hunter SET enabled = ${lit(enabled)}, revision = revision + 1, updated_at = ${lit(now)}${state} WHERE id = ${lit(key)}`);
		await audit(actor, enabled ? "hunter.enable" : "hunter.disable", id, { name: row.name }, tx);
	});
}

/** Keeps hits untold until then, those as well that wait to be told; null: tells what comes again. Throws `invalid` for a time that is past or more than a year ahead, `not_found`. */
export async function muteHunter(id: string, until: Date | null, actor: string, given: Database | Parts = database()): Promise<void> {
	const { database: db, now: clock } = partsOf(given);
	const key = hunterKey(id);
	const now = clock();
	const ahead = until === null ? 1 : until.getTime() - now.getTime();
	if (!(ahead > 0 && ahead <= MAX_MUTE_MS)) throw new ExistError("invalid", "A hunter is muted until a time that is to come, within a year. To end it, give none.", { field: "until" });
	await db.transaction(async (tx) => {
		if ((await muteIn(tx, key, { until, actor, now })) === null) throw gone(key);
	});
}

const HITS_AT_ONCE = 2000;

/**
 * Deletes a hunter with its hits. What was not told yet is dropped; what was told stays in the list of all alerts as long as others do.
 * Throws `not_found`.
 */
export async function removeHunter(id: string, actor: string, db: Database = database()): Promise<void> {
	const key = hunterKey(id);
	const own = `hunter_id = ${lit(key)}`;
	await db.transaction(async (tx) => {
		const row = await hold(tx, key);
		await tx.execute(`DELETE FROM hunter WHERE id = ${lit(key)}`);
		await tx.execute(`DELETE FROM hunter_arrear WHERE ${own}`);
		await tx.execute(`UPDATE alert SET state = 'dropped', reason = ${lit(`Its hunter was deleted by ${actor}.`)} WHERE ${own} AND state IN ('pending', 'unknown', 'failed')`);
		await audit(actor, "hunter.delete", id, { kind: row.kind, name: row.name, query: row.query, hits: Number(row.hit_count) }, tx);
	});
	// A judge writes hits of hunters that it holds, so no more come; those that a stopped process leaves are cleared up once a day.
	for (;;) if ((await db.execute(`DELETE FROM hunter_hit WHERE ${own} LIMIT ${HITS_AT_ONCE}`)).affected < HITS_AT_ONCE) return;
}
