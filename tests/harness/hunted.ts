import type { HuntDocument, HunterKind } from "@/lib/hunters/define";
import type { Queryable } from "@/lib/platform";
import type { RecordChange } from "@/lib/records";

const NO_PART = Buffer.alloc(16);

/** What has been noted for hunters, by tracker, in the order of the rows; a whole record has no part. */
export async function notedChanges(db: Queryable): Promise<Record<string, RecordChange[]>> {
	const rows = await db.query<{ tracker: string; records: Buffer; parts: Buffer | null }>("SELECT tracker, records, parts FROM record_change ORDER BY at, id");
	const found: Record<string, RecordChange[]> = {};
	for (const { tracker, records, parts } of rows) {
		found[tracker] ??= [];
		for (let at = 0; at < records.length; at += 16) {
			const part = parts?.subarray(at, at + 16) ?? NO_PART;
			found[tracker].push({ record: records.subarray(at, at + 16), ...(part.equals(NO_PART) ? {} : { part }) });
		}
	}
	return found;
}

/** The same, taken away. */
export async function takeChanges(db: Queryable): Promise<Record<string, RecordChange[]>> {
	const found = await notedChanges(db);
	await db.execute("DELETE FROM record_change");
	return found;
}

export async function collected(batches: AsyncIterable<readonly HuntDocument[]>): Promise<{ documents: HuntDocument[]; batches: number[] }> {
	const documents: HuntDocument[] = [];
	const sizes: number[] = [];
	for await (const batch of batches) {
		documents.push(...batch);
		sizes.push(batch.length);
	}
	return { documents, batches: sizes };
}

/** Documents of everything that was noted of a kind's records. */
export async function huntedOf(kind: HunterKind, db: Queryable, changes: readonly RecordChange[]): Promise<HuntDocument[]> {
	return (await collected(kind.documents(db, changes))).documents;
}
