import { channelOf } from "@/lib/alerts/channel";
import type { ToldRecord } from "@/lib/alerts/content";
import { alertId, type NewAlert, putAlerts } from "@/lib/alerts/outbox";
import { lit, type Queryable } from "@/lib/platform";
import type { HunterKind } from "./define";
import type { Find } from "./look";
import { type Member, toMember } from "./squad";
import { SKEW_MS } from "./waits";

/** A hunter as its hits need it, locked. */
export interface HeldHunter extends Member {
	name: string;
	since: Date;
	slack: boolean;
	channel: string | null;
	hasWebhook: boolean;
	digestOver: number;
	mutedUntil: Date | null;
}

interface Raw {
	id: Buffer;
	name: string;
	revision: number;
	state: string;
	since: Date;
	slack: number;
	channel: string | null;
	has_webhook: number;
	digest_over: number;
	muted_until: Date | null;
}

const ROWS = 100;
/** Records that a digest names: the newest, newest first. */
const TOLD = 10;

const hex = (id: Buffer): string => id.toString("hex");
const bytes = (id: string): Buffer => Buffer.from(id, "hex");

/**
 * Locks the enabled hunters of a kind, so that none is changed, made or deleted until the outcome is written, and no other judge
 * writes hits of theirs: what is read of their hits from here on is the last word.
 */
export async function holdHunters(tx: Queryable, kind: HunterKind): Promise<HeldHunter[]> {
	const rows = await tx.query<Raw>(
		`SELECT id, name, revision, state, since, slack, channel, CASE WHEN webhook IS NULL THEN 0 ELSE 1 END AS has_webhook, digest_over, muted_until FROM hunter WHERE kind = ${lit(kind.id)} AND enabled = 1 ORDER BY id FOR UPDATE`,
	);
	return rows.map((row) => ({
		...toMember(row),
		name: row.name,
		since: row.since,
		slack: Number(row.slack) === 1,
		channel: row.channel,
		hasWebhook: Number(row.has_webhook) === 1,
		digestOver: Number(row.digest_over),
		mutedUntil: row.muted_until,
	}));
}

/** A record that was noted before a hunter was made is none of its business; a hunter that was made in the future met a clock that was put back. */
export function concerns({ since }: HeldHunter, noted: Date, now: Date): boolean {
	return noted.getTime() >= since.getTime() - SKEW_MS || since > now;
}

/** Asks for hits of each hunter that have one of some values, a bounded number at a time. */
async function askHits(tx: Queryable, column: "record_id" | "story", wanted: ReadonlyMap<string, readonly Buffer[]>): Promise<Set<string>> {
	const questions = [...wanted].flatMap(([hunter, values]) => {
		const parts: string[] = [];
		for (let at = 0; at < values.length; at += 500) {
			const list = values.slice(at, at + 500).map((value) => lit(value));
			parts.push(`SELECT hunter_id, ${column} AS value FROM hunter_hit WHERE hunter_id = ${lit(bytes(hunter))} AND ${column} IN (${list.join(",")})`);
		}
		return parts;
	});
	const known = new Set<string>();
	for (let at = 0; at < questions.length; at += 50) {
		const rows = await tx.query<{ hunter_id: Buffer; value: Buffer }>(questions.slice(at, at + 50).join(" UNION ALL "));
		for (const { hunter_id, value } of rows) known.add(`${hex(hunter_id)} ${hex(value)}`);
	}
	return known;
}

function valuesOf(finds: ReadonlyMap<string, readonly Find[]>, value: (find: Find) => Buffer | undefined): Map<string, Buffer[]> {
	return new Map([...finds].map(([hunter, own]) => [hunter, own.flatMap((find) => value(find) ?? [])]));
}

/** The finds without those of a story that the hunter has found before, or that another of them tells: the first of each stays. */
async function firstOfStory(tx: Queryable, finds: ReadonlyMap<string, readonly Find[]>): Promise<Map<string, Find[]>> {
	const told = await askHits(
		tx,
		"story",
		valuesOf(finds, ({ document }) => document.story),
	);
	const isFirst = ({ hunter, document: { story } }: Find): boolean => {
		if (story === undefined) return true;
		const key = `${hunter} ${hex(story)}`;
		return !told.has(key) && told.add(key) !== undefined;
	};
	return new Map([...finds].map(([hunter, own]) => [hunter, own.filter(isFirst)]));
}

async function insertHits(tx: Queryable, finds: readonly Find[], now: Date): Promise<void> {
	for (let at = 0; at < finds.length; at += ROWS) {
		const tuples = finds
			.slice(at, at + ROWS)
			.map(
				({ hunter, document, matches }) =>
					`(${lit(bytes(hunter))},${lit(document.record)},${lit(now)},${lit(document.at)},${document.source},${lit(document.story ?? null)},${lit(document.title)},${lit(document.path)},${lit(JSON.stringify(matches))})`,
			);
		await tx.execute(`INSERT INTO hunter_hit (hunter_id, record_id, at, record_at, source, story, title, path, matches) VALUES ${tuples.join(",")}`);
	}
}

async function countHits(tx: Queryable, finds: ReadonlyMap<string, readonly Find[]>, now: Date): Promise<void> {
	const counts = [...finds].map(([hunter, own]) => ({ id: lit(bytes(hunter)), n: own.length }));
	if (counts.length === 0) return;
	await tx.execute(
		`UPDATE hunter SET hit_count = hit_count + CASE id ${counts.map(({ id, n }) => `WHEN ${id} THEN ${n}`).join(" ")} ELSE 0 END, last_hit_at = ${lit(now)} WHERE id IN (${counts.map(({ id }) => id).join(",")})`,
	);
}

function toldRecord({ document, matches, indicators }: Find, names: ReadonlyMap<number, string>): ToldRecord {
	// What was found comes first.
	const isFound = ({ value }: { value: string }): boolean => matches.some(({ excerpt }) => excerpt.includes(value));
	return {
		id: hex(document.record),
		title: document.title,
		path: document.path,
		at: document.at.toISOString(),
		source: names.get(document.source) ?? `source ${document.source}`,
		matches,
		indicators: [...indicators.filter(isFound), ...indicators.filter((one) => !isFound(one))].map(({ type, value }) => ({ type, value })),
	};
}

/**
 * What is told of new hits of one hunter, oldest first, to one receiver: each by itself, or all in one beyond the hunter's threshold. A webhook is read by
 * machines and has no page to turn to for the rest: each hit is an alert, and delivery puts many of them into one body.
 */
function alertsTo(hunter: HeldHunter, kind: HunterKind, via: "slack" | "webhook", target: string, finds: readonly Find[], names: ReadonlyMap<number, string>): NewAlert[] {
	const id = bytes(hunter.id);
	const about = { id: hunter.id, name: hunter.name, kind: kind.id };
	if (via === "webhook" || finds.length <= hunter.digestOver) {
		return finds.map((find) => ({
			id: alertId(id, find.document.record, via, target),
			hunter: id,
			via,
			target,
			content: { kind: "hit", hunter: about, record: toldRecord(find, names) },
		}));
	}
	const records = finds.map(({ document }) => document.record).sort(Buffer.compare);
	const told = finds
		.slice(-TOLD)
		.reverse()
		.map((find) => toldRecord(find, names));
	return [{ id: alertId(id, "digest", Buffer.concat(records), via, target), hunter: id, via, target, content: { kind: "digest", hunter: about, total: finds.length, records: told } }];
}

function alertsOf(hunter: HeldHunter, kind: HunterKind, finds: readonly Find[], names: ReadonlyMap<number, string>, now: Date): NewAlert[] {
	if (finds.length === 0) return [];
	if (hunter.mutedUntil !== null && hunter.mutedUntil > now) return [];
	return [
		...(hunter.slack ? alertsTo(hunter, kind, "slack", channelOf(hunter.name, hunter.channel), finds, names) : []),
		...(hunter.hasWebhook ? alertsTo(hunter, kind, "webhook", "", finds, names) : []),
	];
}

/** Writes what is found for the first time, with what is told of it. The hunters are held. */
export async function writeHits(
	tx: Queryable,
	kind: HunterKind,
	hunters: readonly HeldHunter[],
	finds: Iterable<Find>,
	names: ReadonlyMap<number, string>,
	now: Date,
): Promise<{ hits: number; alerts: number }> {
	const held = new Map(hunters.map((hunter) => [hunter.id, hunter]));
	const due = new Map<string, Find[]>();
	for (const find of finds) {
		const hunter = held.get(find.hunter);
		if (hunter === undefined || !concerns(hunter, find.noted, now)) continue;
		const own = due.get(find.hunter);
		if (own === undefined) due.set(find.hunter, [find]);
		else own.push(find);
	}
	if (due.size === 0) return { hits: 0, alerts: 0 };
	const known = await askHits(
		tx,
		"record_id",
		valuesOf(due, ({ document }) => document.record),
	);
	const fresh = new Map<string, Find[]>();
	for (const [hunter, own] of due) {
		const unseen = own.filter(({ document }) => !known.has(`${hunter} ${hex(document.record)}`)).sort((a, b) => a.document.at.getTime() - b.document.at.getTime());
		if (unseen.length > 0) fresh.set(hunter, unseen);
	}
	const all = [...fresh.values()].flat();
	const told = await firstOfStory(tx, fresh);
	await insertHits(tx, all, now);
	await countHits(tx, fresh, now);
	const alerts = [...told].flatMap(([hunter, own]) => alertsOf(held.get(hunter) as HeldHunter, kind, own, names, now));
	return { hits: all.length, alerts: await putAlerts(tx, alerts, now) };
}
