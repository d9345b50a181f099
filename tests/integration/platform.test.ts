import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Cache, memoryCache, upstashCache } from "@/lib/platform/cache";
import { errorNumber, isDuplicate } from "@/lib/platform/database/errors";
import { migrateDatabase } from "@/lib/platform/database/migrate";
import { mysqlDatabase } from "@/lib/platform/database/mysql";
import { hexLits, lit } from "@/lib/platform/sql-literal";
import { type Bridge, startBridge } from "../harness/bridge-server";
import { DRIVERS, freshDatabase, type TestDatabase } from "../harness/database";
import { startRedisBridge } from "../harness/redis-bridge";

type BridgeAnswer = Parameters<typeof startBridge>[0];

const HOSTILE = ["", "'", "\\", "\\'; DROP TABLE setting; --", "\u0000", "💥 ü \u202e", "%_!", "a".repeat(5000), "\n\r\t\u001a"];

describe.each(DRIVERS)("the database over %s", (driver) => {
	let fresh: TestDatabase;
	beforeAll(async () => {
		fresh = await freshDatabase(driver);
		await fresh.database.execute("CREATE TABLE t (id int PRIMARY KEY, s mediumtext, b mediumblob, d datetime(3), day date, n bigint, u bigint unsigned, x decimal(20,4), f double, flag boolean)");
	});
	beforeEach(async () => void (await fresh.database.execute("DELETE FROM t")));
	afterAll(() => fresh.drop());

	it("gives every value back as it was", async () => {
		const day = new Date("2026-02-28T23:59:59.987Z");
		const blob = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
		for (const [at, text] of HOSTILE.entries()) {
			await fresh.database.execute(
				`INSERT INTO t (id, s, b, d, day, n, u, x, f, flag) VALUES (${at}, ${lit(text)}, ${lit(blob)}, ${lit(day)}, '2026-02-28', -9007199254740991, 18446744073709551615, 12345.6789, 0.5, 1)`,
			);
		}
		const rows = await fresh.database.query("SELECT * FROM t ORDER BY id");
		for (const [at, text] of HOSTILE.entries()) {
			expect(rows[at]).toEqual({ id: at, s: text, b: blob, d: day, day: "2026-02-28", n: -9007199254740991, u: "18446744073709551615", x: "12345.6789", f: 0.5, flag: 1 });
		}
	});

	it("gives null for null and numbers for counts", async () => {
		await fresh.database.execute("INSERT INTO t (id) VALUES (1)");
		expect(await fresh.database.query("SELECT s, b, d, n FROM t")).toEqual([{ s: null, b: null, d: null, n: null }]);
		expect(await fresh.database.query("SELECT COUNT(*) AS n, SUM(n) AS sum FROM t")).toEqual([{ n: 1, sum: null }]);
	});

	it("counts rows that changed, not rows that were met", async () => {
		expect(await fresh.database.execute("INSERT INTO t (id, s) VALUES (1, 'a'), (2, 'b')")).toEqual({ affected: 2 });
		expect(await fresh.database.execute("UPDATE t SET s = 'a' WHERE id = 1")).toEqual({ affected: 0 });
		expect(await fresh.database.execute("INSERT INTO t (id, s) VALUES (1, 'c') ON DUPLICATE KEY UPDATE s = VALUES(s)")).toEqual({ affected: 2 });
		expect(await fresh.database.execute("DELETE FROM t WHERE id = 77")).toEqual({ affected: 0 });
	});

	it("undoes a transaction that throws, and keeps one that does not", async () => {
		const failing = fresh.database.transaction(async (tx) => {
			await tx.execute("INSERT INTO t (id) VALUES (1)");
			throw new Error("no");
		});
		await expect(failing).rejects.toThrow("no");
		expect(await fresh.database.query("SELECT id FROM t")).toEqual([]);
		await fresh.database.transaction(async (tx) => {
			await tx.execute("INSERT INTO t (id) VALUES (1)");
			expect(await tx.query("SELECT id FROM t")).toEqual([{ id: 1 }]);
			expect(await fresh.database.query("SELECT id FROM t")).toEqual([]);
		});
		expect(await fresh.database.query("SELECT id FROM t")).toEqual([{ id: 1 }]);
	});

	it("does a statement again that stands alone and lost a deadlock, five times at most", async () => {
		// A counter that a rollback does not undo.
		await fresh.database.execute("CREATE TABLE losing (n INT NOT NULL, most INT NOT NULL) ENGINE=MyISAM");
		await fresh.database.execute("CREATE TABLE won (id INT PRIMARY KEY)");
		await fresh.database.execute(
			"CREATE TRIGGER lose BEFORE INSERT ON won FOR EACH ROW BEGIN UPDATE losing SET n = n + 1; IF (SELECT n <= most FROM losing) THEN SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO = 1213, MESSAGE_TEXT = 'Deadlock found'; END IF; END",
		);
		await fresh.database.execute("INSERT INTO losing VALUES (0, 2)");
		expect(await fresh.database.execute("INSERT INTO won VALUES (1)")).toEqual({ affected: 1 });
		expect(await fresh.database.query("SELECT n FROM losing")).toEqual([{ n: 3 }]);
		await fresh.database.execute("UPDATE losing SET n = 0, most = 100");
		await expect(fresh.database.execute("INSERT INTO won VALUES (2)")).rejects.toThrow();
		expect(await fresh.database.query("SELECT n FROM losing")).toEqual([{ n: 5 }]);
		await fresh.database.execute("DROP TABLE won");
		await fresh.database.execute("DROP TABLE losing");
	});

	it("runs a transaction again that met a deadlock", async () => {
		await fresh.database.execute("INSERT INTO t (id, n) VALUES (1, 0), (2, 0)");
		let turns = 0;
		const both = (first: number, second: number) =>
			fresh.database.transaction(async (tx) => {
				turns++;
				await tx.execute(`UPDATE t SET n = n + 1 WHERE id = ${first}`);
				await new Promise((resolve) => setTimeout(resolve, 150));
				await tx.execute(`UPDATE t SET n = n + 1 WHERE id = ${second}`);
			});
		await Promise.all([both(1, 2), both(2, 1)]);
		expect(await fresh.database.query("SELECT n FROM t ORDER BY id")).toEqual([{ n: 2 }, { n: 2 }]);
		expect(turns).toBeGreaterThan(2);
	});

	it("tells a duplicate from other errors, and says the number", async () => {
		await fresh.database.execute("INSERT INTO t (id) VALUES (1)");
		const duplicate = await fresh.database.execute("INSERT INTO t (id) VALUES (1)").catch((error: unknown) => error);
		expect(isDuplicate(duplicate)).toBe(true);
		const missing = await fresh.database.query("SELECT * FROM nothing_here").catch((error: unknown) => error);
		expect([isDuplicate(missing), errorNumber(missing)]).toEqual([false, 1146]);
	});

	it("never cuts what does not fit", async () => {
		await expect(fresh.database.execute(`INSERT INTO setting (name, value, updated_at) VALUES (${lit("x".repeat(65))}, '1', ${lit(new Date())})`)).rejects.toSatisfy(
			(error) => errorNumber(error) === 1406,
		);
	});

	it("migrates once, and refuses a migration that was changed afterwards", async () => {
		expect(await migrateDatabase(fresh.database)).toBe(0);
		await fresh.database.execute(`UPDATE schema_migration SET digest = ${lit(Buffer.alloc(32))} WHERE tag = '0000_initial' AND statement = 0`);
		await expect(migrateDatabase(fresh.database)).rejects.toMatchObject({ code: "unavailable", message: expect.stringContaining("0000_initial") });
	});
});

describe("literals of many ids", () => {
	it("are digits of bytes and nothing else", () => {
		expect(hexLits(["00ff", "a1"])).toBe("x'00ff',x'a1'");
		for (const bad of [[], [""], ["0"], ["0G"], ["00", "AA"], ["00' OR 1=1 OR x'00"], ["00\n"]]) expect(() => hexLits(bad)).toThrow(RangeError);
	});
});

describe("a database that is gone", () => {
	it("is an error for people", async () => {
		const nowhere = mysqlDatabase("mysql://root@127.0.0.1:9/exist");
		await expect(nowhere.query("SELECT 1")).rejects.toMatchObject({ code: "unavailable", message: expect.stringContaining("DATABASE_URL") });
		await nowhere.close();
	});
});

describe.each(["memory", "upstash"] as const)("the cache in %s", (kind) => {
	let cache: Cache;
	let bridge: Bridge | null = null;
	beforeAll(async () => {
		if (kind === "memory") cache = memoryCache();
		else {
			bridge = await startRedisBridge(process.env.EXIST_TEST_REDIS ?? "", "test-token");
			cache = upstashCache({ url: bridge.url, token: "test-token" });
		}
	});
	afterAll(async () => void (await bridge?.stop()));

	it("keeps values until they are deleted or their time is over", async () => {
		expect(await cache.get("a")).toBeNull();
		await cache.set("a", { text: "ü 💥", list: [1, null] }, 60);
		expect(await cache.get("a")).toEqual({ text: "ü 💥", list: [1, null] });
		await cache.delete("a");
		expect(await cache.get("a")).toBeNull();
		await cache.set("b", 1, 1);
		await new Promise((resolve) => setTimeout(resolve, 1200));
		expect(await cache.get("b")).toBeNull();
		expect(await cache.healthy()).toBe(true);
	});

	it("gives a lock to the first of many, keeps it for them until they let it go or its time is over", async () => {
		const claims = await Promise.all(["a", "b", "c", "d"].map(async (holder) => ({ holder, taken: await cache.claim("lock", holder, 1) })));
		const winners = claims.filter(({ taken }) => taken);
		expect(winners).toHaveLength(1);
		const winner = winners[0]?.holder ?? "";
		expect(await cache.claim("lock", winner, 1)).toBe(true);
		await cache.release("lock", "somebody else");
		expect(await cache.claim("lock", "e", 1)).toBe(false);
		await cache.release("lock", winner);
		expect(await cache.claim("lock", "e", 0.3)).toBe(true);
		await new Promise((resolve) => setTimeout(resolve, 400));
		expect(await cache.claim("lock", "f", 1)).toBe(true);
	});

	it("limits by key, and says when it may be tried again", async () => {
		const uses = [];
		for (let turn = 0; turn < 4; turn++) uses.push(await cache.limit("test", "ada", 3, 3600));
		expect(uses.map(({ allowed }) => allowed)).toEqual([true, true, true, false]);
		expect(uses[3]).toMatchObject({ limit: 3, remaining: 0, degraded: false });
		expect((uses[3]?.resetAt.getTime() ?? 0) > Date.now()).toBe(true);
		expect((await cache.limit("test", "bob", 3, 3600)).allowed).toBe(true);
	});

	it("counts a dear use as several, and a refused one as well", async () => {
		const use = async (cost: number) => {
			const { allowed, remaining } = await cache.limit("dear", "ada", 10, 3600, cost);
			return [allowed, remaining];
		};
		expect(await use(1)).toEqual([true, 9]);
		expect(await use(9)).toEqual([true, 0]);
		expect(await use(1)).toEqual([false, 0]);
		expect((await cache.limit("dear", "bob", 10, 3600, 11)).allowed).toBe(false);
		expect((await cache.limit("dear", "bob", 10, 3600, 1)).allowed).toBe(false);
	});
});

describe("a limit", () => {
	it("begins again with the next window", async () => {
		let now = 3_599_000;
		const cache = memoryCache(() => now);
		const use = async () => {
			const { allowed, resetAt } = await cache.limit("test", "ada", 1, 3600);
			return [allowed, resetAt.getTime()];
		};
		expect([await use(), await use()]).toEqual([
			[true, 3_600_000],
			[false, 3_600_000],
		]);
		now = 3_600_000;
		expect(await use()).toEqual([true, 7_200_000]);
	});
});

describe("a shared cache that is refused, hangs or fails", () => {
	const wrong = (result: unknown) => async () => ({ status: 200, body: Array.isArray(result) ? result : { result } });
	const failing = (text: string) => async () => ({ status: 400, body: { error: text } });
	const ANSWERS: Readonly<Record<string, BridgeAnswer>> = {
		"hang-5s": () => new Promise(() => {}),
		oom: failing("OOM command not allowed when used memory > 'maxmemory'"),
		loading: failing("LOADING Redis is loading the dataset in memory"),
		readonly: failing("READONLY You can't write against a read only replica"),
		"http-401": async () => ({ status: 401, body: { error: "Unauthorized" } }),
		"no-number": wrong([{ result: null }, { result: 1 }]),
		"no-answer": wrong([]),
		"no-count": async () => ({ status: 200, body: { result: [null, 8] } }),
		"no-use": async () => ({ status: 200, body: { result: [0, 8] } }),
		"a-web-page": async () => ({ status: 502, body: "<html>Bad gateway</html>" }),
	};

	it.each(["refused", ...Object.keys(ANSWERS)])("%s: misses, and a stricter limit of this process, never none", async (kind) => {
		const answer = ANSWERS[kind];
		const bridge = answer === undefined ? null : await startBridge(answer, async () => {});
		const cache = upstashCache({ url: bridge?.url ?? "http://127.0.0.1:9", token: "any" });
		await cache.set("a", 1, 60);
		if (!kind.startsWith("no-")) expect(await cache.get("a")).toBeNull();
		expect(await cache.healthy()).toBe(false);
		const uses = [];
		for (let turn = 0; turn < 4; turn++) uses.push(await cache.limit("test", "ada", 8, 3600));
		expect(uses.map(({ allowed, degraded }) => [allowed, degraded])).toEqual([
			[true, true],
			[true, true],
			[false, true],
			[false, true],
		]);
		// What costs more than the stricter limit still passes once in a window.
		expect((await cache.limit("test", "dear", 8, 3600, 8)).allowed).toBe(true);
		expect(await cache.limit("test", "dear", 8, 3600, 8)).toMatchObject({ allowed: false, degraded: true });
		await bridge?.stop();
	});
});
