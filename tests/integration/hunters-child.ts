import { setTimeout as sleep } from "node:timers/promises";
import { mysqlDatabase } from "@/lib/platform/database/mysql";
import { hunterWork } from "../harness/hunter-work";

/**
 * Reads a body into several databases at once, judges and tells: `hunters-child <file> <clock ahead, ms> <url>…`. Says `ready`, waits
 * for the delay and the Slack of each, says of each when it begins and when it is done. Whoever started it kills it.
 */
const [file = "", laterMs = "0", ...urls] = process.argv.slice(2);
const databases = urls.map((url) => mysqlDatabase(url, { connections: 4 }));

// A first query opens the connections and loads what is loaded late, so that the delays count from the same moment.
await Promise.all(databases.map((database) => database.query("SELECT 1 FROM hunter")));
process.once("message", (lanes: Array<{ delay: number; slackUrl: string }>) => {
	void Promise.all(
		lanes.map(async ({ delay, slackUrl }, at) => {
			await sleep(delay);
			process.send?.({ begun: at });
			await hunterWork({ database: databases[at] as (typeof databases)[number], file, slackUrl, laterMs: Number(laterMs) });
			process.send?.({ done: at });
		}),
	).then(async () => {
		await Promise.all(databases.map((database) => database.close()));
		process.disconnect();
	});
});
process.send?.("ready");
