import { type CanonicalValue, type Indicator, typeFromNumber } from "@/lib/domain/indicator";
import { lit, type Queryable } from "@/lib/platform";

/** Rows of one answer. One record names 2,000 at most. */
const ANSWER_ROWS = 20_000;

type Row = { record_id: Buffer; type: number; value: string };

/**
 * What some records name, by the record's id (latin1), without what is benign there. Records that name more together than one answer
 * shall hold are asked for in halves.
 */
export async function readNamed(db: Queryable, tracker: string, records: readonly Buffer[]): Promise<Map<string, Indicator[]>> {
	const found = new Map<string, Indicator[]>();
	if (records.length === 0) return found;
	const list = records.map((id) => lit(id)).join(",");
	const rows = await db.query<Row>(
		`SELECT m.record_id, i.type, i.value FROM mention m JOIN indicator i ON i.id = m.indicator_id WHERE m.record_id IN (${list}) AND m.tracker = ${lit(tracker)} AND m.mark IS NULL LIMIT ${ANSWER_ROWS}`,
	);
	if (rows.length === ANSWER_ROWS && records.length > 1) {
		const half = Math.ceil(records.length / 2);
		return new Map([...(await readNamed(db, tracker, records.slice(0, half))), ...(await readNamed(db, tracker, records.slice(half)))]);
	}
	for (const { record_id, type, value } of rows) {
		const key = record_id.toString("latin1");
		const indicator: Indicator = { type: typeFromNumber(Number(type)), value: value as CanonicalValue };
		const before = found.get(key);
		if (before === undefined) found.set(key, [indicator]);
		else before.push(indicator);
	}
	return found;
}
