import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { housekeeping } from "@/lib/ingest";
import { namedIn, plainText, recordId, tableStore, UnusableItem } from "@/lib/records";
import { describeIndicator } from "@/lib/search";
import type { AnySource } from "@/lib/sources";
import { defineRecordSource, type RecordSource } from "@/lib/sources/record";
import { type AnyTracker, anyTracker, get, list, shownFilters, shownGroups, shownTable, trackerByPath, trackers } from "@/lib/trackers";
import { defineTracker } from "@/lib/trackers/define";
import { listParameter } from "@/lib/trackers/parameters";
import { type RecordSourceName, raw, recordParameters, recordSource, restrictRecords } from "@/lib/trackers/record-tracker";
import { recordStores } from "@/lib/trackers/stores";
import { readTotals } from "@/lib/trackers/summary";
import { type Api, startApi } from "../harness/api";
import { DRIVERS, freshDatabase, type TestDatabase } from "../harness/database";
import { runSource, testContext } from "../harness/ingest";

/**
 * A seventh tracker as docs/trackers.md describes it: an item, a source, a table, a store, a definition. Nothing else is written
 * for it, and every door has it.
 */
interface BulletinItem {
	number: string;
	title: string;
	text: string;
	severity: string;
	published: Date;
}

interface BulletinRow {
	id: string;
	source: RecordSourceName;
	title: string;
	text: string;
	severity: string;
	publishedAt: Date;
}

const SOURCE = 9700;
const SEVERITIES = ["high", "low"] as const;
/** What `drizzle/schema` would say. */
const TABLE = `CREATE TABLE bulletin (id BINARY(16) NOT NULL PRIMARY KEY, source INT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, severity VARCHAR(8) NOT NULL,
published_at DATETIME(3) NOT NULL, digest BINARY(8) NOT NULL, created_at DATETIME(3) NOT NULL, updated_at DATETIME(3) NOT NULL, KEY bulletin_published (published_at, id))`;

// `RecordItems` names the six there are: to the compiler this one passes for one of them.
const source = defineRecordSource<"news">({
	id: "test-bulletins",
	name: "Test bulletins",
	number: SOURCE,
	tracker: "bulletin" as "news",
	homepage: "https://bulletins.example.com/",
	everyMinutes: 60,
	licence: { name: "none", redistributable: true },
	reading: {
		mode: "feed",
		url: "https://bulletins.example.com/all.txt",
		async *parse({ bytes }) {
			let body = "";
			for await (const chunk of bytes) body += Buffer.from(chunk).toString("utf8");
			for (const line of body.trim().split("\n")) {
				const [number = "", published = "", severity = "", title = "", text = ""] = line.split("|");
				const item: BulletinItem = { number, title, text, severity, published: new Date(`${published}T00:00:00Z`) };
				yield { ok: true, where: number, item: item as never };
			}
		},
	},
}) as RecordSource<"news"> & AnySource;

const store = tableStore<BulletinItem>({ tracker: "bulletin", table: "bulletin" }, (item, context) => {
	const title = plainText(item.title);
	if (title === null) throw new UnusableItem("it has no title");
	return {
		id: recordId(context.source.number, item.number),
		at: item.published,
		columns: { title, text: item.text, severity: item.severity, published_at: item.published },
		text: [title, item.text],
		mentions: namedIn([{ place: "text", text: item.text }], context.ownDomains),
	};
});

const bulletin = defineTracker({
	name: "bulletin",
	resource: "bulletin",
	title: "Bulletins",
	path: "/bulletin",
	counted: { table: "bulletin", at: "published_at" },
	from: "bulletin b",
	select: "b.*",
	order: { time: "b.published_at", id: "b.id", timeOf: (row: BulletinRow) => row.publishedAt },
	parameters: {
		...recordParameters("bulletin" as "news", { field: "datetime", dated: "published", words: "words that title or text must hold" }),
		severity: listParameter("severity", SEVERITIES, { description: "how bad", example: "high" }),
	},
	item: z.object({ id: z.string(), title: z.string(), datetime: z.iso.datetime(), severity: z.string(), source: z.string() }),
	restrict: (query, db) =>
		restrictRecords(
			{ tracker: "bulletin", alias: "b", time: "b.published_at" },
			query,
			query.severity === undefined ? [] : [`b.severity IN (${query.severity.map((name) => `'${name}'`).join(",")})`],
			db,
		),
	toRow: (record): BulletinRow => ({
		id: raw.hex(record.id),
		source: recordSource(record.source, { name: "Test bulletins" }),
		title: String(record.title),
		text: String(record.text),
		severity: String(record.severity),
		publishedAt: record.published_at as Date,
	}),
	toApi: (row) => ({ id: row.id, title: row.title, datetime: row.publishedAt.toISOString(), severity: row.severity, source: row.source.name }),
	csv: [
		{ header: "title", value: (row) => row.title },
		{ header: "severity", value: (row) => row.severity },
	],
	page: {
		columns: [
			{ header: "Title", cell: (row) => ({ kind: "record", text: row.title }) },
			{ header: "Published", cell: (row) => ({ kind: "time", at: row.publishedAt, as: "date" }), align: "right" },
		],
		filters: [
			{ kind: "words", name: "search", label: "Words", placeholder: "words" },
			{
				kind: "choice",
				name: "severity",
				label: "Severity",
				options: async (db) => (await db.query<{ severity: string }>("SELECT DISTINCT severity FROM bulletin ORDER BY severity")).map(({ severity }) => [severity, severity] as const),
			},
		],
		view: (row) => ({ title: row.title, said: [], badges: [], links: [], sections: [{ kind: "text", title: "Text", text: row.text }] }),
	},
});

const BODY = [
	"1|2026-11-01|high|Worm on the loose|It calls worm.example.org|",
	"2|2026-11-02|low|Printer forgets paper|Nothing but paper",
	"3|2026-11-03|high|Worm is back|Now at new.example.org",
].join("\n");

describe.each(DRIVERS)("a seventh tracker over %s", (driver) => {
	let fresh: TestDatabase;
	let api: Api;
	beforeAll(async () => {
		fresh = await freshDatabase(driver);
		await fresh.database.execute(TABLE);
		// The two lines of `all.ts` and `stores.ts`.
		(trackers as AnyTracker[]).push(anyTracker(bulletin));
		(recordStores as Record<string, unknown>).bulletin = store;
		api = await startApi(fresh);
		expect(await runSource(testContext(fresh.database, [source]), source, { text: BODY })).toMatchObject({ state: "ok", new: 3, setAside: 0 });
	}, 60_000);
	afterAll(async () => {
		(trackers as AnyTracker[]).splice(trackers.indexOf(anyTracker(bulletin)), 1);
		delete (recordStores as Record<string, unknown>).bulletin;
		await fresh.drop();
	});

	it("is a resource of the API: list, record, filters, refusals, description", async () => {
		const titles = async (query: string) => ((await api.ask(`/api/bulletin${query}`)).body as { results: Array<{ title: string }> }).results.map(({ title }) => title);
		expect(await titles("")).toEqual(["Worm is back", "Printer forgets paper", "Worm on the loose"]);
		expect(await titles("?severity=low")).toEqual(["Printer forgets paper"]);
		expect(await titles("?search=worm loose")).toEqual(["Worm on the loose"]);
		expect(await titles("?datetime_after=2026-11-03")).toEqual(["Worm is back"]);
		expect(await api.ask("/api/bulletin?severity=middling")).toMatchObject({ status: 400, body: { field: "severity", detail: expect.stringContaining("high, low") } });
		const [row] = (await list(bulletin, bulletin.parse(new URLSearchParams("search=paper")), fresh.database)).rows;
		expect((await api.ask(`/api/bulletin/${row?.id}`)).body).toEqual({ id: row?.id, title: "Printer forgets paper", datetime: "2026-11-02T00:00:00.000Z", severity: "low", source: "Test bulletins" });
		expect((await api.ask("/api")).body).toMatchObject({ bulletin: expect.stringMatching(/\/api\/bulletin$/) });
		expect((await api.ask("/api/openapi.json")).body).toMatchObject({ paths: { "/api/bulletin": expect.anything(), "/api/bulletin/{id}": expect.anything() } });
	});

	it("is exported as CSV and NDJSON, by the same question", async () => {
		expect((await api.ask("/api/bulletin?format=csv&severity=high")).text.replace("\uFEFF", "").trim().split("\r\n")).toEqual([
			'"title","severity"',
			'"Worm is back","high"',
			'"Worm on the loose","high"',
		]);
		const lines = (await api.ask("/api/bulletin?format=ndjson&severity=high")).text.trim().split("\n");
		expect(lines.map((line) => (JSON.parse(line) as { title: string }).title)).toEqual(["Worm is back", "Worm on the loose"]);
	});

	it("is found by cross search, by words and by what it names", async () => {
		const found = async (keyword: string) => (await api.ask(`/api/search?keyword=${keyword}`)).body as { records: unknown[]; counts: unknown[] };
		expect(await found("worm")).toMatchObject({
			counts: expect.arrayContaining([{ tracker: "bulletin", count: 2, more: false }]),
			records: [{ tracker: "bulletin", title: "Bulletins", total: 2, rows: [{ title: "Worm is back" }, { title: "Worm on the loose" }] }],
		});
		expect(await found("new.example.org")).toMatchObject({ records: [{ tracker: "bulletin", rows: [{ title: "Worm is back", url: expect.stringMatching(/\/bulletin\/[0-9a-f]{32}$/) }] }] });
		const detail = await describeIndicator({ type: "domain", value: "worm.example.org" as never }, fresh.database);
		expect(shownGroups(detail.records)).toMatchObject([{ tracker: "bulletin", href: "/bulletin", table: { rows: [{ cells: [{ kind: "record", text: "Worm on the loose" }, { kind: "time" }] }] } }]);
	});

	it("has its list page, its record's page and its card", async () => {
		const tracker = trackerByPath("/bulletin");
		if (tracker === undefined) throw new Error("no page for /bulletin");
		expect(await shownFilters(tracker, fresh.database)).toMatchObject([
			{ name: "search" },
			{
				name: "severity",
				options: [
					["high", "high"],
					["low", "low"],
				],
			},
		]);
		const { rows } = await list(tracker, { limit: 5 }, fresh.database, { light: true });
		const table = shownTable(tracker, rows);
		expect(table.columns.map(({ header }) => header)).toEqual(["Title", "Published"]);
		expect(table.rows.map(({ href }) => href)).toEqual((rows as BulletinRow[]).map(({ id }) => `/bulletin/${id}`));
		const record = await get(tracker, (rows as BulletinRow[])[0]?.id ?? "", fresh.database);
		expect(tracker.page?.view(record)).toMatchObject({ title: "Worm is back", sections: [{ text: "Now at new.example.org" }] });
		expect((await readTotals(fresh.database, new Date("2026-11-03T12:00:00Z"))).find(({ tracker: name }) => name === "bulletin")).toMatchObject({ path: "/bulletin", total: 3, today: 1 });
	});

	it("has its counts healed by housekeeping", async () => {
		await fresh.database.execute("UPDATE daily_count SET records = 40 WHERE tracker = 'bulletin'");
		expect(await housekeeping({ milliseconds: 20_000, from: "recount" }, testContext(fresh.database, [source]))).toEqual({ done: true, next: null });
		expect((await readTotals(fresh.database)).find(({ tracker: name }) => name === "bulletin")?.total).toBe(3);
	});
});
