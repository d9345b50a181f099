import { lit, type Queryable } from "@/lib/platform";
import type { StoreContext } from "@/lib/records";
import type { ThreatRoster } from "@/lib/sources/threat/event";
import { uncount } from "./write-events";
import { NO_DIGEST } from "./write-parts";

/** From so many events on, a list that lost more than half of them is not believed. */
const NOTABLE = 20;

interface Row {
	id: Buffer;
	uuid: string;
	source: number;
	published_at: Date;
	attribute_count: number;
}

/** Marks events as deleted: they keep their page and their parts, and name nothing any more. */
async function markDeleted(tx: Queryable, rows: readonly Row[], at: Date): Promise<void> {
	for (let from = 0; from < rows.length; from += 100) {
		const list = rows
			.slice(from, from + 100)
			.map(({ id }) => lit(id))
			.join(",");
		await tx.execute(`UPDATE threat_event SET deleted_at = ${lit(at)}, digest = ${lit(NO_DIGEST)}, updated_at = ${lit(at)} WHERE id IN (${list})`);
		await tx.execute(`UPDATE threat_attribute SET deleted = 1, digest = ${lit(NO_DIGEST)} WHERE event_id IN (${list}) AND deleted = 0`);
		await tx.execute(`UPDATE threat_object SET digest = ${lit(NO_DIGEST)} WHERE event_id IN (${list})`);
		await tx.execute(`DELETE FROM threat_attribute_text WHERE event_id IN (${list})`);
		await tx.execute(`DELETE FROM threat_event_tag WHERE event_id IN (${list})`);
		await tx.execute(`DELETE FROM mention WHERE record_id IN (${list}) AND tracker = 'threat'`);
		await tx.execute(`DELETE FROM record_text WHERE record_id IN (${list})`);
	}
	await uncount(tx, rows);
}

/**
 * Compares a source's list of its events with what came from it. What is missing was deleted there. `refused` says why a list is
 * not believed.
 */
export async function removeMissing(tx: Queryable, roster: ThreatRoster, context: StoreContext): Promise<{ removed: number; refused: string | null }> {
	const present = new Set(roster.uuids);
	const rows = await tx.query<Row>(`SELECT id, uuid, source, published_at, attribute_count FROM threat_event WHERE source = ${context.source.number} AND deleted_at IS NULL`);
	const missing = rows.filter(({ uuid, attribute_count }) => !present.has(uuid) && !(roster.filledOnly === true && Number(attribute_count) === 0));
	if (rows.length >= NOTABLE && missing.length > rows.length / 2)
		return { removed: 0, refused: `its list lacks ${missing.length} of ${rows.length} events that are stored: no event is taken for deleted` };
	if (missing.length > 0) await markDeleted(tx, missing, context.at);
	return { removed: missing.length, refused: null };
}
