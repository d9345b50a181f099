import { type CanonicalValue, type Indicator, type IndicatorType, typeFromNumber } from "@/lib/domain/indicator";
import { parseId } from "@/lib/indicators/identity";
import { type Database, database, lit } from "@/lib/platform";
import { sourceByNumber, sourceNames } from "@/lib/sources";
import { REPUTATION_FROM, REPUTATION_SELECT, type ReputationRow, toReputationRow } from "@/lib/trackers/reputation";
import { type ResultGroup, readGroup, selectionsFor } from "./cross-search";

/** A time during which one source listed the indicator; `to` is null while it still does. */
export interface PresenceInterval {
	source: { number: number; name: string };
	from: Date;
	to: Date | null;
}

export interface IndicatorDetail {
	indicator: { id: string; type: IndicatorType; value: CanonicalValue; warning: string | null; createdAt: Date };
	/** newest first */
	sightings: ReputationRow[];
	/** by source, oldest first */
	intervals: PresenceInterval[];
	/** what contains it, lies under it or belongs to the same file; only groups that hold something */
	related: ResultGroup[];
}

function nameOf(number: number): string {
	return sourceByNumber(number)?.name ?? sourceNames()[number] ?? `source ${number}`;
}

async function closedIntervals(db: Database, id: Buffer): Promise<PresenceInterval[]> {
	const rows = await db.query<{ source: number; from_at: Date; to_at: Date }>(
		`SELECT source, from_at, to_at FROM presence WHERE indicator_id = ${lit(id)} ORDER BY source, from_at LIMIT 5000`,
	);
	return rows.map((row) => ({ source: { number: Number(row.source), name: nameOf(Number(row.source)) }, from: row.from_at, to: row.to_at }));
}

async function openIntervals(db: Database, id: Buffer): Promise<PresenceInterval[]> {
	const rows = await db.query<{ source: number; present_since: Date }>(`SELECT source, present_since FROM sighting WHERE indicator_id = ${lit(id)} AND present = 1`);
	return rows.map((row) => ({ source: { number: Number(row.source), name: nameOf(Number(row.source)) }, from: row.present_since, to: null }));
}

/**
 * Everything the index knows about one indicator, by its id (32 hex). Null where no such indicator is stored.
 */
export async function indicatorDetail(idHex: string, db: Database = database()): Promise<IndicatorDetail | null> {
	const id = parseId(idHex);
	if (id === null) return null;
	const found = await db.query<{ type: number; value: string; warning: string | null; created_at: Date }>(`SELECT type, value, warning, created_at FROM indicator WHERE id = ${lit(id)}`);
	const raw = found[0];
	if (raw === undefined) return null;
	const indicator: Indicator = { type: typeFromNumber(Number(raw.type)), value: raw.value as CanonicalValue };
	const others = selectionsFor(indicator).filter(({ kind }) => kind !== "exact");
	const [sightings, closed, open, ...related] = await Promise.all([
		db.query(`SELECT ${REPUTATION_SELECT} FROM ${REPUTATION_FROM} WHERE s.indicator_id = ${lit(id)}`),
		closedIntervals(db, id),
		openIntervals(db, id),
		...others.map((selection) => readGroup(db, selection, 100)),
	]);
	const intervals = [...closed, ...open].sort((a, b) => a.source.number - b.source.number || a.from.getTime() - b.from.getTime());
	return {
		indicator: { id: idHex.toLowerCase(), ...indicator, warning: raw.warning, createdAt: raw.created_at },
		sightings: sightings.map(toReputationRow).sort((a, b) => b.lastSeen.getTime() - a.lastSeen.getTime()),
		intervals,
		related: related.filter((group) => group.total > 0),
	};
}
