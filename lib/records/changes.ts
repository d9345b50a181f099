import { randomBytes } from "node:crypto";
import { lit, type Queryable } from "@/lib/platform";
import type { StoreContext } from "./define";

/** A record that is new or changed, or a part of one. */
export interface RecordChange {
	record: Buffer;
	/** an attribute of an event; left out: the record as a whole */
	part?: Buffer;
}

const NO_PART = Buffer.alloc(16);
/** Records of one row: 32 bytes each, doubled where they are escaped. */
const ROW_RECORDS = 5000;

/**
 * Notes that records are new or changed, for the hunters: in the transaction that writes them, so that none is missed and none that
 * was rolled back is seen. One row a batch: the cost is the batch's, not the record's.
 */
export async function noteChanges(tx: Queryable, tracker: string, changes: readonly RecordChange[], at: Date): Promise<void> {
	for (let from = 0; from < changes.length; from += ROW_RECORDS) {
		const some = changes.slice(from, from + ROW_RECORDS);
		const parts = some.some(({ part }) => part !== undefined) ? Buffer.concat(some.map(({ part }) => part ?? NO_PART)) : null;
		await tx.execute(
			`INSERT INTO record_change (id, tracker, at, records, parts, \`cursor\`, attempts, reason, next_at) VALUES (${lit(randomBytes(16))},${lit(tracker)},${lit(at)},${lit(Buffer.concat(some.map(({ record }) => record)))},${lit(parts)},0,0,NULL,${lit(at)})`,
		);
	}
}

/**
 * Notes what a store has written, at the time it is written: the start of its run may lie before a hunter was made that is to see it.
 * The first fill of a source is as new as anything later; data that is imported from an archive is not.
 */
export async function noteWritten(tx: Queryable, tracker: string, changes: readonly RecordChange[], context: Pick<StoreContext, "archived">): Promise<void> {
	if (context.archived !== true) await noteChanges(tx, tracker, changes, new Date());
}
