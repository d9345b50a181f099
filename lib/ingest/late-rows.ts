import type { Database } from "@/lib/platform";
import { decodeRows, ENTRY_BYTES, type StagedRow } from "./rows";
import { type RunRow, runLit } from "./run-store";

/** Rows of a run that repeat an earlier one with other content (blocks -1, -2 …), by sighting id (latin1). */
export type Late = Map<string, StagedRow>;

/** Reads them; none for most runs. */
export async function readLate(database: Database, run: RunRow): Promise<Late> {
	const late: Late = new Map();
	const blocks = await database.query<{ ids: Buffer; data: Buffer }>(`SELECT ids, data FROM run_block WHERE run = ${runLit(run.id)} AND seq < 0 ORDER BY seq DESC`);
	for (const block of blocks) {
		for (const [at, row] of decodeRows(block.data).entries()) late.set(block.ids.toString("latin1", at * ENTRY_BYTES, at * ENTRY_BYTES + 16), row);
	}
	return late;
}
