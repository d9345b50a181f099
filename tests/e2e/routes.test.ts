import { readdirSync } from "node:fs";
import { join, sep } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApiKey, revokeApiKey } from "@/lib/auth/api-keys";
import { createUser } from "@/lib/auth/users";
import { addFeed, readDraft } from "@/lib/feeds";
import { get, reputation, threatEvent, trackers } from "@/lib/trackers";
import { mispJson } from "../fakes/misp";
import { lineSource, runSource, testContext } from "../harness/ingest";
import { type RunningApp, startApp } from "./app";

const PASSWORD = "correct horse battery staple";
/** Routes that are open to everybody, each for its own reason; every other file of the tree must refuse strangers. */
const OPEN = new Set(["/api/health", "/api/auth/[...nextauth]", "/sign-in", "/setup"]);

function routes(): Array<{ kind: "page" | "handler"; route: string }> {
	return readdirSync(join(process.cwd(), "app"), { recursive: true, encoding: "utf8" })
		.filter((file) => /(?:^|[\\/])(?:page\.tsx|route\.ts)$/.test(file))
		.map((file) => {
			const parts = file.split(sep);
			const kind = parts.pop() === "page.tsx" ? ("page" as const) : ("handler" as const);
			return { kind, route: `/${parts.filter((part) => !part.startsWith("(")).join("/")}` };
		});
}

function pathOf(route: string): string {
	return route
		.replace("[resource]", "reputation")
		.replace(/\[\.\.\.value\]/, encodeURIComponent("http://evil.example/a"))
		.replace("[...rest]", "1")
		.replace(/\[id\]/, "0".repeat(32))
		.replace("[picture]", "screenshot")
		.replace("[slug]", "cins")
		.replace("[tracker]", "exploit")
		.replace("[number]", "10001")
		.replace("[value]", "192.0.2.1");
}

const TRICKS: ReadonlyArray<readonly [string, Record<string, string>]> = [
	["plainly", {}],
	["as a subrequest", { "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy" }],
	["as a prefetch", { "next-router-prefetch": "1", purpose: "prefetch", rsc: "1" }],
	["as a rewrite", { "x-original-url": "/api/health", "x-rewrite-url": "/api/health", "x-invoke-path": "/api/health" }],
	["as another host", { "x-forwarded-host": "127.0.0.1", "x-forwarded-for": "127.0.0.1" }],
	["with a made-up session", { cookie: "next-auth.session-token=eyJhbGciOiJub25lIn0..e30.; __Secure-next-auth.session-token=x" }],
];

describe("who may ask what", () => {
	let app: RunningApp;
	const cookies: Record<string, string> = {};
	let secret = "";
	let keyId = "";
	let userId = "";

	beforeAll(async () => {
		app = await startApp();
		for (const role of ["viewer", "analyst", "administrator"] as const) {
			const user = await createUser({ email: `${role}@example.com`, name: role, role, password: PASSWORD }, "test", app.fresh.database);
			if (role === "viewer") userId = user.id;
			cookies[role] = (await app.signIn(user.email, PASSWORD)) ?? "";
		}
		const key = await createApiKey({ userId, name: "test", scopes: ["read"], expiresAt: null }, "test", app.fresh.database);
		secret = key.secret;
		keyId = key.id;
		const feed = { name: "Ours", url: "https://feed.example.com/list?apikey=typed-in-the-address", everyMinutes: 60, config: { format: "lines", category: "suspicious" }, secrets: {} };
		await addFeed(readDraft(feed), "analyst@example.com", app.fresh.database);
		const source = lineSource();
		await runSource(testContext(app.fresh.database, [source]), source, { text: "192.0.2.1:443\nhxxp://evil[.]example/a\nstored-marker.example.org\nevil.example.org" });
	}, 180_000);
	afterAll(() => app.stop());

	const ask = (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) => fetch(`${app.url}${path}`, { redirect: "manual", ...init, headers });

	it("shows what a provider grants each credential, and nothing of a key in a feed's address to those who may not edit it", async () => {
		const at = "2030-01-02T03:04:05.000Z";
		const limits = [
			{ label: "account 1", state: "free", window: { remaining: 1234, limit: 5000, resetAt: at } },
			{ label: "account 2", state: "resting", until: at, window: { remaining: 0, limit: 15, resetAt: at } },
			{ label: "app 1", state: "refused", since: "2026-11-20T10:00:00.000Z" },
			{ label: "app 2", state: "resting", until: "2026-01-01T00:00:00.000Z" },
		];
		await app.fresh.database.execute(
			`INSERT INTO source_state (source, slug, name, enabled, state, failures, present_count, sighting_count, limits) VALUES (1301, 'x-home', 'X', 1, 'ok', 0, 0, 0, '${JSON.stringify(limits)}')`,
		);
		const text = (html: string): string =>
			html
				.replace(/<!-- -->/g, "")
				.replace(/<[^>]*>/g, " ")
				.replace(/\s+/g, " ");
		const page = text(await (await ask("/sources/x-home", { cookie: cookies.viewer ?? "" })).text());
		expect(page).toContain("account 1 free 1,234 of 5,000 in 3 y");
		expect(page).toContain("account 2 resting until in 3 y 0 of 15 in 3 y");
		expect(page).toMatch(/app 1 refused since \d+ (?:min|h|d|mo|y) not said app 2 free not said/);
		for (const path of ["/sources", "/sources/feed-10001", "/feeds/10001", "/api/reputation/sources"]) {
			expect([path, await (await ask(path, { cookie: cookies.viewer ?? "" })).text()]).toEqual([path, expect.not.stringContaining("typed-in-the-address")]);
		}
		expect(await (await ask("/feeds/10001", { cookie: cookies.analyst ?? "" })).text()).toContain("typed-in-the-address");
	});

	it("finds the routes of the tree", () => {
		expect(routes().length).toBeGreaterThan(20);
	});

	describe.each(TRICKS)("a stranger who asks %s", (_, headers) => {
		it.each(routes().filter(({ route }) => !OPEN.has(route)))("is refused at $route", async ({ kind, route }) => {
			let response = await ask(pathOf(route), headers);
			// A request for data is first sent to its own address with a checksum of its headers.
			const again = response.headers.get("location");
			if (again?.includes("_rsc=") === true) response = await ask(again, headers);
			const body = await response.text();
			if (kind === "handler") expect(response.status).toBe(401);
			else if ("next-router-prefetch" in headers) {
				// A prefetch gets the names of the segments and what holds their place, which is the same for everybody: no name, no number.
				expect(body).not.toMatch(/@example\.com|administrator|stored-marker|data-row|CINS|[1-9]\d* (?:sightings|records|of)/);
			} else {
				// A page answers with a redirect to sign-in, as status or, for a router that asks for data, inside it.
				expect([307, 200]).toContain(response.status);
				const target = response.headers.get("location") ?? body;
				expect(target).toContain("/sign-in");
			}
			expect(body).not.toContain("stored-marker");
		});
	});

	it("tells a stranger nothing of a record by its head alone", async () => {
		const title = "An event that nobody may know of";
		await app.fresh.database.execute(
			`INSERT INTO threat_event (id, number, uuid, source, info, day, level, analysis, published, published_at, modified_at, tags, galaxies, related, attribute_count, object_count, digest, created_at, updated_at)
				VALUES (UNHEX('${"ab".repeat(16)}'), 77, '5e8b1b1a-7b1a-4b1a-8b1a-5e8b1b1a7b1a', 1201, '${title}', '2026-11-01', 1, 2, 1, NOW(), NOW(), '[]', '[]', '[]', 0, 0, X'0102030405060708', NOW(), NOW())`,
		);
		expect(await (await ask("/threat/event/77", { cookie: cookies.viewer ?? "" })).text()).toContain(title);
		// The router says which parts it has already; of a page it may want the head alone.
		const tree = (segments: readonly unknown[], last: unknown): unknown => segments.reduceRight<unknown>((inner, segment) => [segment, { children: inner }], last);
		const head = ["__PAGE__", {}, null, "metadata-only"];
		for (const state of [
			tree(["", "(console)", "threat", "event", ["id", "77", "d"]], head),
			tree(["", "(console)", "threat", "event", ["id", "77", "d", null]], head),
			tree(["", "(console)", "threat", "event", ["id", "1", "d", null]], head),
			["", {}, null, "metadata-only"],
		]) {
			const headers = { rsc: "1", "next-router-state-tree": encodeURIComponent(JSON.stringify(state)) };
			let response = await ask("/threat/event/77", headers);
			for (let turn = 0; turn < 2 && response.headers.get("location")?.includes("_rsc=") === true; turn++) response = await ask(response.headers.get("location") ?? "", headers);
			expect(await response.text()).not.toContain(title);
		}
		await app.fresh.database.execute("DELETE FROM threat_event WHERE number = 77");
	});

	it.each(["viewer", "analyst", "administrator"])("lets a %s read every page", async (role) => {
		for (const { kind, route } of routes()) {
			if (OPEN.has(route) || kind === "handler" || route === "/lookup" || route.includes("/[id]")) continue;
			// Who may not change feeds or import files is led back to where they are shown; the form of a hunter says who may.
			const expected = role === "viewer" && (route.startsWith("/feeds/") || route === "/threat/import") ? 307 : 200;
			expect([route, (await ask(pathOf(route), { cookie: cookies[role] ?? "" })).status]).toEqual([route, expected]);
		}
	});

	it("answers the API to a session and to a key alike", async () => {
		for (const headers of [{ cookie: cookies.viewer ?? "" }, { authorization: `Bearer ${secret}` }, { authorization: `Token ${secret}` }, { "x-api-key": secret }]) {
			const response = await ask("/api/reputation?limit=2", headers as Record<string, string>);
			expect(response.status).toBe(200);
			const body = (await response.json()) as { count: number; next: string; previous: null; results: Array<Record<string, unknown>> };
			expect(body).toMatchObject({ count: 4, next: `${app.url}/api/reputation?limit=2&offset=2`, previous: null });
			expect(Object.keys(body.results[0] ?? {}).slice(0, 9)).toEqual(["id", "ip", "domain", "url", "source", "description", "referrer", "countrycode", "datetime"]);
		}
	});

	it("refuses a wrong key even beside a good session", async () => {
		const response = await ask("/api/reputation", { cookie: cookies.viewer ?? "", authorization: `Bearer exist_${"A".repeat(43)}` });
		expect(response.status).toBe(401);
	});

	it("answers every page of the API's list once, forwards and by cursor", async () => {
		const headers = { authorization: `Bearer ${secret}` };
		const seen: string[] = [];
		let next: string | null = "/api/reputation?limit=1";
		while (next !== null) {
			const body = (await (await ask(next, headers)).json()) as { next: string | null; results: Array<{ id: string }> };
			seen.push(...body.results.map(({ id }) => id));
			next = body.next === null ? null : body.next.slice(app.url.length);
		}
		expect(new Set(seen).size).toBe(4);
		const one = await ask(`/api/reputation/${seen[0]}`, headers);
		expect(await one.json()).toMatchObject({ id: seen[0] });
		expect((await ask("/api/reputation/0000", headers)).status).toBe(404);
	});

	it("finds by exact value, search and filters, and explains what it does not understand", async () => {
		const headers = { authorization: `Bearer ${secret}` };
		const count = async (query: string) => ((await (await ask(`/api/reputation?${query}`, headers)).json()) as { count: number }).count;
		expect(await count("ip=192.0.2.1")).toBe(1);
		expect(await count("ip=192.0.2[.]1")).toBe(1);
		expect(await count("url=http://evil.example/a")).toBe(1);
		expect(await count("domain=EVIL.example.org")).toBe(1);
		expect(await count("search=evil+example")).toBe(2);
		expect(await count("search=%5Eevil")).toBe(1);
		expect(await count("port=443")).toBe(1);
		expect(await count("type=url&category=suspicious")).toBe(1);
		expect(await count("datetime_after=2099-01-01")).toBe(0);
		for (const [query, said] of [
			["limit=-1", "limit"],
			["limit=5000", "1000"],
			["offset=x", "offset"],
			["cursor=nonsense", "cursor"],
			["source=77777", "source"],
			["type=banana", "banana"],
			["datetime_before=yesterday", "yesterday"],
			["search=a(b%7Cc)%2B", "regular-expression"],
			["fields=nonsense", "nonsense"],
			["format=xml", "xml"],
		] as const) {
			const response = await ask(`/api/reputation?${query}`, headers);
			expect([query, response.status]).toEqual([query, 400]);
			expect(((await response.json()) as { detail: string }).detail).toContain(said);
		}
	});

	it("answers as the original does where its clients are careless", async () => {
		const headers = { authorization: `Bearer ${secret}` };
		const json = async (path: string) => {
			const response = await ask(path, headers);
			return [response.status, await response.json()] as const;
		};
		const [status, resources] = await json("/api/");
		expect([status, resources]).toEqual([200, Object.fromEntries(trackers.map(({ resource }) => [resource, `${app.url}/api/${resource}`]))]);
		expect(await json("/api")).toEqual([200, resources]);
		const list = await json("/api/reputation");
		expect(list).toMatchObject([200, { count: 4, next: null, previous: null }]);
		expect(await json("/api/reputation/")).toEqual(list);
		expect(await json("/api/reputation/?limit=50&offset=0&search=&unknown=1")).toEqual(list);
		const { results } = list[1] as { results: Array<{ id: string; datetime: string; ip: string | null; domain: string; url: string }> };
		for (const item of results) {
			expect(item.id).toMatch(/^[0-9a-f]{32}$/);
			expect(item.datetime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/);
			expect([item.ip, item.domain, item.url].filter(Boolean)).toHaveLength(1);
			expect(await json(`/api/reputation/${item.id}/`)).toEqual([200, item]);
		}
		for (const path of ["/api/reputation/0000", `/api/reputation/${"f".repeat(32)}`, "/api/nonsense", "/api/nonsense/1", "/api/reputation/1/2"]) {
			const [code, body] = await json(path);
			expect([path, code, body]).toEqual([path, 404, expect.objectContaining({ detail: "Not found." })]);
		}
		const past = await json("/api/reputation?limit=2&offset=4");
		expect(past).toMatchObject([200, { count: 4, next: null, previous: `${app.url}/api/reputation?limit=2&offset=2`, results: [] }]);
	});

	it("answers HEAD without a body, other methods with 405, and a key without the header's scheme with 401", async () => {
		const headers = { authorization: `Bearer ${secret}` };
		const head = await ask("/api/reputation", headers, { method: "HEAD" });
		expect([head.status, head.headers.get("content-type"), await head.text()]).toEqual([200, "application/json; charset=utf-8", ""]);
		expect((await ask("/api/reputation", {}, { method: "HEAD" })).status).toBe(401);
		for (const method of ["POST", "PUT", "DELETE", "PATCH"]) expect([method, (await ask("/api/reputation", headers, { method })).status]).toEqual([method, 405]);
		const bare = await ask("/api/reputation", { authorization: secret });
		expect([bare.status, bare.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="EXIST"']);
	});

	it("gives the same rows as CSV (inert in a spreadsheet) and NDJSON", async () => {
		const headers = { authorization: `Bearer ${secret}` };
		const csv = await ask("/api/reputation?format=csv", headers);
		expect(csv.headers.get("content-disposition")).toContain("attachment");
		// Reading as text would drop the byte order mark.
		const text = Buffer.from(await csv.arrayBuffer()).toString("utf8");
		expect(text.charCodeAt(0)).toBe(0xfeff);
		expect(text.slice(1).split("\r\n")[0]).toBe(reputation.csv.map(({ header }) => `"${header}"`).join(","));
		expect(text.trim().split("\r\n")).toHaveLength(5);
		const ndjson = await (await ask("/api/reputation", { ...headers, accept: "application/x-ndjson" })).text();
		expect(
			ndjson
				.trim()
				.split("\n")
				.map((line) => (JSON.parse(line) as { indicator: string }).indicator)
				.sort(),
		).toContain("evil.example.org");
	});

	it("answers 304 to whom has the answer", async () => {
		const headers = { authorization: `Bearer ${secret}` };
		const first = await ask("/api/reputation/sources", headers);
		expect(await first.json()).toMatchObject({ 201: "MalwareDomainList", 241: "PhishTank" });
		const again = await ask("/api/reputation/sources", { ...headers, "if-none-match": first.headers.get("etag") ?? "" });
		expect(again.status).toBe(304);
	});

	describe("MISP events by file", () => {
		const uuid = "5a3c2fcd-8328-42bb-a95e-4f4402de0b81";
		const file = JSON.stringify(mispJson("misp-events", "pymisp_existing_event.json"));
		const send = (headers: Record<string, string>, body: string) => ask("/api/threat/import?name=sednit.json", { "content-type": "application/json", ...headers }, { method: "POST", body });
		const ours = () => ({ origin: app.url, "sec-fetch-site": "same-origin" });

		it("takes them from analysts of our own pages alone", async () => {
			expect((await send({}, file)).status).toBe(401);
			expect((await send({ ...ours(), cookie: cookies.viewer ?? "" }, file)).status).toBe(403);
			expect((await send({ authorization: `Bearer ${secret}` }, file)).status).toBe(403);
			for (const foreign of [{ origin: "https://evil.example", "sec-fetch-site": "cross-site" }, { origin: "null" }, {}])
				expect((await send({ ...foreign, cookie: cookies.analyst ?? "" } as Record<string, string>, file)).status).toBe(403);
			expect(await get(threatEvent, uuid, app.fresh.database)).toBeNull();
		});

		it("stores them and says what became of them", async () => {
			const headers = { ...ours(), cookie: cookies.analyst ?? "" };
			expect(await (await send(headers, file)).json()).toMatchObject({ state: "ok", new: 1, setAside: 0 });
			expect(await (await send(headers, JSON.stringify({ response: [{ Event: { uuid: "x" } }, JSON.parse(file)] }))).json()).toMatchObject({
				state: "ok",
				new: 0,
				unchanged: 1,
				setAside: 1,
				setAsideRows: ["event x: its uuid is no UUID"],
			});
			const page = await send(headers, "<html>");
			expect([page.status, ((await page.json()) as { state: string; reason: string }).state]).toEqual([422, "suspect"]);
		});

		it("opens the event by number, UUID and id, page by page, and leads from an attribute to its place", async () => {
			const headers = { cookie: cookies.viewer ?? "" };
			const row = await get(threatEvent, uuid, app.fresh.database);
			for (const id of [uuid, String(row?.number), String(row?.id), `${uuid}/`]) {
				const response = await ask(`/threat/event/${id}`, headers);
				expect([id, response.status]).toEqual([id, 200]);
				const html = await response.text();
				expect(html).toContain("How Fancy Bear Spent the Year");
				expect(html).toContain("movieultimate[.]com");
				expect(html).toContain("Win32/Sednit");
			}
			const further: string[] = [];
			let next: string | undefined = `/threat/event/${uuid}`;
			while (next !== undefined && further.length < 10) {
				const html = await (await ask(next, headers)).text();
				further.push(html);
				const place: string | undefined = /[?&;]objects=([0-9a-f]{32})#objects"/.exec(html)?.[1];
				next = place === undefined ? undefined : `/threat/event/${uuid}?objects=${place}`;
			}
			// 49 objects, twelve a page; what refers to the domain stands on one of them.
			expect(further).toHaveLength(5);
			expect(further.some((html) => html.includes("communicates-with"))).toBe(true);
			for (const query of ["category=Network%20activity&type=domain", "holds=movie", "deleted=true", "holds=%25%00", "type=%3Cscript%3E", "after=x", "objects=x"])
				expect((await ask(`/threat/event/${uuid}?${query}`, headers)).status).toBe(200);
			expect((await ask(`/threat/event/${"0".repeat(32)}`, headers)).status).toBe(404);
			const place = await ask("/threat/attribute/5a3c3045-ab0c-4d38-8efe-459002de0b81", headers);
			expect(place.headers.get("location")).toBe(`/threat/event/${row?.id}?category=Network+activity&type=domain&holds=movieultimate.com#attributes`);
		});

		it("answers the original's API", async () => {
			const headers = { authorization: `Bearer ${secret}` };
			const events = (await (await ask("/api/threatEvent?search=sednit", headers)).json()) as { count: number; results: Array<{ id: number; attribute_count: number }> };
			expect(events).toMatchObject({ count: 1, results: [{ attribute_count: 122, orgc: "CIRCL" }] });
			const attributes = (await (await ask(`/api/threatAttribute?event__id=${events.results[0]?.id}&value=MOVIEULTIMATE.com`, headers)).json()) as { count: number; results: unknown[] };
			expect(attributes).toMatchObject({ count: 1, results: [{ type: "domain", Event: { id: events.results[0]?.id }, Object: null }] });
			expect(await (await ask("/api/threatEvent/1", headers)).json()).toMatchObject({ detail: "Not found." });
		});
	});

	it("does not run jobs without a signature", async () => {
		for (const method of ["POST", "PUT", "GET"]) {
			const response = await ask(
				"/api/inngest?fnId=exist-sources-schedule&stepId=step",
				{ "content-type": "application/json", "x-inngest-signature": "t=1&s=00" },
				{ method, ...(method === "GET" ? {} : { body: "{}" }) },
			);
			expect([method, response.status]).toEqual([method, 401]);
		}
	});

	it("sends a policy with a fresh nonce, and never frames", async () => {
		const [one, two] = await Promise.all([ask("/sign-in"), ask("/sign-in")]);
		const nonce = (response: Response) => /'nonce-([^']+)'/.exec(response.headers.get("content-security-policy") ?? "")?.[1];
		expect(nonce(one)).toBeDefined();
		expect(nonce(one)).not.toBe(nonce(two));
		expect(one.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
		expect(one.headers.get("x-powered-by")).toBeNull();
	});

	it("leads from the original's addresses to the pages of today", async () => {
		const headers = { cookie: cookies.viewer ?? "" };
		const target = async (path: string) => (await ask(path, headers)).headers.get("location");
		expect(await target("/lookup?keyword=192.0.2[.]1")).toBe("/ip/192.0.2.1");
		expect(await target("/lookup?keyword=hxxp://evil[.]example/a")).toBe(`/url/${encodeURIComponent("http://evil.example/a")}`);
		for (const path of ["/ip/192.0.2.1/", "/domain/evil.example.org/", `/url/${encodeURIComponent("http://evil.example/a")}/`, "/reputation/", "/cross?keyword=evil"]) {
			const response = await ask(path, headers);
			expect([path, response.status]).toEqual([path, 200]);
			expect(await response.text()).toContain("evil[.]example".slice(0, path.startsWith("/ip") ? 0 : 14));
		}
	});

	it("shows hostile and nonsensical searches a message, never a failure", async () => {
		const headers = { cookie: cookies.viewer ?? "" };
		for (const keyword of ["", "%00%01", "a", "\u202e", "<script>alert(1)</script>", "x".repeat(9000), "💥", "' OR 1=1 --", "%25%25%25", "../../etc/passwd", "999.999.999.999", "[::1", "(((("]) {
			const response = await ask(`/cross?keyword=${keyword.startsWith("%") ? keyword : encodeURIComponent(keyword)}`, headers);
			expect([keyword.slice(0, 20), response.status]).toEqual([keyword.slice(0, 20), 200]);
			expect(await response.text()).not.toContain("<script>alert(1)");
		}
	});

	it("ends a session with its account and a key with its revocation", async () => {
		await revokeApiKey(keyId, userId, "test", app.fresh.database);
		expect((await ask("/api/reputation", { authorization: `Bearer ${secret}` })).status).toBe(401);
		expect((await ask("/api/reputation", { cookie: cookies.viewer ?? "" })).status).toBe(200);
		await app.fresh.database.execute("UPDATE user SET session_version = session_version + 1 WHERE email = 'viewer@example.com'");
		expect((await ask("/api/reputation", { cookie: cookies.viewer ?? "" })).status).toBe(401);
		await app.fresh.database.execute("UPDATE user SET disabled_at = NOW(3) WHERE email = 'analyst@example.com'");
		expect((await ask("/api/reputation", { cookie: cookies.analyst ?? "" })).status).toBe(401);
		expect(await app.signIn("analyst@example.com", PASSWORD)).toBeNull();
	});

	it("slows down whoever guesses passwords", async () => {
		let refused = 0;
		for (let turn = 0; turn < 14; turn++) if ((await app.signIn("administrator@example.com", `wrong password ${turn}`)) === null) refused++;
		expect(refused).toBe(14);
		// Even the right one has to wait now.
		expect(await app.signIn("administrator@example.com", PASSWORD)).toBeNull();
	});
});
