import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApiKey } from "@/lib/auth/api-keys";
import { createUser } from "@/lib/auth/users";
import { trackers } from "@/lib/trackers";
import { lineSource, runSource, testContext } from "../harness/ingest";
import { type RunningApp, startApp } from "./app";

const PASSWORD = "correct horse battery staple";

function has(program: string): boolean {
	const found: SpawnSyncReturns<Buffer> = spawnSync(program, ["--version"]);
	return found.error === undefined && found.status === 0;
}

async function run(program: string, args: readonly string[], env: Record<string, string>, input = ""): Promise<{ code: number | null; out: string; said: string }> {
	const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], env: { NODE_ENV: "test", PATH: process.env.PATH ?? "", ...env } });
	// A program that ends before it has read everything closes its end.
	child.stdin.on("error", () => {});
	child.stdin.end(input);
	let out = "";
	let said = "";
	child.stdout.setEncoding("utf8").on("data", (text: string) => {
		out += text;
	});
	child.stderr.setEncoding("utf8").on("data", (text: string) => {
		said += text;
	});
	const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
	return { code, out, said };
}

describe("the Web API of the running console", () => {
	let app: RunningApp;
	let secret = "";
	let session = "";
	beforeAll(async () => {
		app = await startApp();
		const user = await createUser({ email: "reader@example.com", name: "Reader", role: "viewer", password: PASSWORD }, "test", app.fresh.database);
		session = (await app.signIn(user.email, PASSWORD)) ?? "";
		secret = (await createApiKey({ userId: user.id, name: "examples", scopes: ["read"], expiresAt: null }, "test", app.fresh.database)).secret;
		const source = lineSource();
		const values = ["http://evil.example/a", "8.8.8.8", ...Array.from({ length: 1100 }, (_, at) => `203.${at >> 8}.113.${at & 255}`)];
		await runSource(testContext(app.fresh.database, [source]), source, { text: values.join("\n") });
	});
	afterAll(() => app.stop());

	const ask = (path: string, init: RequestInit = {}) => fetch(`${app.url}${path}`, { redirect: "manual", ...init, headers: { authorization: `Bearer ${secret}`, ...init.headers } });
	const env = () => ({ EXIST_URL: app.url, EXIST_KEY: secret });

	it("takes a slash at the end, HEAD, and refuses other methods in JSON", async () => {
		const plain = await ask("/api/reputation?limit=1");
		const slashed = await ask("/api/reputation/?limit=1");
		expect([slashed.status, await slashed.json()]).toEqual([200, await plain.json()]);
		for (const path of ["/api", "/api/", "/api/reputation/sources/", "/api/openapi.json", "/api/openapi.json/"]) expect([path, (await ask(path)).status]).toEqual([path, 200]);
		for (const path of ["/api/reputation?limit=1", "/api/reputation?format=csv"]) {
			const head = await ask(path, { method: "HEAD" });
			expect([head.status, head.headers.get("ratelimit"), await head.text()]).toEqual([200, expect.stringMatching(/^"api";r=/), ""]);
		}
		for (const [method, path] of [
			["POST", "/api/reputation"],
			["DELETE", "/api/reputation/x"],
			["PUT", "/api/"],
			["PATCH", "/api/openapi.json"],
		] as const) {
			const refused = await ask(path, { method });
			expect([path, refused.status, refused.headers.get("allow"), ((await refused.json()) as { code: string }).code]).toEqual([path, 405, "GET, HEAD, OPTIONS", "not_allowed"]);
		}
		const none = await ask("/api/reputation/a/b/c");
		expect([none.status, await none.json()]).toEqual([404, { detail: "Not found.", code: "not_found" }]);
	});

	it.each(["/api/%E0%A4%A", "/api/%E0%A4", "/api/reputation/%FF", "/api/%", "/api/reputation/sources/%zz?limit=1"])("refuses the address %s in JSON", async (path) => {
		const refused = await ask(path);
		expect([refused.status, refused.headers.get("content-type"), await refused.json()]).toEqual([
			400,
			expect.stringContaining("application/json"),
			{ detail: "The address holds a % that begins no character. Write it as %25.", code: "invalid" },
		]);
		const stranger = await fetch(`${app.url}${path}`);
		expect([stranger.status, ((await stranger.json()) as { code: string }).code]).toEqual([400, "invalid"]);
	});

	it("takes addresses with a % that begins a character as any other", async () => {
		const none = await ask("/api/%E3%83%86");
		expect([none.status, await none.json()]).toEqual([404, expect.objectContaining({ code: "not_found" })]);
		expect((await ask("/api/reput%61tion?limit=1")).status).toBe(200);
	});

	it("repeats nothing of a TRACE, which Next refuses before any code of ours", async () => {
		const answer = await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
			const request = httpRequest(`${app.url}/api/reputation`, { method: "TRACE", headers: { authorization: `Bearer ${secret}`, "x-mine": "do-not-repeat" } }, (response) => {
				let text = "";
				response
					.setEncoding("utf8")
					.on("data", (chunk: string) => {
						text += chunk;
					})
					.on("end", () => resolve({ status: response.statusCode, text }));
			});
			request.on("error", reject).end();
		});
		expect(answer.status).toBeGreaterThanOrEqual(400);
		expect(answer.text).not.toMatch(/do-not-repeat|Bearer|reputation/);
	});

	it("asks a service by POST: from our own pages, or with a key whose scope says so", async () => {
		const user = await createUser({ email: "asker@example.com", name: "Asker", role: "viewer", password: PASSWORD }, "test", app.fresh.database);
		const own = (await app.signIn(user.email, PASSWORD)) ?? "";
		const key = (await createApiKey({ userId: user.id, name: "asks", scopes: ["read", "lookup"], expiresAt: null }, "test", app.fresh.database)).secret;
		const enrich = (body: unknown, headers: Record<string, string> = { authorization: `Bearer ${key}` }) =>
			fetch(`${app.url}/api/lookup/enrich`, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: typeof body === "string" ? body : JSON.stringify(body) });
		const question = { enricher: "geo", type: "ipv4", value: "8.8.8[.]8", reach: "index" };
		const good = await enrich(question);
		expect([good.status, good.headers.get("cache-control"), await good.json()]).toEqual([
			200,
			"private, no-store",
			expect.objectContaining({ state: "found", enrichment: expect.objectContaining({ tone: "none" }) }),
		]);
		expect((await enrich(question, { cookie: own, origin: app.url })).status).toBe(200);
		for (const headers of [{ cookie: own, origin: "https://evil.example" }, { cookie: own, origin: "null" }, { cookie: own }, { authorization: `Bearer ${secret}` }])
			expect((await enrich(question, headers)).status).toBe(403);
		expect(await (await enrich({ ...question, enricher: "internetdb" })).json()).toEqual({ state: "off", held: { why: "reach" } });
		for (const [body, field] of [
			["{", undefined],
			["", undefined],
			[[], undefined],
			[{ ...question, type: "ip" }, "type"],
			[{ ...question, value: "" }, "value"],
			[{ ...question, value: "evil.example" }, "value"],
			[{ ...question, value: "fe80::1%eth0", type: "ipv6" }, "value"],
			[{ ...question, value: `http://a.example/${"x".repeat(10_000)}`, type: "url" }, "value"],
			[{ ...question, reach: "everything" }, "reach"],
		] as const) {
			const refused = await enrich(body);
			expect([JSON.stringify(body).slice(0, 90), refused.status, ((await refused.json()) as { field?: string }).field]).toEqual([JSON.stringify(body).slice(0, 90), 400, field]);
		}
		expect((await enrich(`{"value":"${"x".repeat(70_000)}"}`)).status).toBe(413);
		expect((await fetch(`${app.url}/api/lookup/enrich`, { headers: { authorization: `Bearer ${key}` } })).status).toBe(405);
		const download = await fetch(`${app.url}/api/lookup/download?enricher=geo&id=x&type=ipv4&value=8.8.8.8`, { headers: { authorization: `Bearer ${key}` } });
		expect([download.status, ((await download.json()) as { code: string }).code]).toEqual([404, "not_found"]);
	});

	it("gives no download to a browser that another site sent, and looks at no page's word where a key is shown", async () => {
		const user = await createUser({ email: "downloader@example.com", name: "Downloader", role: "viewer", password: PASSWORD }, "test", app.fresh.database);
		const own = (await app.signIn(user.email, PASSWORD)) ?? "";
		const { secret: key } = await createApiKey({ userId: user.id, name: "downloads", scopes: ["lookup"], expiresAt: null }, "test", app.fresh.database);
		const address = `${app.url}/api/lookup/download?enricher=geo&id=x&type=ipv4&value=8.8.8.8`;
		const asked = async (headers: Record<string, string>, method = "GET") => (await fetch(address, { method, headers })).status;
		for (const site of ["cross-site", "same-site"]) {
			expect([site, await asked({ cookie: own, "sec-fetch-site": site })]).toEqual([site, 403]);
			expect([site, await asked({ cookie: own, "sec-fetch-site": site }, "HEAD")]).toEqual([site, 403]);
			// A key is no cookie: no browser sends it by itself. 404: there is no such file.
			expect([site, await asked({ authorization: `Bearer ${key}`, "sec-fetch-site": site })]).toEqual([site, 404]);
		}
		for (const site of ["same-origin", "none"]) expect([site, await asked({ cookie: own, "sec-fetch-site": site })]).toEqual([site, 404]);
		expect(await asked({ cookie: own })).toBe(404);
		const refused = await fetch(address, { headers: { cookie: own, "sec-fetch-site": "cross-site" } });
		expect(await refused.json()).toMatchObject({ code: "forbidden", detail: "This request comes from another site. Open it from a page here." });
	});

	it("says what a value is, what is known of it and who can be asked, and asks nobody", async () => {
		const body = (await (await ask("/api/lookup?keyword=8.8.8%5B.%5D8&reach=passive")).json()) as { query: unknown; known: Record<string, unknown>; offers: Array<{ id: string; held: unknown }> };
		expect(body.query).toEqual({ kind: "indicator", indicator: { type: "ipv4", value: "8.8.8.8" } });
		expect(body.known).toMatchObject({ sightings: 1, listed: [expect.any(String)], warning: expect.any(String) });
		expect(body.offers.find(({ id }) => id === "geo")).toEqual(expect.objectContaining({ exposure: "nobody", held: null }));
		expect(body.offers.find(({ id }) => id === "reverse-dns")?.held).toEqual({ why: "reach" });
		expect(await (await ask("/api/lookup?keyword=two%20words")).json()).toEqual({ query: { kind: "words", words: ["two", "words"] }, known: null, offers: [] });
	});

	it("counts a session as it counts a key, each for itself", async () => {
		const bySession = await fetch(`${app.url}/api/`, { headers: { cookie: session } });
		expect([bySession.status, bySession.headers.get("ratelimit-policy")]).toEqual([200, '"api";q=600;w=60']);
		expect(bySession.headers.get("ratelimit-remaining")).toBe("599");
	});

	it("leads from the original's hunter pages to the hunters of that kind", async () => {
		for (const [path, kind] of [
			["/twitter_hunter/", "twitter"],
			["/threat_hunter", "threat"],
			["/news_hunter/", "news"],
			["/threat_hunter/7/edit/", "threat"],
		]) {
			const moved = await fetch(`${app.url}${path}`, { redirect: "manual", headers: { cookie: session } });
			expect([path, moved.status, moved.headers.get("location")]).toEqual([path, 307, `/hunters?kind=${kind}`]);
		}
	});

	it("has a page that names every call, parameter and field", async () => {
		const response = await fetch(`${app.url}/api-guide`, { headers: { cookie: session } });
		const html = await response.text();
		expect(response.status).toBe(200);
		for (const tracker of trackers) {
			expect(html).toContain(`/api/${tracker.resource}`);
			for (const { names, description } of Object.values(tracker.parameters)) expect([names[0], html.includes(names[0]) && html.includes(description.slice(0, 12))]).toEqual([names[0], true]);
			for (const field of Object.keys(tracker.item.shape)) expect(html).toContain(field);
		}
		for (const part of ["docs/examples/newest.py", "urllib.request", "/api/openapi.json"]) expect(html).toContain(part);
	});

	it.skipIf(!has("curl"))("answers the example in curl", async () => {
		const { code, out, said } = await run("sh", ["docs/examples/api.sh"], env());
		expect([code, said]).toEqual([0, ""]);
		expect(out).toContain(`"reputation":"${app.url}/api/reputation"`);
		expect(out).toMatch(/Is this URL listed\?\n\{"count":1,"next":null,"previous":null,"results":\[\{"indicator":"http:\/\/evil\.example\/a"/);
		expect(out).toContain('"indicator","type","source"');
		expect(out.trim().endsWith("304")).toBe(true);
		const refused = await run("sh", ["docs/examples/api.sh"], { ...env(), EXIST_KEY: "wrong" });
		expect([refused.code === 0, refused.out]).toEqual([false, expect.stringContaining("unauthenticated")]);
	});

	it.skipIf(!has("python3"))("answers the example in Python", async () => {
		const { code, out, said } = await run("python3", ["docs/examples/newest.py", "2020-01-01T00:00:00Z"], env());
		expect([code, said]).toEqual([0, "1102 listed since 2020-01-01T00:00:00Z\n"]);
		expect(out.trim().split("\n")).toHaveLength(1102);
		const refused = await run("python3", ["docs/examples/newest.py", "yesterday"], env());
		expect([refused.code, refused.said]).toEqual([1, expect.stringContaining("400: datetime_after")]);
	});

	it("answers the example in JavaScript", async () => {
		const { code, out, said } = await run(process.execPath, ["docs/examples/blocklist.mjs"], env());
		expect([code, said]).toEqual([0, ""]);
		const lines = out.trim().split("\n");
		// 203.0.113.0/24 is a documentation range: marked as benign, as is a public resolver.
		expect([lines.length, new Set(lines).size]).toEqual([1100 - 256, 1100 - 256]);
		expect(lines).not.toContain("8.8.8.8");
		const refused = await run(process.execPath, ["docs/examples/blocklist.mjs"], { ...env(), EXIST_KEY: "wrong" });
		expect([refused.code, refused.said]).toEqual([1, expect.stringContaining("401: The API key is unknown")]);
	});

	const HOSTS = ["www.example.edu", "http://evil[.]example/a", "8.8.8.8", "203.0.113.7", "nonsense"];

	it.skipIf(!has("curl"))("matches a file by the example in curl", async () => {
		const folder = await mkdtemp(join(tmpdir(), "exist-match-"));
		await writeFile(join(folder, "hosts.txt"), HOSTS.join("\n"));
		const { code, out, said } = await run("sh", ["docs/examples/match.sh", join(folder, "hosts.txt")], env());
		await rm(folder, { recursive: true });
		expect([code, said]).toEqual([0, ""]);
		expect(
			out
				.trim()
				.split("\r\n")
				.map((line) => line.split(",")[0]),
		).toEqual(['"value"', '"http://evil[.]example/a"', '"8.8.8.8"', '"203.0.113.7"']);
	});

	it.skipIf(!has("python3"))("matches a log of more values than one call takes by the example in Python", async () => {
		const log = Array.from({ length: 24_000 }, (_, at) => (at === 15_000 ? "8.8.8.8" : `h${at % 12_000}.example.edu`));
		const { code, out, said } = await run("python3", ["docs/examples/match.py"], env(), log.join("\n"));
		expect([code, said]).toEqual([0, "1 of 12001 values are known\n"]);
		expect(out).toBe("8.8.8.8\tlisted\tsuspicious\tListed by Test lines as suspicious.\n");
	});

	it("matches values by the example in JavaScript", async () => {
		const { code, out, said } = await run(process.execPath, ["docs/examples/match.mjs"], env(), HOSTS.join("\n"));
		expect([code, said]).toEqual([0, "3 listed, 0 known, 1 not listed, 1 no indicators\n"]);
		expect(
			out
				.trim()
				.split("\n")
				.map((line) => line.split("\t")[0]),
		).toEqual(HOSTS.slice(1, 4));
		const refused = await run(process.execPath, ["docs/examples/match.mjs"], env());
		expect([refused.code, refused.said]).toEqual([1, expect.stringContaining("400: There are no values")]);
	});

	it("takes bulk look-ups of a session from our own pages alone", async () => {
		const bulk = (headers: Record<string, string>) => fetch(`${app.url}/api/lookup/bulk`, { method: "POST", headers: { "content-type": "text/plain", ...headers }, body: "8.8.8.8" });
		expect((await bulk({ cookie: session, origin: app.url })).status).toBe(200);
		for (const headers of [{ cookie: session }, { cookie: session, origin: "https://evil.example" }, { cookie: session, origin: "null" }]) expect((await bulk(headers)).status).toBe(403);
		expect((await bulk({})).status).toBe(401);
		const asked = await ask("/api/lookup/bulk");
		expect([asked.status, asked.headers.get("allow")]).toEqual([405, "POST, OPTIONS"]);
	});
});

if (!has("python3")) process.stderr.write("python3 is not installed: the Python example is not run.\n");
if (!has("curl")) process.stderr.write("curl is not installed: the curl example is not run.\n");
