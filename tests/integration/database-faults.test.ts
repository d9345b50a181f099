import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { advanceRun, type IngestContext, startRun } from "@/lib/ingest";
import { migrateDatabase } from "@/lib/platform/database/migrate";
import { mysqlDatabase } from "@/lib/platform/database/mysql";
import type { Database } from "@/lib/platform/database/types";
import { createDatabase, startMariadb } from "@/lib/setup/mariadb.mjs";
import { syntheticRows } from "../bench/corpus";
import { benchSource, writeFeed } from "../bench/feed";
import { type Fate, type FaultyWire, startFaultyWire } from "../harness/faulty-wire";
import { dumpIndex, testContext } from "../harness/ingest";

const ROWS = 500;
const BLOCK_ROWS = 100;
/** After every date of the feed: what lies ahead of the clock is set aside. */
const BEGIN = Date.UTC(2026, 11, 1);

/** A server of its own, which the tests end by SIGKILL; so they are left out where only a foreign one is given. */
describe.skipIf((process.env.DATABASE_URL ?? "") !== "")("a database that fails under a run", () => {
	let folder = "";
	let server: Awaited<ReturnType<typeof startMariadb>>;
	let wire: FaultyWire;
	let database: Database;
	let before = "";
	let after = "";
	let clean = "";
	let clock = BEGIN;

	const startServer = async (): Promise<void> => {
		server = await startMariadb(join(folder, "data"), { durable: true, bufferPoolMb: 64 });
	};
	const context = (extra: Partial<IngestContext> = {}): IngestContext => testContext(database, [benchSource], { blockRows: BLOCK_ROWS, now: () => new Date(clock), ...extra });

	/**
	 * Reads a body as the jobs do: a step that fails is asked for again, a run whose beginning was lost is taken over when its
	 * lease is over. Returns the failures met.
	 */
	const readBody = async (file: string, extra: Partial<IngestContext> = {}): Promise<unknown[]> => {
		const failures: unknown[] = [];
		let run: string | null = null;
		for (let turn = 0; turn < 20; turn++) {
			try {
				if (run === null) {
					const started = await startRun(benchSource.number, { trigger: "cli", withFile: true }, context(extra));
					if (started.started) run = started.run;
					else clock += 10 * 60_000;
				} else if ((await advanceRun(run, { milliseconds: 30_000, file }, context(extra))).done) return failures;
			} catch (error) {
				failures.push(error);
			}
		}
		throw new Error(`the run does not end: ${String(failures.at(-1))}`);
	};

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), "exist-dbf-"));
		before = join(folder, "before.csv");
		after = join(folder, "after.csv");
		const rows = [...syntheticRows(ROWS)];
		await writeFeed(before, rows);
		await writeFeed(after, [...rows.filter((_, at) => at % 5 !== 0), ...syntheticRows(100, 99)]);
		await startServer();
		await createDatabase(server.url("mysql"), "exist");
		wire = await startFaultyWire(join(folder, "wire"), () => server.socket);
		database = mysqlDatabase(`mysql://root@localhost/exist?socketPath=${encodeURIComponent(join(folder, "wire"))}`);
		await migrateDatabase(database);
		await readBody(before);
		clock += 3600_000;
		await readBody(after);
		clean = await dumpIndex(database);
	}, 120_000);
	const empty = async (): Promise<void> => {
		wire.fate = () => "pass";
		const tables = await database.query<{ name: string }>("SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'exist' AND table_name <> 'schema_migration'");
		for (const { name } of tables) await database.execute(`DELETE FROM \`${name}\``);
		clock = BEGIN;
	};
	/** Everything as it is before the body that is spoilt. */
	const startOver = async (): Promise<void> => {
		await empty();
		await readBody(before);
		clock += 3600_000;
	};
	beforeEach(startOver);
	afterAll(async () => {
		await wire.stop();
		await database.close();
		await server.stop();
		await rm(folder, { recursive: true, force: true });
	});

	/** The fate of the nth statement that matches; the others pass. Says how often it struck. */
	const spoil = (pattern: RegExp, from: number, times: number, fate: Fate): (() => number) => {
		let met = 0;
		let struck = 0;
		wire.fate = (sql) => {
			if (!pattern.test(sql)) return "pass";
			met++;
			if (met <= from || met > from + times) return "pass";
			struck++;
			return fate;
		};
		return () => struck;
	};

	it.each([
		["later", "lost-after", /^COMMIT$/],
		["later", "lost-before", /^COMMIT$/],
		["first", "lost-after", /^COMMIT$/],
		["first", "lost-before", /^COMMIT$/],
		// Of a first body they go ahead, outside any transaction.
		["first", "lost-after", /^INSERT (?:IGNORE )?INTO indicator/],
		["first", "lost-before", /^INSERT (?:IGNORE )?INTO indicator/],
	] as const)("loses nothing and doubles nothing of a %s body, whichever is %s of %s", async (which, fate, pattern) => {
		const begin = (): Promise<void> => (which === "later" ? startOver() : empty());
		let statements = 0;
		await begin();
		wire.fate = (sql) => {
			if (pattern.test(sql)) statements++;
			return "pass";
		};
		await readBody(after);
		const wanted = await dumpIndex(database);
		expect(statements).toBeGreaterThan(3);
		for (let nth = 0; nth < statements; nth++) {
			await begin();
			const struck = spoil(pattern, nth, 1, fate);
			await readBody(after);
			expect([nth, struck(), (await dumpIndex(database)) === wanted]).toEqual([nth, 1, true]);
		}
	});

	it.each([
		{ errno: 1213, state: "40001", message: "Deadlock found when trying to get lock; try restarting transaction", times: 2, silent: true },
		{ errno: 1205, state: "HY000", message: "Lock wait timeout exceeded; try restarting transaction", times: 1, silent: true },
		{ errno: 2006, state: "HY000", message: "MySQL server has gone away", times: 1, silent: true },
		{ errno: 2013, state: "HY000", message: "Lost connection to MySQL server during query", times: 1, silent: true },
		{ errno: 1290, state: "HY000", message: "The MySQL server is running with the --read-only option", times: 2, silent: true },
		{ errno: 1105, state: "HY000", message: "vttablet: rpc error: code = Unavailable desc = no healthy tablet", times: 1, silent: false },
		{ errno: 1021, state: "HY000", message: "Disk full (/tmp); waiting for someone to free some space", times: 1, silent: false },
	])("survives error $errno in any kind of statement", async ({ times, silent, ...error }) => {
		for (const pattern of [/^INSERT INTO sighting/, /^INSERT (?:IGNORE )?INTO indicator/, /^UPDATE source_run/, /^INSERT INTO presence/, /^SELECT \* FROM source_run WHERE id = .* FOR UPDATE$/s]) {
			const struck = spoil(pattern, 0, times, error);
			const failures = await readBody(after);
			expect([String(pattern), struck()]).toEqual([String(pattern), times]);
			expect([String(pattern), failures.length === 0]).toEqual([String(pattern), silent]);
			expect([String(pattern), (await dumpIndex(database)) === clean]).toEqual([String(pattern), true]);
			await startOver();
		}
	});

	it.each(["after-fetch-before-store", "after-first-batch", "between-batches", "mid-expiry-of-old-rows", "before-finish"] as const)("goes on after the server was killed %s", async (point) => {
		let killed = false;
		let back: Promise<void> = Promise.resolve();
		const onPoint = async (reached: string): Promise<void> => {
			if (reached !== point || killed) return;
			killed = true;
			process.kill(server.pid, "SIGKILL");
			// What is under way meets a dead server; what is asked for next, the new one.
			back = startServer();
			await database.query("SELECT 1").catch(() => {});
		};
		const waiting = async (): Promise<unknown[]> => {
			const failures: unknown[] = [];
			try {
				failures.push(...(await readBody(after, { onPoint })));
			} catch (error) {
				failures.push(error);
			}
			return failures;
		};
		await waiting();
		await back;
		expect(killed).toBe(true);
		clock += 10 * 60_000;
		const state = await database.query<{ state: string }>("SELECT state FROM source_run ORDER BY started_at DESC, id DESC LIMIT 1");
		if (state[0]?.state === "running") await readBody(after);
		expect(await dumpIndex(database)).toBe(clean);
	});

	it("has nothing of a statement in the error, secrets least of all", async () => {
		const failed = await database.execute("INSERT INTO user (id, password_hash) VALUES (NULL, 'scrypt$32768$8$3$secret')").catch((error: unknown) => error);
		expect(failed).toBeInstanceOf(Error);
		expect(JSON.stringify({ ...(failed as object), message: (failed as Error).message, stack: (failed as Error).stack })).not.toContain("scrypt");
	});
});
