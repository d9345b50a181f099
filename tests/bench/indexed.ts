import { createHash } from "node:crypto";
import { join } from "node:path";
import { advanceRun, startRun } from "@/lib/ingest";
import type { Database } from "@/lib/platform";
import { testContext } from "../harness/ingest";
import type { CorpusRow } from "./corpus";
import { benchSource, writeFeed } from "./feed";
import type { BenchServer } from "./server";

/** Real indicators have no hashes and hardly a block: one row in twenty becomes a hash, one in five hundred a /24 around an address. */
export function withHashesAndBlocks(rows: readonly CorpusRow[]): CorpusRow[] {
	return rows.map((row, at) => {
		if (at % 20 === 7)
			return {
				value: createHash("sha256")
					.update(row.value)
					.digest("hex")
					.slice(0, at % 40 === 7 ? 64 : 32),
				family: row.family,
			};
		const address = /^(\d+\.\d+\.\d+)\.\d+/.exec(row.value)?.[1];
		return at % 500 === 0 && address !== undefined ? { value: `${address}.0/24`, family: row.family } : row;
	});
}

/** A schema of its own with the rows in it, read as a source is. */
export async function indexed(server: BenchServer, name: string, rows: readonly CorpusRow[], folder: string): Promise<Database> {
	const database = await server.database(name);
	const file = join(folder, name);
	await writeFeed(file, rows);
	const context = testContext(database, [benchSource]);
	const started = await startRun(benchSource.number, { trigger: "cli", withFile: true }, context);
	if (!started.started) throw new Error(started.message);
	while (!(await advanceRun(started.run, { milliseconds: 40_000, file }, context)).done);
	await database.execute("ANALYZE TABLE indicator, sighting, search_text");
	return database;
}
