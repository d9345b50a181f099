import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { HuntDocument, HunterKind } from "@/lib/hunters/define";
import { kindOf } from "@/lib/hunters/kinds";
import { compileMatcher } from "@/lib/hunters/match";
import { parseQuery } from "@/lib/hunters/query/parse";
import { lit } from "@/lib/platform";
import { recordId, type StoreContext } from "@/lib/records";
import { type AnySource, allSources } from "@/lib/sources";
import type { NewsItem, TweetItem } from "@/lib/sources/record";
import { newsStore } from "@/lib/trackers/news/store";
import { twitterStore } from "@/lib/trackers/twitter/store";
import { fixturePath } from "../fakes/fixtures";
import { DRIVERS, freshDatabase, type TestDatabase } from "../harness/database";
import { collected, huntedOf, notedChanges, takeChanges } from "../harness/hunted";
import { lineSource, runSource, testContext } from "../harness/ingest";
import { sample } from "../unit/sources/vuln/helpers";

const LOG4SHELL = "CVE-2021-44228";
const kind = (id: string) => kindOf(id) as HunterKind;
const source = (id: string) => allSources.find((one) => one.id === id) as AnySource;
const values = (document: HuntDocument | undefined) => document?.indicators.map(({ value }) => value).sort();
const AT = new Date("2026-11-24T12:00:00Z");
const LONG_AGO = new Date("1990-01-01");
const FAR_AHEAD = new Date("2100-01-01");

const article = (number: number, more: Partial<NewsItem> = {}): NewsItem => ({
	guid: `g${number}`,
	title: `Article ${number}`,
	published: new Date(AT.getTime() - number * 60_000),
	content: `<p>Text of ${number}</p>`,
	contentKind: "html",
	sourceTitle: "Feed",
	sourceUrl: "https://krebsonsecurity.com/",
	...more,
});

describe.each(DRIVERS)("what hunters read over %s", (driver) => {
	let fresh: TestDatabase;
	beforeAll(async () => {
		fresh = await freshDatabase(driver);
	});
	beforeEach(() => fresh.clear());
	afterAll(() => fresh.drop());

	const db = () => fresh.database;
	const storing = (id: string): StoreContext => ({ source: source(id), at: AT, ownDomains: [] });
	const run = (id: string, body: { file: string } | { text: string } = { file: fixturePath(id) as string }) => runSource(testContext(db(), allSources), source(id), body);
	const again = () => db().execute("UPDATE source_state SET next_run_at = NULL, body_digest = NULL, etag = NULL");
	const storeNews = (items: NewsItem[]) =>
		db().transaction((tx) =>
			newsStore.store(
				tx,
				items.map((item) => ({ item, where: item.guid })),
				storing("krebs"),
			),
		);

	it.each([
		["news", "bleepingcomputer", 12],
		["exploit", "exploit-db", 11],
		["vuln", "nvd", 3],
		["reputation", "threatfox", 300],
	])("notes each record of a first fill of %s once, and nothing when the same comes again", async (tracker, id, atLeast) => {
		const body = id === "nvd" ? { text: sample("nvd-page-0.json").toString("utf8") } : undefined;
		const first = await run(id, body);
		expect(first.new).toBeGreaterThanOrEqual(atLeast);
		const changes = (await takeChanges(db()))[tracker] ?? [];
		expect(new Set(changes.map(({ record }) => record.toString("hex"))).size).toBe(changes.length);
		expect(changes).toHaveLength(first.new);
		const { documents, batches } = await collected(kind(tracker).documents(db(), changes));
		expect(documents).toHaveLength(first.new);
		expect(Math.max(...batches)).toBeLessThanOrEqual(500);
		for (const document of documents) {
			expect(document.title).not.toBe("");
			expect(document.path).toMatch(/^\/[a-z]+\/[0-9a-f]{32}$/);
			expect(document.fields.source).toContain(id);
			expect(document.arrived).toBeInstanceOf(Date);
			for (const name of Object.keys(document.fields)) expect(kind(tracker).fields.map((field) => field.name)).toContain(name);
		}
		const window = await collected(kind(tracker).window(db(), LONG_AGO, FAR_AHEAD));
		expect(window.documents.map(({ record }) => record.toString("hex")).sort()).toEqual(documents.map(({ record }) => record.toString("hex")).sort());
		const times = window.documents.map(({ at }) => at.getTime());
		expect(times).toEqual([...times].sort((a, b) => b - a));
		await again();
		expect(await run(id, body)).toMatchObject({ new: 0, updated: 0 });
		expect(await notedChanges(db())).toEqual({});
	});

	it("gives an article's words without tags, and what it names without what is benign", async () => {
		await storeNews([
			article(1, {
				title: "Evil at\nevil-host.top",
				link: "https://krebsonsecurity.com/1",
				author: "A. B.",
				categories: ["Web"],
				content: "<p>See <b>bad</b>-thing[.]top, 192.0.2.7 and https://www.google.com/ or CVE-2026-1234</p><script>alert(1)</script>",
			}),
		]);
		const [document] = await huntedOf(kind("news"), db(), (await takeChanges(db())).news ?? []);
		expect(document).toMatchObject({ title: "Evil at evil-host.top", source: source("krebs").number });
		expect(document?.fields).toMatchObject({ author: "A. B.", category: ["Web"], text: "See bad-thing[.]top, 192.0.2.7 and https://www.google.com/ or CVE-2026-1234" });
		expect(values(document)).toEqual(["CVE-2026-1234", "bad-thing.top", "evil-host.top"]);
	});

	it("notes a changed record again, one that is gone is left out, and what was rolled back is not noted", async () => {
		await storeNews([article(1), article(2), article(3)]);
		await takeChanges(db());
		await storeNews([article(1), article(2, { title: "Changed" }), article(3)]);
		const changes = (await takeChanges(db())).news ?? [];
		expect((await huntedOf(kind("news"), db(), changes)).map(({ title }) => title)).toEqual(["Changed"]);
		await db().execute(`DELETE FROM news WHERE id = ${lit(recordId(source("krebs").number, "g2"))}`);
		expect(await huntedOf(kind("news"), db(), changes)).toEqual([]);
		const failing = db().transaction(async (tx) => {
			await newsStore.store(tx, [{ item: article(9), where: "9" }], storing("krebs"));
			throw new Error("the power went");
		});
		await expect(failing).rejects.toThrow("the power went");
		expect(await notedChanges(db())).toEqual({});
	});

	it("notes nothing of what is imported from an archive", async () => {
		await db().transaction((tx) => newsStore.store(tx, [{ item: article(1), where: "1" }], { ...storing("krebs"), archived: true }));
		expect(await notedChanges(db())).toEqual({});
		expect((await collected(kind("news").window(db(), LONG_AGO, FAR_AHEAD))).documents).toHaveLength(1);
	});

	it("reads long texts a few at a time, and pages that share a date without losing one", async () => {
		const items = Array.from({ length: 1100 }, (_, number) => article(number, { published: new Date(AT.getTime() - (number % 3) * 1000) }));
		const long = `<p>${"long words of a long report. ".repeat(30_000)}</p>`;
		await storeNews([...items, ...Array.from({ length: 6 }, (_, number) => article(5000 + number, { content: long }))]);
		const { documents, batches } = await collected(kind("news").window(db(), LONG_AGO, FAR_AHEAD));
		expect(new Set(documents.map(({ record }) => record.toString("hex"))).size).toBe(1106);
		expect(documents).toHaveLength(1106);
		expect(Math.max(...batches)).toBeLessThanOrEqual(500);
		const at = new Date(AT.getTime() - 2000);
		const exactly = await collected(kind("news").window(db(), at, new Date(AT.getTime() - 1000)));
		expect(exactly.documents.every((document) => document.at.getTime() === at.getTime())).toBe(true);
		expect(exactly.documents).toHaveLength(items.filter(({ published }) => published?.getTime() === at.getTime()).length);
		expect((await collected(kind("news").window(db(), LONG_AGO, FAR_AHEAD, []))).documents).toEqual([]);
		expect((await collected(kind("news").window(db(), LONG_AGO, FAR_AHEAD, [source("krebs").number, 1]))).documents).toHaveLength(1106);
		const lengths = (await collected(kind("news").window(db(), LONG_AGO, new Date(AT.getTime() - 4000 * 60_000)))).batches;
		expect(lengths).toEqual([4, 2]);
	});

	it("joins to a vulnerability its score and what CISA says, and takes both for changes", async () => {
		await run("nvd", { text: sample("nvd-log4j.json.gz").toString("utf8") });
		const read = async () => huntedOf(kind("vuln"), db(), (await takeChanges(db())).vuln ?? []);
		const [first] = await read();
		expect(first?.fields).toMatchObject({
			name: LOG4SHELL,
			cve: [LOG4SHELL],
			score: 10,
			severity: "CRITICAL",
			kev: true,
			ransomware: false,
			rejected: false,
			cwe: expect.arrayContaining(["CWE-502"]),
		});
		expect(first?.fields.epss).toBeUndefined();
		expect(first?.fields.vendor).toContain("apache");
		const scores = (day: string, score: string) => ({ text: `#model_version:v5,score_date:2026-11-${day}T12:00:00Z\ncve,epss,percentile\n${LOG4SHELL},${score},0.99964\nCVE-2024-4819,0.00043,0.1\n` });
		await run("epss", scores("20", "0.94358"));
		expect((await read()).map(({ fields }) => fields.epss)).toEqual([0.943]);
		await again();
		// Within the same thousandth.
		expect(await run("epss", scores("21", "0.94391"))).toMatchObject({ updated: 1 });
		expect(await read()).toEqual([]);
		await again();
		await run("epss", scores("22", "0.951"));
		expect((await read()).map(({ fields }) => fields.epss)).toEqual([0.951]);
		await run("cisa-kev");
		const [listed] = await read();
		expect(listed?.fields).toMatchObject({ name: LOG4SHELL, kev: true, ransomware: true });
	});

	it("takes tweets by account and by where their links lead", async () => {
		const item: TweetItem = {
			id: "1500000000000000001",
			text: "C2 at evil-host[.]top https://t.co/a",
			published: AT,
			user: "Hunter 🦠",
			screenName: "hunter",
			userId: "7",
			links: [{ short: "https://t.co/a", expanded: "https://drop.evil-host.top/x" }],
			language: "en",
		};
		const store = (counts: Record<string, number>) => db().transaction((tx) => twitterStore.store(tx, [{ item: { ...item, counts }, where: "1" }], storing("x-home")));
		await store({ likes: 1 });
		const changes = (await takeChanges(db())).twitter ?? [];
		const [document] = await huntedOf(kind("twitter"), db(), changes);
		expect(document?.fields).toEqual({
			text: "C2 at evil-host[.]top https://drop.evil-host.top/x",
			user: ["Hunter 🦠", "@hunter"],
			from: ["hunter", "@hunter", "7"],
			link: ["https://drop.evil-host.top/x"],
			lang: "en",
			source: ["x-home", source("x-home").name, String(source("x-home").number)],
		});
		expect(values(document)).toEqual(["evil-host.top", "https://drop.evil-host.top/x"]);
		await db().execute(`UPDATE tweet SET followed = ${lit(JSON.stringify({ "https://drop.evil-host.top/x": { to: "https://end.top/", at: AT.toISOString() } }))}`);
		expect((await huntedOf(kind("twitter"), db(), changes))[0]?.fields.link).toEqual(["https://drop.evil-host.top/x", "https://end.top/"]);
	});

	it("finds a tweet that is only a link by where that leads, also once somebody has followed it", async () => {
		const tweet = (id: string, short: string, expanded?: string): TweetItem => ({
			id,
			text: short,
			published: AT,
			user: "Hunter",
			screenName: "hunter",
			userId: "7",
			links: [{ short, ...(expanded === undefined ? {} : { expanded }) }],
		});
		const items = [tweet("1500000000000000001", "https://t.co/a", "https://drop.evil-host.top/x"), tweet("1500000000000000002", "https://t.co/b")];
		await db().transaction((tx) =>
			twitterStore.store(
				tx,
				items.map((item) => ({ item, where: item.id })),
				storing("x-home"),
			),
		);
		const changes = (await takeChanges(db())).twitter ?? [];
		const { fields } = kind("twitter");
		const found = async (text: string): Promise<string[]> => {
			const parsed = parseQuery(text, fields);
			if (!parsed.ok) throw new Error(parsed.faults[0]?.message);
			const matcher = compileMatcher([{ id: "a", query: parsed.query }], fields);
			return (await huntedOf(kind("twitter"), db(), changes)).filter((document) => matcher.match(document).has("a")).map(({ title }) => title);
		};
		const [first, second] = ["@hunter: https://drop.evil-host.top/x", "@hunter: https://t.co/b"];
		for (const query of ["evil-host[.]top", "link:drop", "text:drop", "hxxps://drop.evil-host.top/x", "indicator:evil-host.top"]) expect([query, await found(query)]).toEqual([query, [first]]);
		expect(await found("link:t.co")).toEqual([second]);
		expect(await found("end.top")).toEqual([]);
		const to = { to: "https://www.end.top/", at: AT.toISOString() };
		await db().execute(`UPDATE tweet SET followed = ${lit(JSON.stringify({ "https://drop.evil-host.top/x": to, "https://t.co/b": to }))}`);
		expect((await found("end.top")).sort()).toEqual([first, second]);
	});

	describe("reputation", () => {
		const listed = lineSource({
			format: { kind: "csv", header: "none", columns: ["value", "says", "last"] },
			row: ({ cells }) => ({
				value: cells.value ?? "",
				as: "any",
				...(cells.says === undefined ? {} : { description: cells.says }),
				...(cells.last === undefined ? {} : { lastSeen: new Date(cells.last) }),
			}),
		});
		const list = async (text: string, ownDomains: string[] = []): Promise<HuntDocument[]> => {
			await again();
			expect(await runSource(testContext(db(), [listed], { ownDomains }), listed, { text })).toMatchObject({ state: "ok" });
			return huntedOf(kind("reputation"), db(), (await takeChanges(db())).reputation ?? []);
		};
		const of = (documents: HuntDocument[]) => documents.map(({ fields }) => fields.value).sort();

		it("notes what is new, says something else or is listed again, and not what only has another date", async () => {
			expect(of(await list("evil.top,a,2026-11-01\nworse.top,a,2026-11-01\n"))).toEqual(["evil.top", "worse.top"]);
			expect(of(await list("evil.top,a,2026-11-02\nworse.top,b,2026-11-02\n"))).toEqual(["worse.top"]);
			expect(of(await list("worse.top,b,2026-11-02\n"))).toEqual([]);
			expect(of(await list("evil.top,a,2026-11-02\nworse.top,b,2026-11-02\n"))).toEqual(["evil.top"]);
		});

		it("looks at what is one's own and on warning lists, too", async () => {
			const documents = await list("www.our-bank.com,a,2026-11-01\n8.8.8.8,b,2026-11-01\n", ["our-bank.com"]);
			expect(documents.flatMap(values).sort()).toEqual(["8.8.8.8", "www.our-bank.com"]);
		});
	});
});
