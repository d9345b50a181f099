import { ExistError, shown } from "@/lib/errors";
import { parseId } from "@/lib/indicators/identity";
import { type Database, database, isStorable, lit } from "@/lib/platform";
import type { BaseQuery, Restriction, Tracker } from "./define";

export interface ListPage<Row> {
	rows: Row[];
	/** cursors of the neighbouring pages, null at the ends */
	next: string | null;
	previous: string | null;
	tookMs: number;
}

/** Matches are counted exactly up to here. */
export const EXACT_COUNT = 100_000;
/** Matches of words, each of which is a text that has to be read, are counted exactly up to here. */
export const EXACT_WORD_COUNT = 20_000;
export const MAX_LIMIT = 1000;
/** Deeper than this, pages go by cursor: an offset reads all it skips. */
export const MAX_OFFSET = 100_000;
export const CHART_DAYS = 30;
const STREAM_PAGE = 2000;

interface Cursor {
	/** milliseconds */
	time: number;
	id: Buffer;
	/** where ids alone are not unique */
	within: Buffer | null;
	/** the page before instead of the page after */
	back: boolean;
}

/** A record's place in the order of its list. */
interface Place {
	time: Date;
	id: string;
	within: string | undefined;
}

function placeOf<Q extends BaseQuery, R extends { id: string }>(tracker: Tracker<Q, R>, row: R): Place {
	return { time: tracker.order.timeOf(row), id: row.id, within: tracker.within?.of(row) };
}

function encodeCursor({ time, id, within }: Place, back: boolean): string {
	return `${back ? "b" : "a"}${time.getTime().toString(36)}.${id}${within === undefined ? "" : `.${within}`}`;
}

function decodeCursor(text: string): Cursor {
	const match = /^([ab])(-?[0-9a-z]{1,11})\.([0-9a-f]{32})(?:\.([0-9a-f]{32}))?$/.exec(text);
	const id = match?.[3] === undefined ? null : parseId(match[3]);
	if (match?.[2] === undefined || id === null) {
		throw new ExistError("invalid", `The cursor "${shown(text, 40)}" is not one of ours. Start again without it.`, { field: "cursor" });
	}
	const time = Number.parseInt(match[2], 36);
	if (!isStorable(new Date(time))) throw new ExistError("invalid", `The cursor "${shown(text, 40)}" holds no date. Start again without it.`, { field: "cursor" });
	return { time, id, within: match[4] === undefined ? null : parseId(match[4]), back: match[1] === "b" };
}

function where(conditions: readonly string[]): string {
	return conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
}

/** Counting needs no more tables than the conditions do: a join that only shows something would be made for every match. */
function matchClause<Q extends BaseQuery, R extends { id: string }>(tracker: Tracker<Q, R>, restriction: Restriction): string {
	return `${tracker.matchedIn ?? tracker.from} ${restriction.joins.join(" ")}`;
}

/** The records beyond a cursor, on its side. A cursor without `within` (of an earlier release) goes on after all of its id. */
function keyset<Q extends BaseQuery, R extends { id: string }>(tracker: Tracker<Q, R>, cursor: Cursor): string {
	const { time, id } = tracker.order;
	const sign = cursor.back ? ">" : "<";
	const at = lit(new Date(cursor.time));
	const column = cursor.within === null ? undefined : tracker.within?.column;
	const twin = column === undefined || cursor.within === null ? "" : ` OR (${id} = ${lit(cursor.id)} AND ${column} ${sign} ${lit(cursor.within)})`;
	return `(${time} ${sign} ${at} OR (${time} = ${at} AND (${id} ${sign} ${lit(cursor.id)}${twin})))`;
}

/** The records up to that of a cursor, which is one of them. The plain bound is what an index goes by. */
function upTo<Q extends BaseQuery, R extends { id: string }>(tracker: Tracker<Q, R>, end: Cursor): string[] {
	return [`${tracker.order.time} >= ${lit(new Date(end.time))}`, `NOT ${keyset(tracker, { ...end, back: false })}`];
}

/** The columns a list is ordered by, all in one direction. */
function orderBy<Q extends BaseQuery, R extends { id: string }>({ order, within }: Tracker<Q, R>, direction: "ASC" | "DESC"): string {
	return `ORDER BY ${[order.time, order.id, ...(within === undefined ? [] : [within.column])].map((column) => `${column} ${direction}`).join(", ")}`;
}

async function readPage<Q extends BaseQuery, R extends { id: string }>(
	db: Database,
	tracker: Tracker<Q, R>,
	restriction: Restriction,
	page: { limit: number; offset: number; cursor: Cursor | null; light?: boolean | undefined },
): Promise<R[]> {
	const conditions = [...restriction.conditions];
	if (page.cursor !== null) conditions.push(keyset(tracker, page.cursor));
	const direction = page.cursor?.back === true ? "ASC" : "DESC";
	const columns = page.light === true ? (tracker.light ?? tracker.select) : tracker.select;
	const { time, id } = tracker.order;
	const order = orderBy(tracker, direction);
	const bounds = `LIMIT ${page.limit} OFFSET ${page.offset}`;
	let raw: Array<Record<string, unknown>>;
	if (restriction.joins.length === 0) raw = await db.query(`SELECT ${columns} FROM ${tracker.from} ${where(conditions)} ${order} ${bounds}`);
	else {
		// Words give matches in no order: sorted by dates and ids alone, whole rows with their texts are read of this page only.
		const within = tracker.within?.column;
		const found = await db.query<{ id: Buffer; within?: Buffer }>(
			`SELECT ${id} AS id${within === undefined ? "" : `, ${within} AS within`}, ${time} AS at FROM ${matchClause(tracker, restriction)} ${where(conditions)} ${order} ${bounds}`,
		);
		if (found.length === 0) return [];
		const these = [`${id} IN (${found.map((row) => lit(row.id)).join(",")})`];
		if (within !== undefined) these.push(`(${within}, ${id}) IN (${found.map((row) => `(${lit(row.within as Buffer)},${lit(row.id)})`).join(",")})`);
		raw = await db.query(`SELECT ${columns} FROM ${tracker.from} ${where(these)} ${order}`);
	}
	const rows = raw.map(tracker.toRow);
	return direction === "ASC" ? rows.reverse() : rows;
}

/**
 * One page of a tracker's records, newest first: by cursor (keyset, exact at any depth) or by offset as the original's API.
 * `light`: only what a page's table shows is read. Throws `invalid` for a foreign cursor or an offset beyond `MAX_OFFSET`.
 */
export async function list<Q extends BaseQuery, R extends { id: string }>(tracker: Tracker<Q, R>, query: Q, db: Database = database(), options: { light?: boolean } = {}): Promise<ListPage<R>> {
	const started = performance.now();
	const offset = query.offset ?? 0;
	if (offset > MAX_OFFSET) {
		throw new ExistError("invalid", `offset ${offset} is deeper than ${MAX_OFFSET}. Use the cursor of "next" instead.`, { field: "offset" });
	}
	const cursor = query.cursor === undefined ? null : decodeCursor(query.cursor);
	const restriction = await tracker.restrict(query, db);
	if (restriction.nothing === true) return { rows: [], next: null, previous: null, tookMs: performance.now() - started };
	const rows = await readPage(db, tracker, restriction, { limit: query.limit + 1, offset: cursor === null ? offset : 0, cursor, light: options.light });
	const back = cursor?.back === true;
	const more = rows.length > query.limit;
	if (more) rows.splice(back ? 0 : query.limit, 1);
	const first = rows[0];
	const last = rows.at(-1);
	const hasNext = back || more;
	const hasPrevious = back ? more : cursor !== null || offset > 0;
	return {
		rows,
		next: hasNext && last !== undefined ? encodeCursor(placeOf(tracker, last), false) : null,
		previous: hasPrevious && first !== undefined ? encodeCursor(placeOf(tracker, first), true) : null,
		tookMs: performance.now() - started,
	};
}

/** How many records match: exact up to `EXACT_COUNT`, of words up to `EXACT_WORD_COUNT`; above it the number is a floor and `estimated` is set. */
export async function count<Q extends BaseQuery, R extends { id: string }>(tracker: Tracker<Q, R>, query: Q, db: Database = database()): Promise<{ count: number; estimated: boolean }> {
	const restriction = await tracker.restrict(query, db);
	if (restriction.nothing === true) return { count: 0, estimated: false };
	if (restriction.count !== undefined) return { count: await restriction.count(db), estimated: false };
	const most = restriction.joins.length === 0 && restriction.isOfWords !== true ? EXACT_COUNT : EXACT_WORD_COUNT;
	const rows = await db.query<{ n: number }>(`SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM ${matchClause(tracker, restriction)} ${where(restriction.conditions)} LIMIT ${most + 1}) c`);
	const found = Number(rows[0]?.n ?? 0);
	return found > most ? { count: most, estimated: true } : { count: found, estimated: false };
}

function lastDays(now: Date): string[] {
	return Array.from({ length: CHART_DAYS }, (_, at) => new Date(now.getTime() - (CHART_DAYS - 1 - at) * 86_400_000).toISOString().slice(0, 10));
}

/** Matches a day over the last 30 UTC days, today last, days without a match included. */
export async function chart<Q extends BaseQuery, R extends { id: string }>(
	tracker: Tracker<Q, R>,
	query: Q,
	db: Database = database(),
	now = new Date(),
): Promise<Array<{ day: string; count: number }>> {
	const days = lastDays(now);
	const since = days[0] as string;
	const restriction = await tracker.restrict(query, db);
	const counts = new Map<string, number>();
	if (restriction.nothing !== true) {
		const rows =
			restriction.chart !== undefined
				? await restriction.chart(db, since)
				: await db.query<{ day: string; count: number }>(
						`SELECT DATE_FORMAT(${tracker.order.time}, '%Y-%m-%d') AS day, COUNT(*) AS count FROM ${matchClause(tracker, restriction)} ${where([...restriction.conditions, `${tracker.order.time} >= ${lit(new Date(`${since}T00:00:00Z`))}`])} GROUP BY day`,
					);
		for (const row of rows) counts.set(row.day, Number(row.count));
	}
	return days.map((day) => ({ day, count: counts.get(day) ?? 0 }));
}

/** Where a record of the original went, by the key it had there; null where there was none. */
async function formerRecord(tracker: string, id: string, db: Database): Promise<Buffer | null> {
	if (!/^[\x21-\x7e]{1,64}$/.test(id)) return null;
	const rows = await db.query<{ record_id: Buffer }>(`SELECT record_id FROM former_id WHERE tracker = ${lit(tracker)} AND old_id = ${lit(id)}`);
	return rows[0]?.record_id ?? null;
}

/** The record with this id (32 hex, what the tracker's `idOf` takes, or a key that the original gave it), or null. */
export async function get<Q extends BaseQuery, R extends { id: string }>(tracker: Tracker<Q, R>, id: string, db: Database = database()): Promise<R | null> {
	const read = async (bytes: Buffer | null): Promise<R | null> => {
		const first = tracker.within === undefined ? "" : ` ORDER BY ${tracker.within.first}, ${tracker.within.column} LIMIT 1`;
		const raw = bytes === null ? [] : await db.query(`SELECT ${tracker.select} FROM ${tracker.from} WHERE ${tracker.order.id} = ${lit(bytes)}${first}`);
		return raw[0] === undefined ? null : tracker.toRow(raw[0]);
	};
	const found = await read(parseId(id) ?? parseId((await tracker.idOf?.(id, db)) ?? ""));
	return found ?? read(await formerRecord(tracker.name, id, db));
}

/**
 * Where an export of `max` records has to go on: the cursor after the last of them, null where they are all there is. Throws
 * `invalid` for a cursor of a page before: an export goes one way.
 */
export async function exportEnd<Q extends BaseQuery, R extends { id: string }>(tracker: Tracker<Q, R>, query: Q, max: number, db: Database = database()): Promise<string | null> {
	const cursor = query.cursor === undefined ? null : decodeCursor(query.cursor);
	if (cursor?.back === true) {
		throw new ExistError("invalid", 'The cursor is that of a "previous" page, and an export goes from newer to older only. Give it the cursor of "next", or none.', { field: "cursor" });
	}
	const restriction = await tracker.restrict(query, db);
	if (restriction.nothing === true) return null;
	const { time, id } = tracker.order;
	const within = tracker.within === undefined ? "" : `, ${tracker.within.column} AS within`;
	const conditions = [...restriction.conditions, ...(cursor === null ? [] : [keyset(tracker, cursor)])];
	const rows = await db.query<{ id: Buffer; at: Date; within?: Buffer }>(
		`SELECT ${id} AS id, ${time} AS at${within} FROM ${matchClause(tracker, restriction)} ${where(conditions)} ${orderBy(tracker, "DESC")} LIMIT 2 OFFSET ${max - 1}`,
	);
	const last = rows[0];
	return last === undefined || rows.length < 2 ? null : encodeCursor({ time: last.at, id: last.id.toString("hex"), within: last.within?.toString("hex") }, false);
}

/**
 * Every match, page by page, for exports: memory stays at one page whatever the number. To the end, or to the record of `until` (a
 * cursor of `exportEnd`) with what came between meanwhile: what an export leaves out, the next one has.
 */
export async function* stream<Q extends BaseQuery, R extends { id: string }>(tracker: Tracker<Q, R>, query: Q, until: string | null = null, db: Database = database()): AsyncGenerator<R> {
	const asked = await tracker.restrict(query, db);
	if (asked.nothing === true) return;
	const end = until === null ? null : decodeCursor(until);
	const restriction: Restriction = end === null ? asked : { ...asked, conditions: [...asked.conditions, ...upTo(tracker, end)] };
	let cursor: Cursor | null = query.cursor === undefined ? null : decodeCursor(query.cursor);
	for (;;) {
		const rows: R[] = await readPage(db, tracker, restriction, { limit: STREAM_PAGE, offset: 0, cursor });
		yield* rows;
		const last = rows.at(-1);
		if (last === undefined || rows.length < STREAM_PAGE) return;
		cursor = decodeCursor(encodeCursor(placeOf(tracker, last), false));
	}
}
