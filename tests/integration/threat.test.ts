import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { routeTo } from "@/lib/ingest";
import { defineRecordSource, type Json, type PullReading, type RecordSource, type Slice } from "@/lib/sources/record";
import { threatSources } from "@/lib/sources/threat";
import { botvrijEvents } from "@/lib/sources/threat/botvrij-events";
import { circlOsint } from "@/lib/sources/threat/circl-osint";
import type { ThreatItem, ThreatRoster } from "@/lib/sources/threat/event";
import { readEventBody, readEvents } from "@/lib/sources/threat/misp/document";
import { mispServerEvents } from "@/lib/sources/threat/misp-server";
import { threatfoxEvents } from "@/lib/sources/threat/threatfox-events";
import { derivedNumber, eventId } from "@/lib/trackers/threat/identity";
import { threatStore } from "@/lib/trackers/threat/store";
import { mispJson, mispNames } from "../fakes/misp";
import { startUpstreams } from "../fakes/upstreams";
import { DRIVERS, freshDatabase, type TestDatabase } from "../harness/database";
import { runPull, runSource, testContext } from "../harness/ingest";

const EVENT = "5a3c2fcd-8328-42bb-a95e-4f4402de0b81";
const uuidOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

/** Slices that a test hands in stand for the provider. */
let slices: Array<Slice<ThreatItem | ThreatRoster, Json>> = [];
function source(number: number): RecordSource<"threat"> {
	const reading: PullReading<ThreatItem | ThreatRoster> = {
		mode: "pull",
		next: async () => slices.shift() ?? { items: [], mark: 1, done: true },
		parse: readEventBody,
	};
	return defineRecordSource<"threat">({
		id: `test-threat-${number}`,
		name: `Test events ${number}`,
		number,
		tracker: "threat",
		homepage: "https://example.com/",
		everyMinutes: 60,
		licence: { name: "none", redistributable: true },
		reading,
	});
}
const feed = source(9301);
const other = source(9302);

function attribute(number: number, members: Record<string, unknown> = {}): Record<string, unknown> {
	return { uuid: uuidOf(number), type: "domain", category: "Network activity", value: `host${number}.example.org`, to_ids: true, timestamp: "1793491200", ...members };
}

function event(members: Record<string, unknown> = {}): ThreatItem {
	const [read] = [...readEvents({ Event: { uuid: EVENT, info: "Campaign", date: "2026-11-01", timestamp: "1793491200", threat_level_id: "1", Attribute: [], ...members } })];
	if (read?.ok !== true) throw new Error("the event was set aside");
	return read.item;
}

/** The catalogue's own sources against the stand-ins of their providers, from manifest to page. */
describe("static feeds over the network", () => {
	it("are read whole, and a second run asks for nothing but the manifest", async () => {
		const fresh = await freshDatabase();
		const upstreams = await startUpstreams();
		try {
			const context = testContext(fresh.database, threatSources, { policy: { allowLoopback: true }, route: routeTo(upstreams.url) });
			const [circl, botvrij, threatfox] = [await runPull(context, circlOsint), await runPull(context, botvrijEvents), await runPull(context, threatfoxEvents)];
			expect([circl, botvrij, threatfox].map(({ state, new: stored, setAside }) => [state, stored, setAside])).toEqual([
				["ok", 7, 0],
				["ok", 12, 0],
				["ok", 27, 0],
			]);
			const [row] = await fresh.database.query<{ n: number }>("SELECT COUNT(*) AS n FROM threat_event WHERE number < 4503599627370496");
			expect(Number(row?.n)).toBe(0);
			await fresh.database.execute("UPDATE source_state SET next_run_at = NULL");
			expect(await runPull(context, circlOsint)).toMatchObject({ state: "ok", read: 0 });
		} finally {
			await upstreams.stop();
			await fresh.drop();
		}
	});
});

describe.each(DRIVERS)("threat events over %s", (driver) => {
	let fresh: TestDatabase;
	beforeAll(async () => {
		fresh = await freshDatabase(driver);
	});
	beforeEach(async () => {
		await fresh.clear();
		slices = [];
	});
	afterAll(() => fresh.drop());

	const query = <T = Record<string, unknown>>(text: string): Promise<T[]> => fresh.database.query<T>(text);
	const count = async (what: string): Promise<number> => Number((await query<{ n: number }>(`SELECT COUNT(*) AS n FROM ${what}`))[0]?.n);
	const named = async (): Promise<string[]> =>
		(await query<{ value: string; place: string }>("SELECT i.value, m.place FROM mention m JOIN indicator i ON i.id = m.indicator_id WHERE m.tracker = 'threat' ORDER BY i.value, m.place")).map(
			({ value, place }) => `${place} ${value}`,
		);
	const values = async (): Promise<string[]> =>
		(await query<{ value: string; deleted: number }>("SELECT value, deleted FROM threat_attribute ORDER BY value")).map(({ value, deleted }) => `${value}${Number(deleted) === 1 ? " deleted" : ""}`);

	async function run(items: ReadonlyArray<ThreatItem | ThreatRoster>, from: RecordSource<"threat"> = feed) {
		slices = [{ items: items.map((item) => ({ ok: true, item, where: "test" })), mark: 1, done: true }];
		await fresh.database.execute(`UPDATE source_state SET next_run_at = NULL WHERE source = ${from.number}`);
		return runPull(testContext(fresh.database, [feed, other, mispServerEvents], { secrets: { mispServer: "https://misp.example.org key" } }), from);
	}

	/** The store alone, as the server's own source. */
	const asServer = (items: readonly ThreatItem[]) =>
		fresh.database.transaction((tx) =>
			threatStore.store(
				tx,
				items.map((item) => ({ item, where: "test" })),
				{ source: mispServerEvents, at: new Date(), ownDomains: [] },
			),
		);

	it("stores every real event whole, and the same again changes nothing", async () => {
		const items = mispNames("misp-events").flatMap((name) => [...readEvents(mispJson("misp-events", name))].flatMap((item) => (item.ok ? [item.item] : [])));
		const attributes = items.reduce((sum, item) => sum + item.attributes.length + item.objects.reduce((inner, object) => inner + object.attributes.length, 0), 0);
		expect(await run(items)).toMatchObject({ state: "ok", new: 20, setAside: 0 });
		expect([await count("threat_event"), await count("threat_attribute"), await count("threat_object"), await count("threat_reference")]).toEqual([20, attributes, 86, 49]);
		expect(await count("threat_attribute_text")).toBe(attributes);
		const before = await query("SELECT HEX(id) AS id, HEX(digest) AS digest, updated_at FROM threat_event ORDER BY id");
		expect(await run([...items].reverse())).toMatchObject({ state: "ok", new: 0, updated: 0, unchanged: 20 });
		expect(await query("SELECT HEX(id) AS id, HEX(digest) AS digest, updated_at FROM threat_event ORDER BY id")).toEqual(before);
		const [totals] = await query<{ n: number }>("SELECT SUM(records) AS n FROM daily_count WHERE tracker = 'threat'");
		expect(Number(totals?.n)).toBe(20);
	});

	it("reads a file by the command line's way, with what had to be set aside", async () => {
		const text = JSON.stringify({
			response: [{ Event: { uuid: EVENT, info: "Campaign", date: "2026-11-01", timestamp: "1793491200", Attribute: [attribute(1), attribute(2, { value: "" })] } }, { Event: { uuid: "x" } }],
		});
		const done = await runSource(testContext(fresh.database, [feed]), feed, { text });
		expect(done).toMatchObject({ state: "ok", new: 1, setAside: 2 });
		expect(done.setAsideRows.map(({ reason }) => reason)).toEqual([`event ${EVENT}, attribute 2: it has no value`, "event x: its uuid is no UUID"]);
	});

	it("names what attributes, comments and title name, by place", async () => {
		await run([
			event({
				info: "Traffic to title[.]example[.]org, see CVE-2026-0001",
				Attribute: [
					attribute(1, { type: "domain|ip", value: "evil.example.org|198.51.100.7" }),
					attribute(2, { type: "filename|md5", value: "a.exe|0123456789abcdef0123456789abcdef", comment: "drops hxxp://drop.example[.]org/a" }),
					attribute(3, { type: "text", value: "calls back to 8.8.8.8" }),
					attribute(4, { type: "mutex", value: "Global\\x" }),
				],
			}),
		]);
		expect(await named()).toEqual([
			"filename|md5 0123456789abcdef0123456789abcdef",
			"domain|ip 198.51.100.7",
			"text 8.8.8.8",
			"title CVE-2026-0001",
			"domain|ip evil.example.org",
			"comment http://drop.example.org/a",
			"title title.example.org",
		]);
		expect(await query("SELECT m.mark FROM mention m JOIN indicator i ON i.id = m.indicator_id WHERE i.value = '8.8.8.8'")).toEqual([{ mark: "public-dns" }]);
		expect(await count("threat_attribute")).toBe(4);
	});

	it("writes only what changed, forgets what is named no longer, and keeps what is gone as deleted", async () => {
		await run([event({ Attribute: [attribute(1), attribute(2), attribute(3)] })]);
		const [first] = await query<{ number: number; created_at: Date }>("SELECT number, created_at FROM threat_event");
		const next = event({ timestamp: "1793491300", Attribute: [attribute(1), attribute(2, { value: "moved.example.org" }), attribute(4), attribute(5, { deleted: true })] });
		expect(await run([next])).toMatchObject({ new: 0, updated: 1 });
		expect(await values()).toEqual(["host1.example.org", "host3.example.org deleted", "host4.example.org", "host5.example.org deleted", "moved.example.org"]);
		expect(await named()).toEqual(["domain host1.example.org", "domain host4.example.org", "domain moved.example.org"]);
		expect((await query<{ text: string }>("SELECT text FROM threat_attribute_text ORDER BY text")).map(({ text }) => text)).toEqual(["host1.example.org", "host4.example.org", "moved.example.org"]);
		expect(await query("SELECT number, created_at, attribute_count FROM threat_event")).toEqual([{ ...first, attribute_count: 3 }]);
		await run([event({ timestamp: "1793491400", Attribute: [attribute(3)] })]);
		expect(await values()).toEqual(["host1.example.org deleted", "host3.example.org", "host4.example.org deleted", "host5.example.org deleted", "moved.example.org deleted"]);
		expect(await named()).toEqual(["domain host3.example.org"]);
	});

	it("does not take what could not be read for gone", async () => {
		await run([event({ Attribute: [attribute(1), attribute(2)] })]);
		await run([event({ timestamp: "1793491300", Attribute: [attribute(1, { value: "" }), attribute(3)] })]);
		expect(await values()).toEqual(["host1.example.org", "host2.example.org", "host3.example.org"]);
		expect(await query("SELECT attribute_count FROM threat_event")).toEqual([{ attribute_count: 3 }]);
		const [listing] = [...readEvents([{ uuid: EVENT, info: "Campaign", date: "2026-11-01", timestamp: "1793499999" }])];
		if (listing?.ok !== true) throw new Error("the listing was set aside");
		expect(await run([listing.item])).toMatchObject({ unchanged: 1 });
		expect(await count("threat_attribute WHERE deleted = 1")).toBe(0);
	});

	it("goes by the timestamp and by whose event it is: another feed changes nothing of it, the team's server does", async () => {
		await run([event({ info: "now" })]);
		expect(await run([event({ info: "before", timestamp: "1793491100" })], other)).toMatchObject({ unchanged: 1 });
		expect(await run([event({ info: "elsewhere" })], other)).toMatchObject({ unchanged: 1 });
		expect(await asServer([event({ info: "on the server", id: "12" })])).toMatchObject({ updated: 1 });
		expect(await query("SELECT info, source FROM threat_event")).toEqual([{ info: "on the server", source: 9301 }]);
		expect(await run([event({ info: "taken over", timestamp: "1793491300", Attribute: [] })], other)).toMatchObject({ unchanged: 1 });
		expect(await query("SELECT info FROM threat_event")).toEqual([{ info: "on the server" }]);
		expect(await run([event({ info: "later", timestamp: "1793491300" })])).toMatchObject({ updated: 1 });
	});

	it("sets events aside that come from the future", async () => {
		const done = await run([event({ info: "for ever", timestamp: "4102444799" })]);
		expect(done).toMatchObject({ new: 0, setAside: 1 });
		expect(done.setAsideRows[0]?.reason).toContain("lies in the future");
	});

	it("takes each event once where a batch has it twice", async () => {
		const done = await run([event({ info: "older" }), event({ info: "newer", timestamp: "1793491300" }), event({ info: "older" })]);
		expect(done).toMatchObject({ new: 1, duplicates: 2 });
		expect(await query("SELECT info FROM threat_event")).toEqual([{ info: "newer" }]);
	});

	it("gives the server's number once, and one of the UUID to others", async () => {
		await asServer([event({ id: "55" }), event({ uuid: uuidOf(1), id: "55" })]);
		await run([event({ uuid: uuidOf(2), id: "56" })]);
		const numbers = await query<{ uuid: string; number: number }>("SELECT uuid, number FROM threat_event ORDER BY uuid");
		expect(numbers.filter(({ number }) => number === 55)).toHaveLength(1);
		expect(numbers.find(({ uuid }) => uuid === uuidOf(2))?.number).toBe(derivedNumber(uuidOf(2)));
		for (const { number } of numbers) expect(number === 55 || (number >= 2 ** 52 && Number.isSafeInteger(number))).toBe(true);
	});

	it("marks events that are gone at their source, and takes them back", async () => {
		const events = [1, 2, 3].map((number) =>
			event({ uuid: uuidOf(number), Attribute: [attribute(10 + number)], Tag: [{ name: "tlp:white" }], Object: [{ uuid: uuidOf(50 + number), name: "file", Attribute: [] }] }),
		);
		await run(events);
		await run([event({ uuid: uuidOf(4), Attribute: [attribute(14)] })], other);
		expect(await run([{ kind: "roster", uuids: [uuidOf(1), uuidOf(3)] }])).toMatchObject({ updated: 1 });
		expect(await query("SELECT uuid FROM threat_event WHERE deleted_at IS NOT NULL")).toEqual([{ uuid: uuidOf(2) }]);
		expect(await named()).toEqual(["domain host11.example.org", "domain host13.example.org", "domain host14.example.org"]);
		expect([await count("record_text"), await count("threat_event_tag"), await count("threat_attribute")]).toEqual([3, 2, 4]);
		const total = async () => Number((await query<{ n: number }>("SELECT SUM(records) AS n FROM daily_count WHERE tracker = 'threat'"))[0]?.n);
		expect(await total()).toBe(3);
		await run(events);
		expect(await count("threat_event WHERE deleted_at IS NOT NULL")).toBe(0);
		expect([await named(), await total(), await count("threat_attribute WHERE deleted = 1")]).toEqual([
			["domain host11.example.org", "domain host12.example.org", "domain host13.example.org", "domain host14.example.org"],
			4,
			0,
		]);
	});

	it("believes no list that lost most of its events, and knows of lists without empty events", async () => {
		await run(Array.from({ length: 30 }, (_, at) => event({ uuid: uuidOf(at), Attribute: at === 0 ? [] : [attribute(100 + at)] })));
		const done = await run([{ kind: "roster", uuids: [uuidOf(1)] }]);
		expect(done.setAsideRows[0]?.reason).toMatch(/lacks 29 of 30 events/);
		await run([{ kind: "roster", uuids: Array.from({ length: 28 }, (_, at) => uuidOf(at + 1)), filledOnly: true }]);
		expect(await query("SELECT uuid FROM threat_event WHERE deleted_at IS NOT NULL")).toEqual([{ uuid: uuidOf(29) }]);
	});

	it("keeps tags with their colours, organisations, galaxies and cyclic references", async () => {
		const object = (number: number, to: number) => ({
			uuid: uuidOf(number),
			name: "file",
			Attribute: [],
			ObjectReference: [{ uuid: uuidOf(100 + number), referenced_uuid: uuidOf(to), relationship_type: "drops" }],
		});
		await run([
			event({
				Tag: [
					{ name: "tlp:white", colour: "#ffffff" },
					{ name: "odd", colour: "url(x)" },
				],
				Orgc: { uuid: uuidOf(9), name: "CIRCL" },
				Galaxy: [{ type: "threat-actor", name: "Threat Actor", GalaxyCluster: [{ value: "Sofacy", tag_name: 'misp-galaxy:threat-actor="Sofacy"' }] }],
				Object: [object(1, 2), object(2, 1)],
			}),
		]);
		expect(await query("SELECT name, colour FROM threat_tag ORDER BY name")).toEqual([
			{ name: 'misp-galaxy:threat-actor="Sofacy"', colour: null },
			{ name: "odd", colour: null },
			{ name: "tlp:white", colour: "#ffffff" },
		]);
		expect(await query("SELECT name, uuid FROM threat_org")).toEqual([{ name: "CIRCL", uuid: uuidOf(9) }]);
		expect(await count("threat_reference")).toBe(2);
		expect((await query<{ id: Buffer }>("SELECT id FROM threat_event"))[0]?.id.equals(eventId(EVENT))).toBe(true);
	});

	it("moves an event to the day it was published on", async () => {
		await run([event()]);
		await run([event({ publish_timestamp: "1793750400", published: true })]);
		const days = await query("SELECT DATE_FORMAT(day, '%Y-%m-%d') AS day FROM daily_count WHERE tracker = 'threat' AND records > 0");
		expect(days).toEqual([{ day: "2026-11-04" }]);
	});
});
