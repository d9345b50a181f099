import type { StoredMatch } from "@/drizzle/schema";
import { ExistError, shown } from "@/lib/errors";
import { type Database, database, lit } from "@/lib/platform";
import type { Hit } from "./hunter";
import { sourceName } from "./read/sources";
import { hunterKey } from "./store";

interface Row {
	record_id: Buffer;
	at: Date;
	record_at: Date;
	source: number;
	title: string;
	path: string;
	matches: string;
}

const MAX_PAGE = 200;
const STREAM_PAGE = 1000;

async function toHits(db: Database, rows: readonly Row[]): Promise<Hit[]> {
	const names = new Map<number, string>();
	for (const { source } of rows) if (!names.has(Number(source))) names.set(Number(source), await sourceName(db, Number(source)));
	return rows.map((row) => ({
		record: row.record_id.toString("hex"),
		at: row.at,
		recordAt: row.record_at,
		source: { number: Number(row.source), name: names.get(Number(row.source)) ?? `source ${row.source}` },
		title: row.title,
		path: row.path,
		matches: JSON.parse(row.matches) as StoredMatch[],
	}));
}

/** Condition of what comes after a cursor (`<milliseconds>-<32 hex>`), newest first. */
function after(cursor: string): string {
	const match = /^(\d{1,14})-([0-9a-f]{32})$/.exec(cursor);
	if (match === null) throw new ExistError("invalid", `"${shown(cursor, 60)}" is no cursor of this list. Leave it out to begin at the newest.`, { field: "cursor" });
	const at = lit(new Date(Number(match[1])));
	return ` AND at <= ${at} AND (at < ${at} OR record_id < ${lit(Buffer.from(match[2] as string, "hex"))})`;
}

/** Hits of a hunter, the one that was found last first. Throws `not_found` for what is no hunter's id, `invalid` for a strange cursor. */
export async function listHits(id: string, { limit, cursor }: { limit: number; cursor?: string | null | undefined }, db: Database = database()): Promise<{ rows: Hit[]; next: string | null }> {
	return page(id, Math.max(1, Math.min(MAX_PAGE, Math.trunc(limit))), cursor, db);
}

async function page(id: string, most: number, cursor: string | null | undefined, db: Database): Promise<{ rows: Hit[]; next: string | null }> {
	const where = `hunter_id = ${lit(hunterKey(id))}${cursor == null ? "" : after(cursor)}`;
	const rows = await db.query<Row>(`SELECT record_id, at, record_at, source, title, path, matches FROM hunter_hit WHERE ${where} ORDER BY at DESC, record_id DESC LIMIT ${most + 1}`);
	const shownRows = rows.slice(0, most);
	const last = shownRows.at(-1);
	const next = rows.length > most && last !== undefined ? `${last.at.getTime()}-${last.record_id.toString("hex")}` : null;
	return { rows: await toHits(db, shownRows), next };
}

/** All hits of a hunter, the one that was found last first, read by the thousand. */
export async function* streamHits(id: string, db: Database = database()): AsyncGenerator<Hit> {
	let cursor: string | null = null;
	do {
		const { rows, next }: { rows: Hit[]; next: string | null } = await page(id, STREAM_PAGE, cursor, db);
		yield* rows;
		cursor = next;
	} while (cursor !== null);
}
