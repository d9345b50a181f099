import { type CanonicalValue, type Indicator, typeFromNumber } from "@/lib/domain/indicator";
import { parseId } from "@/lib/indicators/identity";
import { type Database, database, lit } from "@/lib/platform";
import { raw } from "../record-tracker";
import { eventId } from "./identity";
import type { RelatedEvent } from "./index";

/** Indicators of an event through which others are looked for, and events that are given. */
const MAX_THROUGH = 3000;
const MAX_EVENTS = 25;
/** Mentions of one list of indicators: what nearly everybody names says nothing. */
const MAX_MENTIONS = 20_000;

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

/**
 * Events that name what this one names, most in common first. Correlated when it is looked at: nothing about pairs is stored.
 * Benign values (public resolvers, well-known services) do not count.
 */
export async function correlatedEvents(event: string, db: Database = database()): Promise<CorrelatedEvent[]> {
	const id = parseId(event);
	if (id === null) return [];
	const through = await db.query<{ indicator_id: Buffer }>(`SELECT DISTINCT indicator_id FROM mention WHERE record_id = ${lit(id)} AND tracker = 'threat' AND mark IS NULL LIMIT ${MAX_THROUGH}`);
	const shared = new Map<string, Set<string>>();
	for (let at = 0; at < through.length; at += 1000) {
		const list = through
			.slice(at, at + 1000)
			.map(({ indicator_id }) => lit(indicator_id))
			.join(",");
		const rows = await db.query<{ record_id: Buffer; indicator_id: Buffer }>(
			`SELECT DISTINCT record_id, indicator_id FROM mention WHERE indicator_id IN (${list}) AND tracker = 'threat' AND mark IS NULL AND record_id <> ${lit(id)} LIMIT ${MAX_MENTIONS}`,
		);
		for (const { record_id, indicator_id } of rows) {
			const key = raw.hex(record_id);
			shared.set(key, (shared.get(key) ?? new Set()).add(raw.hex(indicator_id)));
		}
	}
	const most = [...shared].sort((a, b) => b[1].size - a[1].size || (a[0] < b[0] ? -1 : 1)).slice(0, MAX_EVENTS);
	if (most.length === 0) return [];
	const examples = most.map(([, indicators]) => [...indicators][0] as string);
	const [events, values] = await Promise.all([
		db.query<{ id: Buffer; info: string; orgc: string | null; day: string }>(
			`SELECT id, info, orgc, day FROM threat_event WHERE id IN (${most.map(([key]) => lit(Buffer.from(key, "hex"))).join(",")}) AND deleted_at IS NULL`,
		),
		db.query<{ id: Buffer; type: number; value: string }>(`SELECT id, type, value FROM indicator WHERE id IN (${[...new Set(examples)].map((key) => lit(Buffer.from(key, "hex"))).join(",")})`),
	]);
	const byId = new Map(events.map((row) => [raw.hex(row.id), row]));
	const exampleValues = new Map(values.map((row) => [raw.hex(row.id), { type: typeFromNumber(Number(row.type)), value: row.value as CanonicalValue }]));
	return most.flatMap(([key, indicators], at) => {
		const row = byId.get(key);
		return row === undefined ? [] : [{ id: key, info: row.info, orgc: row.orgc, day: String(row.day), shared: indicators.size, example: exampleValues.get(examples[at] as string) ?? null }];
	});
}
