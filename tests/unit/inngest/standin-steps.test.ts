import { type Inngest, type InngestFunction, StepError } from "inngest";
import { serve } from "inngest/next";
import { afterEach, expect, it } from "vitest";
import { makeClient } from "@/inngest/client";
import type { JobHandlers } from "@/inngest/serve";
import { askToRegister } from "@/inngest/standin/call";
import { noteCrons } from "@/inngest/standin/crons";
import { Engine } from "@/inngest/standin/engine";
import { readFunction } from "@/inngest/standin/functions";
import { serveStandin } from "@/inngest/standin/server";
import { Store } from "@/inngest/standin/store";
import { type App, closeServer, EVENT_KEY, FakeClock, SIGNING_KEY, START, startHandlers } from "./fixture";

/* What the SDK can send beyond what the catalogue uses today. */

type Make = (client: Inngest) => InngestFunction.Any;

let close: (() => Promise<void>) | undefined;
afterEach(async () => {
	await close?.();
	close = undefined;
});

/** A registered function, with an event on its way to it. */
async function begin(make: Make): Promise<{ clock: FakeClock; store: Store; engine: Engine }> {
	const clock = new FakeClock();
	const store = new Store(":memory:");
	// The app's address is known only once it listens, and it needs the stand-in's first.
	const address = { url: "http://127.0.0.1:1", signingKey: SIGNING_KEY, timeoutMs: 5000 };
	const engine = new Engine({ store, app: address, clock });
	const { server, port } = await serveStandin({ engine, eventKey: EVENT_KEY, signingKey: SIGNING_KEY, now: () => clock.now() }, 0);
	const client = makeClient({ dev: null, eventKey: EVENT_KEY, signingKey: SIGNING_KEY, baseUrl: `http://127.0.0.1:${port}` });
	const app: App = await startHandlers(serve({ client, functions: [make(client)], servePath: "/api/inngest" }) as unknown as JobHandlers);
	address.url = app.url;
	engine.start();
	close = async () => {
		await engine.stop();
		await closeServer(server);
		await app.close();
		store.close();
	};
	expect(await askToRegister(address, AbortSignal.timeout(5000))).toBeNull();
	engine.send([{ id: "one", name: "test/event", data: {}, ts: START }]);
	await engine.settled();
	return { clock, store, engine };
}

const triggers = [{ event: "test/event" }];

it("sleeps, and goes on with the next step", async () => {
	const { clock, store, engine } = await begin((client) =>
		client.createFunction({ id: "sleeper", triggers }, async ({ step }) => {
			await step.sleep("nap", "1h");
			return step.run("after", () => "rested");
		}),
	);
	clock.advance(3_599_999);
	await engine.settled();
	expect(store.runs("running", 5)).toHaveLength(1);
	clock.advance(1);
	await engine.settled();
	expect(store.runs("completed", 5)[0]?.output).toBe("rested");
});

it("runs parallel steps once each, and tries only the one again that failed", async () => {
	const done: string[] = [];
	const { clock, store, engine } = await begin((client) =>
		client.createFunction({ id: "parallel", triggers, retries: 2 }, async ({ step }) => {
			const one = (name: string) =>
				step.run(name, () => {
					done.push(name);
					if (name === "b" && done.filter((other) => other === "b").length < 3) throw new Error("not yet");
					return name;
				});
			return Promise.all([one("a"), one("b"), one("c")]);
		}),
	);
	expect([...done].sort()).toEqual(["a", "b", "c"]);
	for (const wait of [10_000, 20_000]) {
		clock.advance(wait);
		await engine.settled();
	}
	expect([...done].sort()).toEqual(["a", "b", "b", "b", "c"]);
	expect(store.runs("completed", 5)[0]?.output).toEqual(["a", "b", "c"]);
});

it("hands a failed step to the function, which may live with it", async () => {
	const { store } = await begin((client) =>
		client.createFunction({ id: "tolerant", triggers, retries: 0 }, async ({ step }) => {
			try {
				await step.run("fails", () => {
					throw new TypeError("no good");
				});
			} catch (error) {
				return error instanceof StepError ? error.message : "another error";
			}
		}),
	);
	expect(store.runs("completed", 5)[0]?.output).toBe("no good");
});

it("gives up where it is asked for what it does not do", async () => {
	const { store } = await begin((client) =>
		client.createFunction({ id: "waiter", triggers }, async ({ step }) => {
			await step.waitForEvent("wait", { event: "test/other", timeout: "1h" });
		}),
	);
	expect(store.runs("failed", 5)[0]?.error?.message).toContain("WaitForEvent is not supported");
});

it("starts a frequent new schedule at once where it is to, a rare one never", () => {
	const store = new Store(":memory:");
	const functions = new Map(["* * * * *", "17 3 * * *"].map((cron) => [cron, readFunction({ id: cron, triggers: [{ cron }], steps: {} })]));
	noteCrons(store, functions, START, true);
	expect(new Map(store.crons().map(({ fn, nextAt }) => [fn, nextAt]))).toEqual(
		new Map([
			["* * * * *", START],
			["17 3 * * *", Date.parse("2026-03-02T03:17:00Z")],
		]),
	);
	store.close();
});
