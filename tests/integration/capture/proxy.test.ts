import { once } from "node:events";
import http from "node:http";
import net, { type AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Dial, Judge } from "@/lib/capture/judge";
import { CaptureProxy } from "@/lib/capture/proxy";
import { visit } from "@/lib/capture/visit";
import type { Resolver } from "@/lib/net";
import { type Answer, addressRows, answered, zoneResolver } from "../../harness/addresses";
import { fixtureJson, startWorld, type World } from "./world";

const resolver = zoneResolver();
const { zone } = resolver;

let proxy: CaptureProxy;
let dialled: Array<{ host: string; address: string }> = [];
let closedPort: number;
let servedPort: number;
let to: () => number = () => closedPort;
const upstream = http.createServer((_request, response) => void response.writeHead(200, { "x-exist-refused": "blocked", connection: "keep-alive" }).end("x".repeat(1000)));
const websocket = net.createServer();

const noted: Dial = ({ host, address }) => {
	dialled.push({ host, address });
	return { host: "127.0.0.1", port: to() };
};

async function start(maxBytes = 1_000_000, by: Resolver = resolver): Promise<void> {
	await proxy?.close();
	proxy = await CaptureProxy.start({
		judge: new Judge({ resolver: by }),
		dial: noted,
		maxBytes,
	});
}

const credential = (): string => `Basic ${Buffer.from(`${proxy.username}:${proxy.password}`).toString("base64")}`;

/** Sends bytes to the proxy as they are; what comes back until the end or a quiet moment. */
async function raw(text: string): Promise<string> {
	const socket = net.connect({ host: "127.0.0.1", port: Number(new URL(proxy.address).port) });
	let back = "";
	socket.on("data", (chunk: Buffer) => {
		back += chunk.toString("latin1");
	});
	socket.on("error", () => {});
	await once(socket, "connect");
	socket.write(text);
	await Promise.race([once(socket, "close"), new Promise((resolve) => setTimeout(resolve, 400))]);
	socket.destroy();
	return back;
}

/** Asks for a URL as a browser does: in absolute form, or by a tunnel. The status line. */
async function ask(url: URL): Promise<string> {
	const authority = `${url.hostname}:${url.port || 443}`;
	const line = url.protocol === "https:" ? `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}` : `GET ${url.href} HTTP/1.1\r\nHost: ${url.host}`;
	return (await raw(`${line}\r\nProxy-Authorization: ${credential()}\r\nConnection: close\r\n\r\n`)).split("\r\n")[0] ?? "";
}

beforeAll(async () => {
	upstream.listen(0, "127.0.0.1");
	websocket.listen(0, "127.0.0.1");
	await Promise.all([once(upstream, "listening"), once(websocket, "listening")]);
	servedPort = (upstream.address() as AddressInfo).port;
	closedPort = (websocket.address() as AddressInfo).port;
	websocket.close();
});

beforeEach(async () => {
	dialled = [];
	to = () => closedPort;
	await start();
});

afterEach(() => proxy.close());

afterAll(() => {
	upstream.closeAllConnections();
	upstream.close();
});

const askable = (label: string) => addressRows.filter((row) => row.label === label && URL.canParse(row.url) && /^https?:$/.test(new URL(row.url).protocol) && !row.url.includes("timeout.example"));

describe("the corpus of addresses, asked through the proxy", () => {
	test("is whole", () => {
		expect([addressRows.length, askable("must-block").length, askable("must-allow").length]).toEqual([357, 228, 57]);
	});

	test("a visit to what must be blocked ends before there is a browser", async () => {
		const ends = await Promise.all(
			addressRows
				.filter(({ label }) => label === "must-block")
				.map(async ({ url }) => {
					const { result } = await visit(url, {
						policy: { resolver },
						chromium: "/nonexistent/chromium",
						dial: noted,
					});
					return result.outcome;
				}),
		);
		expect([ends.length, ends.filter((outcome) => outcome === "blocked").length + ends.filter((outcome) => outcome === "unresolved").length]).toEqual([300, 300]);
		expect(dialled).toEqual([]);
	}, 30_000);

	test("nothing that must be blocked is dialled", async () => {
		const lines = new Map<string, string>();
		for (const { url } of askable("must-block")) lines.set(url, await ask(new URL(url)));
		expect(dialled).toEqual([]);
		expect([...lines].filter(([, line]) => !/ (?:502|400) /.test(line))).toEqual([]);
		expect(proxy.refused).toBeGreaterThan(0);
	}, 60_000);

	test("what may be visited is dialled at its own address alone", async () => {
		for (const { url, host } of askable("must-allow")) {
			dialled = [];
			await start();
			await ask(new URL(url));
			const name = host.replace(/\.$/, "").replace(/^\[|\]$/g, "");
			const answer = zone[name];
			expect([url, dialled]).toEqual([url, [{ host: new URL(url).hostname.replace(/\.$/, ""), address: Array.isArray(answer) ? answer[0] : name.replace("::ffff:808:808", "8.8.8.8") }]]);
		}
	}, 60_000);
});

describe("who may use it, and for what", () => {
	test.each([
		["nothing", ""],
		["another credential", `Proxy-Authorization: Basic ${Buffer.from("a:b").toString("base64")}\r\n`],
	])("a program of this machine with %s is refused", async (_what, header) => {
		expect(await raw(`GET http://public-a.example/ HTTP/1.1\r\nHost: public-a.example\r\n${header}\r\n`)).toMatch(/^HTTP\/1.1 407 /);
		expect(await raw(`CONNECT public-a.example:443 HTTP/1.1\r\nHost: public-a.example:443\r\n${header}\r\n`)).toMatch(/^HTTP\/1.1 407 /);
		expect(dialled).toEqual([]);
	});

	test.each([
		["an origin form", "GET / HTTP/1.1\r\nHost: public-a.example\r\n"],
		["https in absolute form", "GET https://public-a.example/ HTTP/1.1\r\nHost: public-a.example\r\n"],
		["another scheme", "GET ftp://public-a.example/ HTTP/1.1\r\nHost: public-a.example\r\n"],
		["a tunnel without a port", "CONNECT public-a.example HTTP/1.1\r\nHost: public-a.example\r\n"],
		["a tunnel with a name", "CONNECT u@public-a.example:443 HTTP/1.1\r\nHost: public-a.example\r\n"],
		["an upgrade", "GET http://public-a.example/ HTTP/1.1\r\nHost: public-a.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"],
		["no HTTP", "\u0016\u0003\u0001\r\n"],
	])("%s is no request of a browser", async (_what, head) => {
		expect(await raw(`${head}Proxy-Authorization: ${credential()}\r\n\r\n`)).not.toMatch(/^HTTP\/1.1 2/);
		expect(dialled).toEqual([]);
	});

	test("the host asked for is the host judged, whatever the header says", async () => {
		to = () => servedPort;
		await raw(`GET http://public-a.example/ HTTP/1.1\r\nHost: 169.254.169.254\r\nProxy-Authorization: ${credential()}\r\nConnection: close\r\n\r\n`);
		expect(dialled).toEqual([{ host: "public-a.example", address: "93.184.216.34" }]);
	});

	test("a target cannot speak for the proxy", async () => {
		to = () => servedPort;
		const back = await raw(`GET http://public-a.example/ HTTP/1.1\r\nHost: public-a.example\r\nProxy-Authorization: ${credential()}\r\nConnection: close\r\n\r\n`);
		expect(back).toMatch(/^HTTP\/1.1 200 /);
		expect(back).not.toMatch(/x-exist-refused/i);
	});

	describe("a target whose status lines are odd", () => {
		let line = "";
		const odd = net.createServer((socket) => {
			socket.on("error", () => {});
			socket.once("data", () => socket.end(Buffer.from(`${line}\r\nContent-Length: 2\r\n\r\nok`, "latin1")));
		});

		beforeAll(async () => {
			odd.listen(0, "127.0.0.1");
			await once(odd, "listening");
		});
		afterAll(() => void odd.close());

		const back = async (status: string): Promise<string> => {
			line = status;
			to = () => (odd.address() as AddressInfo).port;
			return raw(`GET http://public-a.example/ HTTP/1.1\r\nHost: public-a.example\r\nProxy-Authorization: ${credential()}\r\nConnection: close\r\n\r\n`);
		};

		test.each([
			["below every class", "HTTP/1.1 099 Low", /does not speak proper HTTP|no proper HTTP/],
			["none at all", "HTTP/1.1 000 None", /does not speak proper HTTP|no proper HTTP/],
			["of four digits", "HTTP/1.1 1000 High", /no proper HTTP/],
			["of letters", "HTTP/1.1 abc Odd", /no proper HTTP/],
			["with a control character in its words", "HTTP/1.1 200 O\u0001K", /does not speak proper HTTP|no proper HTTP/],
			["with a delete character in its words", "HTTP/1.1 200 O\u007fK", /does not speak proper HTTP|no proper HTTP/],
			["of a version nobody has", "HTTP/9.9 200 OK", /no proper HTTP/],
			["and a header with a delete character", "HTTP/1.1 200 OK\r\nX-Odd: a\u007fb", /does not speak proper HTTP|no proper HTTP/],
			["and a header with a control character", "HTTP/1.1 200 OK\r\nX-Odd: a\u0001b", /does not speak proper HTTP|no proper HTTP/],
			["that only a proxy may give", "HTTP/1.1 407 Proxy Authentication Required", /answers 407, which only a proxy may/],
		])("%s: refused in words, and the next request works", async (_what, status, reason) => {
			const answer = await back(status);
			expect(answer).toMatch(/^HTTP\/1\.1 502 /);
			expect(answer).toMatch(/x-exist-refused: network/i);
			expect(proxy.refusalOf(new URL("http://public-a.example/"))).toMatchObject({ target: "public-a.example:80", kind: "network", reason: expect.stringMatching(reason) });
			expect(await back("HTTP/1.1 200 Fine")).toMatch(/^HTTP\/1\.1 200 Fine\r\n[\s\S]*ok$/);
		});

		test.each([
			["999, as some sites answer machines", "HTTP/1.1 999 Request denied", "HTTP/1.1 999 Request denied"],
			["without words", "HTTP/1.1 200", "HTTP/1.1 200 "],
			["with words of another alphabet", "HTTP/1.1 200 \u00e4\u00f6", "HTTP/1.1 200 \u00e4\u00f6"],
		])("%s: passed on as it came", async (_what, status, passed) => {
			expect((await back(status)).split("\r\n")[0]).toBe(passed);
		});
	});

	test("a budget of bytes ends everything", async () => {
		to = () => servedPort;
		await start(2_000);
		const lines = [];
		for (let turn = 0; turn < 4; turn++) lines.push(await ask(new URL("http://public-a.example/")));
		expect(lines.map((line) => / 200 /.test(line))).toEqual([true, expect.any(Boolean), false, false]);
		expect(proxy).toMatchObject({ exhausted: true });
		expect(proxy.refusals.at(-1)?.kind).toBe("budget");
	});
});

describe("names that change their answer", () => {
	interface Scenario {
		id: string;
		host: string;
		answers: Answer[];
		forbidden: string[];
		page?: string;
		redirect?: string;
	}
	const { scenarios } = fixtureJson<{ scenarios: Scenario[] }>("dns-rebinding.json");
	let world: World;

	beforeAll(async () => {
		world = await startWorld();
	});
	afterAll(() => world.close());

	test("the corpus is whole", () => expect(scenarios).toHaveLength(15));

	test.each(scenarios)("$id: only the address that was judged is dialled", async ({ id, host, answers, forbidden, page, redirect }) => {
		let turn = 0;
		world.dials.length = 0;
		world.serve = (request, response) => {
			if (redirect !== undefined && request.url === "/") return void response.writeHead(302, { location: redirect }).end();
			response.writeHead(200, { "content-type": "text/html" }).end(page ?? "<img src=/a><script>fetch('/b')</script>");
		};
		const script: Resolver = () => answered(answers[Math.min(turn++, answers.length - 1)]);
		const { result } = await world.visit(`http://${host}/`, { resolver: script });
		expect(world.dials.filter(({ address }) => forbidden.includes(address))).toEqual([]);
		expect(world.canary.seen).toEqual([]);
		// Asked once in a capture, so the second answer never counts.
		expect(turn).toBe(1);
		const [first] = answers;
		const isGood = Array.isArray(first) && first.length === 1 && /^(?:93|192\.0\.43)\./.test(first[0] as string);
		expect([id, result.outcome]).toEqual([id, isGood ? "rendered" : Array.isArray(first) ? "blocked" : "unresolved"]);
		if (!isGood) expect(result.reason).not.toBeNull();
		expect(result.tookMs).toBeLessThan(15_000);
	});
});
