import type { Socket } from "node:net";
import tls from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type FetchOptions, guardedFetch } from "@/lib/net";
import { type Chain, ChainServer, chains } from "../../harness/redirects";
import { drain, fixture, type Listener, listen, onRequest, outcome, watchConnects } from "./helpers";

interface Seen {
	origin: string;
	line: string;
	headers: Record<string, string>;
	/** bytes that went out in answer to it */
	sent: () => number;
}

const CANARY_PORT = 65_000;
const PUBLIC = ["public-a.example", "public-b.example", "public-c.example"];

const server = new ChainServer((text) => text.replaceAll("{{CANARY}}", `http://127.0.0.1:${CANARY_PORT}`).replaceAll("{{CANARY_PORT}}", String(CANARY_PORT)));
let seen: Seen[] = [];
let servers: { plain: Listener; secure: Listener };
let watched: ReturnType<typeof watchConnects>;
const authorities = tls.getCACertificates("default");

beforeAll(async () => {
	tls.setDefaultCACertificates([...authorities, fixture("security/tls/ca.pem").toString("utf8")]);
	const serve = (scheme: string) => (socket: Socket) =>
		onRequest(socket, ({ line, headers }) => {
			const before = socket.bytesWritten;
			seen.push({ origin: `${scheme}//${headers.host}`, line, headers, sent: () => socket.bytesWritten - before });
			server.respond(socket, seen.length - 1);
		});
	const secure = { key: fixture("security/tls/server.key"), cert: fixture("security/tls/valid.pem") };
	servers = { plain: await listen(serve("http:")), secure: await listen(serve("https:"), secure) };
});
afterAll(async () => {
	tls.setDefaultCACertificates(authorities);
	await servers.plain.close();
	await servers.secure.close();
});
beforeEach(() => {
	seen = [];
	watched = watchConnects(({ secure }) => (secure ? servers.secure : servers.plain).port);
});
afterEach(() => watched.restore());

const resolver = (name: string): Promise<string[]> => (PUBLIC.includes(name) ? Promise.resolve(["93.184.216.34"]) : Promise.reject(new Error("NXDOMAIN")));

interface End {
	status: number | null;
	/** bytes of the body, or null where it did not come to its end */
	body: number | null;
	kind: string | null;
	finalUrl: string;
}

async function follow(start: string, options: FetchOptions): Promise<End> {
	const got = await outcome(guardedFetch(start, { policy: { resolver }, timeoutMs: 1500, idleMs: 300, maxBytes: 4 * 1024 * 1024, ...options }));
	if (got.value === null) return { status: null, body: null, kind: got.failure.kind, finalUrl: "" };
	const { status, finalUrl, body } = got.value;
	const read = await outcome(drain(body));
	return { status, finalUrl, body: read.value, kind: read.failure?.kind ?? null };
}

/** What the corpus calls an end, in terms of a fetch. A page's own ways on (refresh, script) are not a fetch's business. */
const ENDS: Readonly<Record<string, (end: End) => void>> = {
	blocked: ({ kind }) => expect(kind).toBe("blocked"),
	"blocked-or-first-only": ({ kind }) => expect(kind).toBe("protocol"),
	// A scheme without slashes, the same as before, is a relative address to every URL parser.
	relative: ({ status, finalUrl }) => expect([status, finalUrl]).toEqual([200, `http://public-a.example/127.0.0.1:${CANARY_PORT}/`]),
	"no-crash": ({ status, finalUrl }) => expect([status, finalUrl]).toEqual([200, "http://public-b.example/%C3%BF%C3%BE"]),
	"ends-at-302": ({ status }) => expect(status).toBe(302),
	"too-many-redirects": ({ kind }) => expect(kind).toBe("protocol"),
	"blocked-or-not-followed": ({ kind }) => expect(kind).toBe("blocked"),
	"not-followed": ({ status }) => expect(status).toBe(304),
	"200": ({ status, body }) => expect([status, body === null]).toEqual([200, false]),
	"blocked-or-recorded": ({ status, body }) => expect([status, body === null]).toEqual([200, false]),
	"blocked-or-stripped": ({ status, finalUrl }) => expect([status, finalUrl]).toEqual([200, "http://public-a.example/"]),
	"401": ({ status }) => expect(status).toBe(401),
	"download-recorded": ({ status, body }) => expect([status, body]).toEqual([200, 2]),
	"too-large": ({ kind }) => expect(kind).toBe("too-large"),
	timeout: ({ kind }) => expect(kind).toBe("timeout"),
	"999-recorded": ({ status }) => expect(status).toBe(999),
	"error-recorded": ({ status, kind }) => expect(kind === null ? status : kind).toEqual(server.chain.id === "proxy-auth-challenge" ? 407 : expect.stringMatching(/^(?:protocol|truncated)$/)),
};

describe("redirects and answers of a hostile server", () => {
	test.each(chains)("$id ends in: $final", async (given) => {
		server.chain = given;
		const slow = given.id.startsWith("slow");
		const options: FetchOptions = { method: given.method ?? "GET", headers: given.request_headers ?? {}, ...(given.method === "POST" ? { body: "q=1" } : {}), ...(slow ? { timeoutMs: 500 } : {}) };
		const end = await follow(given.start ?? "http://public-a.example/", options);
		const check = ENDS[given.id === "no-slashes" ? "relative" : given.final];
		expect(check).toBeDefined();
		check?.(end);
		expect(watched.dials.every(({ host, address }) => PUBLIC.includes(host) && address === "93.184.216.34")).toBe(true);
		expect(watched.dials.length).toBeLessThanOrEqual(given.max_requests ?? 11);
		expect(seen.length).toBe(watched.dials.length);
		for (const { origin, headers } of seen) {
			const forbidden = Object.entries(given.must_not_send_to ?? {}).find(([where]) => (where.includes("://") ? origin === where : origin.endsWith(`//${where}`)))?.[1] ?? [];
			for (const name of forbidden) expect(headers[name.replace(/:.*$/, "")]).toBeUndefined();
			if (forbidden.length > 0) expect(JSON.stringify(headers)).not.toContain("FEEDKEY");
		}
		if (given.max_read_bytes !== undefined) expect(seen[0]?.sent()).toBeLessThan(given.max_read_bytes * 8);
	});

	test("the chains that must reach another host did", async () => {
		server.chain = chains.find(({ id }) => id === "auth-header-leak") as Chain;
		await follow("http://public-a.example/", { headers: { Authorization: "Bearer FEEDKEY", Accept: "text/csv" } });
		expect(seen.map(({ origin, headers }) => [origin, headers.authorization, headers.accept])).toEqual([
			["http://public-a.example", "Bearer FEEDKEY", "text/csv"],
			["http://public-b.example", undefined, "text/csv"],
		]);
	});

	test("ten redirects are followed, eleven are not", async () => {
		server.chain = { id: "", final: "", hops: Array.from({ length: 10 }, (_, at) => ({ status: 302, location: `/${at}` })) };
		expect(await follow("http://public-a.example/", {})).toMatchObject({ status: 200, finalUrl: "http://public-a.example/9" });
		seen = [];
		server.chain = { ...server.chain, hops: [...server.chain.hops, { status: 302, location: "/10" }] };
		expect(await follow("http://public-a.example/", {})).toMatchObject({ status: null, kind: "protocol" });
		expect(seen).toHaveLength(11);
	});

	test.each([
		[301, "/2", "GET", false],
		[302, "/2", "GET", false],
		[303, "/2", "GET", false],
		[307, "/2", "POST", true],
		[308, "/2", "POST", true],
		[303, "http://public-b.example/2", "GET", false],
	])("a POST answered with %i to %s becomes a %s", async (status, location, method, keepsType) => {
		server.chain = { id: "", final: "", hops: [{ status, location }] };
		await follow("http://public-a.example/", { method: "POST", body: "key=FEEDKEY", headers: { "content-type": "application/x-www-form-urlencoded" } });
		expect(seen[1]?.line.split(" ")[0]).toBe(method);
		expect(seen[1]?.headers["content-type"] !== undefined).toBe(keepsType);
		expect(seen[1]?.headers["content-length"] ?? "0").toBe(keepsType ? "11" : "0");
	});

	test("what was posted is not posted to another host", async () => {
		server.chain = { id: "", final: "", hops: [{ status: 307, location: "http://public-b.example/" }] };
		expect(await follow("http://public-a.example/", { method: "POST", body: "key=FEEDKEY" })).toMatchObject({ kind: "blocked" });
		expect(seen).toHaveLength(1);
	});

	test("a user and password in an address are never sent", async () => {
		server.chain = { id: "", final: "", hops: [{ status: 302, location: "http://u:p@public-b.example/" }] };
		const { finalUrl } = await follow("http://user:pw@public-a.example/", {});
		expect(finalUrl).toBe("http://public-b.example/");
		expect(seen.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
	});
});
