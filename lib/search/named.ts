import { type CanonicalValue, type Indicator, TYPE_NUMBERS, typeFromNumber } from "@/lib/domain/indicator";
import { parseId } from "@/lib/indicators/identity";
import { type Database, database, lit } from "@/lib/platform";
import { type RecordGroup, recordsOf } from "./records";

/** An indicator that a record names. */
export interface NamedIndicator {
	id: string;
	indicator: Indicator;
	place: string;
	/** why it is no find, or null */
	mark: string | null;
	/** sources that list it now */
	listedBy: number;
}

const MAX_NAMED = 2000;
/** Indicators through which related records are looked for; types that say something about the same thing. */
const RELATING = new Set([TYPE_NUMBERS.cve, TYPE_NUMBERS.domain, TYPE_NUMBERS.url, TYPE_NUMBERS.ipv4, TYPE_NUMBERS.ipv6, TYPE_NUMBERS.md5, TYPE_NUMBERS.sha1, TYPE_NUMBERS.sha256] as number[]);
const MAX_RELATING = 50;
const RELATED_ROWS = 10;

/** What a record names, and how many sources list each: two queries. */
export async function namedBy(tracker: string, record: string, db: Database = database()): Promise<NamedIndicator[]> {
	const id = parseId(record);
	if (id === null) return [];
	const rows = await db.query<{ id: Buffer; type: number; value: string; place: string; mark: string | null }>(
		`SELECT DISTINCT i.id, i.type, i.value, m.place, m.mark FROM mention m JOIN indicator i ON i.id = m.indicator_id WHERE m.record_id = ${lit(id)} AND m.tracker = ${lit(tracker)} LIMIT ${MAX_NAMED}`,
	);
	if (rows.length === 0) return [];
	const list = rows.map((row) => lit(row.id)).join(",");
	const listed = await db.query<{ indicator_id: Buffer; n: number }>(`SELECT indicator_id, COUNT(*) AS n FROM sighting WHERE indicator_id IN (${list}) AND listed = 1 GROUP BY indicator_id`);
	const counts = new Map(listed.map((row) => [row.indicator_id.toString("hex"), Number(row.n)]));
	return rows.map((row) => ({
		id: row.id.toString("hex"),
		indicator: { type: typeFromNumber(Number(row.type)), value: row.value as CanonicalValue },
		place: row.place,
		mark: row.mark,
		listedBy: counts.get(row.id.toString("hex")) ?? 0,
	}));
}

/** Records of every tracker that name what this one names: correlated when it is looked at, never stored. */
export async function relatedTo(tracker: string, record: string, named: readonly NamedIndicator[], db: Database = database()): Promise<RecordGroup[]> {
	const through = named.filter(({ mark, indicator }) => mark === null && RELATING.has(TYPE_NUMBERS[indicator.type])).slice(0, MAX_RELATING);
	if (through.length === 0) return [];
	const list = through.map(({ id }) => lit(Buffer.from(id, "hex"))).join(",");
	return recordsOf(db, `mention m WHERE m.indicator_id IN (${list}) AND m.mark IS NULL AND NOT (m.tracker = ${lit(tracker)} AND m.record_id = ${lit(parseId(record) as Buffer)})`, RELATED_ROWS);
}
