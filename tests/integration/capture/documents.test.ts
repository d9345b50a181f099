import { createHash } from "node:crypto";
import { once } from "node:events";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { launch, type RunningBrowser } from "@/lib/capture/browser";
import type { Visit } from "@/lib/capture/report";
import type { PartKind } from "@/lib/capture/result";
import { fixture, fixtureJson, PUBLIC, startWorld, type World } from "./world";

const BUDGET = { totalMs: 12_000, answerMs: 5_000, loadMs: 2_500, settleMs: 800, stepMs: 4_000 };
const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
const part = ({ parts }: Visit, kind: PartKind): Buffer | undefined => parts.find((each) => each.kind === kind)?.bytes;

let world: World;
let browser: RunningBrowser;

beforeAll(async () => {
	browser = await launch();
	world = await startWorld(() => browser);
});

afterAll(async () => {
	await browser.end();
	await world.close();
});

beforeEach(() => {
	world.asked.length = 0;
	world.headers.length = 0;
	world.dials.length = 0;
});

/** One answer for the page, none for whatever else is asked. */
function page(body: string | Buffer, headers: Record<string, string> = { "content-type": "text/html; charset=utf-8" }, status = 200): void {
	world.serve = (request, response) => {
		if (request.url === "/favicon.ico") return void response.writeHead(404).end();
		response.writeHead(status, headers).end(body);
	};
}

describe("titles and encodings", () => {
	interface Sample {
		"content-type": string;
		title: string | null;
		title_alt?: string[];
		encoding?: string;
	}
	const { samples } = fixtureJson<{ samples: Record<string, Sample> }>("html-samples/expected.json");

	test("the corpus is whole", () => expect(Object.keys(samples)).toHaveLength(72));

	test.each(Object.entries(samples))("%s", async (name, { "content-type": type, title, encoding }) => {
		const bytes = fixture(`html-samples/${name}`);
		page(bytes, { "content-type": type });
		const visited = await world.visit("http://public-a.example/", { budget: { ...BUDGET, settleMs: 100 } });
		const { result } = visited;
		expect(part(visited, "content")).toEqual(bytes);
		expect(result.response).toMatchObject({ bytes: bytes.length, truncated: false, sha256: sha256(bytes) });
		if (type === "text/plain") return expect(result).toMatchObject({ outcome: "fetched", title: null });
		expect(result.outcome).toBe("rendered");
		// Marks that control the terminal or turn the text are replaced in what is kept.
		if (title !== null && !/rtl|nul/.test(name)) expect(result.title).toBe(title.length > 1000 ? `${title.slice(0, 1000)}…` : title);
		if (encoding !== undefined) expect(result.encoding).toBe(encoding);
		expect(part(visited, "screenshot")?.subarray(1, 4).toString()).toBe("PNG");
	});
});

describe("what is no page is described and never shown", () => {
	const pdf = Buffer.concat([Buffer.from("%PDF-1.7\n"), Buffer.alloc(50_000, 7)]);

	test.each([
		["a PDF", pdf, { "content-type": "application/pdf" }],
		["bytes", pdf, { "content-type": "application/octet-stream" }],
		["bytes without a type", pdf, {}],
		["JSON", Buffer.from('{"a":1}'), { "content-type": "application/json" }],
		["a script", Buffer.from("<script>alert(1)</script>"), { "content-type": "text/javascript" }],
		["XML with a style sheet", Buffer.from('<?xml-stylesheet type="text/xsl" href="http://10.0.0.1/x"?><a/>'), { "content-type": "text/xml" }],
		["a picture with scripts", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>fetch("http://10.0.0.1/")</script></svg>'), { "content-type": "image/svg+xml" }],
	])("%s", async (_what, bytes, headers) => {
		page(bytes, { server: "nginx/1.27", "last-modified": "Tue, 24 Nov 2026 10:00:00 GMT", ...headers });
		const visited = await world.visit("http://public-a.example/x", { budget: BUDGET });
		expect(visited.result).toMatchObject({ outcome: "fetched", reason: null, finalUrl: "http://public-a.example/x", title: null });
		expect(visited.result.response).toMatchObject({
			status: 200,
			bytes: bytes.length,
			truncated: false,
			sha256: sha256(bytes),
			server: "nginx/1.27",
			lastModified: "Tue, 24 Nov 2026 10:00:00 GMT",
			address: PUBLIC,
		});
		expect(visited.parts.map(({ kind }) => kind)).toEqual(["content"]);
		expect(part(visited, "content")).toEqual(bytes);
		// One visit, one request.
		expect(world.asked).toEqual(["public-a.example /x"]);
	});

	test("nothing at all (204)", async () => {
		page("", {}, 204);
		const visited = await world.visit("http://public-a.example/", { budget: BUDGET });
		expect(visited.result).toMatchObject({ outcome: "fetched", response: { status: 204, bytes: 0, truncated: false } });
		expect(visited.parts).toEqual([]);
	});

	test("5 GB by its own word: its beginning is kept", async () => {
		let sent = 0;
		world.serve = (_request, response) => {
			response.writeHead(200, { "content-type": "application/zip", "content-length": String(5 * 1024 ** 3), "content-disposition": 'attachment; filename="big.zip"' });
			const block = Buffer.alloc(256 * 1024, 1);
			const more = (): void => {
				if (response.destroyed) return;
				sent += block.length;
				if (response.write(block)) setImmediate(more);
				else response.once("drain", more);
			};
			more();
		};
		const visited = await world.visit("http://public-a.example/big", { budget: { ...BUDGET, wireBytes: 8_000_000, keptBytes: 2_000_000 } });
		expect(visited.result).toMatchObject({ outcome: "fetched", response: { status: 200, truncated: true, sha256: null }, downloads: [{ name: "big.zip", kept: false }] });
		expect(part(visited, "content")?.length).toBe(2_000_000);
		expect(visited.result.wireBytes).toBeLessThan(9_000_000);
		expect(sent).toBeLessThan(40_000_000);
	});

	test.each([
		["bytes", "application/octet-stream", "fetched"],
		["a page", "text/html", "rendered"],
	])("%s without end: cut by the budget", async (_what, type, outcome) => {
		world.serve = (request, response) => {
			if (request.url === "/favicon.ico") return void response.writeHead(404).end();
			response.writeHead(200, { "content-type": type });
			response.write("<title>endless</title><p>begins");
			const timer = setInterval(() => response.write("<p>more"), 20);
			response.on("close", () => clearInterval(timer));
		};
		const visited = await world.visit("http://public-a.example/", { budget: BUDGET });
		expect(visited.result).toMatchObject({ outcome, reason: expect.stringMatching(/did not end/), response: { truncated: true, sha256: null } });
		expect(part(visited, "content")?.toString()).toMatch(/^<title>endless/);
		if (outcome === "rendered") expect(visited.result.title).toBe("endless");
	});

	test("a page that sends more than the budget", async () => {
		page("<title>big</title><script>for(let i=0;i<40;i++)fetch('/blob'+i)</script>");
		const small = world.serve;
		world.serve = (request, response) =>
			request.url?.startsWith("/blob") === true ? void response.writeHead(200, { "content-type": "application/octet-stream" }).end(Buffer.alloc(500_000)) : small(request, response);
		const { result } = await world.visit("http://public-a.example/", { budget: { ...BUDGET, wireBytes: 3_000_000 } });
		expect(result).toMatchObject({ outcome: "rendered", reason: expect.stringMatching(/more than 3 MB/), title: "big" });
		expect(result.wireBytes).toBeLessThan(5_000_000);
		expect(result.requests.some(({ failure }) => failure?.by === "budget")).toBe(true);
	});
});

describe("what a visit records", () => {
	test("the whole way: a header, an element, a script, over to TLS", async () => {
		world.serve = ({ url }, response) => {
			const html = (body: string, headers = {}): void => void response.writeHead(200, { "content-type": "text/html", ...headers }).end(body);
			if (url === "/1") return void response.writeHead(302, { location: "/2", "set-cookie": "seen=1; HttpOnly; SameSite=Lax" }).end();
			if (url === "/2") return html("<meta http-equiv=refresh content='0;url=/3'>");
			if (url === "/3") return html("<script>location='https://public-b.example/4?q=1'</script>");
			if (url?.startsWith("/4") === true) return html("<title>End</title><link rel='shortcut icon' href=/icon.png><p>text<p>more<img src=/pic.png><script>console.warn('hm',1)</script>");
			if (url === "/icon.png") return void response.writeHead(200, { "content-type": "image/png" }).end("ICON");
			response.writeHead(404).end();
		};
		const visited = await world.visit("http://public-a.example/1", { budget: { ...BUDGET, loadMs: 5_000, settleMs: 2_000 } });
		const { result } = visited;
		expect(result.hops).toEqual([
			{ url: "http://public-a.example/1", status: 302, by: "location", address: PUBLIC },
			{ url: "http://public-a.example/2", status: 200, by: "refresh", address: PUBLIC },
			{ url: "http://public-a.example/3", status: 200, by: "page", address: PUBLIC },
		]);
		expect(result).toMatchObject({ outcome: "rendered", reason: null, finalUrl: "https://public-b.example/4?q=1", title: "End", encoding: "windows-1252" });
		expect(result.certificate).toMatchObject({
			subject: "CN=public-a.example",
			protocol: "TLSv1.3",
			fault: expect.stringMatching(/trusts|another name/),
			fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
		});
		expect(result.cookies).toMatchObject([{ name: "seen", value: "1", httpOnly: true, sameSite: "Lax" }]);
		expect(result.console).toContainEqual({ level: "warning", text: "hm 1" });
		expect(result.favicon).toMatchObject({ url: "https://public-b.example/icon.png", bytes: 4, sha256: sha256(Buffer.from("ICON")) });
		expect(result.requests.find(({ url }) => url.endsWith("/pic.png"))).toMatchObject({ kind: "image", status: 404, address: PUBLIC, failure: null });
		expect(part(visited, "text")?.toString()).toBe("text\n\nmore");
		expect(part(visited, "markup")?.toString()).toMatch(/^<html><head><title>End/);
		// Each document once: nothing is asked ahead or again.
		expect(world.asked.filter((asked) => !/icon|pic/.test(asked))).toEqual(["public-a.example /1", "public-a.example /2", "public-a.example /3", "public-b.example /4?q=1"]);
	});

	test("files that a page makes of its own script", async () => {
		page("<body><script>const a=document.createElement('a');a.download='../../invoice.exe';a.href=URL.createObjectURL(new Blob(['MZ smuggled']));document.body.append(a);a.click()</script>");
		const visited = await world.visit("http://public-a.example/", { budget: BUDGET });
		expect(visited.result.downloads).toMatchObject([{ url: expect.stringMatching(/^blob:/), bytes: 11, kept: true, sha256: sha256(Buffer.from("MZ smuggled")) }]);
		expect(part(visited, "download")?.toString()).toBe("MZ smuggled");
	});

	test("dialogs are dismissed, windows named and not opened, by the thousand", async () => {
		page("<title>x</title><script>alert('a');const c=confirm('b');for(let i=0;i<1000;i++)open('http://pop'+i+'.example/');document.title='c '+c</script>");
		const { result } = await world.visit("http://public-a.example/", { budget: BUDGET });
		expect(result.dialogs).toEqual([
			{ kind: "alert", text: "a" },
			{ kind: "confirm", text: "b" },
		]);
		expect(result.title).toBe("c false");
		expect(result.popups).toHaveLength(50);
		expect(world.asked.filter((asked) => asked.startsWith("pop"))).toEqual([]);
	});

	test("names in the page do not stand in for what the browser knows", async () => {
		page(
			"<title>True</title><body><img name=title><img name=characterSet><form name=body></form><form name=documentElement></form><script>document.__defineGetter__('URL',()=>'http://lie.example/')</script>words",
		);
		const visited = await world.visit("http://public-a.example/", { budget: BUDGET });
		expect(visited.result).toMatchObject({ title: "True", encoding: "utf-8", finalUrl: "http://public-a.example/" });
		expect(part(visited, "text")?.toString()).toMatch(/words/);
	});

	test("a phone sees the page as a phone", async () => {
		page("<script>document.title=[innerWidth,devicePixelRatio,navigator.userAgentData?.mobile,/Mobile/.test(navigator.userAgent)].join()</script><meta name=viewport content='width=device-width'>");
		const { result } = await world.visit("https://public-a.example/", { profile: "phone", budget: BUDGET });
		expect(result.title).toMatch(/^(?:390|980),2,true,true$/);
		expect(world.headers[0]?.["user-agent"]).toMatch(/Mobile Safari/);
		expect(JSON.stringify(world.headers)).not.toMatch(/Headless/i);
	});
});

describe("bad input", () => {
	test.each([
		["no URL", "not a url", "blocked", /no URL/],
		["an IPv6 zone", "http://[fe80::1%25eth0]/", "blocked", /no URL/],
		["another scheme", "javascript:alert(1)", "blocked", /only http and https/],
		["a name that does not exist", "http://nowhere.invalid/", "unresolved", /does not resolve/],
		["100,000 characters", `http://public-a.example/${"a".repeat(100_000)}`, "blocked", /16384/],
	])("%s", async (_what, url, outcome, reason) => {
		const { result, parts } = await world.visit(url, { budget: BUDGET });
		expect(result).toMatchObject({ outcome, reason: expect.stringMatching(reason) });
		expect(parts).toEqual([]);
	});

	test("10,000 characters are visited", async () => {
		page("<title>long</title>");
		const url = `http://public-a.example/${"a".repeat(10_000)}`;
		expect((await world.visit(url, { budget: BUDGET })).result).toMatchObject({ outcome: "rendered", finalUrl: url });
	});

	test("a name in another script", async () => {
		page("<title>idn</title>");
		expect((await world.visit("http://b\u00fccher.example/", { budget: BUDGET })).result).toMatchObject({ outcome: "rendered", finalUrl: "http://xn--bcher-kva.example/" });
	});

	test("a user and password in the URL are never sent, not even when asked for", async () => {
		page("who?", { "content-type": "text/html", "www-authenticate": "Basic realm=x" }, 401);
		const { result } = await world.visit("http://user:secret@public-a.example/", { budget: BUDGET });
		expect(result).toMatchObject({ outcome: "rendered", finalUrl: "http://public-a.example/", response: { status: 401 } });
		expect(world.headers.some((headers) => headers.authorization !== undefined)).toBe(false);
	});

	test("a server that wants a client certificate", async () => {
		const server = https.createServer({ key: fixture("tls/server.key"), cert: fixture("tls/valid.pem"), requestCert: true, rejectUnauthorized: true }, (_request, response) => response.end("never"));
		server.on("tlsClientError", () => {});
		server.listen(0, "127.0.0.1");
		await once(server, "listening");
		const { port } = server.address() as AddressInfo;
		const { result } = await world.visit("https://public-a.example/", { budget: BUDGET, dial: () => ({ host: "127.0.0.1", port }) });
		server.closeAllConnections();
		server.close();
		// The alert and the end of the connection race each other: either is what the browser is told.
		expect(result).toMatchObject({ outcome: "failed", reason: expect.stringMatching(/certificate|gave no answer/), response: null });
	});

	test("a server that refuses, or speaks another protocol", async () => {
		const refused = await world.visit("https://public-a.example/", { budget: BUDGET, dial: () => ({ host: "127.0.0.1", port: 1 }) });
		expect(refused.result).toMatchObject({ outcome: "failed", reason: expect.stringMatching(/refused/) });
		world.raw = (socket) => void socket.end("SSH-2.0-OpenSSH_9.9\r\n");
		const odd = await world.visit("http://public-a.example/", { budget: BUDGET });
		world.raw = null;
		expect(odd.result).toMatchObject({ outcome: "failed", reason: expect.stringMatching(/no proper HTTP/) });
	});
});
