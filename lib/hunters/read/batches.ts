/** What is read of many rows before they are: which they are, and how many bytes of text each has. */
export interface Weighed {
	id: Buffer;
	size: number;
}

/** Documents of one batch, and bytes of text of the rows it is made of: what a step may hold at once. */
export const BATCH_DOCUMENTS = 500;
const BATCH_BYTES = 4_000_000;

/** Cuts rows into runs of bounded number and size, in their order; a row that is too large alone is a run of its own. */
export function* inBatches<Row extends { size: number }>(rows: readonly Row[]): Generator<Row[]> {
	let run: Row[] = [];
	let bytes = 0;
	for (const row of rows) {
		if (run.length > 0 && (run.length >= BATCH_DOCUMENTS || bytes + row.size > BATCH_BYTES)) {
			yield run;
			run = [];
			bytes = 0;
		}
		run.push(row);
		bytes += row.size;
	}
	if (run.length > 0) yield run;
}

/** Runs of at most `BATCH_DOCUMENTS` of a list. */
export function* inRuns<T>(list: readonly T[], length = BATCH_DOCUMENTS): Generator<readonly T[]> {
	for (let at = 0; at < list.length; at += length) yield list.slice(at, at + length);
}

/** Ids, each once, in their order. */
export function distinctIds(ids: Iterable<Buffer>): Buffer[] {
	return [...new Map([...ids].map((id) => [id.toString("latin1"), id])).values()];
}
