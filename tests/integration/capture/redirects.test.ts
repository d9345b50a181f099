import type { Socket } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { launch, type RunningBrowser } from "@/lib/capture/browser";
import type { Visit } from "@/lib/capture/report";
import { ChainServer, chains } from "../../harness/redirects";
import { PUBLIC, startWorld, type World } from "./world";

/** What is peculiar to a fetch with headers of ours: a visit has none, and starts over http here. */
const BUDGET = { totalMs: 12_000, answerMs: 4_000, loadMs: 2_000, settleMs: 1_500, stepMs: 3_000 };

let world: World;
let browser: RunningBrowser;
let server: ChainServer;
let requests: string[] = [];
const sockets = new Set<Socket>();

beforeAll(async () => {
	browser = await launch();
	world = await startWorld(() => browser);
	server = new ChainServer(world.filled);
	world.raw = (socket) => {
		sockets.add(socket);
		let text = "";
		socket.on("data", (chunk: Buffer) => {
			text += chunk.toString("latin1");
			if (!text.includes("\r\n\r\n")) return;
			const index = requests.push(text.slice(0, text.indexOf("\r\n\r\n"))) - 1;
			text = "";
			server.respond(socket, index);
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
	sockets.clear();
});

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
		server.chain = given;
		const start = (given.start ?? "http://public-a.example/start").replace("https:", "http:");
		const visited = await world.visit(start, { budget: BUDGET });
		// To a browser that is over http already, a path of the same host.
		if (given.id === "no-slashes") expect(visited.result.hops).toMatchObject([{ url: start }]);
		else check(given.final, visited);
		expect(world.canary.seen).toEqual([]);
		expect(world.dials.every(({ address }) => address === PUBLIC)).toBe(true);
		// The icon is asked for beside the chain.
		if (given.max_requests !== undefined) expect(requests.filter((head) => !head.includes("/favicon.ico")).length).toBeLessThanOrEqual(given.max_requests);
		if (given.max_read_bytes !== undefined) expect([...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0)).toBeLessThan(16 * given.max_read_bytes);
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
