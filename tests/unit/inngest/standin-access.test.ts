import { request as rawRequest } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeClient, sendEvents } from "@/inngest/client";
import { hashedSigningKey, sign } from "@/inngest/standin/protocol";
import { type Bench, EVENT_KEY, FUNCTIONS, makeBench, request, SIGNING_KEY, services, startApp } from "./fixture";

const OTHER_KEY = `signkey-local-${"fedcba9876543210".repeat(4)}`;

let bench: Bench;
beforeEach(async () => {
	bench = await makeBench();
	expect(await bench.register()).toBeNull();
});
afterEach(() => bench.close());

describe("calls to the app", () => {
	const body = JSON.stringify({ ctx: { attempt: 0, run_id: "r", stack: { current: 0, stack: [] } }, event: { data: {}, name: "x" }, events: [], steps: {}, version: 2 });
	const call = (method: string, signature: string | null, text?: string) =>
		fetch(`${bench.app.url}?fnId=exist-housekeeping&stepId=step`, {
			method,
			headers: { "content-type": "application/json", ...(signature === null ? {} : { "x-inngest-signature": signature }) },
			...(text === undefined ? {} : { body: text }),
		});

	it("are taken when signed", async () => {
		expect((await call("POST", sign(body, SIGNING_KEY, Date.now()), body)).status).toBe(206);
	});

	it.each([
		["unsigned", () => null],
		["signed with another key", () => sign(body, OTHER_KEY, Date.now())],
		["signed for another body", () => sign(`${body} `, SIGNING_KEY, Date.now())],
		["signed too long ago", () => sign(body, SIGNING_KEY, Date.now() - 600_000)],
	])("get 401 when %s", async (_, signature) => {
		expect((await call("POST", signature(), body)).status).toBe(401);
		expect((await call("PUT", signature())).status).toBe(401);
	});

	it("ends in a refusal where the app has another key", async () => {
		const other = await startApp(services(bench.clock), bench.url, 0, OTHER_KEY);
		const signature = sign("", OTHER_KEY, Date.now());
		const response = await fetch(other.url, { method: "PUT", headers: { "x-inngest-signature": signature } });
		expect(response.status).toBe(401);
		await other.close();
	});
});

describe("the stand-in", () => {
	const register = (authorization: string | null, functions: unknown) =>
		fetch(`${bench.url}/fn/register`, {
			method: "POST",
			headers: authorization === null ? {} : { authorization },
			body: JSON.stringify({ functions }),
		});
	const right = `Bearer ${hashedSigningKey(SIGNING_KEY)}`;

	it("takes events with the right key only", async () => {
		expect((await bench.send(request(1), "another-key")).status).toBe(401);
		expect((await bench.send(request(1), "")).status).toBe(401);
		expect(bench.engine.health().runs).toEqual([]);
	});

	it("takes the SDK's own events", async () => {
		const through = makeClient({ dev: null, eventKey: EVENT_KEY, signingKey: SIGNING_KEY, baseUrl: bench.url });
		await sendEvents([{ id: "a", name: "source/run.requested", data: { source: 1, trigger: "manual", requestedAt: new Date(bench.clock.now()).toISOString() } }], through);
		await bench.engine.settled();
		expect(bench.store.runs("completed", 5)).toHaveLength(1);
	});

	it.each([null, `Bearer ${SIGNING_KEY}`, `Bearer ${hashedSigningKey(OTHER_KEY)}`])("registers with the right key only", async (authorization) => {
		expect((await register(authorization, [])).status).toBe(401);
		expect(bench.engine.health().functions).toBe(FUNCTIONS);
	});

	it("refuses functions it cannot run as they are meant", async () => {
		const base = { id: "a", triggers: [{ event: "b" }], steps: {} };
		for (const functions of [null, [{ ...base, debounce: {} }], [base, base], [{ ...base, triggers: [{ cron: "nonsense" }] }]]) {
			expect((await register(right, functions)).status).toBe(400);
		}
		expect(bench.engine.health().functions).toBe(FUNCTIONS);
	});

	it("refuses what is too large or no event", async () => {
		expect((await bench.send({ name: "a", data: { text: "x".repeat(257 * 1024) } })).status).toBe(400);
		expect((await bench.send({ name: "a", data: { text: "x".repeat(5 * 1024 * 1024) } }).catch(() => ({ status: 413 }))).status).toBe(413);
		for (const event of [null, 1, {}, { name: "" }, { name: "a", data: [] }, { name: "inngest/function.failed", data: {} }]) {
			expect((await bench.send(event)).status).toBe(400);
		}
		expect((await fetch(`${bench.url}/e/${EVENT_KEY}`, { method: "POST", body: "{" })).status).toBe(400);
	});

	it("tells its health, and nothing elsewhere", async () => {
		expect(await (await fetch(`${bench.url}/health`)).json()).toEqual({ functions: FUNCTIONS, app: "answering", queued: 0, underWay: 0, runs: [] });
		expect((await fetch(`${bench.url}/`)).status).toBe(404);
	});

	it("answers only to names of the loopback address", async () => {
		const status = await new Promise<number | undefined>((resolve, reject) => {
			const { port } = new URL(bench.url);
			const sent = rawRequest({ host: "127.0.0.1", port, path: "/health", headers: { host: "evil.example" } }, (response) => {
				response.resume();
				resolve(response.statusCode);
			});
			sent.on("error", reject).end();
		});
		expect(status).toBe(403);
	});
});
