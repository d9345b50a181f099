import { advanceRun, startRun } from "@/lib/ingest";
import { mysqlDatabase } from "@/lib/platform/database/mysql";
import { threatStoreOf } from "@/lib/trackers/threat/store";
import { testContext } from "../harness/ingest";
import { largeEvent, largeSource, uuidOf } from "../harness/large-events";

/** Reads an event of 400 attributes in portions of 50 and kills itself after some of them: `portions-child <url> <nth portion>`. */
const [url = "", nth = "1"] = process.argv.slice(2);
const source = largeSource(() => ({ items: [largeEvent(uuidOf(1), { attributes: 400 })], version: 1 }));
let met = 0;
const context = testContext(mysqlDatabase(url), [source], {
	stores: { threat: threatStoreOf(50) as never },
	onPoint: (point) => {
		if (point === "between-portions" && ++met === Number(nth)) process.kill(process.pid, "SIGKILL");
	},
});
const started = await startRun(source.number, { trigger: "manual" }, context);
if (!started.started) throw new Error(started.message);
while (!(await advanceRun(started.run, { milliseconds: 30_000 }, context)).done);
process.exit(0);
