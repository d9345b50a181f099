import { type CanonicalValue, type Indicator, typeFromNumber } from "@/lib/domain/indicator";
import { indicatorId } from "@/lib/indicators/identity";
import { INDICATOR_COLUMNS, indicatorTuple } from "@/lib/indicators/store";
import { lit, type Queryable } from "@/lib/platform";
import { noteWritten } from "@/lib/records";
import { decodeRows, digestOf, ENTRY_BYTES, mergeRows, type StagedRow, saysTheSame } from "./rows";

/** A block on its way into the index. */
export interface BlockInput {
	source: number;
	/** start of the run: the time of everything this run observes */
	at: Date;
	ids: Buffer;
	rows: BlockRows;
	/** rows of the same body that repeat one of these with other content, by sighting id (latin1) */
	late: ReadonlyMap<string, StagedRow>;
	/** the source has no sighting yet, so nothing needs to be compared */
	first: boolean;
	/** the block's indicators are stored already (`storeIndicators`), so many of them by this run */
	indicatorsStored?: number | undefined;
}

/** The rows of a block, unpacked when somebody first asks, or ahead of that while the database is busy. */
export class BlockRows {
	readonly #data: Buffer;
	#rows: StagedRow[] | null = null;
	#indicators: Buffer[] | null = null;
	constructor(data: Buffer) {
		this.#data = data;
	}
	all(): StagedRow[] {
		this.#rows ??= decodeRows(this.#data);
		return this.#rows;
	}
	/** ids of the rows' indicators */
	indicators(): Buffer[] {
		this.#indicators ??= this.all().map((row) => indicatorId(indicatorOf(row)));
		return this.#indicators;
	}
}

export interface BlockCounts {
	new: number;
	updated: number;
	unchanged: number;
	relisted: number;
	indicators: number;
	/** indexes of rows whose text the text index has to read */
	changed: number[];
}

interface Entry {
	at: number;
	id: Buffer;
	digest: Buffer;
	row: StagedRow;
	indicator: Buffer;
}

/** SQL text of one statement stays below this many characters (`max_allowed_packet` is 16 MB on small plans). */
const MAX_STATEMENT = 2_000_000;
/** Rows of one statement, where the database takes so many. */
export const STATEMENT_ROWS = 500;

/**
 * Inserts items by statements of some hundred rows. The text of the next statement is made while the database works on the one
 * before: that half of the work costs no time. `whileWaiting` is called during the last one.
 */
async function insertRows<T>(tx: Queryable, head: string, items: readonly T[], tuple: (item: T) => string, tail: string, whileWaiting: () => void = () => {}, most = STATEMENT_ROWS): Promise<number> {
	let affected = 0;
	let pending: Promise<{ affected: number }> | null = null;
	let at = 0;
	while (at < items.length) {
		let text = `${head} `;
		for (let rows = 0; at < items.length && rows < most && text.length < MAX_STATEMENT; rows++) text += (rows === 0 ? "" : ",") + tuple(items[at++] as T);
		if (pending !== null) affected += (await pending).affected;
		pending = tx.execute(`${text} ${tail}`);
		// A failure surfaces at the await; until then it must not count as unhandled.
		pending.catch(() => {});
	}
	whileWaiting();
	return pending === null ? affected : affected + (await pending).affected;
}

function indicatorOf(row: StagedRow): Indicator {
	return { type: typeFromNumber(row.type), value: row.value as CanonicalValue };
}

export const SIGHTING_COLUMNS = "id,indicator_id,source,type,seen_at,feed_last,observed_at,present,listed,present_since,left_at,category,country,ports,description,referrer,tags,confidence,digest";

/** The VALUES tuple of one sighting, in the order of `SIGHTING_COLUMNS`. */
export function sightingTuple(id: Buffer, indicator: Buffer, source: number, row: StagedRow, digest: Buffer, at: Date): string {
	const now = lit(at);
	const seen = row.seen === null ? now : lit(new Date(row.seen));
	const last = row.last === null ? "NULL" : lit(new Date(row.last));
	const tags = row.tags === null ? "NULL" : lit(JSON.stringify(row.tags));
	return `(${lit(id)},${lit(indicator)},${source},${row.type},${seen},${last},${now},1,1,${now},NULL,${lit(row.category)},${lit(row.country)},${lit(row.ports)},${lit(row.description)},${lit(row.referrer)},${tags},${row.confidence ?? "NULL"},${lit(digest)})`;
}

/**
 * The order of these assignments matters: MySQL applies them left to right, so what depends on the old `present` comes
 * before `present` itself. The earliest date wins, so a feed that forgets its own past does not rewrite it.
 */
const SIGHTING_UPDATE = `ON DUPLICATE KEY UPDATE
present_since = IF(present = 1, present_since, VALUES(present_since)), left_at = NULL, present = 1, listed = 1,
seen_at = LEAST(seen_at, VALUES(seen_at)), feed_last = COALESCE(VALUES(feed_last), feed_last), category = VALUES(category),
country = VALUES(country), ports = VALUES(ports), description = VALUES(description), referrer = VALUES(referrer), tags = VALUES(tags),
confidence = VALUES(confidence), digest = VALUES(digest)`;

type Known = Map<string, { digest: Buffer; present: boolean }>;

async function readKnown(tx: Queryable, ids: readonly Buffer[]): Promise<Known> {
	const known: Known = new Map();
	for (let at = 0; at < ids.length; at += 1000) {
		const list = ids
			.slice(at, at + 1000)
			.map((id) => lit(id))
			.join(",");
		const rows = await tx.query<{ id: Buffer; digest: Buffer; present: number }>(`SELECT id, digest, present FROM sighting WHERE id IN (${list})`);
		for (const row of rows) known.set(row.id.toString("latin1"), { digest: row.digest, present: Number(row.present) === 1 });
	}
	return known;
}

/** Adds the day counts of new sightings; the same statement whatever the number of days. */
async function countDays(tx: Queryable, input: BlockInput, entries: readonly Entry[], indicators: number): Promise<void> {
	if (entries.length === 0 && indicators === 0) return;
	const days = new Map<string, number>();
	const today = input.at.toISOString().slice(0, 10);
	days.set(today, 0);
	for (const { row } of entries) {
		const day = row.seen === null ? today : new Date(row.seen).toISOString().slice(0, 10);
		days.set(day, (days.get(day) ?? 0) + 1);
	}
	const values = [...days].sort().map(([day, count]) => `('reputation',${input.source},'${day}',${count},${day === today ? indicators : 0})`);
	await tx.execute(
		`INSERT INTO daily_count (tracker, source, day, records, indicators) VALUES ${values.join(",")} ON DUPLICATE KEY UPDATE records = records + VALUES(records), indicators = indicators + VALUES(indicators)`,
	);
}

type NewIndicator = Pick<Entry, "indicator" | "row">;

function insertIndicators(tx: Queryable, entries: readonly NewIndicator[], at: Date, most = STATEMENT_ROWS): Promise<number> {
	const sorted = [...entries].sort((a, b) => a.indicator.compare(b.indicator));
	return insertRows(
		tx,
		`INSERT INTO indicator (${INDICATOR_COLUMNS}) VALUES`,
		sorted,
		({ indicator, row }) => indicatorTuple(indicator, row, at),
		"ON DUPLICATE KEY UPDATE id = id",
		() => {},
		most,
	);
}

/**
 * Stores the indicators of blocks ahead of their sightings, outside any transaction: a second connection works while the first
 * one writes the blocks before, in statements of at most `most` rows. An indicator without a sighting is found by nothing, so a crash in between shows nowhere.
 */
export async function storeIndicators(database: Queryable, blocks: readonly BlockRows[], at: Date, most = STATEMENT_ROWS): Promise<number> {
	let stored = 0;
	for (const block of blocks) {
		const ids = block.indicators();
		const entries = block.all().map((row, index) => ({ row, indicator: ids[index] as Buffer }));
		stored += await insertIndicators(database, entries, at, most);
	}
	return stored;
}

/** How many of these blocks' indicators this run stored, whichever of its workers did. */
export async function countStored(tx: Queryable, blocks: readonly BlockRows[], at: Date): Promise<number> {
	let stored = 0;
	for (const block of blocks) {
		const ids = block.indicators();
		for (let from = 0; from < ids.length; from += 1000) {
			const list = ids
				.slice(from, from + 1000)
				.map((id) => lit(id))
				.join(",");
			const [row] = await tx.query<{ n: number }>(`SELECT COUNT(*) AS n FROM indicator WHERE id IN (${list}) AND created_at = ${lit(at)}`);
			stored += Number(row?.n ?? 0);
		}
	}
	return stored;
}

async function writeNew(tx: Queryable, input: BlockInput, fresh: Entry[], whileWaiting: () => void): Promise<number> {
	if (fresh.length === 0) return 0;
	const indicators = input.indicatorsStored ?? (await insertIndicators(tx, fresh, input.at));
	const bySighting = fresh.sort((a, b) => a.id.compare(b.id));
	await insertRows(
		tx,
		`INSERT INTO sighting (${SIGHTING_COLUMNS}) VALUES`,
		bySighting,
		({ id, indicator, row, digest }) => sightingTuple(id, indicator, input.source, row, digest, input.at),
		SIGHTING_UPDATE,
		whileWaiting,
	);
	await countDays(tx, input, fresh, indicators);
	return indicators;
}

async function writeSiblings(tx: Queryable, entries: readonly Entry[]): Promise<void> {
	const values: string[] = [];
	for (const { indicator, row } of entries) {
		for (const sibling of row.siblings ?? []) values.push(`(${lit(indicator)},${lit(Buffer.from(sibling, "hex"))})`);
	}
	if (values.length > 0) {
		await insertRows(tx, "INSERT INTO hash_sibling (indicator_id, sibling_id) VALUES", values, (value) => value, "ON DUPLICATE KEY UPDATE indicator_id = indicator_id");
	}
}

/** A warning list that changed since the indicator was first stored. */
async function updateWarnings(tx: Queryable, entries: readonly Entry[]): Promise<void> {
	const groups = new Map<string | null, Buffer[]>();
	for (const { indicator, row } of entries) {
		const group = groups.get(row.warning);
		if (group === undefined) groups.set(row.warning, [indicator]);
		else group.push(indicator);
	}
	for (const [warning, ids] of groups) {
		const list = ids.map((id) => lit(id)).join(",");
		await tx.execute(`UPDATE indicator SET warning = ${lit(warning)} WHERE id IN (${list}) AND NOT (warning <=> ${lit(warning)})`);
	}
}

/**
 * Brings one block into the index, inside the caller's transaction. Rows that did not change are only counted: an unchanged
 * feed reads ids and writes nothing. Safe to repeat. `whileWaiting` is called once when the database has the longest statement.
 */
export async function applyBlock(tx: Queryable, input: BlockInput, whileWaiting: () => void = () => {}): Promise<BlockCounts> {
	const total = input.ids.length / ENTRY_BYTES;
	const ids = Array.from({ length: total }, (_, at) => input.ids.subarray(at * ENTRY_BYTES, at * ENTRY_BYTES + 16));
	const known: Known = input.first ? new Map() : await readKnown(tx, ids);
	const counts: BlockCounts = { new: 0, updated: 0, unchanged: 0, relisted: 0, indicators: 0, changed: [] };
	const fresh: Entry[] = [];
	const changed: Entry[] = [];
	const news: Buffer[] = [];
	for (const [at, id] of ids.entries()) {
		const key = id.toString("latin1");
		const late = input.late.get(key);
		let digest = input.ids.subarray(at * ENTRY_BYTES + 16, (at + 1) * ENTRY_BYTES);
		let row: StagedRow | undefined;
		if (late !== undefined) {
			row = mergeRows(input.rows.all()[at] as StagedRow, late);
			digest = digestOf(row);
		}
		const before = known.get(key);
		if (before?.present === true && before.digest.equals(digest)) {
			counts.unchanged++;
			continue;
		}
		row ??= input.rows.all()[at] as StagedRow;
		const entry: Entry = { at, id, digest, row, indicator: input.rows.indicators()[at] as Buffer };
		counts.changed.push(at);
		if (before === undefined) fresh.push(entry);
		else changed.push(entry);
		// What a source lists again is news as it was the first time.
		if (before?.present !== true || !saysTheSame(before.digest, digest)) news.push(id);
		if (before === undefined) counts.new++;
		else if (before.present) counts.updated++;
		else counts.relisted++;
	}
	counts.indicators = await writeNew(tx, input, fresh, whileWaiting);
	if (changed.length > 0) {
		await insertRows(
			tx,
			`INSERT INTO sighting (${SIGHTING_COLUMNS}) VALUES`,
			changed.sort((a, b) => a.id.compare(b.id)),
			({ id, indicator, row, digest }) => sightingTuple(id, indicator, input.source, row, digest, input.at),
			SIGHTING_UPDATE,
		);
		await updateWarnings(tx, changed);
	}
	await writeSiblings(tx, [...fresh, ...changed]);
	await noteWritten(
		tx,
		"reputation",
		news.map((record) => ({ record })),
		{},
	);
	return counts;
}
