import { hash } from "node:crypto";
import { gramsOf } from "@/lib/indicators/grams";
import { indicatorId } from "@/lib/indicators/identity";
import { type NewIndicator, storeIndicators } from "@/lib/indicators/store";
import { lit, type Queryable, type SqlValue } from "@/lib/platform";
import { noteWritten } from "./changes";
import type { PreparedRecord, StoreContext } from "./define";

/** Rows of one statement; its text stays below `MAX_STATEMENT` characters (`max_allowed_packet` is 16 MB on small plans). */
const STATEMENT_ROWS = 200;
const MAX_STATEMENT = 2_000_000;
/** Characters of a record that word search reads; the whole text is stored with the record. */
const MAX_SEARCHED = 40_000;
const NO_PART = Buffer.alloc(16);

/** Inserts by statements of bounded size. */
export async function insertInto(tx: Queryable, head: string, tuples: readonly string[], tail: string): Promise<number> {
	let affected = 0;
	for (let at = 0; at < tuples.length; ) {
		let text = `${head} ${tuples[at++]}`;
		for (let rows = 1; at < tuples.length && rows < STATEMENT_ROWS && text.length + (tuples[at] as string).length < MAX_STATEMENT; rows++) text += `,${tuples[at++]}`;
		affected += (await tx.execute(`${text} ${tail}`)).affected;
	}
	return affected;
}

/** Ids in `IN (…)` lists of a thousand; `read` gives the statement for one list. */
export async function readByIds<T>(tx: Queryable, ids: readonly Buffer[], read: (list: string) => string): Promise<T[]> {
	const rows: T[] = [];
	for (let at = 0; at < ids.length; at += 1000) {
		const list = ids
			.slice(at, at + 1000)
			.map((id) => lit(id))
			.join(",");
		rows.push(...(await tx.query<T>(read(list))));
	}
	return rows;
}

function digestOf(record: PreparedRecord): Buffer {
	const columns = Object.entries(record.columns).map(
		([name, value]) => `${name}\u0001${value instanceof Date ? value.toISOString() : value instanceof Uint8Array ? Buffer.from(value).toString("hex") : String(value)}`,
	);
	const mentions = record.mentions.map(({ indicator, place, mark }) => `${indicator.type}\u0001${indicator.value}\u0001${place}\u0001${mark ?? ""}`);
	return hash("sha256", [...columns, "\u0002", ...record.text, "\u0002", ...mentions].join("\u0003"), "buffer").subarray(0, 8);
}

/** The text that is searched: one line a field, the title first, and the canonical values that it names in another spelling. */
export function searchedText(text: readonly string[], values: readonly string[]): string {
	const lines = text.map((part) => part.toLowerCase().replace(/\s+/g, " ").trim()).map((line, at) => (at === 0 && line === "" ? "–" : line));
	const written = lines.filter((line, at) => at === 0 || line !== "").join("\n");
	const missing = values.filter((value) => !written.includes(value.toLowerCase()));
	return [written, ...missing].join("\n").slice(0, MAX_SEARCHED).toWellFormed();
}

function textTuple(tracker: string, id: Buffer, at: Date, text: string): string {
	return `(${lit(id)},${lit(tracker)},${lit(at)},${lit(text)},${lit(gramsOf(text).join(" "))})`;
}

/** Writes what word search reads of some records. Idempotent. */
export async function writeRecordText(tx: Queryable, tracker: string, entries: ReadonlyArray<{ id: Buffer; at: Date; text: readonly string[]; values: readonly string[] }>): Promise<void> {
	const tuples = entries.map(({ id, at, text, values }) => textTuple(tracker, id, at, searchedText(text, values)));
	await insertInto(tx, "INSERT INTO record_text (record_id, tracker, at, text, grams) VALUES", tuples, "ON DUPLICATE KEY UPDATE at = VALUES(at), text = VALUES(text), grams = VALUES(grams)");
}

type Mentioning = Pick<PreparedRecord, "id" | "at" | "mentions">;

/**
 * Replaces what some records name: indicators are stored where they are new, mentions of before go. Returns how many
 * indicators nobody had named yet.
 */
export async function writeMentions(tx: Queryable, tracker: string, records: readonly Mentioning[], known: readonly Buffer[], context: StoreContext): Promise<number> {
	for (let at = 0; at < known.length; at += 500) {
		const list = known
			.slice(at, at + 500)
			.map((id) => lit(id))
			.join(",");
		await tx.execute(`DELETE FROM mention WHERE record_id IN (${list}) AND tracker = ${lit(tracker)}`);
	}
	const indicators = new Map<string, NewIndicator>();
	const tuples: string[] = [];
	for (const record of records) {
		const seen = new Set<string>();
		for (const { indicator, place, mark, part } of record.mentions) {
			const id = indicatorId(indicator);
			const key = id.toString("latin1");
			const partOf = part ?? NO_PART;
			const place1 = `${key}${partOf.toString("latin1")}`;
			if (seen.has(place1)) continue;
			seen.add(place1);
			indicators.set(key, { id, indicator });
			tuples.push(`(${lit(id)},${lit(tracker)},${lit(record.id)},${lit(partOf)},${context.source.number},${lit(record.at)},${lit(place)},${lit(mark ?? null)})`);
		}
	}
	const stored = await storeIndicators(tx, [...indicators.values()], context.at, context.ownDomains);
	await insertInto(
		tx,
		"INSERT INTO mention (indicator_id, tracker, record_id, part, source, at, place, mark) VALUES",
		tuples.sort(),
		"ON DUPLICATE KEY UPDATE at = VALUES(at), place = VALUES(place), mark = VALUES(mark)",
	);
	return stored;
}

/** Adds new records to the day counts. */
export async function countRecords(tx: Queryable, tracker: string, days: readonly Date[], indicators: number, context: StoreContext): Promise<void> {
	if (days.length === 0 && indicators === 0) return;
	const today = context.at.toISOString().slice(0, 10);
	const counts = new Map<string, number>([[today, 0]]);
	for (const date of days) {
		const day = date.toISOString().slice(0, 10);
		counts.set(day, (counts.get(day) ?? 0) + 1);
	}
	const tuples = [...counts].sort().map(([day, count]) => `(${lit(tracker)},${context.source.number},${lit(day)},${count},${day === today ? indicators : 0})`);
	await insertInto(
		tx,
		"INSERT INTO daily_count (tracker, source, day, records, indicators) VALUES",
		tuples,
		"ON DUPLICATE KEY UPDATE records = records + VALUES(records), indicators = indicators + VALUES(indicators)",
	);
}

export interface WriteCounts {
	new: number;
	updated: number;
	unchanged: number;
	duplicates: number;
}

/**
 * Stores records in their table with everything that hangs on them: search text, mentions, day counts, the note for hunters. Records
 * whose digest did not change are only counted. `also` is told which were written, for what else a tracker keeps of them. The table has the columns `id`, `source`, `digest`, `created_at`, `updated_at` and those given.
 */
export async function writeRecords(
	tx: Queryable,
	target: { tracker: string; table: string },
	records: readonly PreparedRecord[],
	context: StoreContext,
	also: (fresh: readonly PreparedRecord[], changed: readonly PreparedRecord[]) => Promise<void> = async () => {},
): Promise<WriteCounts> {
	const byId = new Map<string, PreparedRecord>();
	for (const record of records) byId.set(record.id.toString("latin1"), record);
	const distinct = [...byId.values()].sort((a, b) => a.id.compare(b.id));
	const rows = await readByIds<{ id: Buffer; digest: Buffer }>(
		tx,
		distinct.map(({ id }) => id),
		(list) => `SELECT id, digest FROM ${target.table} WHERE id IN (${list})`,
	);
	const known = new Map(rows.map((row) => [row.id.toString("latin1"), row.digest]));
	const fresh: PreparedRecord[] = [];
	const changed: PreparedRecord[] = [];
	const tuples: string[] = [];
	let names: string[] | null = null;
	for (const record of distinct) {
		const digest = digestOf(record);
		const before = known.get(record.id.toString("latin1"));
		if (before?.equals(digest) === true) continue;
		(before === undefined ? fresh : changed).push(record);
		names ??= Object.keys(record.columns);
		const values = names.map((name) => lit((record.columns[name] ?? null) as SqlValue));
		tuples.push(`(${[lit(record.id), context.source.number, lit(digest), lit(context.at), lit(context.at), ...values].join(",")})`);
	}
	const written = [...fresh, ...changed];
	if (names !== null) {
		const update = ["digest", "updated_at", ...names].map((name) => `${name} = VALUES(${name})`).join(", ");
		await insertInto(tx, `INSERT INTO ${target.table} (id, source, digest, created_at, updated_at, ${names.join(", ")}) VALUES`, tuples, `ON DUPLICATE KEY UPDATE ${update}`);
		await writeRecordText(
			tx,
			target.tracker,
			written.map(({ id, at, text, mentions }) => ({ id, at, text, values: mentions.map(({ indicator }) => indicator.value) })),
		);
		const indicators = await writeMentions(
			tx,
			target.tracker,
			written,
			changed.map(({ id }) => id),
			context,
		);
		await countRecords(
			tx,
			target.tracker,
			fresh.map(({ at }) => at),
			indicators,
			context,
		);
		await also(fresh, changed);
		await noteWritten(
			tx,
			target.tracker,
			written.map(({ id }) => ({ record: id })),
			context,
		);
	}
	return { new: fresh.length, updated: changed.length, unchanged: distinct.length - written.length, duplicates: records.length - distinct.length };
}
