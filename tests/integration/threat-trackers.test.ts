import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canonicalise } from "@/lib/domain/canonical";
import { housekeeping } from "@/lib/ingest";
import { lit } from "@/lib/platform";
import { namedBy, relatedTo } from "@/lib/search";
import { recordsNaming, recordsWith } from "@/lib/search/records";
import type { ThreatItem } from "@/lib/sources/threat/event";
import { readEvents } from "@/lib/sources/threat/misp/document";
import { mispServerEvents } from "@/lib/sources/threat/misp-server";
import {
	type AttributeRow,
	anyTracker,
	attributeGroups,
	attributePage,
	chart,
	correlatedEvents,
	count,
	exportEnd,
	get,
	type ListPage,
	list,
	mispRelated,
	objectPage,
	shownFilters,
	stream,
	threatAttribute,
	threatEvent,
	threatOrgs,
	threatTags,
} from "@/lib/trackers";
import type { EventAttribute, EventObject } from "@/lib/trackers/threat/contents";
import { threatStore } from "@/lib/trackers/threat/store";
import { mispJson, mispNames } from "../fakes/misp";
import { DRIVERS, freshDatabase, type TestDatabase } from "../harness/database";
import { testContext } from "../harness/ingest";

const uuidOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const SEDNIT = "5a3c2fcd-8328-42bb-a95e-4f4402de0b81";

function items(folder: "misp-events" | "misp-feed"): ThreatItem[] {
	return mispNames(folder)
		.filter((name) => !/^(?:manifest|hashes)/.test(name))
		.flatMap((name) => [...readEvents(mispJson(folder, name))].flatMap((item) => (item.ok ? [item.item] : [])));
}

describe.each(DRIVERS)("threat trackers over %s", (driver) => {
	let fresh: TestDatabase;
	const db = () => fresh.database;
	beforeAll(async () => {
		fresh = await freshDatabase(driver);
		const store = (events: readonly ThreatItem[]) =>
			fresh.database.transaction((tx) =>
				threatStore.store(
					tx,
					events.map((item) => ({ item, where: "test" })),
					{ source: mispServerEvents, at: new Date("2026-11-24T12:00:00Z"), ownDomains: [] },
				),
			);
		await store(items("misp-events"));
		await store(items("misp-feed"));
	}, 60_000);
	afterAll(() => fresh.drop());

	const events = async (query: string): Promise<string[]> => (await list(threatEvent, threatEvent.parse(new URLSearchParams(query)), db())).rows.map(({ info }) => info);
	const values = async (query: string): Promise<string[]> => (await list(threatAttribute, threatAttribute.parse(new URLSearchParams(query)), db())).rows.map(({ value }) => value);
	const total = async (query: string): Promise<number> => (await count(threatEvent, threatEvent.parse(new URLSearchParams(query)), db())).count;

	it("gives an event as the original's API does", async () => {
		const row = await get(threatEvent, "750", db());
		if (row === null) throw new Error("no event 750");
		const item = threatEvent.toApi(row);
		expect(threatEvent.item.safeParse(item).success).toBe(true);
		expect(Object.keys(item).slice(0, 13)).toEqual([
			"id",
			"info",
			"org",
			"orgc",
			"threat_level",
			"tags",
			"date",
			"analysis",
			"published",
			"publish_timestamp",
			"timestamp",
			"attribute_count",
			"relatedevents",
		]);
		expect(item).toMatchObject({
			id: 750,
			info: "OSINT - F-Secure W32/Regin, Stage #1",
			org: "CIRCL",
			orgc: "CIRCL",
			threat_level: "High",
			date: "2014-12-10",
			analysis: "Complete",
			published: true,
			publish_timestamp: "2014-12-10T13:20:47.000Z",
			timestamp: "2014-12-10T13:20:25.000Z",
			attribute_count: 38,
		});
		expect(item.relatedevents).toContain(2006);
		expect(item.tags).toEqual(row.tags.map(({ name }) => name));
	});

	it("finds an event by number, UUID and our own id alike", async () => {
		const row = await get(threatEvent, SEDNIT, db());
		expect(row?.number).toBe(9747);
		expect((await get(threatEvent, "9747", db()))?.id).toBe(row?.id);
		expect((await get(threatEvent, String(row?.id), db()))?.uuid).toBe(SEDNIT);
		expect(await events(`id=${SEDNIT}`)).toEqual(await events("id=9747"));
		for (const other of ["1", "99999999999999999999", uuidOf(1), "x"]) expect(await get(threatEvent, other, db())).toBeNull();
	});

	it("gives an attribute with its event and object as the original's API does", async () => {
		const row = await get(threatAttribute, "5295", db());
		if (row === null) throw new Error("no attribute 5295");
		const item = threatAttribute.toApi(row);
		expect(threatAttribute.item.safeParse(item).success).toBe(true);
		expect(Object.keys(item).slice(0, 10)).toEqual(["id", "type", "category", "timestamp", "comment", "object_relation", "value", "Event", "Object", "tags"]);
		expect(item).toMatchObject({
			id: 5295,
			type: "sha1",
			category: "Payload delivery",
			object_relation: "sha1",
			value: "d63ff86f05b6f2fb86abf0dcd16cd2008fa3c158",
			Event: { id: 30, orgc: "CIRCL", date: "2018-04-09" },
			Object: { id: 165, name: "file", meta_category: "file", event: 30 },
		});
		const object = item.Object as { attributes: number[]; objectreferences: number[] };
		expect(object.attributes).toHaveLength(3);
		expect(object.attributes).toContain(5295);
		expect(object.objectreferences).toHaveLength(1);
		expect((await get(threatAttribute, "54884832-f2a8-46ff-be58-1ac6950d210b", db()))?.number).toBe(96642);
		expect(threatAttribute.toApi((await get(threatAttribute, "96642", db())) as never).Object).toBeNull();
	});

	// Counted outside of this project over the same files.
	it.each<[string, number]>([
		["", 47],
		["threat_level_id=1", 26],
		["threat_level_id=1,4", 30],
		["search=regin", 1],
		["search=^osint", 3],
		["search=osint,pubg", 1],
		["search=movieultimate.com", 0],
		["attr=movieultimate.com", 1],
		["attr=ovieultim", 1],
		["attr=.com", 41],
		["keyword=movieultimate", 1],
		["keyword=sofacy", 2],
		["tag=tlp:white", 31],
		["tag=nothing", 0],
		["org=CIRCL", 5],
		["org=CIRCL&threat_level_id=1", 1],
		["publish_timestamp_after=2026-01-01", 27],
		["publish_timestamp_before=2015-01-01", 1],
		["publish_timestamp_0=2018-01-01&publish_timestamp_1=2019-12-31", 10],
		["source=1204", 47],
		["source=1201", 0],
	])("events of ?%s", async (query, wanted) => {
		expect([await total(query), (await events(query)).length]).toEqual([wanted, Math.min(50, wanted)]);
	});

	it("offers as filters of attributes what their parameters take, categories and types out of the data", async () => {
		const filters = await shownFilters(anyTracker(threatAttribute), db());
		const names = Object.values(threatAttribute.parameters).flatMap((parameter) => parameter.names);
		expect(filters.map(({ name }) => name).filter((name) => !names.includes(name))).toEqual([]);
		expect(filters.map(({ name }) => name)).toEqual(expect.arrayContaining(["category", "event__id", "type", "value"]));
		const offered = filters.flatMap((filter) => (filter.kind === "choice" && filter.name === "category" ? filter.options.map(([value]) => value) : []));
		const stored = await db().query<{ category: string }>("SELECT category FROM threat_attribute GROUP BY category");
		expect(offered).toEqual(stored.map(({ category }) => category).sort());
		for (const category of offered) expect(await values(`category=${encodeURIComponent(category)}&limit=1`)).toHaveLength(1);
	});

	it("orders events by publication, and pages by cursor without a gap", async () => {
		const all = (await list(threatEvent, { limit: 100 }, db())).rows;
		const times = all.map(({ publishedAt }) => publishedAt.getTime());
		expect(times).toEqual([...times].sort((a, b) => b - a));
		const seen: string[] = [];
		let cursor: string | undefined;
		do {
			const page = await list(threatEvent, { limit: 10, cursor }, db());
			seen.push(...page.rows.map(({ id }) => id));
			cursor = page.next ?? undefined;
		} while (cursor !== undefined);
		expect(seen).toEqual(all.map(({ id }) => id));
	});

	it.each<[string, (value: string) => boolean, number]>([
		["type=vulnerability", (value) => value.startsWith("CVE-"), 3],
		["value=MOVIEULTIMATE.COM", (value) => value === "movieultimate.com", 1],
		["value=movieultimate", () => false, 0],
		["search=movieultim", (value) => value === "movieultimate.com", 1],
		[`event__id=9747&type=sha1&limit=100`, (value) => /^[0-9a-f]{40}$/.test(value), 37],
		[`event__id=${SEDNIT}&type=sha1&limit=100`, (value) => /^[0-9a-f]{40}$/.test(value), 37],
		["event__id=1", () => false, 0],
		["id=96642", (value) => value === "abiosdsk.sys", 1],
		["type=pdb&category=Artifacts%20dropped&limit=100", (value) => value.length > 0, 22],
		["timestamp_before=2013-01-01", () => false, 0],
		["timestamp_after=2014-01-01&timestamp_before=2014-12-31&limit=100", (value) => value.length > 0, 38],
		["to_ids=true&type=link", () => true, 0],
		["to_ids=false&type=link", (value) => value.startsWith("http"), 8],
	])("attributes of ?%s", async (query, fits, wanted) => {
		const found = await values(query);
		expect(found.filter((value) => !fits(value))).toEqual([]);
		expect(found).toHaveLength(wanted);
	});

	it("counts attributes without reading them all, and draws both charts", async () => {
		const [row] = await db().query<{ n: number }>("SELECT COUNT(*) AS n FROM threat_attribute WHERE deleted = 0");
		expect(await count(threatAttribute, { limit: 1 }, db())).toEqual({ count: Number(row?.n), estimated: false });
		const now = new Date("2026-06-10T12:00:00Z");
		const sum = (days: Array<{ count: number }>): number => days.reduce((all, { count: one }) => all + one, 0);
		expect(sum(await chart(threatEvent, { limit: 1 }, db(), now))).toBe(27);
		expect(sum(await chart(threatEvent, threatEvent.parse(new URLSearchParams("threat_level_id=1")), db(), now))).toBeGreaterThan(10);
		expect(sum(await chart(threatAttribute, { limit: 1 }, db(), now))).toBe(1692);
	});

	it("knows an attribute that stands in two events as two, page by page and in exports", async () => {
		const [first] = (await db().query("SELECT event_id, id FROM threat_attribute WHERE deleted = 0 ORDER BY id LIMIT 1")) as [{ event_id: Buffer; id: Buffer }];
		const [other] = (await db().query(`SELECT id FROM threat_event WHERE id <> ${lit(first.event_id)} AND deleted_at IS NULL LIMIT 2`)) as [{ id: Buffer }];
		const columns = "number, object_id, type, category, value, value_key, comment, to_ids, relation, modified_at, first_seen, last_seen, tags, deleted, digest";
		await db().execute(
			`INSERT INTO threat_attribute (event_id, id, ${columns}) SELECT ${lit(other.id)}, id, ${columns} FROM threat_attribute WHERE event_id = ${lit(first.event_id)} AND id = ${lit(first.id)}`,
		);
		try {
			const row = await get(threatAttribute, first.id.toString("hex"), db());
			const query = threatAttribute.parse(new URLSearchParams({ value: row?.value ?? "", limit: "1" }));
			const seen: string[] = [];
			let cursor: string | undefined;
			for (let more = true; more; ) {
				const page: ListPage<AttributeRow> = await list(threatAttribute, { ...query, cursor }, db());
				seen.push(...page.rows.map(({ id, event }) => `${event.id} ${id}`));
				more = page.next !== null;
				cursor = page.next ?? undefined;
			}
			expect(new Set(seen).size).toBe((await count(threatAttribute, query, db())).count);
			expect(seen.filter((one) => one.endsWith(` ${row?.id}`))).toHaveLength(2);
			const parts: string[] = [];
			for (let at: string | null = null, part = 0; part < seen.length; part++) {
				const asked: typeof query = { ...query, cursor: at ?? undefined };
				const next: string | null = await exportEnd(threatAttribute, asked, 1, db());
				for await (const { id, event } of stream(threatAttribute, asked, next, db())) parts.push(`${event.id} ${id}`);
				at = next;
				if (next === null) break;
			}
			expect(parts).toEqual(seen);
			// Of two, the living one is the record.
			await db().execute(`UPDATE threat_attribute SET deleted = 1 WHERE event_id = ${lit(first.event_id)} AND id = ${lit(first.id)}`);
			expect((await get(threatAttribute, row?.id ?? "", db()))?.deleted).toBe(false);
		} finally {
			await db().execute(`UPDATE threat_attribute SET deleted = 0 WHERE event_id = ${lit(first.event_id)} AND id = ${lit(first.id)}`);
			await db().execute(`DELETE FROM threat_attribute WHERE event_id = ${lit(other.id)} AND id = ${lit(first.id)}`);
		}
	});

	it("streams every attribute once", async () => {
		const seen = new Set<string>();
		for await (const { id } of stream(threatAttribute, { limit: 1 }, null, db())) seen.add(id);
		expect(seen.size).toBe((await count(threatAttribute, { limit: 1 }, db())).count);
	});

	it.each(["id=abc", "threat_level_id=5", "publish_timestamp_after=soon", "attr=a", "search=a.*b"])("refuses ?%s with a reason", async (query) => {
		await expect(events(query)).rejects.toMatchObject({ code: "invalid" });
	});

	it("opens an event by groups and pages", async () => {
		const row = await get(threatEvent, "162", db());
		const id = String(row?.id);
		const groups = await attributeGroups(id, false, db());
		expect(groups.reduce((sum, group) => sum + group.count, 0)).toBe(263);
		const all: EventAttribute[] = [];
		const sizes: number[] = [];
		let cursor: string | undefined;
		do {
			const page = await attributePage(id, { cursor }, db());
			sizes.push(page.rows.length);
			all.push(...page.rows);
			cursor = page.next ?? undefined;
		} while (cursor !== undefined);
		expect(sizes).toEqual([100, 100, 63]);
		expect(new Set(all.map((one) => one.id)).size).toBe(263);
		const order = all.map(({ category, type }) => `${category}\0${type}`);
		expect(order).toEqual([...order].sort());
		const pair = await attributePage(id, { type: "domain|ip" }, db());
		expect(pair.rows).toHaveLength(77);
		expect(pair.rows[0]?.indicators).toHaveLength(2);
		const holding = await attributePage(id, { holds: String(pair.rows[0]?.value).slice(0, 8).toUpperCase() }, db());
		expect(holding.rows.map(({ value }) => value)).toContain(pair.rows[0]?.value);
		expect((await attributePage(id, { holds: "100%_x" }, db())).rows).toEqual([]);
		await expect(attributePage(id, { cursor: "bm9uc2Vuc2U" }, db())).rejects.toMatchObject({ code: "invalid" });
	});

	it("shows objects with their attributes and references from both sides", async () => {
		const id = String((await get(threatEvent, "30", db()))?.id);
		const { objects } = await objectPage(id, undefined, db());
		const file = objects.find(({ name }) => name === "file");
		const report = objects.find(({ name }) => name === "virustotal-report");
		expect(file?.references).toMatchObject([{ relationship: "analysed-with", target: { kind: "object", name: "virustotal-report", id: report?.id } }]);
		expect(report?.referredBy).toEqual([{ id: file?.id, name: "file", relationship: "analysed-with" }]);
		expect(file?.attributes.map(({ relation }) => relation).sort()).toEqual(["md5", "sha1", "sha256"]);
		const sednit = String((await get(threatEvent, SEDNIT, db()))?.id);
		const pages: EventObject[][] = [];
		let after: string | undefined;
		do {
			const page = await objectPage(sednit, after, db());
			pages.push(page.objects);
			after = page.next ?? undefined;
		} while (after !== undefined);
		expect(pages.map((one) => one.length)).toEqual([12, 12, 12, 12, 1]);
		expect(
			pages
				.flat()
				.flatMap(({ references }) => references)
				.some(({ target }) => target.kind === "attribute" && target.name === "domain movieultimate.com"),
		).toBe(true);
	});

	it("lists organisations and tags with what they made", async () => {
		const orgs = await threatOrgs(undefined, db());
		expect(orgs[0]).toMatchObject({ name: "chrome-mal-ids", events: 27, attributes: 1692 });
		expect((await threatOrgs("circ", db())).map(({ name, events: made }) => [name, made])).toEqual([["CIRCL", 5]]);
		const tags = await threatTags("tlp:w", db());
		expect(tags[0]).toMatchObject({ name: "tlp:white", colour: "#ffffff", events: 31 });
		expect(await threatTags("100%", db())).toEqual([]);
	});

	it("relates events by what they name, and tells which of MISP's own relations are here", async () => {
		const zebrocy = await get(threatEvent, "298", db());
		if (zebrocy === null) throw new Error("no event 298");
		expect(await mispRelated(zebrocy.related, db())).toHaveLength(1);
		const link = String((await get(threatEvent, "02a9a808-5d6c-52a5-b9d9-9388593cd0ae", db()))?.id);
		const { events: correlated, cut } = await correlatedEvents(link, db());
		expect(cut).toBe(false);
		expect(correlated.length).toBeGreaterThan(0);
		expect(correlated.every(({ id, shared, example }) => id !== link && shared > 0 && example !== null)).toBe(true);
		expect(correlated.map(({ shared }) => shared)).toEqual(correlated.map(({ shared }) => shared).sort((a, b) => b - a));
	});

	it("is found from an indicator and by words, and names what it names", async () => {
		const domain = canonicalise("movieultimate.com", "domain");
		if (!domain.ok) throw new Error(domain.reason);
		const naming = await recordsNaming(domain.indicator, 5, db());
		expect(naming.map(({ tracker, total: found }) => [tracker, found])).toEqual([["threat", 1]]);
		expect((await recordsWith("sednit", 5, db())).map(({ tracker }) => tracker)).toContain("threat");
		const id = String((await get(threatEvent, SEDNIT, db()))?.id);
		const named = await namedBy("threat", id, db());
		expect(named.map(({ indicator }) => indicator.value)).toContain("movieultimate.com");
		expect(await relatedTo("threat", id, named, db())).toBeInstanceOf(Array);
	});

	it("heals its day counts", async () => {
		await db().execute(
			"INSERT INTO source_state (source, slug, enabled, state, failures, present_count, sighting_count) VALUES (1204, 'misp-server', 1, 'ok', 0, 0, 0) ON DUPLICATE KEY UPDATE sighting_count = 0",
		);
		await db().execute("UPDATE daily_count SET records = records + 7 WHERE tracker = 'threat'");
		await housekeeping({ milliseconds: 20_000, from: "recount" }, testContext(db(), [mispServerEvents]));
		expect((await count(threatEvent, { limit: 1 }, db())).count).toBe(47);
		const [state] = await db().query<{ n: number }>("SELECT sighting_count AS n FROM source_state WHERE source = 1204");
		expect(Number(state?.n)).toBe(47);
	});
});
