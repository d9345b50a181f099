import { setTimeout as sleep } from "node:timers/promises";
import { deliver } from "@/lib/alerts/deliver";
import { mysqlDatabase } from "@/lib/platform/database/mysql";

/**
 * Delivers in a process of its own, to be killed. Arguments: database, address of the fake, milliseconds the clock is ahead; the
 * point to die at stands in FAULT_POINT.
 */
const [, , databaseUrl = "", apiUrl = "", ahead = "0"] = process.argv;
const point = process.env.FAULT_POINT;
const database = mysqlDatabase(databaseUrl);
// The clock runs a thousand times faster, so that nobody waits for Slack's second.
const start = Date.now();
const now = (): Date => new Date(start + Number(ahead) + (Date.now() - start) * 50);
process.stdout.write("ready\n");
const told = await deliver(
	{ milliseconds: 60_000 },
	{
		database,
		slack: { token: "xoxb-fake", apiUrl, canMute: false, timeoutMs: 5000 },
		publicUrl: null,
		authSecret: null,
		policy: {},
		look: () => undefined,
		now,
		sleep: (milliseconds) => sleep(milliseconds / 50),
		random: Math.random,
		onPoint: (at) => {
			if (at === point) process.kill(process.pid, "SIGKILL");
		},
	},
);
await database.close();
process.stdout.write(`${JSON.stringify(told)}\n`);
