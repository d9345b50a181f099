import type { CanonicalValue, Indicator, IndicatorType } from "@/lib/domain/indicator";
import { warningFor } from "@/lib/domain/warnings";
import { env } from "@/lib/env";
import { indicatorId } from "@/lib/indicators/identity";
import { type Database, database, lit } from "@/lib/platform";
import { sourceByNumber, sourceNames } from "@/lib/sources";
import { REPUTATION_FROM, REPUTATION_SELECT, type ReputationRow, toReputationRow } from "@/lib/trackers/reputation";
import { type ResultGroup, readGroup, selectionsFor } from "./cross-search";
import { type RecordGroup, recordsNaming } from "./records";

/** Rows of each related group that are shown. */
const RELATED_ROWS = 100;

/** A time during which one source listed the indicator; `to` is null while it still does. */
export interface PresenceInterval {
	source: { number: number; name: string };
	from: Date;
	to: Date | null;
}

export interface IndicatorDetail {
	indicator: { id: string; type: IndicatorType; value: CanonicalValue; warning: string | null };
	/** newest first */
	sightings: ReputationRow[];
	/** by source, oldest first */
	intervals: PresenceInterval[];
	/** what contains it, lies under it or belongs to the same file; only groups that hold something */
	related: ResultGroup[];
	/** records of other trackers that name it, or what lies under or inside it */
	records: RecordGroup[];
}

function nameOf(number: number): string {
	return sourceByNumber(number)?.name ?? sourceNames()[number] ?? `source ${number}`;
}

async function closedIntervals(db: Database, id: Buffer): Promise<PresenceInterval[]> {
	const rows = await db.query<{ source: number; from_at: Date; to_at: Date }>(`SELECT source, from_at, to_at FROM presence WHERE indicator_id = ${lit(id)} ORDER BY source, from_at LIMIT 5000`);
	return rows.map((row) => ({ source: { number: Number(row.source), name: nameOf(Number(row.source)) }, from: row.from_at, to: row.to_at }));
}

async function openIntervals(db: Database, id: Buffer): Promise<PresenceInterval[]> {
	const rows = await db.query<{ source: number; present_since: Date }>(`SELECT source, present_since FROM sighting WHERE indicator_id = ${lit(id)} AND present = 1`);
	return rows.map((row) => ({ source: { number: Number(row.source), name: nameOf(Number(row.source)) }, from: row.present_since, to: null }));
}

/**
 * Everything the index knows about one indicator. It need not be stored itself: its URLs, subdomains or blocks may be.
 * `own`: domains of this installation, for the warning of a value that is not stored.
 */
export async function describeIndicator(indicator: Indicator, db: Database = database(), own: readonly string[] = env().ownDomains): Promise<IndicatorDetail> {
	const id = indicatorId(indicator);
	const others = selectionsFor(indicator).filter(({ kind }) => kind !== "exact");
	const [records, sightings, closed, open, ...related] = await Promise.all([
		recordsNaming(indicator, RELATED_ROWS, db),
		db.query(`SELECT ${REPUTATION_SELECT} FROM ${REPUTATION_FROM} WHERE s.indicator_id = ${lit(id)}`),
		closedIntervals(db, id),
		openIntervals(db, id),
		...others.map((selection) => readGroup(db, selection, RELATED_ROWS)),
	]);
	const intervals = [...closed, ...open].sort((a, b) => a.source.number - b.source.number || a.from.getTime() - b.from.getTime());
	const rows = sightings.map(toReputationRow).sort((a, b) => b.lastSeen.getTime() - a.lastSeen.getTime());
	return {
		indicator: { id: id.toString("hex"), ...indicator, warning: rows[0]?.indicator.warning ?? warningFor(indicator, own)?.list ?? null },
		sightings: rows,
		intervals,
		related: related.filter((group) => group.total > 0),
		records,
	};
}
