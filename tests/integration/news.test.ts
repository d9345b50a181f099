import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { housekeeping } from "@/lib/ingest";
import type { Database } from "@/lib/platform";
import { namedBy, relatedTo } from "@/lib/search";
import { newsSources } from "@/lib/sources/news";
import { chart, count, get, list } from "@/lib/trackers/list";
import { type NewsRow, news } from "@/lib/trackers/news";
import { fixturePath } from "../fakes/fixtures";
import { DRIVERS, freshDatabase, type TestDatabase } from "../harness/database";
import { runSource, testContext } from "../harness/ingest";

const source = (id: string) => newsSources.find((one) => one.id === id) as (typeof newsSources)[number];
const file = (id: string) => ({ file: fixturePath(id) as string });
const ask = (text: string) => news.parse(new URLSearchParams(text));

interface Entry {
	title: string;
	link?: string;
	guid?: string;
	date?: string;
	text?: string;
}
const feed = (...entries: Entry[]): { text: string } => ({
	text: `<rss><channel><title>Feed</title><link>https://feed.example/</link>${entries
		.map(
			({ title, link, guid, date, text }) =>
				`<item><title>${title}</title>${link === undefined ? "" : `<link>${link}</link>`}${guid === undefined ? "" : `<guid isPermaLink="false">${guid}</guid>`}${date === undefined ? "" : `<pubDate>${date}</pubDate>`}<description><![CDATA[${text ?? ""}]]></description></item>`,
		)
		.join("")}</channel></rss>`,
});

describe.each(DRIVERS)("news over %s", (driver) => {
	let fresh: TestDatabase;
	beforeAll(async () => {
		fresh = await freshDatabase(driver);
	});
	beforeEach(() => fresh.clear());
	afterAll(() => fresh.drop());

	const run = (id: string, body: { text: string } | { file: string }, now?: Date) => runSource(testContext(fresh.database, newsSources, now === undefined ? {} : { now: () => now }), source(id), body);
	const rows = async (text = ""): Promise<NewsRow[]> => (await list(news, ask(text), fresh.database)).rows;

	it("reads the publishers' own feeds", async () => {
		const counts: Record<string, number> = { bleepingcomputer: 12, crowdstrike: 10, databreaches: 10, "cisa-advisories": 10, "microsoft-security": 10 };
		for (const [id, entries] of Object.entries(counts)) expect(await run(id, file(id))).toMatchObject({ state: "ok", read: entries, new: entries, setAside: 0 });
		expect(await count(news, ask(""), fresh.database)).toEqual({ count: 52, estimated: false });
		const [interlock] = await rows("search=interlock+ransomware&source=1405");
		expect(interlock).toMatchObject({ title: "#StopRansomware: Interlock", isDated: true, author: "CISA", source: { number: 1405 }, sourceTitle: "CISA Cybersecurity Advisories" });
		expect(interlock?.content).toContain('<a href="https://www.cisa.gov/stopransomware/stopransomware" rel="noopener noreferrer nofollow" target="_blank">');
		expect(interlock?.content).not.toMatch(/<(?:script|img|style|iframe)|\son\w+=|style=|class=/);
		const named = await namedBy("news", interlock?.id ?? "", fresh.database);
		expect(named.filter(({ indicator }) => indicator.type === "sha256")).toHaveLength(35);
		expect((await rows("cve=CVE-2023-38831")).map(({ title }) => title)).toEqual([
			"Russian GRU Targeting Western Logistics Entities and Technology Companies",
			"2023 Top Routinely Exploited Vulnerabilities",
		]);
		expect(await count(news, ask("source=1401"), fresh.database)).toEqual({ count: 12, estimated: false });
		for (const id of Object.keys(counts)) expect(await run(id, file(id))).toMatchObject({ state: "unchanged" });
	});

	it("gives the original's fields, newest first", async () => {
		await run("bleepingcomputer", file("bleepingcomputer"));
		const found = await rows();
		expect([...found].sort((a, b) => b.publishedAt.getTime() - a.publishedAt.getTime())).toEqual(found);
		const item = news.toApi(found[0] as NewsRow);
		expect(Object.keys(item).slice(0, 7)).toEqual(["id", "title", "datetime", "referrer", "content", "source_title", "source_url"]);
		expect(news.item.parse(item)).toEqual(item);
		expect(await rows("datetime_after=2025-07-24T21:00:00Z&datetime_before=2025-07-24")).toHaveLength(found.filter(({ publishedAt }) => publishedAt.getTime() >= Date.UTC(2025, 6, 24, 21)).length);
	});

	it("makes one leader of a story that two runs bring at once", async () => {
		const title = "Attackers exploit unpatched mail gateways around the world";
		const first = feed({ title: "First telling", link: "https://pub.example/a/story", guid: "1" }, { title, link: "https://krebs.example/1", guid: "2" });
		const second = feed({ title: "Another heading", link: "https://pub.example/a/story?utm_source=x", guid: "x" }, { title, link: "https://week.example/2", guid: "y" });
		let other: Promise<unknown> = Promise.resolve();
		// The second run begins when the first has decided and not yet written, which goes on when the second waits for it, or has read.
		const watched = (hooks: { execute?: (text: string) => unknown; queried?: (text: string) => void }): Database => ({
			...fresh.database,
			transaction: (work) =>
				fresh.database.transaction((tx) =>
					work({
						...tx,
						query: async <T>(text: string) => {
							const found = await tx.query<T>(text);
							hooks.queried?.(text);
							return found;
						},
						execute: async (text) => {
							await hooks.execute?.(text);
							return tx.execute(text);
						},
					}),
				),
		});
		let goOn = (): void => {};
		const isOtherThere = new Promise<void>((resolve) => {
			goOn = resolve;
		});
		const secondDatabase = watched({ execute: (text) => /INTO setting/.test(text) && goOn(), queried: (text) => /FROM news WHERE title_key/.test(text) && goOn() });
		const firstDatabase = watched({
			execute: (text) => {
				if (!/^INSERT INTO news /.test(text)) return;
				other = runSource(testContext(secondDatabase, newsSources), source("securityweek"), second);
				return isOtherThere;
			},
		});
		expect(await runSource(testContext(firstDatabase, newsSources), source("krebs"), first)).toMatchObject({ state: "ok", new: 2 });
		expect(await other).toMatchObject({ state: "ok", new: 2 });
		expect((await rows()).map((row) => [row.title, row.source.slug, row.alsoIn.map(({ source: { slug } }) => slug)]).sort()).toEqual([
			[title, "krebs", ["securityweek"]],
			["First telling", "krebs", ["securityweek"]],
		]);
	});

	it("tells a story once: by address whatever the tracking, by title within days and among publishers", async () => {
		const title = "Attackers exploit unpatched mail gateways around the world";
		await run(
			"krebs",
			feed(
				{ title: "First telling of it", link: "https://pub.example/a/story?utm_source=rss", guid: "1", date: "Mon, 02 Nov 2026 10:00:00 GMT" },
				{ title, link: "https://krebs.example/1", guid: "2", date: "Mon, 02 Nov 2026 11:00:00 GMT" },
			),
		);
		await run(
			"securityweek",
			feed(
				{ title: "Another heading", link: "http://www.pub.example/a/story/#top", guid: "x", date: "Tue, 03 Nov 2026 10:00:00 GMT" },
				{ title: title.toUpperCase(), link: "https://week.example/2", guid: "y", date: "Tue, 03 Nov 2026 10:00:00 GMT" },
			),
		);
		// Weeks later the same heading is news again, and a publisher that repeats its own has something to add.
		await run("schneier", feed({ title, link: "https://other.example/3", guid: "z", date: "Mon, 23 Nov 2026 10:00:00 GMT" }));
		await run("krebs", feed({ title, link: "https://krebs.example/9", guid: "9", date: "Mon, 02 Nov 2026 12:00:00 GMT" }));
		const leads = await rows();
		expect(leads.map((row) => [row.source.slug, row.guid, row.alsoIn.map(({ source: other }) => other.slug)])).toEqual([
			["schneier", "z", []],
			["krebs", "9", []],
			["krebs", "2", ["securityweek"]],
			["krebs", "1", ["securityweek"]],
		]);
		expect(await count(news, ask(""), fresh.database)).toEqual({ count: 4, estimated: false });
		expect(await count(news, ask("repeats=true"), fresh.database)).toEqual({ count: 6, estimated: false });
		expect(await rows("repeats=true")).toHaveLength(6);
		const repeated = await rows("source=1416");
		expect(repeated.map((row) => row.alsoIn.map(({ source: other }) => other.slug))).toEqual([["krebs"], ["krebs"]]);
		expect(await rows("search=another+heading")).toHaveLength(1);
		const days = await chart(news, ask(""), fresh.database, new Date("2026-11-24T12:00:00Z"));
		expect(days.filter(({ count: entries }) => entries > 0)).toEqual([
			{ day: "2026-11-02", count: 3 },
			{ day: "2026-11-23", count: 1 },
		]);
		const detail = await get(news, leads[2]?.id ?? "", fresh.database);
		expect(news.toApi(detail as NewsRow).also_in).toEqual([{ id: detail?.alsoIn[0]?.id, source: "SecurityWeek" }]);
	});

	it("keeps the first reading's time where a feed gives no date, and its place when the entry changes", async () => {
		const [day1, day2] = [new Date("2026-11-01T10:00:00Z"), new Date("2026-11-05T10:00:00Z")];
		await run("krebs", feed({ title: "An entry without any date", guid: "1", link: "https://k.example/1" }), day1);
		expect(await run("krebs", feed({ title: "An entry without any date, corrected", guid: "1", link: "https://k.example/1" }), day2)).toMatchObject({ new: 0, updated: 1 });
		expect(await rows()).toMatchObject([{ title: "An entry without any date, corrected", publishedAt: day1, isDated: false }]);
		expect(await run("krebs", feed({ title: "An entry without any date, corrected", guid: "1", link: "https://k.example/1" }, { title: "New one", guid: "2" }), day2)).toMatchObject({
			new: 1,
			updated: 0,
			unchanged: 1,
		});
	});

	it("stores no script, no picture, no hostile link; the text is searched as text", async () => {
		const text =
			'<p onclick="alert(1)">Payload at evil-payload[.]top</p><script>alert("hidden words")</script><img src="https://t.example/p.gif"><a href="javascript:alert(1)">x</a><iframe src="//e.example"></iframe>';
		await run("krebs", feed({ title: "&lt;script&gt;alert(1)&lt;/script&gt; in a title", guid: "1", link: "javascript:alert(1)", text }));
		const [row] = await rows();
		expect(row).toMatchObject({ title: "<script>alert(1)</script> in a title", link: null, content: "<p>Payload at evil-payload[.]top</p><a>x</a>" });
		expect(await rows("search=evil-payload.top")).toHaveLength(1);
		expect(await rows("search=hidden+words")).toHaveLength(0);
	});

	it("marks the article's own site and well-known services, and ties articles that name the same", async () => {
		await run("krebs", feed({ title: "One", guid: "1", link: "https://krebsonsecurity.com/1", text: "C2 at bad-c2-host[.]top, see krebsonsecurity.com and https://github.com/a/b" }));
		await run("schneier", feed({ title: "Two", guid: "2", link: "https://www.schneier.com/2", text: "Again bad-c2-host[.]top. github.com." }));
		const [two, one] = await rows("repeats=true").then((found) => [...found].sort((a, b) => b.title.localeCompare(a.title)));
		const named = await namedBy("news", one?.id ?? "", fresh.database);
		expect(Object.fromEntries(named.map(({ indicator, mark }) => [indicator.value, mark]))).toEqual({
			"bad-c2-host.top": null,
			"krebsonsecurity.com": "own-site",
			"https://github.com/a/b": "popular",
		});
		const related = await relatedTo("news", one?.id ?? "", named, fresh.database);
		expect(related.map(({ tracker, rows: found }) => [tracker, (found as NewsRow[]).map(({ id }) => id)])).toEqual([["news", [two?.id]]]);
	});

	it("is suspect when the feed is a web page, breaks off or is empty, and keeps what it had", async () => {
		await run("krebs", feed({ title: "One", guid: "1" }));
		for (const [text, reason] of [
			["<!DOCTYPE html><html><title>Just a moment...</title></html>", "web page"],
			[feed({ title: "Two", guid: "2" }).text.slice(0, -20), "broken"],
			["<rss><channel><title>Feed</title></channel></rss>", "no records"],
			['<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&x;</title></item></channel></rss>', "internal subset"],
		] as const) {
			expect(await run("krebs", { text })).toMatchObject({ state: "suspect", reason: expect.stringContaining(reason) });
			expect(await rows()).toHaveLength(1);
		}
	});

	it("day counts that drifted are counted anew", async () => {
		await run("bleepingcomputer", file("bleepingcomputer"));
		const before = await count(news, ask("repeats=true&source=1401"), fresh.database);
		await fresh.database.execute("UPDATE daily_count SET records = records + 5 WHERE tracker = 'news'");
		await housekeeping({ milliseconds: 20_000, from: "recount" }, testContext(fresh.database, newsSources));
		expect(await count(news, ask("source=1401"), fresh.database)).toEqual({ count: 12, estimated: false });
		expect(before.count).toBe(12);
	});

	it("reads a packed feed", async () => {
		const folder = mkdtempSync(join(tmpdir(), "exist-news-"));
		try {
			const path = join(folder, "feed.xml.gz");
			writeFileSync(path, gzipSync(feed({ title: "Packed", guid: "1" }).text));
			expect(await run("krebs", { file: path })).toMatchObject({ state: "ok", new: 1 });
		} finally {
			rmSync(folder, { recursive: true });
		}
	});
});
