import { audit } from "@/lib/auth/audit";
import { ExistError, shown } from "@/lib/errors";
import { type Database, database, lit, type Queryable } from "@/lib/platform";
import type { Lane } from "./claim";
import { type AlertContent, titleOf } from "./content";
import { LIMITED, LONGEST_WAIT_MS, LOOK_MS } from "./waits";
import { wake } from "./wake";

/** An alert of a hunter (or of the installation) as pages show it. */
export interface ShownAlert {
	/** 32 hex */
	id: string;
	kind: "hit" | "digest" | "operation" | "test";
	via: "slack" | "webhook";
	target: string;
	/** first line of what it says */
	title: string;
	state: "pending" | "sending" | "sent" | "unknown" | "failed" | "dropped";
	reason: string | null;
	attempts: number;
	createdAt: Date;
	nextAt: Date;
	sentAt: Date | null;
	/** 32 hex of the alert in whose message it was told */
	toldIn: string | null;
}

interface Raw {
	id: Buffer;
	kind: ShownAlert["kind"];
	via: ShownAlert["via"];
	target: string;
	content: string;
	state: ShownAlert["state"];
	reason: string | null;
	attempts: number;
	created_at: Date;
	next_at: Date;
	sent_at: Date | null;
	told_in: Buffer | null;
}

const MAX_PAGE = 200;
const HEX = /^[0-9a-f]{32}$/;

function bytes(id: string): Buffer {
	if (!HEX.test(id)) throw new ExistError("not_found", `There is no alert "${shown(id, 40)}".`);
	return Buffer.from(id, "hex");
}

function toShown(raw: Raw): ShownAlert {
	return {
		id: raw.id.toString("hex"),
		kind: raw.kind,
		via: raw.via,
		target: raw.target,
		title: titleOf(JSON.parse(raw.content) as AlertContent),
		state: raw.state,
		reason: raw.reason,
		attempts: Number(raw.attempts),
		createdAt: raw.created_at,
		nextAt: raw.next_at,
		sentAt: raw.sent_at,
		toldIn: raw.told_in?.toString("hex") ?? null,
	};
}

/** Condition of what comes after a cursor (`<milliseconds>-<32 hex>`), newest first. */
function after(cursor: string): string {
	const match = /^(\d{1,15})-([0-9a-f]{32})$/.exec(cursor);
	if (match === null) throw new ExistError("invalid", `"${shown(cursor, 60)}" is no cursor of this list. Leave it out to begin at the newest.`, { field: "cursor" });
	const at = lit(new Date(Number(match[1])));
	return ` AND (created_at < ${at} OR (created_at = ${at} AND id < ${lit(Buffer.from(match[2] as string, "hex"))}))`;
}

/** Alerts of a hunter (32 hex), newest first; null: those of the installation. */
export async function alertsOf(
	hunter: string | null,
	{ limit, cursor }: { limit: number; cursor?: string | undefined },
	db: Database = database(),
): Promise<{ rows: ShownAlert[]; next: string | null }> {
	const most = Math.max(1, Math.min(MAX_PAGE, Math.trunc(limit)));
	const whose = hunter === null ? "hunter_id IS NULL" : `hunter_id = ${lit(HEX.test(hunter) ? Buffer.from(hunter, "hex") : Buffer.alloc(16))}`;
	const rows = await db.query<Raw>(
		`SELECT id, kind, via, target, content, state, reason, attempts, created_at, next_at, sent_at, told_in FROM alert WHERE ${whose}${cursor === undefined ? "" : after(cursor)} ORDER BY created_at DESC, id DESC LIMIT ${most + 1}`,
	);
	const page = rows.slice(0, most);
	const last = page.at(-1);
	return { rows: page.map(toShown), next: rows.length > most && last !== undefined ? `${last.created_at.getTime()}-${last.id.toString("hex")}` : null };
}

/** An alert of a hunter, with whose it is: lists of several hunters say so. */
export interface HunterAlert extends ShownAlert {
	/** `there`: it was not deleted since */
	hunter: { id: string; name: string; there: boolean };
}

/** Alerts of all hunters, those that were deleted since as well, newest first. */
export async function latestAlerts({ limit, cursor }: { limit: number; cursor?: string | undefined }, db: Database = database()): Promise<{ rows: HunterAlert[]; next: string | null }> {
	const most = Math.max(1, Math.min(MAX_PAGE, Math.trunc(limit)));
	const rows = await db.query<Raw & { hunter_id: Buffer }>(
		`SELECT id, hunter_id, kind, via, target, content, state, reason, attempts, created_at, next_at, sent_at, told_in FROM alert WHERE hunter_id IS NOT NULL${cursor === undefined ? "" : after(cursor)} ORDER BY created_at DESC, id DESC LIMIT ${most + 1}`,
	);
	const page = rows.slice(0, most);
	const ids = [...new Set(page.map(({ hunter_id }) => hunter_id.toString("hex")))];
	const known = ids.length === 0 ? [] : await db.query<{ id: Buffer; name: string }>(`SELECT id, name FROM hunter WHERE id IN (${ids.map((id) => lit(Buffer.from(id, "hex"))).join(",")})`);
	const names = new Map(known.map(({ id, name }) => [id.toString("hex"), name]));
	const shownRows = page.map((raw) => {
		const id = raw.hunter_id.toString("hex");
		const content = JSON.parse(raw.content) as AlertContent;
		// A hunter that is gone is called what it was called when it found this.
		const name = names.get(id) ?? ("hunter" in content ? content.hunter.name : id);
		return { ...toShown(raw), hunter: { id, name, there: names.has(id) } };
	});
	const last = page.at(-1);
	return { rows: shownRows, next: rows.length > most && last !== undefined ? `${last.created_at.getTime()}-${last.id.toString("hex")}` : null };
}

/** Hunters (32 hex) that have alerts which were tried and still wait: somebody may have to do what their reason says. */
export async function heldUp(db: Database = database()): Promise<ReadonlySet<string>> {
	const rows = await db.query<{ hunter_id: Buffer }>("SELECT DISTINCT hunter_id FROM alert WHERE state = 'pending' AND attempts > 0 AND hunter_id IS NOT NULL");
	return new Set(rows.map(({ hunter_id }) => hunter_id.toString("hex")));
}

/** Changes the state of one alert, and of those told in its message, where a person may; noted in the audit log. */
async function change(
	id: string,
	actor: string,
	what: { action: string; from: readonly string[]; set: string; refused: (state: string) => string; afterwards?: (tx: Queryable, lane: Lane) => Promise<void> },
	db: Database,
): Promise<void> {
	const key = bytes(id);
	await db.transaction(async (tx) => {
		const [row] = await tx.query<Pick<Lane, "via" | "target" | "hunter"> & { state: string; told_in: Buffer | null }>(
			`SELECT state, via, target, hunter_id AS hunter, told_in FROM alert WHERE id = ${lit(key)} FOR UPDATE`,
		);
		if (row === undefined) throw new ExistError("not_found", `There is no alert ${id}.`);
		if (!what.from.includes(row.state)) throw new ExistError("conflict", what.refused(row.state));
		const head = lit(row.told_in ?? key);
		await tx.execute(`UPDATE alert SET ${what.set} WHERE (id = ${head} OR told_in = ${head}) AND state IN (${what.from.map((state) => lit(state)).join(",")})`);
		await what.afterwards?.(tx, row);
		await audit(actor, what.action, id, { target: row.target, was: row.state }, tx);
	});
}

const WORDS: Readonly<Record<string, string>> = {
	sent: "It was sent already.",
	sending: "It is being sent at the moment. Look again in a minute.",
	dropped: "It was dropped before.",
};

/**
 * Sends an alert again that failed, waits, was dropped or of which nobody knows: what may have arrived is looked for first. What stands
 * before it in its channel goes out with it. Where Slack has asked for quiet, that is kept to. Throws `not_found`, `conflict`.
 */
export function resendAlert(id: string, actor: string, db: Database = database(), now = new Date()): Promise<void> {
	const limited = `state = 'pending' AND reason = ${lit(LIMITED)} AND next_at > ${lit(now)} AND next_at <= ${lit(new Date(now.getTime() + LONGEST_WAIT_MS))}`;
	const due = `CASE WHEN ${limited} THEN next_at WHEN posted_at IS NULL THEN ${lit(now)} ELSE ${lit(new Date(now.getTime() + LOOK_MS))} END`;
	const reason = `CASE WHEN ${limited} THEN reason ELSE ${lit(`${actor} asked for it to be sent again.`)} END`;
	// MySQL sets one after the other, from the left: what the others ask for is set last.
	const set = `attempts = 0, unsure = 0, reason = ${reason}, next_at = ${due}, state = CASE WHEN state = 'unknown' THEN 'unknown' ELSE 'pending' END`;
	const afterwards = (tx: Queryable, lane: Lane) => wake(tx, lane, now);
	return change(id, actor, { action: "alert.resend", from: ["pending", "unknown", "failed", "dropped"], set, refused: (state) => WORDS[state] ?? "It cannot be sent again.", afterwards }, db);
}

/** Gives an alert up that was not sent. Throws `not_found`, `conflict`. */
export function dropAlert(id: string, actor: string, db: Database = database()): Promise<void> {
	return change(
		id,
		actor,
		{ action: "alert.drop", from: ["pending", "unknown", "failed"], set: `state = 'dropped', reason = ${lit(`Dropped by ${actor}.`)}`, refused: (state) => WORDS[state] ?? "It cannot be dropped." },
		db,
	);
}
