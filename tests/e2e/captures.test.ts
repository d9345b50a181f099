import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { BlobReader, TextWriter, ZipReader } from "@zip.js/zip.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApiKey } from "@/lib/auth/api-keys";
import { createUser } from "@/lib/auth/users";
import { claimCapture, runCapture } from "@/lib/capture";
import { captureContext, picture, textPart, visitResult } from "../harness/captures";
import { type RunningApp, startApp } from "./app";

const PASSWORD = "correct horse battery staple";
const HOSTILE = `"><img src=x onerror=alert(1)><script>alert(1)</script>{{7*7}}\u202e=cmd|'/C calc'!A0`;
/** What a browser would run, if it stood in a page as it is. */
const LIVE = /<img src=x|<script>alert\(1\)|<form id=phish/;

describe("captures in the console", () => {
	let app: RunningApp;
	let jobs: Server;
	const events: Array<{ id?: string; name?: string; data?: Record<string, unknown> }> = [];
	const cookies: Record<string, string> = {};
	const keys: Record<string, string> = {};
	let first = "";
	let second = "";
	let waiting = "";

	const hostileVisit = () => {
		const before = visitResult();
		return visitResult({
			title: HOSTILE,
			reason: HOSTILE,
			finalUrl: `http://shop.example.com/?q=${HOSTILE}`,
			hops: [{ url: `javascript:${HOSTILE}`, status: 302, by: "location", address: "93.184.215.14" }],
			response: { ...(before.response as NonNullable<typeof before.response>), contentType: HOSTILE, server: HOSTILE, headers: [[HOSTILE, HOSTILE]] },
			encoding: HOSTILE,
			certificate: {
				subject: HOSTILE,
				issuer: HOSTILE,
				names: [HOSTILE],
				validFrom: "2026-01-01T00:00:00Z",
				validTo: "2027-01-01T00:00:00Z",
				fingerprint: "ab".repeat(32),
				protocol: HOSTILE,
				fault: HOSTILE,
			},
			requests: [
				{ url: `http://cdn.example.com/${HOSTILE}`, method: HOSTILE, kind: HOSTILE, status: 200, mediaType: HOSTILE, bytes: 5, address: "93.184.215.14", at: 1, failure: null },
				{ url: "http://192.168.0.1/", method: "GET", kind: "image", status: null, mediaType: null, bytes: null, address: null, at: 2, failure: { by: "guard", reason: HOSTILE } },
			],
			console: [{ level: "error", text: HOSTILE }],
			cookies: [{ name: HOSTILE, value: HOSTILE, domain: HOSTILE, path: "/", expires: null, secure: true, httpOnly: true, sameSite: HOSTILE }],
			favicon: { url: `http://shop.example.com/${HOSTILE}`, sha256: "cd".repeat(32), mmh3: -123456, bytes: 10 },
			downloads: [{ url: `data:text/html,${HOSTILE}`, name: `../${HOSTILE}`, mediaType: HOSTILE, bytes: 3, sha256: "ef".repeat(32), kept: true }],
			dialogs: [{ kind: HOSTILE, text: HOSTILE }],
			popups: [`javascript:${HOSTILE}`],
			more: { ...before.more, requests: 1_200, downloads: 18, popups: 949 },
			fullPage: { height: 100_000, shown: 8_000, lost: null },
		});
	};

	beforeAll(async () => {
		jobs = createServer((request, response) => {
			let body = "";
			request.setEncoding("utf8").on("data", (text: string) => {
				body += text;
			});
			request.on("end", () => {
				if (request.url?.startsWith("/e/") === true) events.push(...(JSON.parse(body) as typeof events));
				response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ ids: ["1"], status: 200 }));
			});
		});
		await new Promise<void>((resolve) => jobs.listen(0, "127.0.0.1", resolve));
		app = await startApp({ INNGEST_BASE_URL: `http://127.0.0.1:${(jobs.address() as AddressInfo).port}` });
		for (const role of ["viewer", "analyst"] as const) {
			const user = await createUser({ email: `${role}@example.com`, name: role, role, password: PASSWORD }, "test", app.fresh.database);
			cookies[role] = (await app.signIn(user.email, PASSWORD)) ?? "";
			keys[role] = (await createApiKey({ userId: user.id, name: "read", scopes: ["read"], expiresAt: null }, "test", app.fresh.database)).secret;
			if (role === "analyst") keys.capture = (await createApiKey({ userId: user.id, name: "capture", scopes: ["read", "capture"], expiresAt: null }, "test", app.fresh.database)).secret;
		}
		let turn = 0;
		const source = `<title>x</title>\n<form id=phish action="http://evil.example.com/collect">\n${HOSTILE}\n`;
		const context = captureContext(app.fresh.database, async () => ({
			result: turn++ === 0 ? visitResult({ fullPage: { height: 3_000, shown: 0, lost: "the browser broke down" } }) : hostileVisit(),
			parts: [
				{ kind: "screenshot", number: 0, mediaType: "image/png", bytes: picture(320, 200, [240, 240, 240], turn === 1 ? 0 : 50) },
				{ kind: "full-page", number: 0, mediaType: "image/png", bytes: picture(320, 500, [240, 240, 240]) },
				textPart("text", turn === 1 ? "one\ntwo\n" : `one\n${HOSTILE}\n`),
				{ ...textPart("content", source), mediaType: "text/html" },
				textPart("markup", source),
				{ kind: "download", number: 0, mediaType: "text/html", bytes: Buffer.from("MZ!") },
			],
		}));
		const ask = async (again: boolean): Promise<string> => (await claimCapture({ url: "http://shop.example.com/login", profile: "desktop", again }, "analyst@example.com", context)).capture.id;
		first = await ask(false);
		await runCapture(first, { again: false }, context);
		await new Promise((resolve) => setTimeout(resolve, 5));
		second = await ask(true);
		await runCapture(second, { again: false }, context);
		waiting = (await claimCapture({ url: "http://waiting.example.com/", profile: "phone", again: false }, "analyst@example.com", context)).capture.id;
	}, 240_000);
	afterAll(async () => {
		await app.stop();
		jobs.closeAllConnections();
		await new Promise((resolve) => jobs.close(resolve));
	});

	const ask = (path: string, headers: Record<string, string> = { cookie: cookies.viewer ?? "" }, init: RequestInit = {}) => fetch(`${app.url}${path}`, { redirect: "manual", ...init, headers });
	const post = (headers: Record<string, string>, body: unknown) => ask("/api/captures", { "content-type": "application/json", ...headers }, { method: "POST", body: JSON.stringify(body) });
	const count = async (): Promise<number> => Number((await app.fresh.database.query<{ n: number }>("SELECT COUNT(*) AS n FROM capture"))[0]?.n);

	it("are asked for by analysts of our own pages and by keys with the scope, and by nobody else", async () => {
		const url = "hxxp://fresh[.]example[.]com/a";
		const own = { origin: app.url, "sec-fetch-site": "same-origin" };
		const before = await count();
		expect((await post({}, { url })).status).toBe(401);
		expect((await post({ ...own, cookie: cookies.viewer ?? "" }, { url })).status).toBe(403);
		for (const foreign of [{ origin: "https://evil.example", "sec-fetch-site": "cross-site" }, { origin: "null" }, {}])
			expect((await post({ ...(foreign as Record<string, string>), cookie: cookies.analyst ?? "" }, { url })).status).toBe(403);
		for (const key of [keys.viewer, keys.analyst]) expect((await post({ authorization: `Bearer ${key}` }, { url })).status).toBe(403);
		expect([await count(), events.length]).toEqual([before, 0]);
		const taken = await post({ ...own, cookie: cookies.analyst ?? "" }, { url });
		expect(taken.status).toBe(202);
		const said = (await taken.json()) as { id: string; state: string; url: string; shared: boolean; page: string };
		expect(said).toMatchObject({ state: "queued", url: "http://fresh.example.com/a", shared: false, page: `${app.url}/captures/${said.id}` });
		const again = await post({ authorization: `Bearer ${keys.capture}` }, { url });
		expect(await again.json()).toMatchObject({ id: said.id, shared: true });
		expect(events.map(({ id, name, data }) => ({ id, name, data }))).toEqual(
			Array(2).fill({ id: `capture.${said.id}`, name: "capture/requested", data: { capture: said.id, host: "fresh.example.com" } }),
		);
		expect(await count()).toBe(before + 1);
	});

	it.each([[{}], [{ url: "" }], [{ url: "http://127.0.0.1/" }], [{ url: "example.com" }], [{ url: "http://example.com/", profile: "root" }], [[]], ["x"]])("refuses %j with words", async (body) => {
		const response = await post({ authorization: `Bearer ${keys.capture}` }, body);
		expect(response.status).toBe(400);
		expect(((await response.json()) as { detail: string }).detail.length).toBeGreaterThan(10);
	});

	it("show hostile text as text on every page", async () => {
		for (const path of [
			"/captures",
			`/captures/${first}`,
			`/captures/${second}`,
			`/captures/${second}?requests=failed`,
			`/captures/${second}/source`,
			`/captures/${second}/source?kind=markup`,
			`/captures/${waiting}`,
		]) {
			const response = await ask(path);
			expect([path, response.status]).toEqual([path, 200]);
			const html = await response.text();
			expect([path, html.match(LIVE)]).toEqual([path, null]);
			expect([path, html.match(/href="(?:javascript|data):/)]).toEqual([path, null]);
			expect([path, html.includes("hxxp://")]).toEqual([path, true]);
		}
		const page = await (await ask(`/captures/${second}`)).text();
		for (const part of ["&lt;script&gt;alert(1)", "Since the capture before", `/hash/${"cd".repeat(32)}`, "http.favicon.hash:-123456", "refused"])
			expect([part, page.includes(part)]).toEqual([part, true]);
		expect(await (await ask(`/captures/${second}/source`)).text()).toContain(`/url/${encodeURIComponent("http://evil.example.com/collect")}`);
		expect(await (await ask(`/captures/${waiting}`)).text()).toContain("waits for a browser that is free");
		expect(await (await ask(`/captures/${first}`, { cookie: cookies.analyst ?? "" })).text()).toContain("Capture again");
		expect((await ask(`/captures/${"0".repeat(32)}`)).status).toBe(404);
	});

	it("say what there was beyond their lists, and what became of the long picture", async () => {
		const page = await (await ask(`/captures/${second}`)).text();
		for (const part of ["all 2 shown, 1,200 more", "1 shown, 18 more; in the zip", "2 shown, 949 more", "19 files offered", "950 windows wanted", "cut at 8,000 of 100,000 pixels"])
			expect([part, page.includes(part)]).toEqual([part, true]);
		const plain = await (await ask(`/captures/${first}`)).text();
		expect(plain).toContain("There is no picture of the full page: the browser broke down.");
		expect(plain).not.toMatch(/ shown, [\d,]+ more/);
		expect(await (await ask(`/api/captures/${second}`)).json()).toMatchObject({
			result: { more: { requests: 1_200, downloads: 18, popups: 949, cookies: 0 }, fullPage: { height: 100_000, shown: 8_000, lost: null } },
		});
		expect(await (await ask(`/api/captures/${second}/requests`)).json()).toMatchObject({ more: 1_200, requests: [{}, {}] });
	});

	it("serve evidence so that no browser runs it", async () => {
		const inert = async (path: string, type: string): Promise<Buffer> => {
			const response = await ask(`/api/captures/${second}/${path}`);
			expect([path, response.status, response.headers.get("content-type")]).toEqual([path, 200, type]);
			expect([path, response.headers.get("x-content-type-options"), response.headers.get("content-security-policy")]).toEqual([path, "nosniff", expect.stringContaining("sandbox")]);
			expect(response.headers.get("content-disposition")).toMatch(/^(?:inline|attachment; filename="[\w.-]+")$/);
			return Buffer.from(await response.arrayBuffer());
		};
		for (const name of ["screenshot", "full-page", "thumbnail", "difference"]) expect((await inert(name, "image/png")).subarray(1, 4).toString()).toBe("PNG");
		expect((await inert("source", "text/plain; charset=utf-8")).toString()).toContain("<form id=phish");
		const csv = (await inert("requests?format=csv", "text/csv; charset=utf-8")).toString();
		expect(csv).toContain("192.168.0.1");
		expect(JSON.parse((await inert("requests?format=har", "application/json")).toString())).toMatchObject({ log: { version: "1.2", entries: [{}, {}] } });
		const zip = await inert("download", "application/zip");
		const entries = await new ZipReader(new BlobReader(new Blob([new Uint8Array(zip)])), { password: "infected" }).getEntries();
		expect(entries.map(({ filename, encrypted }) => [filename, encrypted])).toEqual(["content.bin", "download-1.bin", "manifest.json"].map((name) => [name, true]));
		const download = entries[1];
		expect(download?.directory === false && (await download.getData(new TextWriter()))).toBe("MZ!");
		for (const path of ["nonsense", "full-page/x"]) expect((await ask(`/api/captures/${second}/${path}`)).status).toBe(404);
	});

	it("answer as JSON by list and by id", async () => {
		const list = (await (await ask("/api/captures?url=shop.example.com&limit=1")).json()) as { next: string; results: Array<{ id: string }> };
		expect(list.results.map(({ id }) => id)).toEqual([second]);
		expect(await (await ask(list.next.slice(app.url.length))).json()).toMatchObject({ next: null, results: [{ id: first, status: 200, title: "Sign in" }] });
		const one = await (await ask(`/api/captures/${second}`)).json();
		expect(one).toMatchObject({ state: "done", previous: first, result: { title: HOSTILE }, parts: expect.arrayContaining([expect.objectContaining({ kind: "download", bytes: 3 })]) });
		expect((await ask("/api/captures?url=not+a+host")).status).toBe(400);
		expect((await ask("/api/captures?cursor=x")).status).toBe(400);
	});
});
