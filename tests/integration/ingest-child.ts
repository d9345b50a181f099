import { advanceRun, startRun } from "@/lib/ingest";
import { mysqlDatabase } from "@/lib/platform/database/mysql";
import { benchSource } from "../bench/feed";
import { testContext } from "../harness/ingest";

/**
 * Reads a body in a process of its own and kills itself where it is told to: `ingest-child <url> <file> <point> <nth time>`.
 * With the point `never` it goes on to the end.
 */
const [url = "", file = "", point = "never", nth = "1"] = process.argv.slice(2);
const database = mysqlDatabase(url);
let met = 0;
const context = testContext(database, [benchSource], {
	// Long after the lease of the process before has ended.
	now: () => new Date(Date.now() + Number(process.env.EXIST_TEST_LATER_MS ?? 0)),
	onPoint: (reached) => {
		if (reached === point && ++met === Number(nth)) process.kill(process.pid, "SIGKILL");
	},
});
const started = await startRun(benchSource.number, { trigger: "cli", withFile: true }, context);
if (!started.started) {
	process.stdout.write(`${started.reason}\n`);
	process.exit(3);
}
for (;;) {
	const progress = await advanceRun(started.run, { milliseconds: 30_000, file }, context);
	if (progress.done) break;
}
await database.close();
