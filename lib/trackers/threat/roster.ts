import { lit, type Queryable } from "@/lib/platform";
import type { Portion, StoreContext } from "@/lib/records";
import type { ThreatRoster } from "@/lib/sources/threat/event";
import { NO_DIGEST } from "./identity";
import { uncount } from "./write-events";
import { dropNamed } from "./write-named";
import { inLists, markGone, partIds } from "./write-parts";

/** From so many events on, a list that lost more than half of them is not believed. */
const NOTABLE = 20;
/** Events that one transaction marks. */
const PORTION_EVENTS = 100;
/** Rows of one answer. */
const ANSWER_ROWS = 20_000;

interface Row {
	id: Buffer;
	uuid: string;
	source: number;
	published_at: Date;
	attribute_count: number;
	object_count: number;
}

/** Marks events as deleted: they keep their page and their parts, and name nothing any more. */
async function markDeleted(tx: Queryable, rows: readonly Row[], at: Date): Promise<void> {
	for (let from = 0; from < rows.length; from += PORTION_EVENTS) {
		const list = rows
			.slice(from, from + PORTION_EVENTS)
			.map(({ id }) => lit(id))
			.join(",");
		await tx.execute(`UPDATE threat_event SET deleted_at = ${lit(at)}, digest = ${lit(NO_DIGEST)}, updated_at = ${lit(at)} WHERE id IN (${list})`);
		await tx.execute(`UPDATE threat_attribute SET deleted = 1, digest = ${lit(NO_DIGEST)} WHERE event_id IN (${list}) AND deleted = 0`);
		await tx.execute(`UPDATE threat_object SET digest = ${lit(NO_DIGEST)} WHERE event_id IN (${list}) AND digest <> ${lit(NO_DIGEST)}`);
		await tx.execute(`DELETE FROM threat_attribute_text WHERE event_id IN (${list})`);
		await tx.execute(`DELETE FROM threat_event_tag WHERE event_id IN (${list})`);
		await tx.execute(`DELETE FROM mention WHERE record_id IN (${list}) AND tracker = 'threat'`);
		await tx.execute(`DELETE FROM record_text WHERE record_id IN (${list})`);
	}
	await uncount(tx, rows);
}

/** Everything stored that came from a source and is not deleted. Answers are bounded, for a server can have very many events. */
async function standingOf(tx: Queryable, source: number): Promise<Row[]> {
	const rows: Row[] = [];
	for (let after = ""; ; ) {
		const more = await tx.query<Row>(
			`SELECT id, uuid, source, published_at, attribute_count, object_count FROM threat_event WHERE source = ${source} AND deleted_at IS NULL${after} ORDER BY id LIMIT ${ANSWER_ROWS}`,
		);
		rows.push(...more);
		const last = more.at(-1);
		if (more.length < ANSWER_ROWS || last === undefined) return rows;
		after = ` AND id > ${lit(last.id)}`;
	}
}

/** Compares a source's list of its events with what came from it. `refused` says why a list is not believed. */
async function compare(tx: Queryable, roster: ThreatRoster, context: StoreContext): Promise<{ missing: Row[]; refused: string | null }> {
	const present = new Set(roster.uuids);
	const rows = await standingOf(tx, context.source.number);
	const missing = rows.filter(({ uuid, attribute_count }) => !present.has(uuid) && !(roster.filledOnly === true && Number(attribute_count) === 0));
	if (rows.length >= NOTABLE && missing.length > rows.length / 2)
		return { missing: [], refused: `its list lacks ${missing.length} of ${rows.length} events that are stored: no event is taken for deleted` };
	return { missing, refused: null };
}

/** Takes the parts of a large event out before the event itself is marked, the last share excepted. */
async function* emptying(db: Queryable, { id, attribute_count }: Row, limit: number): AsyncGenerator<Portion> {
	const objects = await partIds(db, "threat_object", id, ({ digest }) => !digest.equals(NO_DIGEST));
	for (let at = 0; at < objects.length; at += limit) {
		const share = objects.slice(at, at + limit);
		yield async (tx) => {
			await inLists(share, (list) => tx.execute(`UPDATE threat_object SET digest = ${lit(NO_DIGEST)} WHERE event_id = ${lit(id)} AND id IN (${list})`));
			await tx.execute(`UPDATE threat_event SET digest = ${lit(NO_DIGEST)} WHERE id = ${lit(id)}`);
			return {};
		};
	}
	const attributes = await partIds(db, "threat_attribute", id, ({ deleted }) => !deleted);
	// The last share stays for the transaction that marks the event: a list of filled events alone must still find it.
	for (let at = 0; at + limit < attributes.length; at += limit) {
		const share = attributes.slice(at, at + limit);
		const left = Math.max(0, Number(attribute_count) - at - share.length);
		yield async (tx) => {
			await markGone(tx, "threat_attribute", id, share);
			await dropNamed(tx, id, share);
			await tx.execute(`UPDATE threat_event SET digest = ${lit(NO_DIGEST)}, attribute_count = ${left} WHERE id = ${lit(id)}`);
			return {};
		};
	}
}

/** What a source's list of events leaves to delete where it is more than a few, about a hundred events a portion. */
export async function* removalPortions(db: Queryable, roster: ThreatRoster, context: StoreContext, limit: number): AsyncGenerator<Portion> {
	const { missing } = await compare(db, roster, context);
	const mark = (rows: readonly Row[]): Portion => {
		return async (tx) => {
			await markDeleted(tx, rows, context.at);
			return { updated: rows.length };
		};
	};
	let share: Row[] = [];
	let weight = 0;
	for (const row of missing) {
		const parts = Number(row.attribute_count) + Number(row.object_count);
		if (parts > limit) yield* emptying(db, row, limit);
		const own = Math.min(parts, limit);
		if (share.length > 0 && (share.length >= PORTION_EVENTS || weight + own > limit)) {
			yield mark(share);
			share = [];
			weight = 0;
		}
		share.push(row);
		weight += own;
	}
	if (share.length > 0) yield mark(share);
}

/** Marks what a source's list of its events lacks: it was deleted there. */
export async function removeMissing(tx: Queryable, roster: ThreatRoster, context: StoreContext): Promise<{ removed: number; refused: string | null }> {
	const { missing, refused } = await compare(tx, roster, context);
	if (missing.length > 0) await markDeleted(tx, missing, context.at);
	return { removed: missing.length, refused };
}
