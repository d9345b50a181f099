import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { guardedFetch } from "@/lib/net";
import { type Json, PullFailure, type PullReading, type PullTools, type Slice, type TweetItem } from "@/lib/sources/record";
import { xHome } from "@/lib/sources/twitter/x-home";
import { xLists } from "@/lib/sources/twitter/x-lists";
import { expandedText, readTweets, type TweetPage } from "@/lib/sources/x-tweets";
import { answerX, type FakeTweet, type FakeX, fakeX } from "@/tests/fakes/twitter";
import { fixture, fixtureJson } from "../net/helpers";

const page = (name: string): TweetPage => JSON.parse(fixture(`feeds/${name}`).toString("utf8")) as TweetPage;
const items = (name: TweetPage | string): TweetItem[] => readTweets(typeof name === "string" ? page(name) : name).flatMap((read) => (read.ok ? [read.item] : []));

describe("tweets as X gives them", () => {
	test("a home timeline", () => {
		const tweets = items("x-home.json");
		expect(tweets).toHaveLength(5);
		expect(tweets[0]).toMatchObject({ id: "1524796546306478083", user: "Twitter Dev", screenName: "TwitterDev", userId: "2244994945", published: new Date("2022-05-12T17:00:00Z"), links: [] });
		expect(tweets[0]?.text).toContain("🚀");
	});

	test("a list", () => {
		expect(items("x-lists.json")).toMatchObject([{ id: "1067094924124872705", published: new Date("2018-11-26T16:37:10Z"), screenName: "TwitterDev" }]);
	});

	test("links, answers, languages, and authors whom X does not show", () => {
		const tweets = items("x-search.json");
		expect(tweets[0]).toMatchObject({
			links: [{ short: "https://t.co/14TzLYBBXi", expanded: "https://twitter.com/happycamper/status/1276035977375477760/photo/1", shown: "pic.twitter.com/14TzLYBBXi" }],
			refersTo: [{ kind: "replied_to", id: "1275653067283759104" }],
			language: "en",
		});
		expect(tweets[2]).not.toHaveProperty("language");
		const { includes: _includes, ...bare } = page("x-search.json");
		expect(items(bare)[0]).toMatchObject({ user: "63046977", screenName: "63046977" });
	});

	const tweet = (more: Record<string, unknown>): TweetPage =>
		({
			data: [{ id: "1524796546306478083", text: "x", author_id: "1", edit_history_tweet_ids: [], created_at: "2022-05-12T17:00:00.000Z", ...more }],
			includes: { users: [{ id: "1", name: "A & B", username: "ab" }] },
		}) as unknown as TweetPage;

	test("entities are decoded once, long posts are whole", () => {
		expect(items(tweet({ text: "a &amp;lt; b &lt;script&gt; &amp; c" }))[0]?.text).toBe("a &lt; b <script> & c");
		const long = items(
			tweet({
				text: "Begins …",
				note_tweet: {
					text: `Begins and ${"goes on ".repeat(500)}&amp; ends https://t.co/a`,
					entities: { urls: [{ url: "https://t.co/a", expanded_url: "https://evil.top/x", display_url: "evil.top/x" }] },
				},
			}),
		);
		expect(long[0]?.text).toMatch(/& ends https:\/\/t\.co\/a$/);
		expect(expandedText(long[0] as TweetItem)).toMatch(/ends https:\/\/evil\.top\/x$/);
	});

	test("a retweet has the whole text and links of what it repeats", () => {
		const read = tweet({ text: "RT @cd: cut …", referenced_tweets: [{ type: "retweeted", id: "15" }] });
		read.includes = {
			users: [
				{ id: "1", name: "A", username: "ab" },
				{ id: "2", name: "C", username: "cd" },
			],
			tweets: [{ id: "15", author_id: "2", text: "the whole text https://t.co/b", entities: { urls: [{ url: "https://t.co/b", expanded_url: "https://c.top/" }] } }],
		} as unknown as NonNullable<TweetPage["includes"]>;
		expect(items(read)).toMatchObject([
			{ text: "RT @cd: the whole text https://t.co/b", screenName: "ab", links: [{ short: "https://t.co/b", expanded: "https://c.top/" }], refersTo: [{ kind: "retweeted", id: "15" }] },
		]);
	});

	test("ids keep all their digits, and give the time where X leaves it out", () => {
		const id = "9223372036854775807";
		expect(items(tweet({ id, created_at: undefined }))[0]).toMatchObject({ id });
		expect(items(tweet({ created_at: undefined }))[0]?.published.toISOString()).toBe("2022-05-12T17:00:00.646Z");
	});

	test.each([
		[{ id: "9223372036854775808" }, /64-bit/],
		[{ id: 12 }, /64-bit/],
		[{ id: "1e3" }, /64-bit/],
		[{ text: undefined }, /no text/],
		[{ author_id: undefined }, /no author/],
		[{ id: "20", created_at: "soon" }, /no date/],
		[{ text: "x".repeat(30_001) }, /30001 characters/],
	])("%j is set aside", (more, reason) => {
		expect(readTweets(tweet(more))).toMatchObject([{ ok: false, reason: expect.stringMatching(reason) as string }]);
	});

	test("links are http and https only", () => {
		const urls = [
			{ url: "javascript:alert(1)", expanded_url: "https://a.top/" },
			{ url: "https://t.co/a", expanded_url: "data:text/html,x" },
			{ url: "https://t.co/a", expanded_url: "https://twice.top/" },
		];
		expect(items(tweet({ entities: { urls } }))[0]?.links).toEqual([{ short: "https://t.co/a" }]);
	});

	test("every emoji and every naughty string comes out as it went in", () => {
		const emoji: string[] = [];
		for (let code = 0x203c; code <= 0x1faff; code++) if (/\p{Emoji_Presentation}|\p{Extended_Pictographic}/u.test(String.fromCodePoint(code))) emoji.push(String.fromCodePoint(code));
		emoji.push("👩‍👩‍👧‍👦", "🏴‍☠️", "🇯🇵", "👍🏽", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿");
		expect(emoji.length).toBeGreaterThan(1200);
		for (const text of [emoji.join(""), ...emoji]) expect(items(tweet({ text }))[0]?.text).toBe(text);
		const { blns } = fixtureJson<{ blns: string[] }>("security/naughty-strings.json");
		for (const text of blns) {
			const read = items(tweet({ text, entities: { urls: [{ url: text, expanded_url: text, display_url: text }] } }))[0];
			expect(read?.text.isWellFormed()).toBe(true);
			for (const link of read?.links ?? []) expect(link.short).toMatch(/^https?:/);
			// Control characters and marks that turn the direction are the only ones that go.
			if (!/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069&]/.test(text)) expect(read?.text).toBe(text);
		}
	});
});

let fake: FakeX;
let server: Server;
let base: string;
beforeAll(async () => {
	server = createServer((request, response) => answerX(fake, request, response, new URL(request.url ?? "/", base)));
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
	server.closeAllConnections();
	server.close();
});

/** The tools ingest hands in, over the guard, to the loopback fake. */
function tools(secret: unknown, now = new Date()): PullTools {
	return {
		secret: JSON.stringify(secret),
		now,
		secondsLeft: () => 60,
		sleep: async () => {},
		fetch: async ({ url, headers }) => {
			const { status, headers: got, body } = await guardedFetch(url, { headers: headers ?? {}, policy: { allowLoopback: true } });
			const chunks: Uint8Array[] = [];
			for await (const chunk of body) chunks.push(chunk);
			const text = Buffer.concat(chunks).toString("utf8");
			if (status >= 300) throw new PullFailure(`X answered ${status} ("${text.slice(0, 60)}").`, status, undefined, got);
			return { status, headers: got, text: async () => text, json: async () => JSON.parse(text) as unknown, bytes: (async function* () {})() };
		},
	};
}

interface Run {
	ids: string[];
	aside: string[];
	notes: string[];
	last: Slice<TweetItem, Json>;
}

/** One run: slices until it is done. */
async function run(source: typeof xHome, mark: Json | null, secret: unknown, now = new Date()): Promise<Run> {
	const reading = source.reading as unknown as PullReading<TweetItem, Json>;
	const done: Run = { ids: [], aside: [], notes: [], last: { items: [], mark, done: false } };
	for (let turn = 0; turn < 100; turn++) {
		// As ingest does, the mark goes through the database.
		const stored = done.last.mark === null ? null : (JSON.parse(JSON.stringify(done.last.mark)) as Json);
		done.last = await reading.next(stored, tools(secret, now));
		for (const read of done.last.items) (read.ok ? done.ids : done.aside).push(read.ok ? read.item.id : `${read.where}: ${read.reason}`);
		done.notes.push(done.last.note ?? "");
		if (done.last.done || done.last.waitUntil !== undefined) return done;
	}
	throw new Error("the run does not end");
}

const tweets = (from: number, count: number, author = "1"): FakeTweet[] =>
	Array.from({ length: count }, (_, at) => ({ id: String(1_500_000_000_000_000_000n + BigInt(from + count - 1 - at)), text: `Tweet ${from + count - 1 - at}`, author_id: author }));
const id = (number: number): string => String(1_500_000_000_000_000_000n + BigInt(number));
const account = (number: number) => ({ appKey: "app", appSecret: "app+secret/1", accessToken: `${number}-token`, accessSecret: `secret&${number}` });
const credentials = (number: number) => ({ token: `${number}-token`, signing: { appSecret: "app+secret/1", accessSecret: `secret&${number}` }, userId: String(number) });
const users = [{ id: "1", name: "One", username: "one" }];
const access = (more: object = {}) => ({ users: [account(7)], bearers: [], lists: [], api: base, ...more });
let clock = Date.now();
/** The next run's start: a minute after the one before. */
function later(): Date {
	clock += 60_000;
	return new Date(clock);
}

beforeEach(() => {
	fake = fakeX({ credentials: [credentials(7), credentials(8), { token: "bearer-1" }, { token: "bearer-2" }], users, resetAt: Math.floor(clock / 1000) + 600 });
});

describe("a home timeline", () => {
	test("is signed, read page by page, and goes on at what is known", async () => {
		fake.home["7"] = tweets(0, 350);
		const first = await run(xHome, null, access(), later());
		// Two pages of the first run; the rest is older than anybody asked for.
		expect(first.ids).toEqual(tweets(150, 200).map((tweet) => tweet.id));
		expect(first.last.limits).toEqual([{ label: "account 1", state: "free", window: { limit: 15, remaining: 12, resetAt: new Date(fake.resetAt * 1000).toISOString() } }]);
		expect(fake.asked.map(({ path }) => path)).toEqual(["/2/users/me", "/2/users/7/timelines/reverse_chronological", "/2/users/7/timelines/reverse_chronological"]);
		fake.home["7"] = [...tweets(350, 230), ...fake.home["7"]];
		fake.asked = [];
		const second = await run(xHome, first.last.mark, access(), later());
		expect(second.ids).toEqual(tweets(350, 230).map((tweet) => tweet.id));
		expect(fake.asked.map(({ query }) => [query.get("since_id"), query.get("pagination_token")])).toEqual([
			[id(349), null],
			[id(349), "t100"],
			[id(349), "t200"],
		]);
		expect((await run(xHome, second.last.mark, access(), later())).ids).toEqual([]);
	});

	test("of several accounts is read with each one's own credentials", async () => {
		fake.home = { 7: tweets(0, 3), 8: tweets(100, 2) };
		const read = await run(xHome, null, access({ users: [account(7), account(8)] }), later());
		expect(read.ids).toEqual([...tweets(0, 3), ...tweets(100, 2)].map((tweet) => tweet.id));
		expect(fake.asked.map(({ token }) => token)).toEqual(["7-token", "7-token", "8-token", "8-token"]);
	});

	test("what fails midway keeps its place", async () => {
		fake.home["7"] = tweets(0, 10);
		const { last } = await run(xHome, null, access(), later());
		fake.home["7"] = tweets(0, 260);
		const reading = xHome.reading as unknown as PullReading<TweetItem, Json>;
		const now = later();
		const slice = await reading.next(last.mark, tools(access(), now));
		expect([slice.items.length, slice.done]).toEqual([100, false]);
		fake.faults.set("/2/users/7/timelines/reverse_chronological", { status: 503, body: "busy" });
		await expect(reading.next(slice.mark, tools(access(), now))).rejects.toThrow("503");
		fake.home["7"] = tweets(0, 265);
		const resumed = await run(xHome, slice.mark, access(), later());
		// The rest of the pages, then what came in between; the five that X pushed into the next page come twice and are one record each.
		expect(new Set([...slice.items.flatMap((read) => (read.ok ? [read.item.id] : [])), ...resumed.ids, ...(await run(xHome, resumed.last.mark, access(), later())).ids])).toEqual(
			new Set(tweets(10, 255).map((tweet) => tweet.id)),
		);
	});

	test("a page that X no longer knows is read from the top", async () => {
		fake.home["7"] = tweets(0, 10);
		const { last } = await run(xHome, null, access(), later());
		fake.home["7"] = tweets(0, 150);
		const slice = await (xHome.reading as unknown as PullReading<TweetItem, Json>).next(last.mark, tools(access(), later()));
		fake.faults.set("/2/users/7/timelines/reverse_chronological", { status: 400, body: '{"title":"Invalid Request"}' });
		const read = await run(xHome, slice.mark, access(), later());
		expect(read.ids).toEqual(tweets(10, 140).map((tweet) => tweet.id));
		expect(read.notes[0]).toContain("from the top");
	});

	test("an account at its limit rests until X says, the others are read", async () => {
		fake.home = { 7: tweets(0, 3), 8: tweets(100, 2) };
		(fake.credentials[0] as { remaining?: number }).remaining = 0;
		const read = await run(xHome, null, access({ users: [account(7), account(8)] }), later());
		expect(read.ids).toEqual(tweets(100, 2).map((tweet) => tweet.id));
		expect(read.notes.join()).toContain("account 1 is at its limit until");
		fake.asked = [];
		const again = await run(xHome, read.last.mark, access(), later());
		expect([fake.asked, again.last.waitUntil?.getTime()]).toEqual([[], fake.resetAt * 1000]);
	});

	test("an account that X refuses is named, the others are read; none left fails", async () => {
		fake.home = { 7: tweets(0, 3), 8: tweets(100, 2) };
		(fake.credentials[0] as { refusal?: unknown }).refusal = { status: 402, body: { title: "CreditsDepleted" } };
		const read = await run(xHome, null, access({ users: [account(7), account(8)] }), later());
		expect(read.ids).toHaveLength(2);
		expect(read.aside).toMatchObject([expect.stringMatching(/^home of account 1: X refuses it \(account 1: 402 .*CreditsDepleted/) as string]);
		await expect(run(xHome, read.last.mark, access(), later())).rejects.toThrow(/X refused every credential \(account 1: 402/);
		await expect(run(xHome, null, access({ users: [{ ...account(7), accessSecret: "wrong" }] }), later())).rejects.toThrow(/401/);
	});

	test("no secret stands in any message or mark", async () => {
		fake.home = { 7: tweets(0, 3) };
		const read = await run(xHome, null, access(), later());
		const said = JSON.stringify([read.last.mark, read.notes, read.aside]);
		for (const secret of ["7-token", "app+secret", "secret&7"]) expect(said).not.toContain(secret);
		await expect(run(xHome, null, "nonsense", later())).rejects.toThrow("variables that begin with TWITTER_");
	});
});

describe("lists", () => {
	const lists = (more: object = {}) => access({ users: [], bearers: ["bearer-1"], lists: ["42"], ...more });

	test("are read until a page meets what is known", async () => {
		fake.lists["42"] = tweets(0, 30);
		const first = await run(xLists, null, lists(), later());
		expect(first.ids).toHaveLength(30);
		fake.lists["42"] = tweets(0, 95);
		fake.asked = [];
		const second = await run(xLists, first.last.mark, lists(), later());
		expect(second.ids).toEqual(tweets(30, 65).map((tweet) => tweet.id));
		expect(fake.asked.map(({ query }) => [query.get("max_results"), query.get("since_id"), query.get("pagination_token")])).toEqual([
			["50", null, null],
			["50", null, "t50"],
		]);
	});

	test("credentials take turns, and one at its limit is passed over", async () => {
		fake.lists = { 42: tweets(0, 5), 43: tweets(10, 5), 44: tweets(20, 5) };
		const secret = lists({ bearers: ["bearer-1", "bearer-2"], lists: ["42", "43", "44"] });
		const read = await run(xLists, null, secret, later());
		expect(fake.asked.map(({ token }) => token)).toEqual(["bearer-1", "bearer-2", "bearer-1"]);
		(fake.credentials[2] as { remaining?: number }).remaining = 0;
		fake.asked = [];
		fake.lists = { 42: tweets(0, 6), 43: tweets(10, 6), 44: tweets(20, 6) };
		const second = await run(xLists, read.last.mark, secret, later());
		expect(second.ids).toEqual([id(5), id(15), id(25)]);
		expect(fake.asked.filter(({ token }) => token === "bearer-1").length).toBeLessThanOrEqual(1);
	});

	test("what X grants is told of every credential: one fine, one at its limit, one refused", async () => {
		fake.lists = { 42: tweets(0, 5), 43: tweets(10, 5), 44: tweets(20, 5) };
		fake.credentials.push({ token: "bearer-3", refusal: { status: 403, body: { title: "Client Forbidden" } } });
		(fake.credentials[2] as { remaining?: number }).remaining = 0;
		const secret = lists({ bearers: ["bearer-1", "bearer-2", "bearer-3"], lists: ["42", "43", "44"] });
		const limited = fake.credentials[2]?.token === "bearer-1" ? 0 : 1;
		const resetAt = new Date(fake.resetAt * 1000).toISOString();
		const begin = later();
		const read = await run(xLists, null, secret, begin);
		expect(read.ids).toHaveLength(15);
		const rows = read.last.limits ?? [];
		expect(rows.map(({ label }) => label)).toEqual(["app 1", "app 2", "app 3"]);
		expect(rows[limited]).toEqual({ label: `app ${limited + 1}`, state: "resting", until: resetAt, window: { limit: 15, remaining: 0, resetAt } });
		expect(rows[1 - limited]).toMatchObject({ state: "free", window: { limit: 15, resetAt } });
		expect(rows[2]).toMatchObject({ label: "app 3", state: "refused" });
		expect(JSON.stringify(rows)).not.toContain("bearer");
		// It is asked again in each run, and is refused since the first time until X takes it back.
		const again = await run(xLists, read.last.mark, secret, later());
		expect(again.last.limits?.[2]).toEqual(rows[2]);
		(fake.credentials.at(-1) as { refusal?: unknown }).refusal = undefined;
		const mended = await run(xLists, again.last.mark, secret, later());
		expect(mended.last.limits?.[2]).toMatchObject({ state: "free", window: { limit: 15 } });
	});

	test("all at their limits: the run ends and says when the next can be", async () => {
		fake.lists["42"] = tweets(0, 5);
		for (const credential of fake.credentials) credential.remaining = 0;
		const read = await run(xLists, null, lists({ bearers: ["bearer-1", "bearer-2"] }), later());
		expect([read.ids, read.last.waitUntil?.getTime()]).toEqual([[], fake.resetAt * 1000]);
	});

	test("a list that is not there is set aside, the others are read", async () => {
		fake.lists["43"] = tweets(0, 2);
		const read = await run(xLists, null, lists({ lists: ["42", "43"] }), later());
		expect([read.ids.length, read.aside]).toEqual([2, ["list 42: X says: Could not find list with id: [42]."]]);
	});

	test("an account's credentials read lists as well", async () => {
		fake.lists["42"] = tweets(0, 2);
		expect((await run(xLists, null, access({ lists: ["42"] }), later())).ids).toHaveLength(2);
	});

	test("an answer that is no page fails the run and stores nothing", async () => {
		fake.faults.set("/2/lists/42/tweets", { status: 200, body: "<html>" });
		await expect(run(xLists, null, lists(), later())).rejects.toThrow();
	});
});
