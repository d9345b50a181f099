import { setTimeout as sleep } from "node:timers/promises";
import { advanceRun, startRun } from "@/lib/ingest";
import { mysqlDatabase } from "@/lib/platform/database/mysql";
import { benchSource } from "../bench/feed";
import { testContext } from "../harness/ingest";

/**
 * Reads one body into several databases at once: `kill-child <file> <block rows> <url>…`. Says `ready`, waits for the delay of
 * each run, says `done` when all ended. Whoever started it kills it.
 */
const [file = "", blockRows = "1", ...urls] = process.argv.slice(2);
const databases = urls.map((url) => mysqlDatabase(url, { connections: 3 }));

async function readBody(at: number, delay: number): Promise<void> {
	const context = testContext(databases[at] as (typeof databases)[number], [benchSource], { blockRows: Number(blockRows) });
	await sleep(delay);
	const started = await startRun(benchSource.number, { trigger: "cli", withFile: true }, context);
	if (!started.started) throw new Error(started.message);
	for (;;) if ((await advanceRun(started.run, { milliseconds: 30_000, file }, context)).done) return;
}

// A first query opens the connections and loads what is loaded late, so that the delays count from the same moment.
await Promise.all(databases.map((database) => database.query("SELECT 1 FROM source_state")));
process.once("message", (delays: number[]) => {
	void Promise.all(delays.map((delay, at) => readBody(at, delay))).then(async () => {
		process.send?.("done");
		await Promise.all(databases.map((database) => database.close()));
		process.disconnect();
	});
});
process.send?.("ready");
