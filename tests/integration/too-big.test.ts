import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "@/lib/platform";
import { inHalves } from "@/lib/platform";
import { newsFeed } from "@/lib/sources/news-feed";
import { DRIVERS, freshDatabase, type TestDatabase } from "../harness/database";
import { dumpIndex, lineSource, presentValues, runSource, testContext } from "../harness/ingest";
import { type Limits, limitedDatabase } from "../harness/limited-database";

const source = lineSource();
const BLOCK_ROWS = 64;
const value = (at: number): string => `host-${at}.example-${at % 7}.net`;
const lines = (from: number, to: number): string => `${Array.from({ length: to - from }, (_, at) => value(from + at)).join("\n")}\n`;
const ERRORS = [
	{ errno: 1105, message: "target: exist.-.primary: vttablet: rpc error: code = Aborted desc = Row count exceeded 10000" },
	{ errno: 1105, message: "vttablet: rpc error: code = Aborted desc = transaction 1784: (exceeded timeout: 20s)" },
	{ errno: 1105, message: "transaction too large" },
	{ errno: 1153, message: "Got a packet bigger than max_allowed_packet bytes" },
];

describe.each(DRIVERS)("a database that takes small transactions only, over %s", (driver) => {
	let fresh: TestDatabase;
	let clock = Date.UTC(2026, 10, 20);
	beforeAll(async () => {
		fresh = await freshDatabase(driver);
	});
	beforeEach(async () => {
		await fresh.clear();
		clock = Date.UTC(2026, 10, 20);
	});
	afterAll(() => fresh.drop());

	const limits = (rows: number, error = ERRORS[0] as Limits["error"]): Limits => ({ rows, error, refusals: { inside: 0, outside: 0 } });
	const context = (database: Database) => testContext(database, [source], { blockRows: BLOCK_ROWS, now: () => new Date(clock) });
	/** A first body, then one in which some stay, some leave and some are new; then the first again. */
	const threeBodies = async (database: Database) => {
		const runs = [];
		for (const text of [lines(0, 300), lines(100, 350), lines(0, 300)]) {
			runs.push(await runSource(context(database), source, { text }));
			clock += 3_600_000;
		}
		return runs.map(({ state, new: added, unchanged, relisted, delisted }) => ({ state, added, unchanged, relisted, delisted }));
	};

	it.each(ERRORS)("ends with the same as any other: $errno, $message", async (error) => {
		const wanted = await threeBodies(fresh.database);
		const index = await dumpIndex(fresh.database);
		expect(wanted).toEqual([
			{ state: "ok", added: 300, unchanged: 0, relisted: 0, delisted: 0 },
			{ state: "ok", added: 50, unchanged: 200, relisted: 0, delisted: 100 },
			{ state: "ok", added: 0, unchanged: 200, relisted: 100, delisted: 50 },
		]);
		await fresh.clear();
		clock = Date.UTC(2026, 10, 20);
		const small = limits(40, error);
		expect(await threeBodies(limitedDatabase(fresh.database, small))).toEqual(wanted);
		expect(await dumpIndex(fresh.database)).toBe(index);
		expect(small.refusals.inside).toBeGreaterThan(3);
		expect(small.refusals.outside).toBeGreaterThan(0);
		// Halving is bounded: what is known to be too much is not tried again and again.
		expect(small.refusals.inside).toBeLessThan(60);
	});

	it("goes on where a step ended, with the halves that were made", async () => {
		await runSource(context(fresh.database), source, { text: lines(0, 300) });
		const index = await dumpIndex(fresh.database);
		await fresh.clear();
		// No time at all: each step does the least it can.
		const small = limits(40);
		expect(await runSource(context(limitedDatabase(fresh.database, small)), source, { text: lines(0, 300) }, 0)).toMatchObject({ state: "ok", new: 300 });
		expect(small.refusals.inside).toBeGreaterThan(0);
		expect(await dumpIndex(fresh.database)).toBe(index);
	});

	it("fails where even one row is too much, and with any other error at once", async () => {
		const none = limits(0);
		await expect(runSource(context(limitedDatabase(fresh.database, none)), source, { text: lines(0, 4) })).rejects.toThrow(/Row count exceeded/);
		await fresh.clear();
		const other = limits(40, { errno: 1105, message: "vttablet: rpc error: code = Unavailable desc = no healthy tablet" });
		await expect(runSource(context(limitedDatabase(fresh.database, other)), source, { text: lines(0, 300) })).rejects.toThrow(/no healthy tablet/);
		expect(other.refusals.inside + other.refusals.outside).toBe(1);
		expect(await presentValues(fresh.database, source.number)).toEqual([]);
	});

	it("stores records in several transactions, each once", async () => {
		const feed = newsFeed({
			id: "test-news",
			name: "Test news",
			number: 9101,
			homepage: "https://news.example.net/",
			url: "https://news.example.net/rss",
			everyMinutes: 60,
			licence: { name: "none", redistributable: true },
		});
		const entries = Array.from({ length: 60 }, (_, at) => `<item><title>Story ${at}</title><link>https://news.example.net/${at}</link><description>about ${value(at)}</description></item>`);
		const text = `<rss version="2.0"><channel><title>Test</title><link>https://news.example.net/</link>${entries.join("")}</channel></rss>`;
		const small = limits(60);
		const run = await runSource(testContext(limitedDatabase(fresh.database, small), [feed]), feed, { text });
		expect(run).toMatchObject({ state: "ok", read: 60, new: 60, unchanged: 0 });
		expect(small.refusals.inside).toBeGreaterThan(0);
		expect(await fresh.database.query("SELECT COUNT(*) AS n, COUNT(DISTINCT guid) AS d FROM news")).toEqual([{ n: 60, d: 60 }]);
		expect(await fresh.database.query(`SELECT sighting_count AS n FROM source_state WHERE source = ${feed.number}`)).toEqual([{ n: 60 }]);
	});
});

describe("halves", () => {
	const tooBig = Object.assign(new Error("Row count exceeded 3"), { errno: 1105 });

	it("keep the order, and do nothing twice", async () => {
		const done: number[][] = [];
		let tries = 0;
		await inHalves([1, 2, 3, 4, 5, 6, 7, 8, 9], async (part) => {
			tries++;
			if (part.length > 3) throw tooBig;
			done.push([...part]);
		});
		expect(done).toEqual([
			[1, 2, 3],
			[4, 5],
			[6, 7],
			[8, 9],
		]);
		expect(tries).toBe(7);
	});

	it("end with a single one, and with any other failure", async () => {
		let tries = 0;
		const all = (failure: Error) =>
			inHalves([1, 2, 3, 4, 5, 6, 7, 8], async () => {
				tries++;
				throw failure;
			});
		await expect(all(tooBig)).rejects.toBe(tooBig);
		expect(tries).toBe(4);
		tries = 0;
		await expect(all(Object.assign(new Error("Deadlock"), { errno: 1213 }))).rejects.toThrow("Deadlock");
		expect(tries).toBe(1);
		await expect(inHalves([], () => Promise.reject(tooBig))).rejects.toBe(tooBig);
	});
});
