import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import tls from "node:tls";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { type FetchOptions, guardedFetch, maskUrl, retryAfterSeconds } from "@/lib/net";
import { drain, fixture, fixtureJson, held, type Listener, listen, onRequest, outcome, watchConnects } from "./helpers";

interface Case {
	id: string;
	status?: number;
	headers?: Record<string, string>;
	raw?: string;
	tls?: string;
	location?: string;
	sequence?: Array<number | "reset">;
	bodies?: string[];
	body?: string;
}

const { cases } = fixtureJson<{ cases: Case[] }>("security/http-behaviours.json");
const GOOD = fixture("evil-feeds/good.csv");
const MB = 1024 * 1024;

let cleanUp: Array<() => unknown> = [];
afterEach(async () => {
	for (const step of cleanUp.reverse()) await step();
	cleanUp = [];
});

async function serve(answer: (socket: Socket, index: number) => void): Promise<string> {
	let index = 0;
	const listener = await listen((socket) => onRequest(socket, () => answer(socket, index++)));
	cleanUp.push(() => listener.close());
	return `http://127.0.0.1:${listener.port}/feed`;
}

interface End {
	status: number | null;
	body: number | null;
	kind: string | null;
	retryable: boolean;
	headers: Record<string, string>;
}

async function fetched(address: string, options: FetchOptions = {}): Promise<End> {
	const got = await outcome(guardedFetch(address, { policy: { allowLoopback: true }, timeoutMs: 500, idleMs: 250, maxBytes: MB, ...options }));
	if (got.value === null) return { status: null, body: null, kind: got.failure.kind, retryable: got.failure.retryable, headers: {} };
	const read = await outcome(drain(got.value.body));
	return { status: got.value.status, headers: got.value.headers, body: read.value, kind: read.failure?.kind ?? null, retryable: read.failure?.retryable ?? false };
}

const head = (status: number, headers: Record<string, string | number> = {}): string =>
	`HTTP/1.1 ${status} X\r\n${Object.entries(headers)
		.map(([name, value]) => `${name}: ${value}\r\n`)
		.join("")}\r\n`;
const whole = (status: number, body: Buffer | string, headers: Record<string, string> = {}): Buffer =>
	Buffer.concat([Buffer.from(head(status, { "content-length": Buffer.byteLength(body), connection: "close", ...headers })), Buffer.from(body as string)]);

/** Answers with what a case describes. */
function answer(given: Case, socket: Socket, index: number): void {
	if (given.raw !== undefined) return void socket.end(Buffer.from(given.raw, "latin1"));
	const step = given.sequence?.[index] ?? given.status ?? 200;
	if (step === "reset") return void socket.resetAndDestroy();
	const text = given.bodies?.[index] ?? given.body;
	const body = step === 204 || step === 304 ? "" : text?.endsWith(".csv") ? fixture(`evil-feeds/${text}`) : (text ?? "x");
	const flood = given.id === "set-cookie-flood";
	const extra: Record<string, string> = flood ? {} : { ...given.headers };
	const cookies = flood ? Array.from({ length: 500 }, (_, at) => `Set-Cookie: c${at}=1\r\n`).join("") : "";
	if (given.location !== undefined) extra.location = given.location;
	socket.end(
		Buffer.from(
			whole(step, body, extra)
				.toString("latin1")
				.replace("\r\n", () => `\r\n${cookies}`),
			"latin1",
		),
	);
}

const ok = { status: 200, kind: null };
/** How a fetch ends; several ends where the case asks several times. What a status means is the caller's to say. */
const ENDS: Readonly<Record<string, ReadonlyArray<Partial<End>>>> = {
	"304-fresh": [{ status: 304, body: 0 }],
	"304-first-run": [{ status: 304, body: 0 }],
	"206": [{ status: 206 }],
	"204": [{ status: 204, body: 0 }],
	"301-other-host": [{ kind: "dns" }],
	"401": [{ status: 401 }],
	"403": [{ status: 403 }],
	"404": [{ status: 404 }],
	"410": [{ status: 410 }],
	"429-seconds": [{ status: 429 }],
	"429-date": [{ status: 429 }],
	"429-absurd": [{ status: 429 }],
	"429-negative": [{ status: 429 }],
	"429-text": [{ status: 429 }],
	"500": [{ status: 500 }],
	"503-then-200": [{ status: 503 }, { status: 503 }, ok],
	"200-then-reset": [{ kind: "truncated", retryable: true }, ok],
	"etag-lies": [
		{ ...ok, body: 27_034 },
		{ ...ok, body: 28_384 },
	],
	"last-modified-future": [ok],
	"content-type-wrong": [{ ...ok, body: 27_034 }],
	"set-cookie-flood": [ok],
	"header-nul": [{ kind: "protocol" }],
	http09: [{ kind: "protocol" }],
	"bare-lf": [{ kind: "protocol" }],
	"chunked-bad": [{ status: 200, kind: "protocol" }],
	"chunked-cut": [{ status: 200, kind: "truncated", retryable: true }],
	smuggle: [{ kind: "truncated" }],
};
const ELSEWHERE = ["tls-expired", "tls-wrong-host", "connect-refused", "dns-fail"];

describe("what a server can do wrong", () => {
	test("every case is looked at", () => {
		expect(cases.map(({ id }) => id).filter((id) => ENDS[id] === undefined && !ELSEWHERE.includes(id))).toEqual([]);
	});

	test.each(cases.filter(({ id }) => ENDS[id] !== undefined))("$id", async (given) => {
		const address = await serve((socket, index) => answer(given, socket, index));
		const resolver = (): Promise<string[]> => Promise.reject(new Error("NXDOMAIN"));
		for (const end of ENDS[given.id] ?? []) {
			const got = await fetched(address, { policy: { allowLoopback: true, resolver } });
			expect(got).toMatchObject(end);
			expect(got.headers["set-cookie"]).toBeUndefined();
		}
	});

	test("Retry-After", () => {
		const now = new Date("2026-11-24T00:58:00Z");
		const asked = Object.fromEntries(cases.filter(({ id }) => id.startsWith("429")).map(({ id, headers }) => [id, retryAfterSeconds(headers?.["retry-after"], now)]));
		expect(asked).toEqual({ "429-seconds": 120, "429-date": 120, "429-absurd": 86_400, "429-negative": undefined, "429-text": undefined });
		expect([undefined, "", "  ", "1e9", "0x10", "Tue, 24 Nov 2026 00:00:00 GMT"].map((text) => retryAfterSeconds(text, now))).toEqual(Array(6).fill(undefined));
	});

	test("nobody listens, nobody knows the name", async () => {
		const listener = await listen(() => {});
		await listener.close();
		expect(await fetched(`http://127.0.0.1:${listener.port}/`)).toMatchObject({ kind: "connect", retryable: true });
		expect(await fetched("http://gone.example/", { policy: { resolver: () => Promise.reject(new Error("NXDOMAIN")) } })).toMatchObject({ kind: "dns" });
	});

	test.each([
		["valid", ok],
		["expired", { kind: "tls" }],
		["wrong-host", { kind: "tls" }],
	] as const)("a certificate that is %s", async (file, end) => {
		const authorities = tls.getCACertificates("default");
		tls.setDefaultCACertificates([...authorities, fixture("security/tls/ca.pem").toString("utf8")]);
		cleanUp.push(() => tls.setDefaultCACertificates(authorities));
		let requests = 0;
		const secure = { key: fixture("security/tls/server.key"), cert: fixture(`security/tls/${file}.pem`) };
		const listener: Listener = await listen((socket) => onRequest(socket, () => socket.end(whole(200, `${++requests}`))), secure);
		const watched = watchConnects(() => listener.port);
		cleanUp.push(() => listener.close(), watched.restore);
		expect(await fetched("https://public-a.example/", { policy: { resolver: () => Promise.resolve(["93.184.216.34"]) } })).toMatchObject(end);
		expect(watched.dials.map(({ secure: encrypted }) => encrypted)).toEqual([true]);
		expect(requests).toBe(file === "valid" ? 1 : 0);
	});
});

describe("bodies that do not end well", () => {
	const forever = (socket: Socket, block: Buffer): void => {
		const more = (): void => {
			while (!socket.destroyed && socket.write(block));
			if (!socket.destroyed) socket.once("drain", more);
		};
		more();
	};
	const drip = (socket: Socket, bytes: Buffer, every: number): void => {
		let at = 0;
		const timer = setInterval(() => socket.write(bytes.subarray(at, ++at)), every);
		socket.on("close", () => clearInterval(timer));
	};

	test.each<[string, (socket: Socket) => void, Partial<End>]>([
		[
			"a byte at a time",
			(socket) => {
				socket.write(head(200));
				drip(socket, GOOD, 20);
			},
			{ status: 200, kind: "timeout", retryable: true },
		],
		["headers a byte at a time", (socket) => drip(socket, Buffer.from(head(200, { "x-long": "a".repeat(1000) })), 20), { status: null, kind: "timeout" }],
		["silence", () => {}, { status: null, kind: "timeout" }],
		["silence in the middle", (socket) => void socket.write(Buffer.concat([Buffer.from(head(200, { "content-length": GOOD.length })), GOOD.subarray(0, 5000)])), { status: 200, kind: "timeout" }],
		[
			"a reset in the middle",
			(socket) => {
				socket.write(Buffer.concat([Buffer.from(head(200, { "content-length": GOOD.length })), GOOD.subarray(0, 5000)]));
				setTimeout(() => socket.resetAndDestroy(), 30);
			},
			{ status: 200, kind: "truncated", retryable: true },
		],
		[
			"an end before the announced one",
			(socket) => void socket.end(Buffer.concat([Buffer.from(head(200, { "content-length": GOOD.length })), GOOD.subarray(0, 5000)])),
			{ status: 200, kind: "truncated", retryable: true },
		],
		["ten gigabytes announced", (socket) => void socket.write(head(200, { "content-length": 10 * 1024 * MB })), { status: null, kind: "too-large" }],
		[
			"no end, no length",
			(socket) => {
				socket.write(head(200));
				forever(socket, Buffer.alloc(64 * 1024, 97));
			},
			{ status: 200, kind: "too-large" },
		],
		[
			"chunks without end",
			(socket) => {
				socket.write(head(200, { "transfer-encoding": "chunked" }));
				forever(socket, Buffer.from("10\r\n0123456789abcdef\r\n".repeat(500)));
			},
			{ status: 200, kind: "too-large" },
		],
		[
			"headers without end",
			(socket) => {
				socket.write("HTTP/1.1 200 OK\r\n");
				forever(socket, Buffer.from("X-A: b\r\n".repeat(1000)));
			},
			{ status: null, kind: "protocol" },
		],
		["informational answers without end", (socket) => forever(socket, Buffer.from("HTTP/1.1 103 X\r\nLink: <a>\r\n\r\n".repeat(100))), { status: null, kind: "timeout" }],
		["two encodings and no more", (socket) => void socket.end(whole(200, gzipSync(deflateSync(GOOD)), { "content-encoding": "deflate, gzip" })), { ...ok, body: GOOD.length }],
		["three encodings", (socket) => void socket.end(whole(200, "x", { "content-encoding": "gzip, gzip, gzip" })), { status: 200, kind: "protocol" }],
		["an encoding nobody asked for", (socket) => void socket.end(whole(200, "x", { "content-encoding": "zstd" })), { status: 200, kind: "protocol" }],
		["plain text called gzip", (socket) => void socket.end(whole(200, GOOD, { "content-encoding": "gzip" })), { status: 200, kind: "truncated" }],
		["gzip, cut", (socket) => void socket.end(whole(200, gzipSync(GOOD).subarray(0, 2000), { "content-encoding": "gzip" })), { status: 200, kind: "truncated" }],
		["gzip of nothing", (socket) => void socket.end(whole(200, "", { "content-encoding": "gzip" })), { ...ok, body: 0 }],
		["deflate", (socket) => void socket.end(whole(200, deflateSync(GOOD), { "content-encoding": "deflate" })), { ...ok, body: GOOD.length }],
		["raw deflate", (socket) => void socket.end(whole(200, deflateRawSync(GOOD), { "content-encoding": "deflate" })), { ...ok, body: GOOD.length }],
		["brotli", (socket) => void socket.end(whole(200, brotliCompressSync(GOOD), { "content-encoding": "br" })), { ...ok, body: GOOD.length }],
	])("%s", async (_what, act, end) => {
		expect(await fetched(await serve(act))).toMatchObject(end);
	});

	test("packed bytes count although nothing comes out of them", async () => {
		const empty = Buffer.concat(Array.from({ length: 3000 }, () => gzipSync("")));
		const address = await serve((socket) => {
			socket.write(head(200, { "content-encoding": "gzip" }));
			forever(socket, empty);
		});
		expect(await fetched(address, { timeoutMs: 10_000, idleMs: 5000 })).toMatchObject({ status: 200, kind: "too-large" });
	});

	test("a body longer than announced is read as far as announced", async () => {
		const address = await serve((socket) => void socket.end(Buffer.concat([Buffer.from(head(200, { "content-length": GOOD.length - 1000 })), GOOD])));
		const end = await fetched(address);
		expect(end.body ?? 0).toBeLessThanOrEqual(GOOD.length - 1000);
	});

	const zeros = Buffer.alloc(96 * MB);
	test.each<[string, Buffer]>([
		["gzip", gzipSync(zeros)],
		["deflate", deflateSync(zeros)],
		["deflate", deflateRawSync(zeros)],
		["br", brotliCompressSync(zeros)],
		["gzip, gzip", gzipSync(gzipSync(zeros))],
	])("a bomb as %s is stopped by size or ratio in constant memory", async (encoding, packed) => {
		const address = await serve((socket) => void socket.end(whole(200, packed, { "content-encoding": encoding })));
		const before = held();
		const { body } = await guardedFetch(address, { policy: { allowLoopback: true }, maxBytes: 64 * MB });
		let [size, most] = [0, 0];
		const read = async (): Promise<void> => {
			for await (const chunk of body) {
				size += chunk.length;
				if (size % (4 * MB) < chunk.length) most = Math.max(most, held() - before);
			}
		};
		await expect(read()).rejects.toMatchObject({ kind: "too-large" });
		expect(size).toBeLessThanOrEqual(64 * MB);
		expect(most).toBeLessThan(32 * MB);
	});

	test("an answer nobody reads lets go of its connection", async () => {
		let open = 0;
		const address = await serve((socket) => {
			open++;
			socket.on("close", () => open--);
			socket.write(head(200));
			forever(socket, Buffer.alloc(64 * 1024, 97));
		});
		const { status } = await guardedFetch(address, { policy: { allowLoopback: true }, timeoutMs: 200 });
		expect([status, open]).toEqual([200, 1]);
		for (let turn = 0; turn < 100 && open > 0; turn++) await sleep(50);
		expect(open).toBe(0);
	});

	test("a reader that stops early lets go as well, and so does one who calls it off", async () => {
		let open = 0;
		const address = await serve((socket) => {
			open++;
			socket.on("close", () => open--);
			socket.write(head(200));
			forever(socket, Buffer.alloc(64 * 1024, 97));
		});
		for await (const _ of (await guardedFetch(address, { policy: { allowLoopback: true }, timeoutMs: 20_000 })).body) break;
		const stop = new AbortController();
		const { body } = await guardedFetch(address, { policy: { allowLoopback: true }, signal: stop.signal, timeoutMs: 20_000 });
		stop.abort();
		await expect(drain(body)).rejects.toMatchObject({ name: "FetchFailure" });
		for (let turn = 0; turn < 100 && open > 0; turn++) await sleep(50);
		expect(open).toBe(0);
	});

	test("a failure names the host and nothing that may be a key", async () => {
		const address = await serve((socket) => void socket.end("garbage"));
		const { failure } = await outcome(guardedFetch(`${address}?key=SECRET`, { policy: { allowLoopback: true }, headers: { "x-key": "SECRET" } }));
		expect(failure?.message).toContain("127.0.0.1");
		expect(failure?.message).not.toContain("SECRET");
		expect(maskUrl("see https://a.example/x/SECRET/y?key=1&b=2 now", ["SECRET"])).toBe("see https://a.example/x/…/y?… now");
	});
});
