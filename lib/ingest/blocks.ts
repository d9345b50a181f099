import { isTooBig, lit } from "@/lib/platform";
import { BlockRows } from "./apply";
import type { IngestContext } from "./context";
import { ENTRY_BYTES, encodeRows } from "./rows";
import { holdRun, type RunRow, runLit } from "./run-store";

export interface StoredBlock {
	seq: number;
	ids: Buffer;
	data: Buffer;
	changed: Buffer | null;
	rows: BlockRows;
}

/** Most blocks of one transaction. */
export const MAX_BLOCKS = 2;

export async function readBlocks(run: RunRow, context: IngestContext, from: number, count: number): Promise<StoredBlock[]> {
	const wanted = Math.min(count, run.blocks - from);
	if (wanted <= 0) return [];
	const rows = await context.database.query<Omit<StoredBlock, "rows">>(
		`SELECT seq, ids, data, changed FROM run_block WHERE run = ${runLit(run.id)} AND seq >= ${from} AND seq < ${from + wanted} ORDER BY seq`,
	);
	if (rows.length !== wanted) throw new Error(`blocks ${from} to ${from + wanted - 1} of run ${run.id} are gone`);
	return rows.map((row) => ({ ...row, rows: new BlockRows(row.data) }));
}

export function rowsOf(block: StoredBlock): number {
	return block.ids.length / ENTRY_BYTES;
}

export function packIndexes(indexes: readonly number[]): Buffer {
	const bytes = Buffer.alloc(indexes.length * 2);
	for (const [at, index] of indexes.entries()) bytes.writeUInt16LE(index, at * 2);
	return bytes;
}

export function unpackIndexes(bytes: Buffer | null): number[] {
	return Array.from({ length: (bytes?.length ?? 0) / 2 }, (_, at) => (bytes as Buffer).readUInt16LE(at * 2));
}

/**
 * How much shares a transaction: as many blocks as the database takes in about a second (a commit waits for the disk), one where
 * it is slow, so that no transaction comes near the 20 s a hosted database allows; and fewer rows where it says that they are too many.
 */
export class Pace {
	blocks = 1;
	/** most rows of one block */
	rows = Number.POSITIVE_INFINITY;
	#most = MAX_BLOCKS;

	note(milliseconds: number): void {
		if (milliseconds < 800) this.blocks = Math.min(this.#most, this.blocks * 2);
		else if (milliseconds > 3000) this.blocks = Math.max(1, this.blocks >> 1);
	}

	/** These were too much for one transaction. Throws the failure on where it is another one, or a single row was too much. */
	less(blocks: readonly StoredBlock[], failure: unknown): void {
		const [only, ...others] = blocks;
		if (!isTooBig(failure) || only === undefined) throw failure;
		this.blocks = 1;
		this.#most = 1;
		if (others.length > 0) return;
		if (rowsOf(only) < 2) throw failure;
		this.rows = Math.ceil(rowsOf(only) / 2);
	}
}

/**
 * Puts the second half of a block behind the last one. The order of blocks means nothing, and whoever takes the run over finds
 * two blocks where there was one.
 */
async function splitBlock(run: RunRow, block: StoredBlock, context: IngestContext): Promise<RunRow> {
	const rows = block.rows.all();
	const middle = Math.ceil(rows.length / 2);
	const changed = unpackIndexes(block.changed);
	const changedOf = (from: number, to: number): string => lit(block.changed === null ? null : packIndexes(changed.filter((index) => index >= from && index < to).map((index) => index - from)));
	const half = (from: number, to: number) => ({
		count: to - from,
		ids: lit(block.ids.subarray(from * ENTRY_BYTES, to * ENTRY_BYTES)),
		data: lit(encodeRows(rows.slice(from, to))),
		changed: changedOf(from, to),
	});
	const [first, second] = [half(0, middle), half(middle, rows.length)];
	await context.database.transaction(async (tx) => {
		await holdRun(tx, run, context.now());
		await tx.execute(
			`INSERT INTO run_block (run, seq, row_count, ids, data, changed) VALUES (${runLit(run.id)},${run.blocks},${second.count},${second.ids},${second.data},${second.changed}) ON DUPLICATE KEY UPDATE row_count = VALUES(row_count), ids = VALUES(ids), data = VALUES(data), changed = VALUES(changed)`,
		);
		await tx.execute(`UPDATE run_block SET row_count = ${first.count}, ids = ${first.ids}, data = ${first.data}, changed = ${first.changed} WHERE run = ${runLit(run.id)} AND seq = ${block.seq}`);
		await tx.execute(`UPDATE source_run SET blocks = ${run.blocks + 1} WHERE id = ${runLit(run.id)}`);
	});
	return { ...run, blocks: run.blocks + 1 };
}

/** The blocks whose turn it is, each with no more rows than a transaction may have, and the run with as many blocks as it has then. */
export async function nextBlocks(run: RunRow, context: IngestContext, pace: Pace, read = readBlocks(run, context, run.cursor, pace.blocks)): Promise<{ run: RunRow; blocks: StoredBlock[] }> {
	let current = run;
	let blocks = await read;
	for (;;) {
		const wide = blocks.find((block) => rowsOf(block) > pace.rows);
		if (wide === undefined) return { run: current, blocks };
		current = await splitBlock(current, wide, context);
		blocks = await readBlocks(current, context, current.cursor, pace.blocks);
	}
}
