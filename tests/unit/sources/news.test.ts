import { describe, expect, test } from "vitest";
import { SuspectBody } from "@/lib/net";
import { newsSources } from "@/lib/sources/news";
import { readNews } from "@/lib/sources/news-feed";
import type { FeedReading, NewsItem } from "@/lib/sources/record";
import { fixturePath, fixtureStream } from "@/tests/fakes/fixtures";

const NOW = new Date("2026-11-24T12:00:00Z");

async function parse(id: string): Promise<NewsItem[]> {
	const source = newsSources.find((one) => one.id === id);
	const reading = source?.reading as FeedReading<NewsItem>;
	const items: NewsItem[] = [];
	for await (const read of reading.parse({ bytes: fixtureStream(fixturePath(id) as string), contentType: undefined, url: `${id}.xml`, now: NOW })) {
		expect(read.ok).toBe(true);
		if (read.ok) items.push(read.item);
	}
	return items;
}

async function one(item: string, now = NOW): Promise<NewsItem> {
	const body = Buffer.from(`<rss><channel><item><title>T</title>${item}</item></channel></rss>`);
	for await (const read of readNews(
		{
			bytes: (async function* () {
				yield body;
			})(),
			contentType: "text/xml",
			url: "https://feed.example/rss",
			now,
		},
		{ title: "Named", url: "https://named.example/" },
	)) {
		if (read.ok) return read.item;
	}
	return expect.unreachable("no item");
}

describe("news sources", () => {
	test.each([
		["bleepingcomputer", 12, { sourceTitle: "BleepingComputer", sourceUrl: "https://www.bleepingcomputer.com/", author: "Sergiu Gatlan", categories: ["Security"] }],
		["crowdstrike", 10, { sourceTitle: "Blog", content: "", guid: "https://www.crowdstrike.com/?p=759938" }],
		["databreaches", 10, { sourceTitle: "DataBreaches.Net", guid: "https://databreaches.net/?p=123006" }],
		["cisa-advisories", 10, { guid: "/node/23643", base: "https://www.cisa.gov/", author: "CISA" }],
		["microsoft-security", 10, { contentKind: "html", author: "Microsoft Threat Intelligence" }],
	])("%s", async (id, count, first) => {
		const items = await parse(id);
		expect(items).toHaveLength(count);
		expect(items[0]).toMatchObject(first);
	});

	test("what the feed does not say of itself, the source says", async () => {
		expect(await one("")).toMatchObject({ sourceTitle: "Named", sourceUrl: "https://named.example/", content: "", contentKind: "text" });
	});

	test("a date far ahead is none: an entry must not stand on top for years", async () => {
		expect((await one("<pubDate>Wed, 25 Nov 2026 10:00:00 GMT</pubDate>")).published?.toISOString()).toBe("2026-11-25T10:00:00.000Z");
		expect(await one("<pubDate>Sat, 28 Nov 2026 10:00:00 GMT</pubDate>")).not.toHaveProperty("published");
	});

	test("a web page in place of the feed is refused", async () => {
		const parts = (async function* () {
			yield Buffer.from("<!DOCTYPE html><html><title>Just a moment...</title></html>");
		})();
		const reading = newsSources[0]?.reading as FeedReading<NewsItem>;
		await expect(reading.parse({ bytes: parts, contentType: "text/html", url: "x", now: NOW })[Symbol.asyncIterator]().next()).rejects.toThrow(SuspectBody);
	});
});
