import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { xSearchTrouble } from "@/lib/health";
import { createHunter, judge } from "@/lib/hunters";
import { judgeParts } from "@/lib/hunters/parts";
import { xSearches } from "@/lib/hunters/x";
import { routeTo } from "@/lib/ingest";
import type { Search } from "@/lib/sources/record";
import { twitterSources } from "@/lib/sources/twitter";
import { packSearches } from "@/lib/sources/x-search";
import { idOfTime } from "@/lib/sources/x-tweets";
import { list } from "@/lib/trackers/list";
import { twitter } from "@/lib/trackers/twitter";
import { answerX, type FakeTweet, type FakeX, fakeX } from "../fakes/twitter";
import { DRIVERS, freshDatabase, type TestDatabase } from "../harness/database";
import { runPull, testContext } from "../harness/ingest";

const searching = twitterSources[2] as (typeof twitterSources)[number];
const access = JSON.stringify({ users: [], bearers: ["bearer-1", "bearer-2"], lists: [] });
const HOUR = 3_600_000;
const began = Date.now() - 2 * HOUR;
const at = (minutes: number): Date => new Date(began + minutes * 60_000);
/** A tweet so many minutes after the searches began. */
const tweet = (minutes: number, text: string, more: Partial<FakeTweet> = {}): FakeTweet => ({
	id: String(BigInt(idOfTime(at(minutes))) + 7n),
	text,
	author_id: "1",
	created_at: at(minutes).toISOString(),
	...more,
});
const search = (key: string, query: string, since = at(0)): Search => ({ key, label: `"${key}"`, query, since });

let fake: FakeX;
let server: Server;
let upstream: string;
beforeAll(async () => {
	server = createServer((request, response) => answerX(fake, request, response, new URL((request.url ?? "/").slice("/api.x.com".length), "https://api.x.com")));
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	upstream = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
	server.closeAllConnections();
	server.close();
});

describe("searches packed into few questions", () => {
	it("keeps each whole, in parentheses beside others, and none longer than X takes", () => {
		expect(packSearches([search("a", "emotet OR qakbot"), search("b", "c2 -crypto")]).map(({ query }) => query)).toEqual(["(emotet OR qakbot) OR (c2 -crypto)"]);
		expect(packSearches([search("a", "emotet OR qakbot")]).map(({ query }) => query)).toEqual(["emotet OR qakbot"]);
		const many = Array.from({ length: 50 }, (_, n) => search(`k${n}`, `word${n} "and some more ${n}"`));
		const packs = packSearches(many);
		expect(Math.max(...packs.map(({ query }) => query.length))).toBeLessThanOrEqual(512);
		expect(packs.flatMap(({ searches }) => searches.map(({ key }) => key)).sort()).toEqual(many.map(({ key }) => key).sort());
		expect(packs.length).toBeLessThan(6);
	});
	it("asks those alone that stood in a refused question", () => {
		expect(packSearches([search("a", "one"), search("b", "two"), search("c", "three")], new Set(["b"])).map(({ query }) => query)).toEqual(["(one) OR (three)", "two"]);
	});
});

describe.each(DRIVERS)("searches on X over %s", (driver) => {
	let fresh: TestDatabase;
	let searches: Search[];
	beforeAll(async () => {
		fresh = await freshDatabase(driver);
	});
	beforeEach(async () => {
		await fresh.clear();
		searches = [search("emotet", "emotet"), search("ann", "from:ann_c2")];
		fake = fakeX({
			credentials: [{ token: "bearer-1" }, { token: "bearer-2" }],
			users: [
				{ id: "1", name: "One", username: "one" },
				{ id: "2", name: "Ann", username: "ann_c2" },
			],
		});
	});
	afterAll(() => fresh.drop());

	const context = () => testContext(fresh.database, twitterSources, { secrets: { twitterSearch: access }, policy: { allowLoopback: true }, route: routeTo(upstream), searches: async () => searches });
	const run = async () => {
		await fresh.database.execute("UPDATE source_state SET next_run_at = NULL");
		return runPull(context(), searching);
	};
	const texts = async () => (await list(twitter, twitter.parse(new URLSearchParams("limit=1000")), fresh.database)).rows.map(({ text }) => text);
	const asked = () => fake.asked.map(({ token, query }) => [token, query.get("query"), query.get("since_id")]);

	it("find what is new since each began, in one question, and nothing twice", async () => {
		fake.posts = [tweet(20, "Emotet is back"), tweet(10, "lunch", { author_id: "2" }), tweet(5, "cats"), tweet(-5, "emotet of before")];
		expect(await run()).toMatchObject({ state: "ok", new: 2, read: 2 });
		expect(await texts()).toEqual(["Emotet is back", "lunch"]);
		expect(asked()).toEqual([["bearer-1", "(emotet) OR (from:ann_c2)", idOfTime(at(0))]]);
		fake.asked = [];
		fake.posts.unshift(tweet(30, "EMOTET again"));
		expect(await run()).toMatchObject({ state: "ok", new: 1, read: 1 });
		// The next credential asks, from the newest tweet on.
		expect(asked()).toEqual([["bearer-2", "(emotet) OR (from:ann_c2)", tweet(20, "").id]]);
	});

	it("a search that joins, leaves or changes company goes on where each was left", async () => {
		fake.posts = [tweet(20, "emotet 20")];
		await run();
		fake.posts.unshift(tweet(30, "emotet 30"), tweet(25, "qakbot 25"));
		searches = [...searches, search("qakbot", "qakbot", at(24))];
		expect(await run()).toMatchObject({ new: 2 });
		searches = [search("qakbot", "qakbot", at(24))];
		fake.posts.unshift(tweet(40, "qakbot 40"), tweet(35, "emotet 35"));
		expect(await run()).toMatchObject({ new: 1 });
		searches = [search("emotet", "emotet")];
		// Forgotten with the search: made again, it begins where it says, and nothing that is stored is stored twice.
		expect(await run()).toMatchObject({ new: 1 });
		expect((await texts()).sort()).toEqual(["emotet 20", "emotet 30", "emotet 35", "qakbot 25", "qakbot 40"]);
	});

	it("a search that is changed goes on where it was left, also where X refuses at first", async () => {
		const owned = (query: string, since = at(0)): Search => ({ ...search(`h1 ${query}`, query, since), owner: "h1" });
		searches = [owned("emotet")];
		fake.posts = [tweet(20, "emotet and qakbot 20"), tweet(10, "qakbot 10")];
		expect(await run()).toMatchObject({ new: 1 });
		searches = [owned("qakbot")];
		for (const credential of fake.credentials) credential.remaining = 0;
		await run();
		for (const credential of fake.credentials) credential.remaining = 15;
		await fresh.database.execute('UPDATE source_state SET mark = REPLACE(mark, \'"resting":{\', \'"resting":{},"old":{\')');
		fake.asked = [];
		fake.posts.unshift(tweet(30, "qakbot 30"));
		expect(await run()).toMatchObject({ new: 1 });
		expect(asked().map(([, query, since]) => [query, since])).toEqual([["qakbot", tweet(20, "").id]]);
		// Off for a while, and on again with other words.
		searches = [owned("qakbot OR lokibot", at(50))];
		fake.asked = [];
		await run();
		expect(asked().map(([, , since]) => since)).toEqual([idOfTime(at(50))]);
	});

	it("read more than one run may, run by run, without a gap, while new tweets come in", async () => {
		fake.posts = Array.from({ length: 1450 }, (_, n) => tweet(100 - n / 20, `emotet ${n}`, { id: String(BigInt(idOfTime(at(100))) - BigInt(n)) }));
		for (const credential of fake.credentials) credential.remaining = 1000;
		expect(await run()).toMatchObject({ state: "ok", new: 1000 });
		expect(await run()).toMatchObject({ state: "ok", new: 450 });
		fake.posts.unshift(tweet(110, "emotet later"));
		expect(await run()).toMatchObject({ state: "ok", new: 1 });
		expect(await run()).toMatchObject({ state: "ok", new: 0 });
	});

	it("a limit in the middle loses nothing", async () => {
		fake.posts = Array.from({ length: 350 }, (_, n) => tweet(50, `emotet ${n}`, { id: String(BigInt(idOfTime(at(50))) - BigInt(n)) }));
		for (const credential of fake.credentials) credential.remaining = 1;
		const stopped = await run();
		expect(stopped).toMatchObject({ state: "ok", new: 200 });
		expect(stopped.reason).toContain("at the limit until");
		for (const credential of fake.credentials) credential.remaining = 15;
		await fresh.database.execute('UPDATE source_state SET mark = REPLACE(mark, \'"resting":{\', \'"resting":{},"old":{\')');
		expect(await run()).toMatchObject({ new: 150 });
	});

	it("one that X refuses silences no other, and is named", async () => {
		fake.refusedWords = ["weird"];
		searches = [...searches, search("weird", "weird")];
		fake.posts = [tweet(20, "emotet goes on")];
		const first = await run();
		expect(first).toMatchObject({ state: "ok", new: 1, setAside: 1 });
		expect([await xSearchTrouble("emotet", context()), await xSearchTrouble(null, context())]).toEqual([null, null]);
		expect(await xSearchTrouble("weird", context())).toMatch(/^Its search on X: X refuses it: 400 /);
		const [aside] = await fresh.database.query<{ reason: string; excerpt: string }>("SELECT reason FROM set_aside");
		expect(aside?.reason).toContain("X refuses it");
		fake.posts.unshift(tweet(21, "emotet 21"));
		expect(await run()).toMatchObject({ new: 1 });
		searches = searches.filter(({ key }) => key !== "weird");
		fake.asked = [];
		fake.posts.unshift(tweet(22, "emotet 22"));
		expect(await run()).toMatchObject({ new: 1, setAside: 0 });
	});

	it("older than X searches, the oldest it takes is asked for", async () => {
		searches = [search("old", "emotet", new Date(Date.now() - 30 * 24 * HOUR))];
		fake.posts = [tweet(1, "emotet")];
		expect(await run()).toMatchObject({ state: "ok", new: 1 });
	});

	it("hunters are what is searched for: those of tweets that are switched on, each by its own words", async () => {
		const input = { kind: "twitter", enabled: true, slack: false, channel: null, digestOver: 10 };
		const hunter = await createHunter({ ...input, name: "Loader", query: 'emotet, "cobalt strike" -job' }, "ann@site.example", fresh.database);
		await createHunter({ ...input, name: "Off", query: "qakbot", enabled: false }, "ann@site.example", fresh.database);
		await createHunter({ ...input, kind: "news", name: "News", query: "qakbot" }, "ann@site.example", fresh.database);
		expect(await xSearches(fresh.database)).toEqual([
			{ key: `${hunter.id} emotet OR ("cobalt strike" -job)`, owner: hunter.id, label: '"Loader"', query: 'emotet OR ("cobalt strike" -job)', since: expect.any(Date) as Date },
		]);
		searches = (await xSearches(fresh.database)).map((one) => ({ ...one, since: at(0) }));
		fake.posts = [tweet(20, "Cobalt Strike again"), tweet(10, "Cobalt Strike job offer"), tweet(5, "emotet")];
		expect(await run()).toMatchObject({ new: 2 });
		expect(await judge({ milliseconds: 5000 }, judgeParts(fresh.database))).toMatchObject({ hits: 2 });
	});

	it("say why X is not searched: without a key, switched off, refused", async () => {
		const without = testContext(fresh.database, twitterSources, { secrets: {}, searches: async () => searches });
		expect(await xSearchTrouble("emotet", without)).toBe("X is not searched: X search needs a key that is not set: set TWITTER_BEARER_TOKENS.");
		expect(await xSearchTrouble("emotet", context())).toBeNull();
		fake.credentials = [];
		await run();
		expect(await xSearchTrouble("emotet", context())).toMatch(/^Searching X fails: .*X refused every credential/);
		await fresh.database.execute("UPDATE source_state SET enabled = 0, reason = NULL");
		expect(await xSearchTrouble(null, context())).toBe('X is not searched: the source "X search" is switched off.');
	});

	it("nobody searching is well and asks nothing", async () => {
		searches = [];
		const idle = await run();
		expect([idle.state, idle.reason, fake.asked.length]).toEqual(["ok", "Nobody searches X at present.", 0]);
	});
});
