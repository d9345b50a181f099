import dgram from "node:dgram";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { launch, type RunningBrowser } from "@/lib/capture/browser";
import { groupMembers } from "@/lib/capture/processes";
import type { Visit } from "@/lib/capture/report";
import { fixtureJson, startWorld, type World } from "./world";

interface Vector {
	id: string;
	html: string;
}

const { vectors, needs_https_page: secure } = fixtureJson<{ vectors: Vector[]; needs_https_page: string[] }>("page-vectors.json");
/** These may take a browser with them: each has its own. */
const HEAVY = ["popup-flood", "alert-loop", "busy-loop", "alloc-loop", "dom-bomb", "reload-loop", "download-flood", "huge-canvas", "tall-page", "gc-title-leak", "never-idle", "rfc1918-scan"];
/** Vectors whose request reaches the proxy and is refused there. */
const TRYING =
	"port-scan metadata-fetch-header metadata-iframe devtools-port input-image body-background base-href svg-foreign svg-image webrtc-turn-tcp shared-worker worker-fetch websocket-worker websocket eventsource beacon xhr fetch-nocors fetch form anchor-download anchor-ping location anchor-click meta-refresh icon modulepreload preload prefetch audio video-poster video embed object iframe-data iframe-srcdoc iframe dyn-import module script font css-url css-import css-link img-srcset picture img rfc1918-scan".split(
		" ",
	);
/** A single page may take this long, a bomb too. */
const BUDGET = { totalMs: 25_000, answerMs: 5_000, loadMs: 4_000, settleMs: 1_500, stepMs: 4_000 };
const AT_ONCE = 3;

let world: World;
let shared: RunningBrowser | undefined;
let useShared = true;
const visits = new Map<string, Visit>();
const groups: number[] = [];

function serve({ html }: Vector): World["serve"] {
	return (request, response) => {
		const { pathname } = new URL(request.url ?? "/", "http://x");
		if (pathname.startsWith("/page/")) return void response.writeHead(200, { "content-type": "text/html" }).end(world.filled(html));
		if (pathname === "/401") return void response.writeHead(401, { "www-authenticate": "Basic realm=x", "content-type": "text/html" }).end("who?");
		if (pathname === "/sw.js") return void response.writeHead(200, { "content-type": "text/javascript" }).end(world.filled("fetch('{{CANARY}}/service')"));
		response.writeHead(404, { "content-length": "0" }).end();
	};
}

async function run(vector: Vector): Promise<void> {
	const scheme = secure.includes(vector.id) ? "https" : "http";
	const visit = (): Promise<Visit> => world.visit(`${scheme}://public-a.example/page/${vector.id}`, { budget: BUDGET });
	const first = await visit();
	// A machine that is busy otherwise may not answer in time, and the page has not been shown at all: that says nothing of the page.
	visits.set(vector.id, first.result.response === null ? await visit() : first);
}

beforeAll(async () => {
	world = await startWorld(() => (useShared ? shared : undefined));
	const byId = new Map(vectors.map((vector) => [vector.id, vector]));
	world.serve = (request, response) => {
		// The page of a request: its own path, or that of the page that refers to it.
		const id = /\/page\/([\w-]+)/.exec(`${request.url} ${request.headers.referer ?? ""}`)?.[1] ?? "";
		serve(byId.get(id) ?? { id, html: "" })(request, response);
	};
	shared = await launch();
	groups.push(shared.pid);
	const light = vectors.filter(({ id }) => !HEAVY.includes(id));
	await Promise.all(
		Array.from({ length: AT_ONCE }, async () => {
			for (let next = light.pop(); next !== undefined; next = light.pop()) await run(next);
		}),
	);
	await shared.end();
	useShared = false;
	const heavy = vectors.filter(({ id }) => HEAVY.includes(id));
	await Promise.all(
		Array.from({ length: 2 }, async () => {
			for (let next = heavy.pop(); next !== undefined; next = heavy.pop()) await run(next);
		}),
	);
	// What a page set going may arrive late.
	await new Promise((resolve) => setTimeout(resolve, 5_000));
}, 240_000);

afterAll(async () => {
	await shared?.end();
	await world.close();
});

describe("pages that try to reach what they must not", () => {
	test("the corpus is whole", () => {
		expect([vectors.length, visits.size]).toEqual([84, 84]);
	});

	test("no canary heard anything, over TCP or UDP", () => {
		expect(world.canary.seen).toEqual([]);
	});

	test("nothing was dialled but the public address", () => {
		expect(new Set(world.dials.map(({ address }) => address))).toEqual(new Set(["93.184.216.34"]));
	});

	test("most of them did try, and stand in the record", () => {
		const tried = [...visits].filter(([, { result }]) => result.requests.some(({ failure }) => failure?.by === "guard")).map(([id]) => id);
		// By name, so that a vector that no longer tries is seen. The others are refused by the browser's own rules and flags.
		expect(tried).toEqual(expect.arrayContaining(TRYING));
		expect(visits.get("rfc1918-scan")?.result.requests.filter(({ failure }) => failure?.by === "guard")).toHaveLength(254);
		expect(visits.get("websocket")?.result.requests.at(-1)).toMatchObject({ kind: "websocket", failure: { by: "guard" } });
	});

	test("floods are counted, bombs end the browser", () => {
		const of = (id: string) => (visits.get(id) as Visit).result;
		expect(of("popup-flood").popups).toHaveLength(50);
		expect(of("alert-loop")).toMatchObject({ outcome: "timeout", dialogs: { length: 50 } });
		expect(of("busy-loop").outcome).toBe("timeout");
		expect(of("alloc-loop")).toMatchObject({ outcome: "failed", reason: expect.stringMatching(/memory/) });
		expect(of("download-flood").downloads).toHaveLength(10);
		expect(of("reload-loop").hops.length).toBeLessThanOrEqual(20);
		expect(of("basic-auth-prompt").response?.status).toBe(401);
		expect((visits.get("tall-page") as Visit).parts.map(({ kind }) => kind)).toContain("full-page");
	});

	test("the canaries can hear", async () => {
		const before = world.canary.seen.length;
		await fetch(`http://127.0.0.1:${world.canary.port}/`, { signal: AbortSignal.timeout(300) }).catch(() => {});
		const socket = dgram.createSocket("udp4");
		await new Promise((resolve) => socket.send("x", world.canary.udpPort, "127.0.0.1", resolve));
		await vi.waitFor(() => expect(new Set(world.canary.seen.slice(before).map((line) => line.slice(0, 3)))).toEqual(new Set(["tcp", "GET", "udp"])));
		socket.close();
	});

	test("no proxy credential left the machine", () => {
		expect(world.headers.filter((headers) => headers["proxy-authorization"] !== undefined || headers.authorization !== undefined)).toEqual([]);
	});

	test.each(vectors.map(({ id }) => id))("%s ends with a record", (id) => {
		const { result, parts } = visits.get(id) as Visit;
		expect(result.tookMs).toBeLessThanOrEqual(BUDGET.totalMs + 1_000);
		expect(["rendered", "timeout", "failed"]).toContain(result.outcome);
		expect(result.response?.status).toBe(id === "basic-auth-prompt" ? 401 : 200);
		expect(parts.find(({ kind }) => kind === "content")?.bytes.length).toBeGreaterThan(0);
		// Nothing of this machine, its browser or a neighbour.
		const words = [JSON.stringify({ ...result, requests: [], console: [] }), ...parts.filter(({ kind }) => kind === "text" || kind === "markup").map(({ bytes }) => bytes.toString("utf8"))].join(" ");
		expect(words).not.toMatch(/root:x:0|webSocketDebuggerUrl|Command Line/);
		if (result.outcome !== "rendered") expect(result.reason).not.toBeNull();
	});

	test("all of the browsers are gone", async () => {
		for (const group of groups) expect(await groupMembers(group)).toEqual([]);
	});
});
