import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { advanceRun, finishHeld, housekeeping, setSourceEnabled, startRun } from "@/lib/ingest";
import type { SourceDefinition } from "@/lib/sources/define";
import { list, reputation } from "@/lib/trackers";
import { DRIVERS, freshDatabase, type TestDatabase } from "@/tests/harness/database";
import { dumpIndex, lineSource, presentValues, runSource, testContext } from "@/tests/harness/ingest";

const HOUR = 3600_000;

describe.each(DRIVERS)("ingest over %s", (driver) => {
	let fresh: TestDatabase;
	let clock = Date.UTC(2026, 10, 1);
	const now = () => new Date(clock);
	const context = (...sources: SourceDefinition[]) => testContext(fresh.database, sources, { now });

	beforeAll(async () => {
		fresh = await freshDatabase(driver);
	});
	beforeEach(async () => {
		await fresh.clear();
		clock = Date.UTC(2026, 10, 1);
	});
	afterAll(() => fresh.drop());

	it("stores what a body lists and says what it could not use", async () => {
		const source = lineSource();
		const run = await runSource(context(source), source, { text: "# banner\n192.0.2.1\nEvil.Example.COM.\nhxxp://bad[.]example.net/a?b=C#frag\nnot an indicator\n192.0.2.1\n" });
		expect(run).toMatchObject({ state: "ok", read: 5, new: 3, duplicates: 1, setAside: 1 });
		expect(run.setAsideRows).toEqual([{ line: 5, reason: expect.stringContaining('"not an indicator"'), excerpt: "not an indicator" }]);
		expect(await presentValues(fresh.database, source.number)).toEqual(["192.0.2.1", "evil.example.com", "http://bad.example.net/a?b=C"]);
	});

	it("changes nothing when the same body comes again, reordered or 25 hours later", async () => {
		const source = lineSource();
		const lines = Array.from({ length: 500 }, (_, at) => `host${at}.example.org`);
		await runSource(context(source), source, { text: lines.join("\n") });
		const before = await dumpIndex(fresh.database);
		const same = await runSource(context(source), source, { text: lines.join("\n") });
		expect(same).toMatchObject({ state: "unchanged", new: 0, updated: 0, delisted: 0 });
		clock += 25 * HOUR;
		const reversed = await runSource(context(source), source, { text: [...lines].reverse().join("\n") });
		expect(reversed).toMatchObject({ state: "ok", new: 0, updated: 0, unchanged: 500, delisted: 0 });
		expect(await dumpIndex(fresh.database)).toBe(before);
	});

	it("closes an interval when a value goes and opens another when it comes back", async () => {
		const source = lineSource();
		const list = (...values: string[]) => runSource(context(source), source, { text: values.join("\n") });
		await list("192.0.2.1", "192.0.2.2");
		clock += HOUR;
		expect(await list("192.0.2.1", "192.0.2.3")).toMatchObject({ new: 1, delisted: 1 });
		clock += HOUR;
		expect(await list("192.0.2.1", "192.0.2.2", "192.0.2.3")).toMatchObject({ new: 0, relisted: 1, delisted: 0 });
		const closed = await fresh.database.query<{ from_at: Date; to_at: Date }>("SELECT from_at, to_at FROM presence");
		expect(closed).toEqual([{ from_at: new Date(Date.UTC(2026, 10, 1)), to_at: new Date(Date.UTC(2026, 10, 1, 1)) }]);
		const [again] = await fresh.database.query<{ present_since: Date; observed_at: Date }>(
			"SELECT s.present_since, s.observed_at FROM sighting s JOIN indicator i ON i.id = s.indicator_id WHERE i.value = '192.0.2.2'",
		);
		expect(again).toEqual({ present_since: new Date(Date.UTC(2026, 10, 1, 2)), observed_at: new Date(Date.UTC(2026, 10, 1)) });
	});

	it("writes only what changed, and keeps the earliest date", async () => {
		const source = lineSource({
			format: { kind: "csv", header: "row", columns: ["value", "first", "note"] },
			row: ({ cells }) => ({ value: cells.value ?? "", as: "any", firstSeen: new Date(`${cells.first}T00:00:00Z`), description: cells.note ?? "" }),
		});
		const list = (...rows: string[]) => runSource(context(source), source, { text: `value,first,note\n${rows.join("\n")}` });
		await list("192.0.2.1,2026-01-05,one", "192.0.2.2,2026-01-05,two");
		expect(await list("192.0.2.1,2026-02-01,one", "192.0.2.2,2026-01-05,two")).toMatchObject({ updated: 1, unchanged: 1 });
		expect(await list("192.0.2.1,2026-02-01,other", "192.0.2.2,2026-01-05,two")).toMatchObject({ updated: 1, unchanged: 1 });
		const rows = await fresh.database.query("SELECT seen_at, description FROM sighting ORDER BY description");
		expect(rows[0]).toEqual({ seen_at: new Date(Date.UTC(2026, 0, 5)), description: "other" });
	});

	it("lets nothing end before it began where a feed gives last dates only", async () => {
		const dated = lineSource({ row: ({ text }) => ({ value: text.split(" ")[0] ?? "", as: "any", lastSeen: new Date(text.split(" ")[1] ?? "") }) });
		const context = testContext(fresh.database, [dated]);
		await runSource(context, dated, { text: "192.0.2.1 2021-03-04T00:00:00Z" });
		const read = () => list(reputation, { limit: 1 }, fresh.database).then(({ rows }) => [rows[0]?.seenAt.toISOString(), rows[0]?.lastSeen.toISOString()]);
		expect(await read()).toEqual(["2021-03-04T00:00:00.000Z", "2021-03-04T00:00:00.000Z"]);
		await runSource(context, dated, { text: "192.0.2.1 2022-03-04T00:00:00Z" });
		expect(await read()).toEqual(["2021-03-04T00:00:00.000Z", "2022-03-04T00:00:00.000Z"]);
	});

	it("merges rows of one body that name the same value, whatever their order", async () => {
		const source = lineSource({ row: ({ text }) => ({ value: text.split(" ")[0] ?? "", as: "any", tags: text.split(" ").slice(1) }) });
		const lines = ["192.0.2.1:443 b", "192.0.2.1:80 a", "192.0.2.1:443 c"];
		await runSource(context(source), source, { text: lines.join("\n") });
		const first = await dumpIndex(fresh.database);
		await fresh.clear();
		await runSource(context(source), source, { text: [...lines].reverse().join("\n") });
		expect(await dumpIndex(fresh.database)).toBe(first);
		const [row] = await fresh.database.query("SELECT ports, tags FROM sighting");
		expect(row).toEqual({ ports: "80,443", tags: '["a","b","c"]' });
	});

	it.each([
		["an empty body", ""],
		["a comment alone", "# SERVICE SUSPENDED\n"],
		["a web page", "<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>"],
		["a JSON error", '{"error":"quota exceeded"}'],
		["rubbish", Array.from({ length: 60 }, (_, at) => `rubbish line ${at}`).join("\n")],
	])("keeps the old rows and says why when %s comes", async (_, text) => {
		const source = lineSource();
		await runSource(context(source), source, { text: Array.from({ length: 50 }, (_, at) => `192.0.2.${at}`).join("\n") });
		const before = await presentValues(fresh.database, source.number);
		const run = await runSource(context(source), source, { text });
		expect(run.state).toBe("suspect");
		expect(run.reason).toMatch(/50 rows from before are kept|cannot be used|no rows/);
		expect(await presentValues(fresh.database, source.number)).toEqual(before);
	});

	it("holds a collapse until somebody decides, then does as told", async () => {
		const source = lineSource();
		const many = Array.from({ length: 100 }, (_, at) => `192.0.2.${at}`);
		await runSource(context(source), source, { text: many.join("\n") });
		const held = await runSource(context(source), source, { text: many.slice(0, 20).join("\n") });
		expect(held).toMatchObject({ state: "suspect", delisted: 0 });
		expect(held.reason).toContain("from 100 to 20 rows");
		expect(await presentValues(fresh.database, source.number)).toHaveLength(100);

		await finishHeld(source.number, "reject", "ada@example.com", context(source));
		expect(await presentValues(fresh.database, source.number)).toHaveLength(100);
		await expect(finishHeld(source.number, "accept", "ada@example.com", context(source))).rejects.toMatchObject({ code: "conflict" });

		await runSource(context(source), source, { text: many.slice(0, 20).join("\n") });
		await finishHeld(source.number, "accept", "ada@example.com", context(source));
		const resumed = await startRun(source.number, { trigger: "manual" }, context(source));
		expect(resumed).toMatchObject({ started: true, resumed: true });
		if (resumed.started) expect(await advanceRun(resumed.run, { milliseconds: 20_000 }, context(source))).toMatchObject({ done: true, state: "ok" });
		expect(await presentValues(fresh.database, source.number)).toHaveLength(20);
	});

	it("holds an explosion", async () => {
		const source = lineSource();
		await runSource(context(source), source, { text: Array.from({ length: 30 }, (_, at) => `192.0.2.${at}`).join("\n") });
		const held = await runSource(context(source), source, { text: Array.from({ length: 300 }, (_, at) => `h${at}.example.org`).join("\n") });
		expect(held).toMatchObject({ state: "suspect", new: 0 });
	});

	it("lets a window feed forget after its time, a snapshot at once, an append feed never", async () => {
		const window = lineSource({ id: "window", number: 9101, lists: { mode: "window", expiresAfterDays: 2 } });
		const append = lineSource({ id: "append", number: 9102, lists: { mode: "append" } });
		const all = context(window, append);
		for (const source of [window, append]) {
			await runSource(all, source, { text: "192.0.2.1\n192.0.2.2" });
			clock += HOUR;
			await runSource(all, source, { text: "192.0.2.2" });
		}
		const listed = async (source: number) => (await fresh.database.query(`SELECT 1 FROM sighting WHERE source = ${source} AND listed = 1`)).length;
		expect(await listed(9101)).toBe(2);
		clock += 49 * HOUR;
		for (let from: string | null = null, turn = 0; turn < 50; turn++) {
			const slice: { done: boolean; next: string | null } = await housekeeping({ milliseconds: 5000, ...(from === null ? {} : { from }) }, all);
			if (slice.done) break;
			from = slice.next;
		}
		expect(await listed(9101)).toBe(1);
		expect(await listed(9102)).toBe(2);
	});

	it("runs a source once at a time", async () => {
		const source = lineSource();
		const first = await startRun(source.number, { trigger: "cli", withFile: true }, context(source));
		expect(first.started).toBe(true);
		expect(await startRun(source.number, { trigger: "cli", withFile: true }, context(source))).toMatchObject({ started: false, reason: "running" });
	});

	it("does not run what is disabled, and says so", async () => {
		const source = lineSource();
		await setSourceEnabled(source.number, false, "ada@example.com", context(source));
		expect(await startRun(source.number, { trigger: "manual" }, context(source))).toMatchObject({ started: false, reason: "disabled" });
		const audit = await fresh.database.query("SELECT actor, action FROM audit_entry");
		expect(audit).toEqual([{ actor: "ada@example.com", action: "source.disable" }]);
	});

	it("counts days and drift heals", async () => {
		const source = lineSource();
		await runSource(context(source), source, { text: "192.0.2.1\n192.0.2.2\nevil.example.org" });
		const counts = () => fresh.database.query("SELECT day, records, indicators FROM daily_count");
		expect(await counts()).toEqual([{ day: "2026-11-01", records: 3, indicators: 3 }]);
		await fresh.database.execute("UPDATE daily_count SET records = 77");
		for (let from: string | null = null, turn = 0; turn < 50; turn++) {
			const slice: { done: boolean; next: string | null } = await housekeeping({ milliseconds: 5000, ...(from === null ? {} : { from }) }, context(source));
			if (slice.done) break;
			from = slice.next;
		}
		expect(await counts()).toEqual([{ day: "2026-11-01", records: 3, indicators: 3 }]);
	});
});
