import mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createUser } from "@/lib/auth/users";
import { type RunningApp, startApp } from "./app";

const EMAIL = "ada@example.com";
const PASSWORD = "correct horse battery staple";
/** No page needs as many; one that does has begun to ask in a loop. */
const MOST = 40;

/** What the console asks of its database, by the server's own log. */
async function listen(app: RunningApp) {
	const admin = await mysql.createConnection({ uri: process.env.EXIST_TEST_DATABASE ?? "" });
	await admin.query("SET GLOBAL log_output = 'TABLE', GLOBAL general_log = 1");
	return {
		/** statements of the console's own connections while `work` runs */
		during: async (work: () => Promise<unknown>): Promise<string[]> => {
			const [[from]] = await admin.query<mysql.RowDataPacket[]>("SELECT NOW(6) AS at");
			await work();
			// A pool opens connections as it needs them, so they are read when the work is over.
			const [threads] = await admin.query<mysql.RowDataPacket[]>(`SELECT id FROM information_schema.processlist WHERE db = '${app.fresh.name}'`);
			const ids = threads.map(({ id }) => Number(id));
			const [rows] = await admin.query<mysql.RowDataPacket[]>(
				"SELECT CONVERT(argument USING utf8mb4) AS statement FROM mysql.general_log WHERE event_time > ? AND command_type = 'Query' AND thread_id IN (?)",
				[from?.at, ids],
			);
			return rows.map(({ statement }) => String(statement)).filter((statement) => /^\s*\(?SELECT/i.test(statement));
		},
		stop: async (): Promise<void> => {
			await admin.query("SET GLOBAL general_log = 0, GLOBAL log_output = 'FILE'");
			await admin.query("TRUNCATE TABLE mysql.general_log");
			await admin.end();
		},
	};
}

describe("what a page asks of the database", () => {
	let app: RunningApp;
	let cookie: string;
	let log: Awaited<ReturnType<typeof listen>>;
	const view = async (path: string): Promise<void> => {
		const answer = await fetch(`${app.url}${path}`, { headers: { cookie } });
		await answer.text();
		expect(answer.status, path).toBe(200);
	};

	beforeAll(async () => {
		app = await startApp();
		await createUser({ email: EMAIL, name: "Ada", role: "administrator", password: PASSWORD }, "test", app.fresh.database);
		cookie = (await app.signIn(EMAIL, PASSWORD)) ?? "";
		log = await listen(app);
	}, 180_000);
	afterAll(async () => {
		await log.stop();
		await app.stop();
	});

	it.each(["/", "/reputation", "/threat/event", "/news", "/sources", "/ip/192.0.2.1"])("%s asks nothing twice", async (path) => {
		const asked = await log.during(() => view(path));
		const twice = asked.filter((statement, at) => asked.indexOf(statement) !== at);
		expect(twice).toEqual([]);
		expect(asked.length).toBeGreaterThan(0);
		expect(asked.length).toBeLessThan(MOST);
	});

	it("reads the choices of filters once for many views", async () => {
		await view("/threat/event");
		const asked = await log.during(() => view("/threat/event"));
		expect(asked.filter((statement) => /threat_(?:event|tag|org)\b/.test(statement) && /SELECT DISTINCT|GROUP BY/.test(statement))).toEqual([]);
	});
});
