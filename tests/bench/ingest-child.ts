import { runDetail } from "@/lib/health";
import { advanceRun, startRun } from "@/lib/ingest";
import { mysqlDatabase } from "@/lib/platform/database/mysql";
import { openGeo } from "@/lib/platform/geo";
import { testContext } from "../harness/ingest";
import { benchSource } from "./feed";

/**
 * Reads one body into the index in a process of its own, so that its memory is the ingest's alone:
 * `ingest-child <database url> <file>`. Prints one JSON object.
 */
const [url = "", file = ""] = process.argv.slice(2);
const database = mysqlDatabase(url);
const geo = openGeo();
const context = testContext(database, [benchSource], { country: (address) => geo.country(address) });
await database.query("SELECT 1");
geo.country("192.0.2.1");
globalThis.gc?.();
const idle = process.memoryUsage().rss;
let peak = idle;
const sampler = setInterval(() => {
	peak = Math.max(peak, process.memoryUsage().rss);
}, 10);

const begun = performance.now();
const phases: Record<string, number> = {};
let last = begun;
const lap = (phase: string): void => {
	const now = performance.now();
	phases[phase] = (phases[phase] ?? 0) + (now - last) / 1000;
	last = now;
};
const PHASE_ENDS: Readonly<Record<string, string>> = { "after-fetch-before-store": "fetch", "after-last-batch-before-run-row": "apply", "before-finish": "text" };
const watched = {
	...context,
	onPoint: (point: string) => {
		const phase = PHASE_ENDS[point];
		if (phase !== undefined) lap(phase);
	},
};
const started = await startRun(benchSource.number, { trigger: "cli", withFile: true }, watched);
if (!started.started) throw new Error(started.message);
// The budget of one step of the job, so that what is measured is what runs.
let longestStep = 0;
for (let done = false; !done; ) {
	const step = performance.now();
	({ done } = await advanceRun(started.run, { milliseconds: 40_000, file }, watched));
	longestStep = Math.max(longestStep, (performance.now() - step) / 1000);
}
lap("finish");
const seconds = (performance.now() - begun) / 1000;
clearInterval(sampler);
const run = await runDetail(started.run, context);
process.stdout.write(
	`${JSON.stringify({ seconds, longestStep, phases, idleMb: idle / 1e6, peakMb: peak / 1e6, state: run.state, read: run.read, new: run.new, updated: run.updated, unchanged: run.unchanged, setAside: run.setAside })}\n`,
);
await database.close();
