import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CanonicalValue } from "@/lib/domain/indicator";
import { indicatorId } from "@/lib/indicators/identity";
import { advanceRun, type IngestContext, startRun } from "@/lib/ingest";
import { lit } from "@/lib/platform";
import { crossSearch } from "@/lib/search";
import { recordsWith } from "@/lib/search/records";
import type { ThreatItem, ThreatRoster } from "@/lib/sources/threat/event";
import { readEvents } from "@/lib/sources/threat/misp/document";
import { correlatedEvents, count, get, list, threatEvent } from "@/lib/trackers";
import { eventId } from "@/lib/trackers/threat/identity";
import { threatStoreOf } from "@/lib/trackers/threat/store";
import { DRIVERS, freshDatabase, type TestDatabase } from "../harness/database";
import { runSource, testContext } from "../harness/ingest";
import { largeDocument as document, largeEvent as event, FIRST, largeSource, uuidOf } from "../harness/large-events";
import { limitedDatabase } from "../harness/limited-database";

const BIG = uuidOf(1);

/** What the provider has now; a new version of it is read by the next slice. */
let provided: Array<ThreatItem | ThreatRoster> = [];
let version = 0;
const feed = largeSource(() => ({ items: provided, version }));

class Killed extends Error {}

describe.each(DRIVERS)("large threat events over %s", (driver) => {
	let fresh: TestDatabase;
	beforeAll(async () => {
		fresh = await freshDatabase(driver);
	});
	beforeEach(async () => {
		await fresh.clear();
		provided = [];
		version = 0;
	});
	afterAll(() => fresh.drop());

	const query = <T = Record<string, unknown>>(text: string): Promise<T[]> => fresh.database.query<T>(text);
	const number = async (text: string): Promise<number> => Number((await query<{ n: number }>(`SELECT ${text}`))[0]?.n);
	const contextOf = (portion: number, extra: Partial<IngestContext> = {}): IngestContext => testContext(fresh.database, [feed], { stores: { threat: threatStoreOf(portion) as never }, ...extra });

	/** Hands something in and reads it to the end of one run, or until `die` says so. */
	async function read(items: Array<ThreatItem | ThreatRoster>, portion: number, options: { die?: (portions: number) => boolean; later?: "the same run" | "a new run"; milliseconds?: number } = {}) {
		provided = items;
		if (options.later === undefined) version++;
		if (options.later === "a new run") await fresh.database.execute(`UPDATE source_state SET lease_run = NULL WHERE source = ${feed.number}`);
		// Who was killed holds the source for some minutes more.
		await fresh.database.execute(`UPDATE source_state SET next_run_at = NULL, lease_until = '2026-01-01' WHERE source = ${feed.number}`);
		let portions = 0;
		const onPoint = (point: string): void => {
			if (point !== "between-portions") return;
			portions++;
			if (options.die?.(portions) === true) throw new Killed();
		};
		const context = contextOf(portion, { onPoint });
		const started = await startRun(feed.number, { trigger: "manual" }, context);
		if (!started.started) throw new Error(started.message);
		let steps = 0;
		try {
			do steps++;
			while (!(await advanceRun(started.run, { milliseconds: options.milliseconds ?? 60_000 }, context)).done);
		} catch (error) {
			if (!(error instanceof Killed)) throw error;
			return { killed: true, portions, steps, counts: undefined };
		}
		const [counts] = await query(`SELECT state, rows_read, rows_new, rows_updated, rows_unchanged, rows_set_aside FROM source_run WHERE id = X'${started.run.replaceAll("-", "")}'`);
		return { killed: false, portions, steps, counts };
	}

	/** All that is stored of events, without the times at which it was. */
	async function dump(): Promise<string> {
		const parts: unknown[] = [];
		for (const text of [
			"SELECT uuid, info, day, modified_at, published_at, tags, attribute_count, object_count, deleted_at IS NULL AS there, HEX(digest) AS digest FROM threat_event ORDER BY id",
			"SELECT HEX(event_id) AS e, HEX(id) AS id, HEX(object_id) AS o, value, deleted, HEX(digest) AS digest FROM threat_attribute ORDER BY event_id, id",
			"SELECT HEX(event_id) AS e, HEX(id) AS id, deleted, HEX(digest) AS digest FROM threat_object ORDER BY event_id, id",
			"SELECT HEX(event_id) AS e, HEX(id) AS id, deleted, HEX(digest) AS digest FROM threat_reference ORDER BY event_id, id",
			"SELECT HEX(event_id) AS e, HEX(id) AS id, text FROM threat_attribute_text ORDER BY event_id, id",
			"SELECT HEX(indicator_id) AS i, HEX(record_id) AS r, HEX(part) AS p, at, place, mark FROM mention ORDER BY indicator_id, record_id, part",
			"SELECT HEX(record_id) AS r, at, text FROM record_text ORDER BY record_id",
			"SELECT name, colour FROM threat_tag ORDER BY name",
			"SELECT HEX(tag_id) AS t, HEX(event_id) AS e, published_at FROM threat_event_tag ORDER BY tag_id, event_id",
			"SELECT value FROM indicator ORDER BY id",
			"SELECT day, records FROM daily_count WHERE tracker = 'threat' AND records > 0 ORDER BY day",
			"SELECT SUM(indicators) AS n FROM daily_count WHERE tracker = 'threat'",
			"SELECT sighting_count FROM source_state",
		])
			parts.push(await query(text));
		return JSON.stringify(parts);
	}

	/** An event says how much of it there is, and that it is not all. */
	async function expectHonest(uuid: string): Promise<void> {
		const row = await get(threatEvent, uuid, fresh.database);
		expect(row?.whole).toBe(false);
		expect(row === null ? null : threatEvent.toApi(row).whole).toBe(false);
		expect(row?.attributeCount).toBe(await number(`COUNT(*) AS n FROM threat_attribute WHERE deleted = 0 AND event_id = ${lit(eventId(uuid))}`));
		expect(row?.objectCount).toBe(await number(`COUNT(*) AS n FROM threat_object WHERE deleted = 0 AND event_id = ${lit(eventId(uuid))}`));
		expect(await number("COUNT(*) AS n FROM threat_attribute a LEFT JOIN threat_event e ON e.id = a.event_id WHERE e.id IS NULL")).toBe(0);
		expect(await number("COUNT(*) AS n FROM mention m LEFT JOIN threat_event e ON e.id = m.record_id WHERE e.id IS NULL")).toBe(0);
	}

	const states: Array<[string, ThreatItem[]]> = [
		["a new event", [event(BIG, { attributes: 230 })]],
		["one that changed and moved to another day", [event(BIG, { attributes: 260, state: 1, published: true })]],
		["one that shrank", [event(BIG, { attributes: 9, state: 2, published: true })]],
		["one that grew again, beside small ones", [event(uuidOf(2), { attributes: 12 }), event(BIG, { attributes: 150, state: 3, from: 60 }), event(uuidOf(3), { attributes: 3 })]],
	];

	it("are planned anew where somebody else wrote the event meanwhile, and never mixed with it", async () => {
		await read([event(BIG, { attributes: 40 })], 1_000_000);
		provided = [event(BIG, { attributes: 230, state: 1 })];
		version++;
		const before = await number("COUNT(*) AS n FROM threat_attribute");
		// Another run brings a later state of the event, whole, between two portions of this one.
		const others = `UPDATE threat_event SET modified_at = '2030-01-01', digest = X'0102030405060708', info = 'theirs' WHERE uuid = '${BIG}'`;
		const onPoint = async (point: string): Promise<void> => {
			if (point === "between-portions") await fresh.database.execute(others);
		};
		const context = contextOf(50, { onPoint });
		await fresh.database.execute(`UPDATE source_state SET next_run_at = NULL, lease_until = '2026-01-01' WHERE source = ${feed.number}`);
		const started = await startRun(feed.number, { trigger: "manual" }, context);
		if (!started.started) throw new Error(started.message);
		while (!(await advanceRun(started.run, { milliseconds: 60_000 }, context)).done);
		const row = await get(threatEvent, BIG, fresh.database);
		expect([row?.info, row?.whole]).toEqual(["theirs", true]);
		// One portion was written before; none after it.
		expect((await number("COUNT(*) AS n FROM threat_attribute")) - before).toBeLessThan(60);
	});

	it("are written in smaller portions where the database refuses one as too big", async () => {
		const items = [event(BIG, { attributes: 230 })];
		await read(items, 1_000_000);
		const wanted = await dump();
		await fresh.clear();
		const limits = { rows: 400, error: { errno: 1105, message: "Row count exceeded 400" }, refusals: { inside: 0, outside: 0 } };
		provided = items;
		version++;
		const context = { ...contextOf(200), database: limitedDatabase(fresh.database, limits) };
		const started = await startRun(feed.number, { trigger: "manual" }, context);
		if (!started.started) throw new Error(started.message);
		while (!(await advanceRun(started.run, { milliseconds: 60_000 }, context)).done);
		expect(limits.refusals.inside).toBeGreaterThan(0);
		expect(await dump()).toBe(wanted);
	});

	it("are the same in portions as in one transaction, wherever it was interrupted", async () => {
		const wanted: string[] = [];
		for (const [, items] of states) {
			expect((await read(items, 1_000_000)).portions).toBe(0);
			wanted.push(await dump());
		}
		for (let first = 1, whole = false; !whole; first += 2) {
			await fresh.clear();
			version = 0;
			whole = true;
			for (const [at, [name, items]] of states.entries()) {
				const done = await read(items, 50, { die: (portions) => portions === first });
				if (done.killed) {
					whole = false;
					await expectHonest(BIG);
					// The next run asks the provider for the same.
					const rest = await read(items, 50, { later: first % 4 === 1 ? "the same run" : "a new run" });
					expect([name, first, rest.killed, rest.counts?.state]).toEqual([name, first, false, "ok"]);
				} else expect(done.portions).toBeGreaterThan(2);
				expect([name, first, (await dump()) === wanted[at]]).toEqual([name, first, true]);
			}
		}
	}, 180_000);

	it("are whole in the end where the process was killed", async () => {
		for (const point of [1, 3, 6]) {
			await fresh.clear();
			const child = fork(join(import.meta.dirname, "portions-child.ts"), [fresh.url, String(point)], { execArgv: ["--import", "tsx"] });
			const [, signal] = await once(child, "exit");
			expect(signal).toBe("SIGKILL");
			await expectHonest(BIG);
			version = 1;
			expect(await read([event(BIG, { attributes: 400 })], 50, { later: "the same run" })).toMatchObject({ killed: false, counts: { state: "ok", rows_read: 1, rows_new: 1, rows_updated: 0 } });
			expect(await get(threatEvent, BIG, fresh.database)).toMatchObject({ whole: true, attributeCount: 400, objectCount: 40 });
		}
	}, 60_000);

	it("are gone on with by the next step where the time is over, and counted once", async () => {
		const done = await read([event(BIG, { attributes: 230 }), event(uuidOf(2), { attributes: 5 })], 50, { milliseconds: 0 });
		expect(done.steps).toBeGreaterThan(4);
		expect(done.counts).toMatchObject({ state: "ok", rows_read: 2, rows_new: 2, rows_updated: 0, rows_unchanged: 0 });
		const again = await read([event(BIG, { attributes: 230, state: 1 }), event(uuidOf(2), { attributes: 5 })], 50, { milliseconds: 0 });
		expect(again.counts).toMatchObject({ rows_read: 2, rows_new: 0, rows_updated: 1, rows_unchanged: 1 });
		expect(await number("sighting_count AS n FROM source_state")).toBe(2);
	});

	it("are written in portions when a file brings them, many middling ones too", async () => {
		const text = JSON.stringify({ response: Array.from({ length: 8 }, (_, at) => ({ Event: document(uuidOf(at + 1), { attributes: 30 }) })) });
		let portions = 0;
		const done = await runSource(contextOf(50, { onPoint: (point) => void (point === "between-portions" && portions++) }), feed, { text }, 1);
		expect(done).toMatchObject({ state: "ok", new: 8, updated: 0, setAside: 0 });
		expect(portions).toBeGreaterThan(8);
		expect(await number("COUNT(*) AS n FROM threat_event WHERE digest <> X'0000000000000000'")).toBe(8);
		expect(await number("COUNT(*) AS n FROM threat_attribute_text")).toBe(240);
	});

	it("write little where little changed, whatever the size of the event", async () => {
		await read([event(BIG, { attributes: 230, published: true })], 50);
		const next = document(BIG, { attributes: 230, published: true });
		(next.Attribute as unknown[]).push({ uuid: uuidOf(77), type: "domain", category: "Network activity", value: "late.example.org", timestamp: String(FIRST) });
		const [one] = [...readEvents({ Event: { ...next, timestamp: String(FIRST + 5) } })];
		if (one?.ok !== true) throw new Error("the event was set aside");
		expect(await read([one.item], 50)).toMatchObject({ portions: 0, counts: { rows_updated: 1 } });
		expect((await get(threatEvent, BIG, fresh.database))?.attributeCount).toBe(231);
	});

	it("of 30,000 attributes come and shrink, killed in between", async () => {
		const large = event(BIG, { attributes: 30_000 });
		expect(await read([large], 5000, { die: (portions) => portions === 4 })).toMatchObject({ killed: true });
		await expectHonest(BIG);
		expect(await read([large], 5000, { later: "the same run" })).toMatchObject({ killed: false, counts: { state: "ok" } });
		expect(await get(threatEvent, BIG, fresh.database)).toMatchObject({ whole: true, attributeCount: 30_000, objectCount: 3000 });
		const small = event(BIG, { attributes: 10, state: 2 });
		expect(await read([small], 5000, { die: (portions) => portions === 3 })).toMatchObject({ killed: true });
		await expectHonest(BIG);
		await read([small], 5000, { later: "the same run" });
		expect(await get(threatEvent, BIG, fresh.database)).toMatchObject({ whole: true, attributeCount: 10, objectCount: 1 });
		expect(await number("COUNT(*) AS n FROM threat_attribute_text")).toBe(10);
		expect(await number("COUNT(DISTINCT part) AS n FROM mention")).toBe(10);
	}, 180_000);

	it("that are gone are marked a hundred at a time, and after a kill the rest", async () => {
		const events = Array.from({ length: 260 }, (_, at) => event(uuidOf(at + 1), { attributes: 1 }));
		await read(events, 5000);
		const roster: ThreatRoster = { kind: "roster", uuids: events.slice(125).map(({ uuid }) => uuid) };
		const gone = () => number("COUNT(*) AS n FROM threat_event WHERE deleted_at IS NOT NULL");
		expect(await read([roster], 5000, { die: () => true })).toMatchObject({ killed: true });
		expect([await gone(), await number("COUNT(DISTINCT event_id) AS n FROM threat_attribute_text"), await number("SUM(records) AS n FROM daily_count WHERE tracker = 'threat'")]).toEqual([
			100, 160, 160,
		]);
		expect(await read([roster], 5000, { later: "the same run" })).toMatchObject({ counts: { state: "ok", rows_updated: 125, rows_set_aside: 0 } });
		expect([await gone(), await number("COUNT(*) AS n FROM threat_attribute_text"), await number("SUM(records) AS n FROM daily_count WHERE tracker = 'threat'")]).toEqual([125, 135, 135]);
		// A list that is not believed marks nothing, in portions neither.
		expect(await read([{ kind: "roster", uuids: [uuidOf(200)] }], 5000)).toMatchObject({ portions: 0, counts: { rows_updated: 0, rows_set_aside: 1 } });
		expect(await gone()).toBe(125);
	});

	it("that are gone are emptied in portions first, and come back whole", async () => {
		const items = [event(BIG, { attributes: 230 }), event(uuidOf(2), { attributes: 5 })];
		await read(items, 50);
		const before = await dump();
		const roster: ThreatRoster = { kind: "roster", uuids: [uuidOf(2)], filledOnly: true };
		await read([roster], 1_000_000);
		const wanted = await dump();
		await read(items, 50);
		expect(await dump()).toBe(before);
		expect(await read([roster], 50, { die: (portions) => portions === 3 })).toMatchObject({ killed: true });
		expect((await get(threatEvent, BIG, fresh.database))?.whole).toBe(false);
		await read([roster], 50, { later: "the same run" });
		expect((await get(threatEvent, BIG, fresh.database))?.deletedAt).toBeInstanceOf(Date);
		// How many attributes it had when it was emptied is the only thing that is not the same.
		const alike = (text: string): string => text.replace(/"attribute_count":\d+/g, "");
		expect(alike(await dump())).toBe(alike(wanted));
	});

	it("are found by any of their values, in lists and in cross search", async () => {
		await read([event(BIG, { attributes: 2600 }), event(uuidOf(2), { attributes: 4 })], 5000);
		const found = async (text: string): Promise<string[]> => {
			const asked = threatEvent.parse(new URLSearchParams({ keyword: text }));
			const rows = (await list(threatEvent, asked, fresh.database)).rows.map(({ uuid }) => uuid);
			expect((await count(threatEvent, asked, fresh.database)).count).toBe(rows.length);
			const groups = await recordsWith(text, 10, fresh.database);
			expect(groups.flatMap(({ rows: hits }) => (hits as Array<{ uuid: string }>).map(({ uuid }) => uuid)).sort()).toEqual([...rows].sort());
			return rows.sort();
		};
		for (let at = 2300; at < 2320; at++) if (at % 3 !== 0) expect(await found(`host${at}`)).toEqual([BIG]);
		// One word in the title, one in a value that the event's own text does not have.
		expect(await found("campaign host2591")).toEqual([BIG]);
		expect(await found("circl host2591")).toEqual([BIG]);
		expect(await found("campaign")).toEqual([BIG, uuidOf(2)]);
		expect(await found("example.org")).toEqual([BIG, uuidOf(2)]);
		expect(await found("host2591 nowhere")).toEqual([]);
		expect(await found("host2591 example.org")).toEqual([BIG]);
		const cross = await crossSearch("host2591 tlp:white", { limit: 5 }, fresh.database);
		expect(cross.counts.filter(({ tracker }) => tracker === "threat")).toEqual([{ tracker: "threat", count: 1, more: false }]);
		await read([event(BIG, { attributes: 20, state: 2 })], 5000);
		expect(await found("host2591")).toEqual([]);
	}, 60_000);

	it("are related by their rare indicators even where everybody names another one", async () => {
		const domains = Array.from({ length: 12 }, (_, at) => ({ type: "domain" as const, value: `shared${at}.example.org` as CanonicalValue })).sort((a, b) => indicatorId(a).compare(indicatorId(b)));
		const [common, ...rare] = domains;
		if (common === undefined) throw new Error("no domain");
		const named = (uuid: string, values: readonly string[]): ThreatItem => {
			const Attribute = values.map((value, at) => ({ uuid: uuidOf(Number(uuid.slice(-6)) * 1000 + at), type: "domain", category: "Network activity", value, timestamp: String(FIRST) }));
			const [read] = [...readEvents({ Event: { uuid, info: `Event ${uuid}`, date: "2026-11-01", timestamp: String(FIRST), Attribute } })];
			if (read?.ok !== true) throw new Error("the event was set aside");
			return read.item;
		};
		const values = domains.map(({ value }) => value);
		await read([named(uuidOf(1), values), named(uuidOf(2), values.slice(1)), named(uuidOf(3), [common.value])], 5000);
		const id = eventId(uuidOf(1)).toString("hex");
		const before = await correlatedEvents(id, fresh.database);
		expect([before.events.map(({ shared }) => shared), before.cut]).toEqual([[rare.length, 1], false]);
		// 22,000 further events name the common one, whose id comes before those of the rare ones.
		const digits = Array.from({ length: 10 }, (_, at) => `SELECT ${at} AS d`).join(" UNION ALL ");
		const numbers = `SELECT a.d + 10*b.d + 100*c.d + 1000*f.d + 10000*g.d AS n FROM (${digits}) a, (${digits}) b, (${digits}) c, (${digits}) f, (${digits}) g`;
		await fresh.database.execute(
			`INSERT INTO mention (indicator_id, tracker, record_id, part, source, at, place, mark) SELECT ${lit(indicatorId(common))}, 'threat', UNHEX(MD5(x.n)), X'${"00".repeat(16)}', ${feed.number}, '2026-11-01', 'domain', NULL FROM (${numbers}) x WHERE x.n < 22000`,
		);
		const { events, cut } = await correlatedEvents(id, fresh.database);
		expect(events[0]).toMatchObject({ id: eventId(uuidOf(2)).toString("hex"), shared: rare.length });
		expect(cut).toBe(true);
	});
});
