import { afterAll, beforeAll, expect, test } from "vitest";
import { routeTo } from "@/lib/ingest";
import { guardedFetch } from "@/lib/net";
import { newsSources } from "@/lib/sources/news";
import type { FeedReading, Json, NewsItem, PullReading, TweetItem } from "@/lib/sources/record";
import { twitterSources } from "@/lib/sources/twitter";
import { startUpstreams } from "@/tests/fakes/upstreams";

let upstreams: Awaited<ReturnType<typeof startUpstreams>>;
beforeAll(async () => {
	upstreams = await startUpstreams();
});
afterAll(() => upstreams.stop());

const ask = (url: string, headers: Record<string, string> = {}) => guardedFetch(url, { headers, policy: { allowLoopback: true }, route: routeTo(upstreams.url) });

test.each(newsSources.map((source) => [source.id, source] as const))("the demonstration serves %s", async (_id, source) => {
	const reading = source.reading as FeedReading<NewsItem>;
	const url = reading.url as string;
	const answer = await ask(url);
	const items: NewsItem[] = [];
	for await (const read of reading.parse({ bytes: answer.body, contentType: answer.headers["content-type"], url, now: new Date() })) {
		expect(read.ok).toBe(true);
		if (read.ok) items.push(read.item);
	}
	expect(items.length).toBeGreaterThan(0);
	for (const { published, link } of items) {
		expect(published).toBeInstanceOf(Date);
		expect(link).toMatch(/^https:/);
	}
	const again = await ask(url, { "if-none-match": answer.headers.etag ?? "" });
	expect(again.status).toBe(304);
	for await (const _ of again.body) break;
});

test.each(twitterSources.map((source) => [source.id, source] as const))("the demonstration serves %s", async (_id, source) => {
	const reading = source.reading as unknown as PullReading<TweetItem, Json>;
	const account = { appKey: "demo-app", appSecret: "demo-app-secret", accessToken: "demo-account", accessSecret: "demo-account-secret" };
	const tools = {
		secret: JSON.stringify({ users: [account], bearers: ["demo-bearer"], lists: ["1001"] }),
		now: new Date(),
		secondsLeft: () => 60,
		sleep: async () => {},
		searches: async () => [{ key: "any", label: "any", query: "emotet OR from:sample_cert", since: new Date(Date.now() - 6.9 * 86_400_000) }],
		fetch: async ({ url, headers }: { url: string; headers?: Record<string, string> }) => {
			const { status, headers: got, body } = await ask(url, headers);
			expect(status).toBe(200);
			let text = "";
			for await (const chunk of body) text += Buffer.from(chunk).toString("utf8");
			return { status, headers: got, text: async () => text, json: async () => JSON.parse(text) as unknown, bytes: body };
		},
	};
	const slice = await reading.next(null, tools);
	expect(slice.items.filter((read) => !read.ok)).toEqual([]);
	// Timelines give everything, a search of seven days what matches of it.
	expect(slice.items.length).toBeGreaterThan(source.id === "x-search" ? 8 : 20);
});
