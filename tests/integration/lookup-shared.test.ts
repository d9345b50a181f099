import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { defineEnricher, type EnricherDefinition } from "@/lib/enrichers/define";
import { answerShape } from "@/lib/http/lookup-shapes";
import { indicatorId } from "@/lib/indicators/identity";
import { type Asker, ask, type LookupContext, openDownload } from "@/lib/lookup";
import { type Cache, memoryCache, upstashCache } from "@/lib/platform/cache";
import { type FakeProvider, MISBEHAVIOURS, startFakeProvider } from "../fakes/enrichers";
import type { Bridge } from "../harness/bridge-server";
import { ASKER, indicator, testLookup } from "../harness/enrich";
import { startRedisBridge } from "../harness/redis-bridge";

const VALUE = indicator("120.78.59.202");
const PATH = "api.example.com/120.78.59.202";
const DAY = 86_400;
const all = { reach: "all", asker: ASKER } as const;

function sample(more: Partial<EnricherDefinition> = {}): EnricherDefinition {
	return defineEnricher({
		id: "sample",
		name: "Sample",
		homepage: "https://example.com/",
		supports: ["ipv4"],
		exposure: "provider",
		quota: [],
		keeps: { found: 3600, unknown: 600 },
		timeoutMs: 3_000,
		async ask({ value }, tools) {
			const raw = (await tools.json(`https://api.example.com/${value}`)) as { says?: string } | null;
			return raw === null ? null : { enrichment: { summary: String(raw.says), tone: "none", facts: [] }, raw };
		},
		download: (id) => ({ url: `https://api.example.com/files/${id}`, headers: {}, name: "file" }),
		...more,
	});
}

let provider: FakeProvider;
let bridge: Bridge;
let turn = 0;
beforeAll(async () => {
	provider = await startFakeProvider();
	bridge = await startRedisBridge(process.env.EXIST_TEST_REDIS ?? "", "test-token");
});
afterAll(() => Promise.all([provider.stop(), bridge.stop()]));
beforeEach(() => {
	turn++;
	provider.replies = { [PATH]: { body: { says: "hello" } } };
	provider.asked.length = 0;
});

const lookup = (enricher: EnricherDefinition, cache: Cache): LookupContext => testLookup(provider.url, { enrichers: [enricher], cache });

/** Caches of two instances over one store. */
function twoCaches(kind: "memory" | "upstash"): [Cache, Cache] {
	if (kind === "memory") {
		const shared = memoryCache();
		return [{ ...shared }, { ...shared }];
	}
	const instance = () => upstashCache({ url: bridge.url, token: "test-token" }, `lookup-shared-${turn}:`);
	return [instance(), instance()];
}

describe.each(["memory", "upstash"] as const)("two instances over one %s", (kind) => {
	const two = (enricher: EnricherDefinition): [LookupContext, LookupContext] => {
		const [first, second] = twoCaches(kind);
		return [lookup(enricher, first), lookup(enricher, second)];
	};

	it("share answers, quotas and rests", async () => {
		const [one, other] = two(sample({ quota: [{ calls: 2, seconds: 3600 }] }));
		await ask("sample", VALUE, all, one);
		expect(await ask("sample", VALUE, all, other)).toMatchObject({ state: "found", kept: true });
		await ask("sample", indicator("1.1.1.1"), all, other);
		expect(await ask("sample", indicator("1.1.1.2"), all, one)).toMatchObject({ state: "limited", by: "quota" });
		expect(await ask("sample", indicator("1.1.1.3"), all, other)).toMatchObject({ state: "limited", by: "quota" });
		expect(provider.asked).toHaveLength(2);
	});

	it("ask once when both are asked first, at the same moment", async () => {
		provider.replies[PATH] = { body: { says: "slow" }, sleep: 600 };
		const [one, other] = two(sample());
		const answers = await Promise.all([ask("sample", VALUE, all, one), ask("sample", VALUE, all, other)]);
		expect(answers.map((answer) => answer.state === "found" && [answer.enrichment.summary, answer.kept]).sort()).toEqual([
			["slow", false],
			["slow", true],
		]);
		expect(provider.asked).toHaveLength(1);
	});

	it("are both told what the provider says to one", async () => {
		provider.replies[PATH] = { ...MISBEHAVIOURS.limitedFor90, sleep: 300 };
		const [one, other] = two(sample({ manyServers: true }));
		const answers = await Promise.all([ask("sample", VALUE, all, one), ask("sample", VALUE, all, other)]);
		expect(answers.map(({ state }) => state)).toEqual(["limited", "limited"]);
		expect(provider.asked).toHaveLength(1);
	});

	it.each([
		["whose lock ends by itself", 0.4],
		["whose lock stands for longer than a question takes", 60],
	])("do not wait for good for one that died, %s", async (_, seconds) => {
		const [one, other] = two(sample({ timeoutMs: 400 }));
		await other.cache.claim(`lookup:sample:0:open:${indicatorId(VALUE).toString("hex")}:busy`, "dead", seconds);
		expect(await ask("sample", VALUE, all, one)).toMatchObject({ state: "found", kept: false });
		expect(provider.asked).toHaveLength(1);
	});
});

const ada: Asker = { id: "user:ada", person: "ada", role: "analyst" };
const adasKey = (name: string): Asker => ({ id: `key:${name}`, person: "ada", role: "analyst" });
const bob: Asker = { id: "user:bob", person: "bob", role: "analyst" };
const vera: Asker = { id: "user:vera", person: "vera", role: "viewer" };

describe.each(["memory", "upstash"] as const)("a share of a provider's quota, counted in %s", (kind) => {
	let last = 0;
	/** Asks for so many new values, and gives the states. */
	const asking = async (asker: Asker, count: number, ...contexts: LookupContext[]): Promise<string[]> => {
		const states: string[] = [];
		for (let at = 0; at < count; at++) {
			const value = indicator(`9.9.${Math.floor(++last / 250)}.${1 + (last % 250)}`);
			provider.replies[`api.example.com/${value.value}`] = { body: { says: value.value } };
			const answer = await ask("sample", value, { reach: "all", asker }, contexts[at % contexts.length]);
			states.push(answer.state === "limited" ? `limited by ${answer.by}` : answer.state);
		}
		return states;
	};
	const found = (states: readonly string[]) => states.filter((state) => state === "found").length;
	const two = (enricher: EnricherDefinition) => twoCaches(kind).map((cache) => lookup(enricher, cache)) as [LookupContext, LookupContext];

	it("is a quarter of a day's calls for an analyst, half of that for a viewer, on all instances together, and others go on", async () => {
		const [one, other] = two(sample({ quota: [{ calls: 40, seconds: DAY }] }));
		const first = await asking(ada, 12, one, other);
		expect([found(first), ...first.slice(10)]).toEqual([10, "limited by share", "limited by share"]);
		const second = await asking(vera, 7, one, other);
		expect([found(second), ...second.slice(5)]).toEqual([5, "limited by share", "limited by share"]);
		expect(found(await asking(bob, 10, other))).toBe(10);
		expect(provider.asked).toHaveLength(25);
		// What was refused used up nothing of the provider's: 25 of 40, and this one.
		expect((await one.cache.limit("lookup", `sample:open:${DAY}`, 40, DAY)).remaining).toBe(14);
	});

	it("says whose it is, how large, and until when", async () => {
		const [context] = two(sample({ quota: [{ calls: 100, seconds: 30 * DAY }] }));
		await asking(vera, 12, context);
		const answer = await ask("sample", VALUE, { reach: "all", asker: vera }, context);
		expect(answer).toEqual({
			state: "limited",
			by: "share",
			until: expect.stringMatching(/T00:00:00\.000Z$/),
			reason: "Your share of Sample is used up: 12 requests a day of the 100 that this installation has in 30 days. Others may still ask.",
		});
		expect(answerShape.parse(answer)).toEqual(answer);
		await expect(openDownload("sample", VALUE, "pcap", vera, context)).rejects.toMatchObject({ code: "rate_limited", message: expect.stringContaining("Your share of Sample") });
		expect(provider.asked).toHaveLength(12);
	});

	it("is a key's own, but a person's keys together have half of the window at most", async () => {
		const [context] = two(sample({ quota: [{ calls: 40, seconds: 30 * DAY }] }));
		expect(found(await asking(adasKey("one"), 11, context))).toBe(10);
		expect(found(await asking(ada, 11, context))).toBe(10);
		expect(await asking(adasKey("two"), 1, context)).toEqual(["limited by share"]);
		expect(found(await asking(bob, 10, context))).toBe(10);
	});

	it("does not touch short windows", async () => {
		const [context] = two(sample({ quota: [{ calls: 10, seconds: 3600 }] }));
		expect(await asking(vera, 11, context)).toEqual([...new Array<string>(10).fill("found"), "limited by quota"]);
	});

	it("leaves what is kept to everybody", async () => {
		const [shared] = two(sample({ quota: [{ calls: 8, seconds: DAY }] }));
		await ask("sample", VALUE, { reach: "all", asker: bob }, shared);
		expect(await asking(vera, 3, shared)).toEqual(["found", "found", "limited by share"]);
		expect(await ask("sample", VALUE, { reach: "all", asker: vera }, shared)).toMatchObject({ state: "found", kept: true });
	});

	it("of one is not told to another who asked for the same at the same time", async () => {
		const [one] = two(sample({ quota: [{ calls: 8, seconds: DAY }] }));
		await asking(vera, 3, one);
		const [hers, his] = await Promise.all([ask("sample", VALUE, { reach: "all", asker: vera }, one), ask("sample", VALUE, { reach: "all", asker: bob }, one)]);
		expect(hers).toMatchObject({ state: "limited", by: "share" });
		expect(his).toMatchObject({ state: "found", enrichment: { summary: "hello" } });
	});

	it("grows at once with the role", async () => {
		const [context] = two(sample({ quota: [{ calls: 40, seconds: DAY }] }));
		expect(found(await asking(vera, 6, context))).toBe(5);
		expect(found(await asking({ ...vera, role: "analyst" }, 1, context))).toBe(1);
	});
});
