import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sourceHealth } from "@/lib/health";
import { followLinks, routeTo } from "@/lib/ingest";
import { namedBy } from "@/lib/search";
import { twitterSources } from "@/lib/sources/twitter";
import { count, get, list } from "@/lib/trackers/list";
import { type TweetRow, twitter } from "@/lib/trackers/twitter";
import { answerX, type FakeTweet, type FakeX, fakeX } from "../fakes/twitter";
import { DRIVERS, freshDatabase, type TestDatabase } from "../harness/database";
import { takeChanges } from "../harness/hunted";
import { runPull, testContext } from "../harness/ingest";

const [home, lists] = twitterSources as [(typeof twitterSources)[number], (typeof twitterSources)[number]];
const ask = (text: string) => twitter.parse(new URLSearchParams(text));
const account = { appKey: "app", appSecret: "app-secret", accessToken: "7-token", accessSecret: "secret-7" };
const access = JSON.stringify({ users: [account], bearers: ["bearer-1"], lists: ["42"] });
const users = [
	{ id: "1", name: "Malware Hunter 🦠", username: "hunter" },
	{ id: "2", name: "Two", username: "TWO" },
];
const id = (number: number): string => String(1_500_000_000_000_000_000n + BigInt(number));
const tweet = (number: number, text: string, more: Partial<FakeTweet> = {}): FakeTweet => ({
	id: id(number),
	text,
	author_id: "1",
	created_at: `2026-11-24T10:${String(number % 60).padStart(2, "0")}:00.000Z`,
	...more,
});
const url = (short: string, expanded: string) => ({ start: 0, end: 1, url: short, expanded_url: expanded, display_url: expanded.slice(8, 40) });

let fake: FakeX;
let server: Server;
let upstream: string;
/** Where the short links of the tests lead. */
const REDIRECTS: Readonly<Record<string, string>> = { "/bit.ly/abc": "https://landing-page.top/login?x=1", "/tinyurl.com/gone": "" };

beforeAll(async () => {
	server = createServer((request, response) => {
		const path = request.url ?? "/";
		if (path.startsWith("/api.x.com/")) return answerX(fake, request, response, new URL(path.slice("/api.x.com".length), "https://api.x.com"));
		const to = REDIRECTS[path.split("?")[0] ?? ""];
		if (to === undefined) response.end("<html>landed</html>");
		else if (to === "") response.writeHead(404).end("gone");
		else response.writeHead(302, { location: to }).end();
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	upstream = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
	server.closeAllConnections();
	server.close();
});

describe.each(DRIVERS)("tweets over %s", (driver) => {
	let fresh: TestDatabase;
	beforeAll(async () => {
		fresh = await freshDatabase(driver);
	});
	beforeEach(async () => {
		await fresh.clear();
		fake = fakeX({ credentials: [{ token: "7-token", signing: { appSecret: "app-secret", accessSecret: "secret-7" }, userId: "7" }, { token: "bearer-1" }], users });
	});
	afterAll(() => fresh.drop());

	const context = () => testContext(fresh.database, twitterSources, { secrets: { twitterHome: access, twitterLists: access }, policy: { allowLoopback: true }, route: routeTo(upstream) });
	const rows = async (text = ""): Promise<TweetRow[]> => (await list(twitter, ask(text), fresh.database)).rows;
	const marks = async (row: TweetRow | undefined) => Object.fromEntries((await namedBy("twitter", row?.id ?? "", fresh.database)).map(({ indicator, mark }) => [indicator.value, mark]));

	it("are read with their marks, once however many timelines they stand in", async () => {
		fake.home["7"] = [tweet(3, "New C2 evil-host[.]top:443 #opendir"), tweet(2, "CVE-2026-1234 exploited"), tweet(1, "hello 👩‍👩‍👧‍👦")];
		fake.lists["42"] = [tweet(3, "New C2 evil-host[.]top:443 #opendir"), tweet(0, "only in the list", { author_id: "2" })];
		expect(await runPull(context(), home)).toMatchObject({ state: "ok", read: 3, new: 3 });
		expect(await runPull(context(), lists)).toMatchObject({ state: "ok", read: 2, new: 1, unchanged: 1 });
		expect((await rows()).map(({ tweetId, user, screenName }) => [tweetId, user, screenName])).toEqual([
			[id(3), "Malware Hunter 🦠", "hunter"],
			[id(2), "Malware Hunter 🦠", "hunter"],
			[id(1), "Malware Hunter 🦠", "hunter"],
			[id(0), "Two", "TWO"],
		]);
		const [state] = await fresh.database.query<{ limits: string; mark: string }>(`SELECT limits, mark FROM source_state WHERE source = ${home.number}`);
		expect(JSON.parse(state?.limits ?? "[]")).toMatchObject([{ label: "account 1", state: "free", window: { limit: 15, remaining: 13 } }]);
		expect(state?.mark).not.toContain("7-token");
		const shown = async () => (await sourceHealth(context())).find(({ number }) => number === home.number)?.limits;
		expect(await shown()).toMatchObject([{ label: "account 1", window: { remaining: 13 } }]);
		// As an earlier release left it: one limit, nobody's.
		await fresh.database.execute(`UPDATE source_state SET limits = '{"remaining":3,"limit":15,"resetAt":"2026-11-24T10:00:00.000Z"}' WHERE source = ${home.number}`);
		expect(await shown()).toEqual([]);
		fake.home["7"] = [tweet(9, "newer"), ...(fake.home["7"] ?? [])];
		await fresh.database.execute("UPDATE source_state SET next_run_at = NULL");
		expect(await runPull(context(), home)).toMatchObject({ state: "ok", read: 1, new: 1 });
		expect(await count(twitter, ask(""), fresh.database)).toEqual({ count: 5, estimated: false });
	});

	it("give the original's fields with all 64 bits of the number", async () => {
		const number = "9223372036854775807";
		fake.home["7"] = [tweet(1, "a &amp; b", { id: number })];
		await runPull(context(), home);
		const row = (await get(twitter, number, fresh.database)) as TweetRow;
		const json = JSON.stringify(twitter.toApi(row));
		expect(json).toMatch(new RegExp(`^{"id":${number},"text":"a & b","datetime":"2026-11-24T10:01:00.000Z","user":"Malware Hunter 🦠","screen_name":"hunter","id_str":"${number}"`));
		expect(await get(twitter, row.id, fresh.database)).toEqual(row);
		expect(await get(twitter, "9223372036854775806", fresh.database)).toBeNull();
		expect(await get(twitter, "0", fresh.database)).toBeNull();
	});

	it("are found by words, account, CVE and date", async () => {
		fake.home["7"] = [
			tweet(30, "CVE-2026-1234 exploited by 雷"),
			tweet(20, "something else", { author_id: "2" }),
			tweet(10, "third https://t.co/a", { entities: { urls: [url("https://t.co/a", "https://deep-link.top/x")] } }),
		];
		await runPull(context(), home);
		const found = async (query: string) => (await rows(query)).map(({ tweetId }) => tweetId);
		expect(await found("search=exploited")).toEqual([id(30)]);
		expect(await found("search=deep-link.top")).toEqual([id(10)]);
		expect(await found("search=@two")).toEqual([id(20)]);
		expect(await found("screen_name=@two")).toEqual([id(20)]);
		expect(await found("cve=cve-2026-1234")).toEqual([id(30)]);
		expect(await found("datetime_after=2026-11-24T10:15:00Z&datetime_before=2026-11-24T10:25:00Z")).toEqual([id(20)]);
	});

	it("name what their links lead to; X's own are marked", async () => {
		fake.home["7"] = [
			tweet(1, "see https://t.co/a and https://t.co/b pic https://t.co/c", {
				entities: { urls: [url("https://t.co/a", "https://phish-kit.top/x"), url("https://t.co/c", "https://twitter.com/hunter/status/1/photo/1")] },
			}),
		];
		await runPull(context(), home);
		expect(await marks((await rows())[0])).toEqual({ "https://phish-kit.top/x": null, "https://t.co/b": "own-site", "https://twitter.com/hunter/status/1/photo/1": "own-site" });
	});

	it("have their short links followed on demand, through the guard, once", async () => {
		fake.home["7"] = [
			tweet(1, "look https://t.co/a https://t.co/g https://t.co/p", {
				entities: { urls: [url("https://t.co/a", "https://bit.ly/abc"), url("https://t.co/g", "https://tinyurl.com/gone"), url("https://t.co/p", "https://plain-page.top/")] },
			}),
		];
		await runPull(context(), home);
		const [before] = await rows();
		expect(twitter.page?.view(before as TweetRow).actions).toMatchObject([{ name: "follow-links", label: "Follow 2 short links" }]);
		await takeChanges(fresh.database);
		expect(await followLinks(before?.id ?? "", "ann@site.example", context())).toBe("1 of 2 lead somewhere else.");
		// Where a link leads is something hunters have not seen.
		expect((await takeChanges(fresh.database)).twitter?.map(({ record }) => record.toString("hex"))).toEqual([before?.id]);
		const [after] = await rows();
		expect(after?.followed).toMatchObject({ "https://bit.ly/abc": { to: "https://landing-page.top/login?x=1" }, "https://tinyurl.com/gone": { failure: "it leads nowhere else" } });
		const named = await marks(after);
		expect(named).toMatchObject({ "https://landing-page.top/login?x=1": null, "https://bit.ly/abc": null, "https://plain-page.top/": null });
		expect(twitter.toApi(after as TweetRow).links).toContainEqual({ short: "https://t.co/a", expanded: "https://bit.ly/abc", followed: "https://landing-page.top/login?x=1" });
		const [entry] = await fresh.database.query<{ actor: string; subject: string }>("SELECT actor, subject FROM audit_entry WHERE action = 'tweet.follow-links'");
		expect(entry).toEqual({ actor: "ann@site.example", subject: before?.id });
		// Reading the tweet again leaves what was found out.
		await fresh.database.execute("UPDATE source_state SET next_run_at = NULL, mark = NULL");
		fake.home["7"] = [tweet(1, "look again https://t.co/a", { entities: { urls: [url("https://t.co/a", "https://bit.ly/abc")] } })];
		expect(await runPull(context(), home)).toMatchObject({ updated: 1 });
		expect(await marks((await rows())[0])).toEqual({ "https://bit.ly/abc": null, "https://landing-page.top/login?x=1": null });
		await expect(followLinks("0".repeat(32), "ann@site.example", context())).rejects.toThrow("not stored");
	});

	it("never follows a link into our own network", async () => {
		fake.home["7"] = [tweet(1, "https://t.co/a", { entities: { urls: [url("https://t.co/a", "https://bit.ly/abc")] } })];
		await runPull(context(), home);
		const [row] = await rows();
		const guarded = { ...context(), policy: {}, route: (address: URL) => (address.host === "bit.ly" ? new URL("http://169.254.169.254/latest/meta-data/") : address) };
		await takeChanges(fresh.database);
		await followLinks(row?.id ?? "", "ann@site.example", guarded);
		expect(await takeChanges(fresh.database)).toEqual({});
		expect((await rows())[0]?.followed["https://bit.ly/abc"]).toMatchObject({ failure: expect.stringMatching(/./) as string });
	});

	it("a refusal in the middle keeps what was read, and the run says why", async () => {
		fake.home["7"] = Array.from({ length: 150 }, (_, at) => tweet(150 - at, `t${at}`));
		(fake.credentials[0] as { remaining?: number }).remaining = 2;
		const stopped = await runPull(context(), home);
		expect(stopped).toMatchObject({ state: "ok", new: 100 });
		expect(stopped.reason).toContain("at the limit until");
		const [state] = await fresh.database.query<{ next_run_at: Date }>(`SELECT next_run_at FROM source_state WHERE source = ${home.number}`);
		expect(state?.next_run_at.getTime()).toBeGreaterThanOrEqual(fake.resetAt * 1000);
		(fake.credentials[0] as { remaining?: number }).remaining = 10;
		await fresh.database.execute('UPDATE source_state SET next_run_at = NULL, mark = REPLACE(mark, \'"resting":{\', \'"resting":{},"old":{\')');
		expect(await runPull(context(), home)).toMatchObject({ state: "ok", new: 50 });
		fake.credentials = [];
		await fresh.database.execute("UPDATE source_state SET next_run_at = NULL");
		const refused = await runPull(context(), home);
		expect(refused).toMatchObject({ state: "failed" });
		expect(refused.reason).toMatch(/X refused every credential \(account 1: 401/);
		expect(refused.reason).not.toContain("7-token");
		expect(await count(twitter, ask(""), fresh.database)).toEqual({ count: 150, estimated: false });
	});
});
