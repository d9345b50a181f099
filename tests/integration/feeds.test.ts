import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { addFeed, buildFeed, changeFeed, customFeed, customSources, readDraft } from "@/lib/feeds";
import { sourceHealth } from "@/lib/health";
import { dueSources, previewSource } from "@/lib/ingest";
import { list, reputation } from "@/lib/trackers";
import { news } from "@/lib/trackers/news";
import { DRIVERS, freshDatabase, type TestDatabase } from "../harness/database";
import { presentValues, runPull, testContext } from "../harness/ingest";

vi.hoisted(() => {
	process.env.NEXTAUTH_SECRET = "a-secret-of-more-than-thirty-two-characters";
});

const BODIES: Readonly<Record<string, string>> = {
	"/list.txt": "# a list\n192.0.2.77 # seen\nhxxp://evil[.]example/a\nnot an indicator at all\n",
	"/rows.csv": "Value;When;Why\nevil.example.org;2026-11-01 10:00:00;loader\n198.51.100.9;;scanner\n",
	"/plain.csv": "198.51.100.10,443,c2\n198.51.100.11,8443,c2,extra\n",
	"/data.json": JSON.stringify({ data: { items: [{ ioc: { value: "evil.example.com" }, seen: 1_793_000_000, tags: ["a", "b"] }, { ioc: {} }] } }),
	"/news.xml":
		"<rss><channel><title>Ours</title><link>https://news.example.net/</link><item><title>One</title><link>/1</link><description>&lt;b&gt;x&lt;/b&gt; evil-host[.]top</description></item><item/></channel></rss>",
	"/rss.xml":
		'<rss version="2.0"><channel><title>Ours</title><link>https://blog.example.net/</link><item><title>Loader on evil[.]example</title><link>https://blog.example.net/1</link><pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate><description>calls evil[.]example.org</description></item></channel></rss>',
	"/echo": "your key s3cret-of-ours is not valid\nnor is another-secret\n",
	"/login": "<html><title>Please sign in</title></html>",
};

const basics = { name: "Our list", everyMinutes: 60, terms: "", redistributable: false };
const secrets = { key: "", headers: {} };

describe.each(DRIVERS)("feeds without code over %s", (driver) => {
	let fresh: TestDatabase;
	let server: Server;
	let seen: Array<{ url: string; headers: IncomingHttpHeaders }> = [];
	beforeAll(async () => {
		fresh = await freshDatabase(driver);
		server = createServer((request, response) => {
			seen.push({ url: request.url ?? "", headers: request.headers });
			const body = BODIES[new URL(request.url ?? "/", "http://x").pathname.replace(/^\/feed\.example\.net/, "")];
			if (body === undefined) response.writeHead(404).end();
			else response.writeHead(200, { "content-type": "text/plain" }).end(body);
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	});
	beforeEach(async () => {
		seen = [];
		await fresh.clear();
	});
	afterAll(async () => {
		server.closeAllConnections();
		server.close();
		await fresh.drop();
	});

	const context = () =>
		testContext(fresh.database, [], {
			customSources: () => customSources(fresh.database),
			policy: { allowLoopback: true },
			route: (url) => new URL(`/${url.host}${url.pathname}${url.search}`, `http://127.0.0.1:${(server.address() as AddressInfo).port}`),
		});
	const lines = (extra: object = {}) =>
		readDraft({ ...basics, url: "https://feed.example.net/list.txt", config: { format: "lines", trailingComment: " #", category: "attacker", as: "any" }, secrets, ...extra });
	const preview = (draft: ReturnType<typeof readDraft>) => previewSource(buildFeed(draft, { number: 1, revision: 1 }), context());

	it("shows what a feed would give before anything is saved", async () => {
		const found = await preview(lines());
		expect(found).toMatchObject({ status: 200, read: 3, usable: 2, setAside: 1, refused: null });
		expect(found.rows).toEqual([
			{ indicator: "192.0.2[.]77", type: "ipv4", category: "attacker", doubtful: expect.any(String) },
			{ indicator: "hxxp://evil[.]example/a", type: "url", category: "attacker" },
		]);
		expect(found.setAsideRows[0]).toMatchObject({ line: 4 });
		expect(await fresh.database.query("SELECT COUNT(*) AS n FROM sighting")).toEqual([{ n: 0 }]);
	});

	it.each([
		["CSV with a header", "/rows.csv", { format: "csv", header: "row", delimiter: ";", columns: { value: "Value", firstSeen: "when", description: "Why" } }, { usable: 2, setAside: 0 }],
		["CSV without one", "/plain.csv", { format: "csv", header: "none", columns: { value: "1", port: "2" } }, { usable: 2, setAside: 0 }],
		["JSON by paths", "/data.json", { format: "json", path: "data.items", columns: { value: "ioc.value", firstSeen: "seen", tags: "tags" } }, { usable: 1, setAside: 1 }],
	])("reads %s", async (_, path, config, counts) => {
		const found = await preview(readDraft({ ...basics, url: `https://feed.example.net${path}`, config: { ...config, category: "malware" }, secrets }));
		expect(found).toMatchObject({ refused: null, ...counts });
	});

	it("reads a news feed into the news tracker", async () => {
		const draft = readDraft({ ...basics, url: "https://feed.example.net/news.xml", config: { format: "news" }, secrets: { key: "k3y", headers: { "X-Token": "{key}" } } });
		expect(await preview(draft)).toMatchObject({ refused: null, usable: 1, setAside: 1, rows: [{ title: "One", link: "https://news.example.net/1" }] });
		const number = await addFeed(draft, "ada@example.com", fresh.database);
		expect(await runPull(context(), { number })).toMatchObject({ state: "ok", new: 1, setAside: 1 });
		expect(seen.at(-1)?.headers["x-token"]).toBe("k3y");
		const { rows } = await list(news, { limit: 10 }, fresh.database);
		expect(rows).toMatchObject([{ title: "One", source: { number, name: "Our list", slug: `feed-${number}` }, content: "<b>x</b> evil-host[.]top" }]);
	});

	it("reads a news feed as news", async () => {
		const draft = readDraft({ ...basics, url: "https://feed.example.net/rss.xml", config: { format: "news" }, secrets });
		expect(await preview(draft)).toMatchObject({ refused: null, usable: 1, rows: [expect.objectContaining({ title: "Loader on evil[.]example" })] });
		const number = await addFeed(draft, "ada@example.com", fresh.database);
		expect(await runPull(context(), { number })).toMatchObject({ state: "ok", new: 1 });
	});

	it("says why a body would not be taken over, and what cannot be asked", async () => {
		expect(await preview(lines({ url: "https://feed.example.net/login" }))).toMatchObject({ refused: expect.stringContaining("Please sign in"), usable: 0 });
		await expect(preview(lines({ url: "https://feed.example.net/gone?token=hidden-token" }))).rejects.toMatchObject({ code: "upstream", message: expect.stringContaining("404") });
		const local = buildFeed(lines({ url: "http://169.254.169.254/latest" }), { number: 1, revision: 1 });
		await expect(previewSource(local, testContext(fresh.database, []))).rejects.toMatchObject({ code: "upstream" });
		expect(seen.map(({ url }) => url)).not.toContain("/latest");
	});

	it("refuses drafts that cannot work, naming the field", () => {
		expect(() => lines({ name: " " })).toThrow(/name: give a name/);
		expect(() => lines({ url: "ftp://feed.example.net/" })).toThrow(/url: give an address/);
		expect(() => lines({ url: "https://ada:s3cret@feed.example.net/" })).toThrow(/^url: give an address without name or password before its host\. They belong under Key, as a header/);
		expect(() => lines({ everyMinutes: 1 })).toThrow(/at least 5 minutes/);
		expect(() => lines({ secrets: { key: "", headers: { Host: "inside" } } })).toThrow(/a header that may be set/);
		expect(() => lines({ secrets: { key: "", headers: { "X-A": "b\r\nX-C: d" } } })).toThrow(/in one line/);
		expect(() => lines({ url: "https://feed.example.net/{key}" })).toThrow(/a key is needed/);
		expect(() => readDraft({ ...basics, url: "https://feed.example.net/", config: { format: "csv", header: "none", category: "malware", columns: { value: "ip" } }, secrets })).toThrow(/no column/);
	});

	it("shows nothing of a key that the provider repeats", async () => {
		const draft = lines({ url: "https://feed.example.net/echo?k={key}", secrets: { key: "s3cret-of-ours", headers: { "X-Token": "Bearer another-secret" } } });
		const found = await preview(draft);
		expect(found.head).toContain("your key …");
		expect(JSON.stringify(found)).not.toMatch(/s3cret-of-ours|another-secret/);
		const number = await addFeed(draft, "ada@example.com", fresh.database);
		const run = await runPull(context(), { number });
		expect(run).toMatchObject({ state: "suspect", setAside: 2 });
		expect(JSON.stringify(run)).not.toMatch(/s3cret-of-ours|another-secret/);
	});

	it("shows nothing of a key that stands in the address itself, neither in the audit log nor in what a run says", async () => {
		const number = await addFeed(lines({ url: "https://feed.example.net/echo?days=7&apikey=s3cret-of-ours" }), "ada@example.com", fresh.database);
		const run = await runPull(context(), { number });
		expect([run.state, seen[0]?.url]).toEqual(["suspect", "/feed.example.net/echo?days=7&apikey=s3cret-of-ours"]);
		await changeFeed(number, lines({ url: "https://feed.example.net/gone?sid=s3cret-of-ours&k={key}", secrets: { key: "a-key-of-ours", headers: {} } }), "ada@example.com", fresh.database);
		expect(await runPull(context(), { number })).toMatchObject({ state: "failed" });
		const audited = await fresh.database.query<{ detail: string }>("SELECT detail FROM audit_entry ORDER BY at");
		expect(audited.map(({ detail }) => (JSON.parse(detail) as { url: string }).url)).toEqual(["https://feed.example.net/echo?days=7&apikey=…", "https://feed.example.net/gone?sid=…&k={key}"]);
		const told = [run, await sourceHealth(context()), audited, await fresh.database.query("SELECT * FROM source_run"), await fresh.database.query("SELECT reason, excerpt FROM set_aside")];
		expect(JSON.stringify(told)).not.toMatch(/s3cret-of-ours|a-key-of-ours/);
		expect(JSON.stringify(told)).toContain("your key …");
	});

	it("becomes a source like any other, with its key sealed and its name in lists", async () => {
		const draft = lines({ url: "https://feed.example.net/list.txt?k={key}", secrets: { key: "s3cret/key", headers: { "X-Token": "Bearer {key}" } } });
		const number = await addFeed(draft, "ada@example.com", fresh.database);
		expect(number).toBe(10_001);
		const [row] = await fresh.database.query<{ sealed: Buffer; config: string; url: string }>("SELECT sealed, config, url FROM custom_feed");
		expect(`${row?.sealed.toString("latin1")}${row?.config}${row?.url}`).not.toContain("s3cret");
		expect((await customFeed(number, fresh.database)).draft.secrets).toEqual(draft.secrets);
		expect(await dueSources(new Date(), context())).toEqual([number]);
		expect(await runPull(context(), { number })).toMatchObject({ state: "ok", new: 2, setAside: 1 });
		expect(seen[0]).toMatchObject({ url: "/feed.example.net/list.txt?k=s3cret%2Fkey", headers: { "x-token": "Bearer s3cret/key" } });
		const { rows } = await list(reputation, { limit: 10, source: [number] }, fresh.database);
		expect(rows.map((one) => one.source.name)).toEqual(["Our list", "Our list"]);
		expect(await sourceHealth(context())).toMatchObject([{ number, name: "Our list", state: "ok", present: 2 }]);
	});

	it("reads its body anew after a change, and keeps its tracker", async () => {
		const number = await addFeed(lines(), "ada@example.com", fresh.database);
		await runPull(context(), { number });
		await changeFeed(number, lines({ name: "Renamed", config: { format: "lines", trailingComment: " #", category: "attacker", as: "url" } }), "ada@example.com", fresh.database);
		expect(await runPull(context(), { number })).toMatchObject({ state: "ok", setAside: 2, delisted: 1 });
		expect(await presentValues(fresh.database, number)).toEqual(["http://evil.example/a"]);
		await expect(changeFeed(number, readDraft({ ...basics, url: "https://feed.example.net/", config: { format: "news" }, secrets }), "ada@example.com", fresh.database)).rejects.toMatchObject({
			code: "conflict",
		});
		await expect(customFeed(4711, fresh.database)).rejects.toMatchObject({ code: "not_found" });
		const audited = await fresh.database.query<{ action: string }>("SELECT action FROM audit_entry ORDER BY at");
		expect(audited.map(({ action }) => action)).toEqual(["feed.add", "feed.change"]);
	});
});
