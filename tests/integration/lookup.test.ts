import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { defineEnricher, type EnricherDefinition } from "@/lib/enrichers/define";
import { internetdb } from "@/lib/enrichers/internetdb";
import { answerShape } from "@/lib/http/lookup-shapes";
import { ask, type LookupContext, offers, openDownload } from "@/lib/lookup";
import { type Cache, memoryCache, upstashCache } from "@/lib/platform/cache";
import { type FakeProvider, MISBEHAVIOURS, startFakeProvider } from "../fakes/enrichers";
import type { Bridge } from "../harness/bridge-server";
import { ASKER, indicator, testLookup } from "../harness/enrich";
import { startRedisBridge } from "../harness/redis-bridge";

const KEY = "canary-0123456789abcdef";
const VALUE = indicator("120.78.59.202");
const PATH = "api.example.com/120.78.59.202";

/** An enricher that asks `api.example.com` with a key in its query, which is where keys leak from. */
function sample(more: Partial<EnricherDefinition> = {}): EnricherDefinition {
	return defineEnricher({
		id: "sample",
		name: "Sample",
		homepage: "https://example.com/",
		supports: ["ipv4", "domain"],
		exposure: "provider",
		secret: { name: "shodanKey", required: true },
		quota: [],
		keeps: { found: 3600, unknown: 600 },
		timeoutMs: 3_000,
		async ask({ value }, tools) {
			const raw = (await tools.json(`https://api.example.com/${value}?key=${tools.secret}`)) as { says?: string } | null;
			return raw === null ? null : { enrichment: { summary: String(raw.says), tone: "none", facts: [] }, raw };
		},
		...more,
	});
}

let provider: FakeProvider;
let bridge: Bridge;
let silent: { url: string; stop: () => void };
let turn = 0;
beforeAll(async () => {
	provider = await startFakeProvider();
	bridge = await startRedisBridge(process.env.EXIST_TEST_REDIS ?? "", "test-token");
	const server = createServer(() => {});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	silent = {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		stop: () => {
			server.closeAllConnections();
			server.close();
		},
	};
});
afterAll(async () => {
	await Promise.all([provider.stop(), bridge.stop()]);
	silent.stop();
});
beforeEach(() => {
	provider.replies = { [PATH]: { body: { says: "hello" } } };
	provider.asked.length = 0;
	turn++;
});

/** A cache of another instance: the same Redis for all instances of one test. */
const instance = (): Cache => upstashCache({ url: bridge.url, token: "test-token" }, `lookup-test-${turn}:`);
const lookup = (enricher: EnricherDefinition, more: Partial<LookupContext> = {}): LookupContext => testLookup(provider.url, { enrichers: [enricher], secrets: { shodanKey: KEY }, ...more });
const all = { reach: "all", asker: ASKER } as const;

describe.each(["memory", "upstash"] as const)("asking, with the cache in %s", (kind) => {
	const cache = (): Cache => (kind === "memory" ? memoryCache() : instance());

	it("gives what was found, and keeps it", async () => {
		const context = lookup(sample(), { cache: cache() });
		const first = await ask("sample", VALUE, all, context);
		expect(first).toMatchObject({ state: "found", enrichment: { summary: "hello" }, raw: { says: "hello" }, kept: false });
		expect(await ask("sample", VALUE, all, context)).toEqual({ ...first, kept: true });
		expect(provider.asked).toHaveLength(1);
		expect(answerShape.parse(first)).toEqual(first);
	});

	it("keeps that nothing is known for a shorter time, and never calls it clean", async () => {
		provider.replies[PATH] = MISBEHAVIOURS.unknown;
		const context = lookup(sample(), { cache: cache() });
		const found = await ask("sample", VALUE, all, context);
		expect(found.state).toBe("unknown");
		if (found.state === "unknown") expect(Date.parse(found.keptUntil) - Date.parse(found.askedAt)).toBe(600_000);
		expect(JSON.stringify(found)).not.toMatch(/clean|safe|harmless/);
	});

	it("asks anew where that is wished, but not every moment", async () => {
		let now = Date.now();
		const context = lookup(sample(), { cache: cache(), now: () => new Date(now) });
		await ask("sample", VALUE, all, context);
		provider.replies[PATH] = { body: { says: "changed" } };
		expect(await ask("sample", VALUE, { ...all, again: true }, context)).toMatchObject({ enrichment: { summary: "hello" }, kept: true });
		now += 31_000;
		expect(await ask("sample", VALUE, { ...all, again: true }, context)).toMatchObject({ enrichment: { summary: "changed" }, kept: false });
		now += 31_000;
		provider.replies[PATH] = MISBEHAVIOURS.broken;
		expect(await ask("sample", VALUE, { ...all, again: true }, context)).toMatchObject({ state: "failed" });
		// The older answer still stands for everybody else.
		expect(await ask("sample", VALUE, all, context)).toMatchObject({ state: "found", enrichment: { summary: "changed" }, kept: true });
	});

	it("asks once for all who ask at the same time", async () => {
		provider.replies[PATH] = { body: { says: "slow" }, sleep: 200 };
		const context = lookup(sample(), { cache: cache() });
		const answers = await Promise.all(Array.from({ length: 20 }, () => ask("sample", VALUE, all, context)));
		expect(new Set(answers.map((answer) => (answer.state === "found" ? answer.enrichment.summary : answer.state)))).toEqual(new Set(["slow"]));
		expect(provider.asked).toHaveLength(1);
	});

	it("keeps to every window, uses up none beyond the one that is full, and says when it frees", async () => {
		const context = lookup(
			sample({
				quota: [
					{ calls: 100, seconds: 86_400 },
					{ calls: 2, seconds: 3600 },
				],
			}),
			{ cache: cache() },
		);
		const values = ["1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4", "1.1.1.5"].map(indicator);
		for (const { value } of values) provider.replies[`api.example.com/${value}`] = { body: { says: value } };
		const answers = [];
		for (const value of values) answers.push(await ask("sample", value, all, context));
		expect(answers.map(({ state }) => state)).toEqual(["found", "found", "limited", "limited", "limited"]);
		expect(answers[4]).toMatchObject({ by: "quota", until: expect.stringMatching(/:00:00\.000Z$/) });
		expect(provider.asked).toHaveLength(2);
		// Two of the day's hundred are used: the refused ones never came so far.
		expect((await context.cache.limit("lookup", "sample:key:86400", 100, 86_400)).remaining).toBe(97);
		expect((await offers(VALUE, "all", context))[0]?.left).toMatchObject({ calls: 0, of: 2 });
	});

	it("lets a provider rest that says 429, for as long as it says", async () => {
		provider.replies[PATH] = MISBEHAVIOURS.limitedFor90;
		let now = Date.now();
		const context = lookup(sample(), { cache: cache(), now: () => new Date(now) });
		const first = await ask("sample", VALUE, all, context);
		expect(first).toEqual({ state: "limited", by: "provider", until: new Date(now + 90_000).toISOString() });
		expect(await ask("sample", indicator("1.1.1.1"), all, context)).toEqual(first);
		expect(provider.asked).toHaveLength(1);
		now += 91_000;
		provider.replies[PATH] = { body: { says: "again" } };
		expect(await ask("sample", VALUE, all, context)).toMatchObject({ state: "found" });
	});

	it("leaves a provider alone that fails again and again, then lets one question decide", async () => {
		let now = Date.now();
		const context = lookup(sample(), { cache: cache(), now: () => new Date(now) });
		const fail = (last: number) => ask("sample", indicator(`1.1.2.${last}`), all, context);
		for (let last = 0; last < 7; last++) {
			provider.replies[`api.example.com/1.1.2.${last}`] = MISBEHAVIOURS.broken;
			await fail(last);
		}
		expect(provider.asked).toHaveLength(5);
		expect(await fail(7)).toMatchObject({ state: "failed", reason: expect.stringContaining("left alone"), again: new Date(now + 60_000).toISOString() });
		now += 61_000;
		await ask("sample", VALUE, all, context);
		expect(provider.asked).toHaveLength(6);
		provider.replies["api.example.com/1.1.2.9"] = { body: { says: "well" } };
		expect(await fail(9)).toMatchObject({ state: "found" });
	});

	it("ends with its time, whatever the provider does", async () => {
		provider.replies[PATH] = MISBEHAVIOURS.sleeps;
		const answer = await ask("sample", VALUE, all, lookup(sample({ timeoutMs: 150 }), { cache: cache() }));
		expect(answer).toMatchObject({ state: "timeout", afterMs: 150 });
		const stubborn = sample({ timeoutMs: 150, ask: () => new Promise(() => {}) });
		expect(await ask("sample", VALUE, all, lookup(stubborn, { cache: cache() }))).toMatchObject({ state: "timeout" });
	});
});

describe("who is asked", () => {
	it("is decided here, whatever a page did", async () => {
		for (const [exposure, reaches] of [
			["nobody", ["all", "passive", "index"]],
			["provider", ["all", "passive"]],
			["target", ["all"]],
		] as const) {
			for (const reach of ["all", "passive", "index"] as const) {
				const context = lookup(sample({ exposure }));
				const answer = await ask("sample", VALUE, { ...all, reach }, context);
				const allowed = (reaches as readonly string[]).includes(reach);
				expect([exposure, reach, answer.state]).toEqual([exposure, reach, allowed ? "found" : "off"]);
				expect((await offers(VALUE, reach, context))[0]?.held).toEqual(allowed ? null : { why: "reach" });
			}
		}
	});

	it.each(["10.0.0.1", "192.168.1.1", "127.0.0.1", "169.254.169.254", "intranet.corp.local", "printer.lan", "db.internal"])("is nobody for %s", async (value) => {
		const context = lookup(sample());
		expect(await ask("sample", indicator(value), all, context)).toMatchObject({ state: "off", held: { why: "off", reason: expect.stringContaining("not public") } });
		expect(provider.asked).toEqual([]);
	});

	it("is nobody without a key, for other kinds of values, where an operator said so, or by a name nobody knows", async () => {
		expect(await ask("sample", VALUE, all, lookup(sample(), { secrets: {} }))).toEqual({ state: "off", held: { why: "not-configured", variable: "SHODAN_KEY" } });
		expect(await ask("sample", indicator("CVE-2021-44228"), all, lookup(sample()))).toMatchObject({ state: "off", held: { why: "off" } });
		expect(await ask("sample", VALUE, all, lookup(sample({ offReason: "it costs money" })))).toEqual({ state: "off", held: { why: "off", reason: "it costs money" } });
		expect(await ask("constructor", VALUE, all, lookup(sample()))).toMatchObject({ state: "off" });
		expect(provider.asked).toEqual([]);
	});
});

describe("a Redis that hangs", () => {
	it("makes this instance stricter, never open, and still remembers", async () => {
		const context = lookup(sample({ quota: [{ calls: 8, seconds: 3600 }], timeoutMs: 8_000 }), { cache: upstashCache({ url: silent.url, token: "t" }) });
		const first = await ask("sample", VALUE, all, context);
		expect(first).toMatchObject({ state: "found", kept: false });
		expect(await ask("sample", VALUE, all, context)).toMatchObject({ state: "found", kept: true });
		const states = (await Promise.all(["1.1.1.1", "1.1.1.2", "1.1.1.3"].map((value) => ask("sample", indicator(value), all, context)))).map(({ state }) => state);
		expect(states.filter((state) => state === "limited")).toHaveLength(2);
		expect(provider.asked).toHaveLength(2);
	}, 60_000);
});

describe("keys and values", () => {
	const echoing = (how: object) => ({ ...how, body: { says: `your key ${KEY} is good`, [KEY]: [KEY, `https://api.example.com/?key=${KEY}`] } });

	it.each(Object.entries(MISBEHAVIOURS))("never leak when the provider is %s", async (name, how) => {
		const reports: unknown[] = [];
		for (const reply of [how, "body" in how && typeof how.body === "object" ? echoing(how) : how]) {
			provider.replies[PATH] = reply;
			const store = memoryCache();
			const context = lookup(sample({ timeoutMs: 400 }), { cache: store, report: (failure) => reports.push(failure) });
			const answer = await ask("sample", VALUE, all, context);
			expect([name, JSON.stringify([answer, await ask("sample", VALUE, all, context), await offers(VALUE, "all", context), reports]).includes(KEY)]).toEqual([name, false]);
			expect(answerShape.parse(answer)).toEqual(answer);
		}
	});

	it("never leak by an answer that repeats them, or by a fault of our own", async () => {
		provider.replies[PATH] = echoing({ status: 200 });
		expect(JSON.stringify(await ask("sample", VALUE, all, lookup(sample())))).toMatch(/your key … is good/);
		const reports: Array<{ enricher: string; error: string }> = [];
		const faulty = sample({
			ask: async ({ value }, { secret }) => {
				throw new TypeError(`cannot read ${secret} of ${value} at https://api.example.com/?key=${secret}`);
			},
		});
		const answer = await ask("sample", VALUE, all, lookup(faulty, { report: (failure) => void reports.push(failure) }));
		expect(answer).toMatchObject({ state: "failed", reason: "Something failed here. It has been logged." });
		expect(reports).toEqual([{ enricher: "sample", error: expect.stringContaining("TypeError") }]);
		expect(JSON.stringify([answer, reports])).not.toMatch(new RegExp(`${KEY}|120\\.78`));
	});

	it("say which member has another shape", async () => {
		provider.replies["internetdb.shodan.io/120.78.59.202"] = { body: { ports: "many" } };
		expect(await ask("internetdb", VALUE, all, lookup(internetdb))).toMatchObject({ state: "failed", reason: expect.stringContaining('(at "ports")') });
	});
});

describe("a download", () => {
	const withFile = sample({ download: (id) => ({ url: `https://api.example.com/files/${id}`, headers: { "x-key": KEY }, name: `../../evil "name"\r\n.pcap` }) });
	const read = async (context = lookup(withFile), id = "pcap") => {
		const { name, body } = await openDownload("sample", VALUE, id, ASKER, context);
		const chunks: Uint8Array[] = [];
		for await (const chunk of body) chunks.push(chunk);
		return { name, text: Buffer.concat(chunks).toString("utf8") };
	};

	it("passes on the bytes under a name of ours", async () => {
		provider.replies["api.example.com/files/pcap"] = { body: "\u00d4bytes" };
		const { name, text } = await read();
		expect([name, text]).toEqual([".._.._evil_name_.pcap", "\u00d4bytes"]);
	});

	it("says why there is none", async () => {
		await expect(read()).rejects.toMatchObject({ code: "not_found" });
		provider.replies["api.example.com/files/pcap"] = MISBEHAVIOURS.html;
		await expect(read()).rejects.toMatchObject({ code: "upstream" });
		provider.replies["api.example.com/files/pcap"] = MISBEHAVIOURS.limitedFor90;
		await expect(read()).rejects.toMatchObject({ code: "rate_limited", retryAfter: 90 });
		provider.replies["api.example.com/files/pcap"] = MISBEHAVIOURS.forbidden;
		await expect(read()).rejects.toMatchObject({ code: "upstream", message: expect.not.stringContaining(KEY) });
		await expect(read(lookup(withFile, { secrets: {} }))).rejects.toMatchObject({ code: "unavailable", message: expect.stringContaining("SHODAN_KEY") });
		await expect(read(lookup(sample()))).rejects.toMatchObject({ code: "not_found" });
		const used = lookup({ ...withFile, quota: [{ calls: 1, seconds: 3600 }] });
		await expect(read(used)).rejects.toMatchObject({ code: "upstream" });
		await expect(read(used)).rejects.toMatchObject({ code: "rate_limited" });
	});
});
