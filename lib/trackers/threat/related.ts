import { type CanonicalValue, type Indicator, typeFromNumber } from "@/lib/domain/indicator";
import { parseId } from "@/lib/indicators/identity";
import { type Database, database, lit } from "@/lib/platform";
import { raw } from "../record-tracker";
import { eventId } from "./identity";
import type { RelatedEvent } from "./index";

/** Indicators of an event through which others are looked for, and events that are given. */
const MAX_THROUGH = 3000;
const MAX_EVENTS = 25;
/** Indicators of one statement, and its mentions: where they are more, each indicator is asked for on its own. */
const LIST = 1000;
const MAX_MENTIONS = 20_000;
/** Rounds of asking one by one: other events that are read of an indicator, and of how many indicators. Each is some 60,000 rows at most. */
const ROUNDS = [
	{ cap: 20, most: MAX_THROUGH },
	{ cap: 100, most: 200 },
	{ cap: 500, most: 40 },
] as const;
/** Indicators asked for one by one in one statement. */
const UNION = 100;

/** Another event that names the same indicators. */
export interface CorrelatedEvent {
	id: string;
	info: string;
	orgc: string | null;
	day: string;
	/** indicators both name */
	shared: number;
	/** one of them */
	example: Indicator | null;
}

/** Events that MISP relates to one, with our id where we have them. */
export async function mispRelated(related: readonly RelatedEvent[], db: Database = database()): Promise<Array<RelatedEvent & { id: string | null }>> {
	if (related.length === 0) return [];
	const ids = related.map(({ uuid }) => eventId(uuid));
	const rows = await db.query<{ id: Buffer }>(`SELECT id FROM threat_event WHERE id IN (${ids.map((id) => lit(id)).join(",")})`);
	const known = new Set(rows.map(({ id }) => raw.hex(id)));
	return related.map((one, at) => {
		const id = (ids[at] as Buffer).toString("hex");
		return { ...one, id: known.has(id) ? id : null };
	});
}

/** What was found, and whether something common was read in part only: `shared` is a floor then. */
interface Correlation {
	events: CorrelatedEvent[];
	cut: boolean;
}

interface Mentioned {
	record_id: Buffer;
	indicator_id: Buffer;
}

/** Each indicator's other events, `cap` of each indicator at most. What nearly everybody names does not starve what few do. */
async function readEach(db: Database, event: Buffer, indicators: readonly Buffer[], cap: number): Promise<Mentioned[]> {
	const rows: Mentioned[] = [];
	for (let at = 0; at < indicators.length; at += UNION) {
		const selects = indicators
			.slice(at, at + UNION)
			.map((id) => `(SELECT DISTINCT record_id, indicator_id FROM mention WHERE indicator_id = ${lit(id)} AND tracker = 'threat' AND mark IS NULL AND record_id <> ${lit(event)} LIMIT ${cap})`);
		rows.push(...(await db.query<Mentioned>(selects.join(" UNION ALL "))));
	}
	return rows;
}

/**
 * The other events of indicators that have too many for one answer, read in rounds: a few of every indicator, which is all of the
 * rare ones, then more of those that have more.
 */
async function readRareFirst(db: Database, event: Buffer, indicators: readonly Buffer[]): Promise<{ rows: Mentioned[]; cut: boolean }> {
	const rows: Mentioned[] = [];
	let left = indicators;
	let cut = false;
	for (const { cap, most } of ROUNDS) {
		cut ||= left.length > most;
		const found = await readEach(db, event, left.slice(0, most), cap + 1);
		rows.push(...found);
		const counts = new Map<string, number>();
		for (const { indicator_id } of found) counts.set(raw.hex(indicator_id), (counts.get(raw.hex(indicator_id)) ?? 0) + 1);
		left = left.filter((id) => (counts.get(raw.hex(id)) ?? 0) > cap);
	}
	return { rows, cut: cut || left.length > 0 };
}

/** Indicators of an event by the events that share them; `cut` where not all of it was read. */
async function sharedWith(db: Database, event: Buffer): Promise<{ shared: Map<string, Set<string>>; cut: boolean }> {
	const asked = await db.query<{ indicator_id: Buffer }>(`SELECT DISTINCT indicator_id FROM mention WHERE record_id = ${lit(event)} AND tracker = 'threat' AND mark IS NULL LIMIT ${MAX_THROUGH + 1}`);
	const through = asked.slice(0, MAX_THROUGH).map(({ indicator_id }) => indicator_id);
	const rows: Mentioned[] = [];
	const crowded: Buffer[] = [];
	for (let at = 0; at < through.length; at += LIST) {
		const part = through.slice(at, at + LIST);
		const found = await db.query<Mentioned>(
			`SELECT DISTINCT record_id, indicator_id FROM mention WHERE indicator_id IN (${part.map((id) => lit(id)).join(",")}) AND tracker = 'threat' AND mark IS NULL AND record_id <> ${lit(event)} LIMIT ${MAX_MENTIONS}`,
		);
		if (found.length < MAX_MENTIONS) rows.push(...found);
		else crowded.push(...part);
	}
	const rare = crowded.length === 0 ? { rows: [], cut: false } : await readRareFirst(db, event, crowded);
	const shared = new Map<string, Set<string>>();
	for (const { record_id, indicator_id } of [...rows, ...rare.rows]) {
		const key = raw.hex(record_id);
		shared.set(key, (shared.get(key) ?? new Set()).add(raw.hex(indicator_id)));
	}
	return { shared, cut: rare.cut || asked.length > MAX_THROUGH };
}

/**
 * Events that name what this one names, most in common first. Correlated when it is looked at: nothing about pairs is stored.
 * Benign values (public resolvers, well-known services) do not count.
 */
export async function correlatedEvents(event: string, db: Database = database()): Promise<Correlation> {
	const id = parseId(event);
	if (id === null) return { events: [], cut: false };
	const { shared, cut } = await sharedWith(db, id);
	const most = [...shared].sort((a, b) => b[1].size - a[1].size || (a[0] < b[0] ? -1 : 1)).slice(0, MAX_EVENTS);
	if (most.length === 0) return { events: [], cut };
	const examples = most.map(([, indicators]) => [...indicators][0] as string);
	const [events, values] = await Promise.all([
		db.query<{ id: Buffer; info: string; orgc: string | null; day: string }>(
			`SELECT id, info, orgc, day FROM threat_event WHERE id IN (${most.map(([key]) => lit(Buffer.from(key, "hex"))).join(",")}) AND deleted_at IS NULL`,
		),
		db.query<{ id: Buffer; type: number; value: string }>(`SELECT id, type, value FROM indicator WHERE id IN (${[...new Set(examples)].map((key) => lit(Buffer.from(key, "hex"))).join(",")})`),
	]);
	const byId = new Map(events.map((row) => [raw.hex(row.id), row]));
	const exampleValues = new Map(values.map((row) => [raw.hex(row.id), { type: typeFromNumber(Number(row.type)), value: row.value as CanonicalValue }]));
	const related = most.flatMap(([key, indicators], at) => {
		const row = byId.get(key);
		return row === undefined ? [] : [{ id: key, info: row.info, orgc: row.orgc, day: String(row.day), shared: indicators.size, example: exampleValues.get(examples[at] as string) ?? null }];
	});
	return { events: related, cut };
}
