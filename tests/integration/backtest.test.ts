import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { backtest } from "@/lib/hunters/backtest";
import type { HunterKind } from "@/lib/hunters/define";
import type { BacktestLine } from "@/lib/hunters/hunter";
import { kindOf } from "@/lib/hunters/kinds";
import { parseQuery } from "@/lib/hunters/query/parse";
import { lit } from "@/lib/platform";
import { type AnySource, allSources } from "@/lib/sources";
import { newsStore } from "@/lib/trackers/news/store";
import { threatStoreOf } from "@/lib/trackers/threat/store";
import { freshDatabase, type TestDatabase } from "../harness/database";
import { FIRST, largeEvent, uuidOf } from "../harness/large-events";

const news = kindOf("news") as HunterKind;
const NOW = new Date("2026-11-24T12:00:00Z");
const DAY_MS = 86_400_000;
const krebs = allSources.find(({ id }) => id === "krebs") as AnySource;
const schneier = allSources.find(({ id }) => id === "schneier") as AnySource;

function queryOf(text: string) {
	const parsed = parseQuery(text, news.fields);
	if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
	return parsed.query;
}

interface Given {
	daysAgo: number;
	text?: string;
	source?: AnySource;
	/** when it was stored, hours after its date */
	after?: number;
}

describe("a backtest", () => {
	let fresh: TestDatabase;
	beforeAll(async () => {
		fresh = await freshDatabase();
	});
	beforeEach(() => fresh.clear());
	afterAll(() => fresh.drop());

	async function store(given: readonly Given[]): Promise<void> {
		for (const [at, { daysAgo, text = "nothing", source = krebs, after = 1 }] of given.entries()) {
			const published = new Date(NOW.getTime() - daysAgo * DAY_MS + at);
			const item = { guid: `g${at}`, title: `Article ${at}`, published, content: text, contentKind: "text" as const, sourceTitle: "Feed", sourceUrl: "https://example.com/" };
			await fresh.database.transaction((tx) => newsStore.store(tx, [{ item, where: "x" }], { source, at: new Date(published.getTime() + after * 3_600_000), ownDomains: [] }));
		}
	}
	async function run(text: string, options: { digestOver?: number; milliseconds?: number; signal?: AbortSignal } = {}): Promise<BacktestLine[]> {
		const lines: BacktestLine[] = [];
		for await (const line of backtest(news, queryOf(text), { digestOver: 5, now: NOW, ...options }, fresh.database)) lines.push(line);
		return lines;
	}
	const done = (lines: readonly BacktestLine[]) => {
		const last = lines.at(-1);
		if (last?.kind !== "done") throw new Error("it did not end");
		return last;
	};

	it("counts hits a day over 30 days, and gives samples, newest first", async () => {
		await store([
			{ daysAgo: 0, text: "evil today" },
			{ daysAgo: 3, text: "evil and EVIL" },
			{ daysAgo: 3, text: "good" },
			{ daysAgo: 29, text: "evil long ago" },
			{ daysAgo: 31, text: "evil before the window" },
		]);
		const lines = await run("evil");
		const { days, ...rest } = done(lines);
		expect(rest).toEqual({ kind: "done", looked: 4, hits: 3, messages: 3, cut: null, newest: null });
		expect(days).toHaveLength(30);
		expect(days.filter(({ hits }) => hits > 0)).toEqual([
			{ day: "2026-11-24", hits: 1 },
			{ day: "2026-11-21", hits: 1 },
			{ day: "2026-10-26", hits: 1 },
		]);
		expect([days[0]?.day, days[29]?.day]).toEqual(["2026-11-24", "2026-10-26"]);
		const samples = lines.flatMap((line) => (line.kind === "sample" ? [line.hit] : []));
		expect(samples.map(({ title }) => title)).toEqual(["Article 0", "Article 1", "Article 3"]);
		expect(samples[0]).toMatchObject({ source: { number: krebs.number, name: krebs.name }, path: expect.stringMatching(/^\/news\/[0-9a-f]{32}$/), matches: [{ term: "evil", place: "text" }] });
		expect(lines.some((line) => line.kind === "progress" && line.looked === 4)).toBe(true);
	});

	it("gives twenty samples and counts the rest; what came in one minute is one message", async () => {
		await store(Array.from({ length: 25 }, () => ({ daysAgo: 2, text: "evil" })));
		expect(done(await run("evil", { digestOver: 24 }))).toMatchObject({ hits: 25, messages: 1 });
		const lines = await run("evil", { digestOver: 25 });
		expect(done(lines)).toMatchObject({ hits: 25, messages: 25 });
		expect(lines.filter(({ kind }) => kind === "sample")).toHaveLength(20);
	});

	it("counts what was stored long after its date by its date: the first fill of a source is no flood", async () => {
		const filled = Array.from({ length: 10 }, (_, at) => ({ daysAgo: 10 + at, text: "evil" }));
		await store(filled.map((one) => ({ ...one, after: 30 * 24 })));
		await fresh.database.execute(`UPDATE news SET created_at = ${lit(NOW)}`);
		expect(done(await run("evil", { digestOver: 1 }))).toMatchObject({ hits: 10, messages: 10 });
	});

	it("reads only the sources that every part of the query names", async () => {
		await store([{ daysAgo: 1, text: "evil" }, { daysAgo: 1, text: "evil", source: schneier }, { daysAgo: 1 }]);
		expect(done(await run("source:schneier evil"))).toMatchObject({ looked: 1, hits: 1 });
		expect(done(await run(`source:${schneier.number} evil, source:krebs`))).toMatchObject({ looked: 3, hits: 3 });
		expect(done(await run("source:schneier, evil"))).toMatchObject({ looked: 3, hits: 2 });
		expect(done(await run("source:nobody evil"))).toMatchObject({ looked: 0, hits: 0, cut: null });
		expect(done(await run("evil -source:krebs"))).toMatchObject({ looked: 3, hits: 1 });
	});

	it("says of which day the newest record is where none is dated within the days", async () => {
		expect(done(await run("evil"))).toMatchObject({ looked: 0, newest: null });
		await store([
			{ daysAgo: 31, text: "good" },
			{ daysAgo: 45, text: "evil", source: schneier },
			{ daysAgo: 400, text: "evil" },
		]);
		expect(done(await run("evil"))).toMatchObject({ looked: 0, hits: 0, newest: "2026-10-24" });
		expect(done(await run("evil source:schneier"))).toMatchObject({ looked: 0, newest: "2026-10-10" });
		expect(done(await run("evil source:nobody"))).toMatchObject({ looked: 0, newest: null });
		await store([{ daysAgo: 5, text: "good" }]);
		expect(done(await run("evil"))).toMatchObject({ looked: 1, hits: 0, newest: null });
	});

	it("says how far it came when its time is over, and ends when it is told to", async () => {
		await store(Array.from({ length: 30 }, (_, daysAgo) => ({ daysAgo, text: `evil ${"word ".repeat(daysAgo < 29 ? 60_000 : 1)}` })));
		const { days, cut, hits } = done(await run("evil", { milliseconds: 0 }));
		expect(hits).toBeGreaterThan(0);
		expect(hits).toBeLessThan(30);
		expect(days).toHaveLength(hits);
		expect(cut).toBe(`It was stopped after 0 seconds: days before ${days.at(-1)?.day} were not looked at, and that day not to its end.`);
		const controller = new AbortController();
		const seen: string[] = [];
		for await (const line of backtest(news, queryOf("evil"), { digestOver: 5, now: NOW, signal: controller.signal }, fresh.database)) {
			seen.push(line.kind);
			controller.abort();
		}
		expect(seen).not.toContain("done");
		expect(seen.length).toBeLessThan(30);
	});

	it("counts an event once, however many of its attributes are hits", async () => {
		const threat = kindOf("threat") as HunterKind;
		const parsed = parseQuery("example.org", threat.fields);
		if (!parsed.ok) throw new Error("the query");
		const now = new Date(FIRST * 1000 + DAY_MS);
		const source = allSources.find(({ id }) => id === "misp-upload") as AnySource;
		await fresh.database.transaction((tx) => threatStoreOf(5000).store(tx, [{ item: largeEvent(uuidOf(1), { attributes: 700 }), where: "x" }], { source, at: now, ownDomains: [] }));
		const lines: BacktestLine[] = [];
		for await (const line of backtest(threat, parsed.query, { digestOver: 5, now }, fresh.database)) lines.push(line);
		expect(done(lines)).toMatchObject({ looked: 1, hits: 1, messages: 1 });
	});
});
