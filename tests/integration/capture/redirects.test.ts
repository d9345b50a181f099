import type { Socket } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { launch, type RunningBrowser } from "@/lib/capture/browser";
import type { Visit } from "@/lib/capture/report";
import { fixtureJson, PUBLIC, startWorld, type World } from "./world";

interface Hop {
	status?: number;
	location?: string;
	raw_headers?: Array<[string, string]>;
	raw_headers_b64?: Array<[string, string]>;
	header_count?: number;
	body?: string;
	body_bytes?: number;
	body_drip?: object;
	header_drip?: object;
	then?: "RST";
	raw?: string;
	hang?: boolean;
	repeat?: number;
}

interface Chain {
	id: string;
	start?: string;
	hops: Hop[];
	final: string;
	max_requests?: number;
	max_read_bytes?: number;
}

const { chains } = fixtureJson<{ chains: Chain[] }>("redirects.json");
/** What is peculiar to a fetch with headers of ours: a visit has none, and starts over http here. */
const BUDGET = { totalMs: 12_000, answerMs: 4_000, loadMs: 2_000, settleMs: 1_500, stepMs: 3_000 };

let world: World;
let browser: RunningBrowser;
let chain: Chain;
let requests: string[] = [];
let sent = 0;

beforeAll(async () => {
	browser = await launch();
	world = await startWorld(() => browser);
	world.raw = (socket) => {
		let text = "";
		socket.on("data", (chunk: Buffer) => {
			text += chunk.toString("latin1");
			if (!text.includes("\r\n\r\n")) return;
			const index = requests.push(text.slice(0, text.indexOf("\r\n\r\n"))) - 1;
			text = "";
			respond(socket, hopFor(index), index);
		});
	};
});

afterAll(async () => {
	await browser.end();
	await world.close();
});

beforeEach(() => {
	requests = [];
	world.dials.length = 0;
	sent = 0;
});

/** The answer to the nth request: a hop that repeats stands for all that follow. */
function hopFor(index: number): Hop {
	const hop = chain.hops[Math.min(index, chain.hops.length - 1)] as Hop;
	return index < chain.hops.length || (hop.repeat ?? 1) > 1 ? hop : { status: 200, body: "end" };
}

function filled(text: string, index: number): string {
	return world.filled(text).replaceAll("{{GROW}}", "x".repeat(2 ** (index + 6)));
}

function drip(socket: Socket, byte: string): void {
	const timer = setInterval(() => socket.write(byte), 20);
	socket.on("close", () => clearInterval(timer));
}

function pour(socket: Socket, bytes: number): void {
	const block = Buffer.alloc(64 * 1024, 120);
	let left = bytes;
	const more = (): void => {
		while (left > 0 && !socket.destroyed) {
			left -= block.length;
			sent += block.length;
			if (!socket.write(block)) return void socket.once("drain", more);
		}
		socket.end();
	};
	more();
}

function respond(socket: Socket, hop: Hop, index: number): void {
	if (hop.hang === true) return;
	if (hop.raw !== undefined) return void socket.end(hop.raw);
	const head: Buffer[] = [Buffer.from(`HTTP/1.1 ${hop.status} X\r\n`)];
	const add = (name: string, value: string | Buffer): void => void head.push(Buffer.from(`${name}: `), Buffer.from(value as string), Buffer.from("\r\n"));
	if (hop.location !== undefined) add("Location", filled(hop.location, index));
	for (const [name, value] of hop.raw_headers ?? []) add(name, filled(value, index));
	for (const [name, value] of hop.raw_headers_b64 ?? []) add(name, Buffer.from(value, "base64"));
	for (let at = 0; at < (hop.header_count ?? 0); at++) add(`X-${at}`, "1");
	if (hop.header_drip !== undefined) {
		socket.write(Buffer.concat(head));
		drip(socket, "X");
		return;
	}
	if (hop.status === 103) {
		socket.write(Buffer.concat([...head, Buffer.from("\r\n")]));
		respond(socket, hopFor(index + 1), index + 1);
		return;
	}
	const body = filled(hop.body ?? "", index);
	if (body.startsWith("<")) add("Content-Type", "text/html");
	const hasLength = (hop.raw_headers ?? []).some(([name]) => name === "Content-Length");
	if (hop.body_drip === undefined && hop.body_bytes === undefined && !hasLength) add("Content-Length", String(Buffer.byteLength(body)));
	socket.write(Buffer.concat([...head, Buffer.from("\r\n")]));
	if (hop.body_drip !== undefined) drip(socket, "x");
	else if (hop.body_bytes !== undefined) pour(socket, hop.body_bytes);
	else socket.write(body);
	if (hop.then === "RST") setTimeout(() => socket.resetAndDestroy(), 20);
}

/** What the record must say, by the corpus's words. */
function check(final: string, { result, parts }: Visit): void {
	const { outcome, reason, response } = result;
	const seen = { outcome, reason, status: response?.status ?? null };
	switch (final) {
		case "blocked":
			expect(seen).toMatchObject({ outcome: "blocked", reason: expect.stringMatching(/not public|not visited/), status: null });
			break;
		case "blocked-or-recorded":
			expect(seen.status).toBe(200);
			expect(result.requests.some(({ failure }) => failure?.by === "guard") || response?.headers.some(([name]) => name === "Refresh")).toBe(true);
			break;
		case "blocked-or-first-only":
		case "blocked-or-not-followed":
		case "blocked-or-stripped":
		case "no-crash":
			expect(["blocked", "failed", "fetched", "rendered", "unresolved"]).toContain(outcome);
			break;
		case "ends-at-302":
			expect(seen.status).toBe(302);
			break;
		case "not-followed":
			expect([null, 304]).toContain(seen.status);
			break;
		case "too-many-redirects":
			expect(seen).toMatchObject({ outcome: "failed", reason: expect.stringMatching(/redirects more than 10 times|characters/) });
			break;
		case "download-recorded":
			expect(outcome).toBe("fetched");
			expect(result.downloads).toMatchObject([{ name: "pwned", bytes: 2, kept: true }]);
			expect(parts.map(({ kind }) => kind)).toEqual(["content", "download"]);
			break;
		case "too-large":
			expect(response).toMatchObject({ truncated: true, sha256: null });
			break;
		case "timeout":
			expect(outcome === "timeout" || response?.truncated === true).toBe(true);
			break;
		case "error-recorded":
			expect(reason).not.toBeNull();
			break;
		case "999-recorded":
			expect(seen.status).toBe(999);
			break;
		default:
			expect(seen.status).toBe(Number(final));
	}
}

describe("redirects, headers and slow answers in the browser", () => {
	test("the corpus is whole", () => expect(chains).toHaveLength(50));

	test.each(chains)("$id: $final", async (given) => {
		chain = given;
		const start = (given.start ?? "http://public-a.example/start").replace("https:", "http:");
		const visited = await world.visit(start, { budget: BUDGET });
		// To a browser that is over http already, a path of the same host.
		if (given.id === "no-slashes") expect(visited.result.hops).toMatchObject([{ url: start }]);
		else check(given.final, visited);
		expect(world.canary.seen).toEqual([]);
		expect(world.dials.every(({ address }) => address === PUBLIC)).toBe(true);
		// The icon is asked for beside the chain.
		if (given.max_requests !== undefined) expect(requests.filter((head) => !head.includes("/favicon.ico")).length).toBeLessThanOrEqual(given.max_requests);
		if (given.max_read_bytes !== undefined) expect(sent).toBeLessThan(16 * given.max_read_bytes);
		expect(visited.result.tookMs).toBeLessThan(BUDGET.totalMs + 1_000);
		expect(requests.join("\n")).not.toMatch(/^(?:proxy-authorization|authorization):/im);
		if (given.id === "public-public-private") {
			expect(visited.result.hops.map(({ url, by }) => [url, by])).toEqual([
				["http://public-a.example/start", "location"],
				["http://public-b.example/2", "location"],
				["http://public-c.example/3", "location"],
			]);
			expect(visited.result.finalUrl).toBe("http://public-c.example/3");
		}
	});
});
