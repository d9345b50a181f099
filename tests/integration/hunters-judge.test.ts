import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { behindSince, getHunter, hasNews, judge, judgeStanding, listHits, streamHits } from "@/lib/hunters";
import { muteHunter, removeHunter, switchHunter, updateHunter } from "@/lib/hunters/store";
import { noteChanges } from "@/lib/records/changes";
import { FakeClock } from "../harness/alerts";
import { DRIVERS, freshDatabase, type TestDatabase } from "../harness/database";
import { addHunter, alertLines, hitTitles, hunterInput, newsId, storeNews, testJudge, waiting } from "../harness/judging";
import { limitedDatabase } from "../harness/limited-database";

vi.hoisted(() => {
	process.env.NEXTAUTH_SECRET = "a-secret-of-more-than-thirty-two-characters";
});

const BUDGET = { milliseconds: 20_000 };
const HOUR = 3600_000;

describe.each(DRIVERS)("the judge over %s", (driver) => {
	let fresh: TestDatabase;
	let clock: FakeClock;
	beforeAll(async () => {
		fresh = await freshDatabase(driver);
	}, 120_000);
	beforeEach(async () => {
		await fresh.clear();
		clock = new FakeClock();
	});
	afterAll(() => fresh.drop());

	const db = () => fresh.database;
	const parts = (more: Parameters<typeof testJudge>[2] = {}) => testJudge(db(), clock, more);
	const note = (articles: Record<string, string>) => storeNews(db(), clock, articles);

	it("finds what is new and what changes so that it matches, each once", async () => {
		const id = await addHunter(parts());
		await note({ a: "New ransomware", b: "Old phishing" });
		expect(await hasNews(clock.now(), db())).toBe(true);
		expect(await judge(BUDGET, parts())).toEqual({ records: 2, hits: 1, alerts: 1, left: 0 });
		await note({ a: "New ransomware, corrected", b: "Phishing that was ransomware" });
		expect(await judge(BUDGET, parts())).toEqual({ records: 2, hits: 1, alerts: 1, left: 0 });
		expect(await hitTitles(db())).toEqual({ Ransomware: ["New ransomware", "Phishing that was ransomware"] });
		expect(await alertLines(db())).toEqual(["th-ransomware: New ransomware", "th-ransomware: Phishing that was ransomware"]);
		expect([await waiting(db()), await hasNews(clock.now(), db())]).toEqual([{ changes: 0, arrears: 0 }, false]);
		expect(await getHunter(id, db())).toMatchObject({ state: "ok", hitCount: 2, lastRunAt: clock.now(), lastHitAt: clock.now(), alerts: { pending: 2, unknown: 0, failed: 0 } });
		const { rows } = await listHits(id, { limit: 10 }, db());
		expect(rows.map(({ title, source, path }) => [title, source.name, path]).sort()).toEqual([
			["New ransomware", "Krebs on Security", `/news/${newsId("a").toString("hex")}`],
			["Phishing that was ransomware", "Krebs on Security", `/news/${newsId("b").toString("hex")}`],
		]);
		expect(rows[0]?.matches[0]).toMatchObject({ term: "ransomware", place: "title" });
	});

	it("leaves out what was noted before a hunter was made or switched on", async () => {
		await note({ a: "ransomware before" });
		clock.at += HOUR;
		const id = await addHunter(parts());
		await note({ b: "ransomware after" });
		await judge(BUDGET, parts());
		await switchHunter(id, false, "ann", parts());
		await note({ c: "ransomware while it is off" });
		await judge(BUDGET, parts());
		await note({ d: "ransomware that waits" });
		clock.at += HOUR;
		await switchHunter(id, true, "ann", parts());
		await note({ e: "ransomware again" });
		await judge(BUDGET, parts());
		expect(await hitTitles(db())).toEqual({ Ransomware: ["ransomware after", "ransomware again"] });
	});

	it("loses nothing to a clock that is put back, and tells nothing twice", async () => {
		clock.at += HOUR;
		const id = await addHunter(parts());
		await note({ a: "ransomware at the wrong time" });
		clock.at -= HOUR;
		await note({ b: "ransomware after the clock was put back" });
		// Another machine's clock is a little slow.
		await storeNews(db(), { now: () => new Date(clock.at - 30_000) }, { c: "ransomware by a slow clock" });
		expect(await hasNews(clock.now(), db())).toBe(true);
		await judge(BUDGET, parts());
		expect((await hitTitles(db())).Ransomware).toHaveLength(3);
		clock.at += 2 * HOUR;
		await note({ b: "ransomware after the clock was put back" });
		expect((await judge(BUDGET, parts())).hits).toBe(0);
		expect((await getHunter(id, db())).hitCount).toBe(3);
	});

	it("tells many hits in one message, others by webhook, and nothing while it is muted", async () => {
		await addHunter(parts(), { digestOver: 2, channel: "soc" });
		await addHunter(parts(), { name: "Hooked", slack: false, webhook: "https://hooks.example.org/x", query: "beta" });
		const muted = await addHunter(parts(), { name: "Muted", query: "gamma" });
		await muteHunter(muted, new Date(clock.at + HOUR), "ann", parts());
		await note({ a: "ransomware alpha", b: "ransomware beta", c: "ransomware gamma" });
		await judge(BUDGET, parts());
		expect(await alertLines(db())).toEqual(["soc: 3 hits", "webhook: ransomware beta"]);
		expect((await hitTitles(db())).Muted).toEqual(["ransomware gamma"]);
		clock.at += 2 * HOUR;
		await note({ d: "gamma is told again" });
		await judge(BUDGET, parts());
		expect(await alertLines(db())).toContain("th-muted: gamma is told again");
	});

	it("names the newest of many hits, newest first", async () => {
		await addHunter(parts(), { digestOver: 2 });
		for (let at = 1; at <= 12; at++) {
			await note({ [`g${at}`]: `ransomware ${at}` });
			clock.at += 1000;
		}
		await judge(BUDGET, parts());
		const [row] = await db().query<{ content: string }>("SELECT content FROM alert");
		const { total, records } = JSON.parse(row?.content ?? "") as { total: number; records: Array<{ title: string }> };
		expect([total, records.map(({ title }) => title)]).toEqual([12, [12, 11, 10, 9, 8, 7, 6, 5, 4, 3].map((at) => `ransomware ${at}`)]);
	});

	it("tells a story once that several feeds tell, and keeps each of its hits", async () => {
		const id = await addHunter(parts(), { digestOver: 1 });
		const story = "Ransomware gang hits hospitals in four countries";
		await note({ a: story });
		await judge(BUDGET, parts());
		clock.at += HOUR;
		await storeNews(db(), clock, { b: `${story}!` }, "bleepingcomputer");
		await storeNews(db(), clock, { c: "Ransomware of another kind altogether was seen" }, "bleepingcomputer");
		await judge(BUDGET, parts());
		expect((await hitTitles(db())).Ransomware).toHaveLength(3);
		expect(await alertLines(db())).toEqual([`th-ransomware: ${story}`, "th-ransomware: Ransomware of another kind altogether was seen"].sort());
		// Both at once, and to somebody who has seen neither.
		await addHunter(parts(), { name: "Second", query: "breach" });
		const second = "A breach of a supplier exposes data of millions";
		await note({ d: second });
		await storeNews(db(), clock, { e: second }, "bleepingcomputer");
		expect(await judge(BUDGET, parts())).toMatchObject({ hits: 2, alerts: 1 });
		expect((await getHunter(id, db())).hitCount).toBe(3);
	});

	it("takes back what waits to be told when a hunter is muted, and leaves to others what is theirs", async () => {
		const id = await addHunter(parts());
		await addHunter(parts(), { name: "Other", query: "ransomware" });
		await note({ a: "ransomware" });
		await judge(BUDGET, parts());
		await muteHunter(id, new Date(clock.at + HOUR), "ann", parts());
		const states = await db().query<{ target: string; state: string; reason: string | null }>("SELECT target, state, reason FROM alert ORDER BY target");
		expect(states).toEqual([
			{ target: "th-other", state: "pending", reason: null },
			{ target: "th-ransomware", state: "dropped", reason: "Its hunter was muted by ann." },
		]);
		expect((await hitTitles(db())).Ransomware).toEqual(["ransomware"]);
	});

	it("goes on with a large batch where it stopped", async () => {
		await addHunter(parts());
		const titles = Object.fromEntries(Array.from({ length: 1100 }, (_, at) => [`g${at}`, at % 100 === 0 ? `ransomware ${at}` : `Nothing ${at}`]));
		await note(titles);
		const steps: number[] = [];
		for (let left = 1; left > 0; ) {
			const step = await judge({ milliseconds: 0 }, parts());
			steps.push(step.records);
			left = step.left;
		}
		expect(steps).toEqual([500, 500, 100]);
		expect((await hitTitles(db())).Ransomware).toHaveLength(11);
	});

	it("halves what is too much for one transaction", async () => {
		await addHunter(parts(), { digestOver: 1000, query: "article" });
		await note(Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`g${at}`, `Article ${at}`])));
		const limits = { rows: 50, error: { errno: 1197, message: "too large" }, refusals: { inside: 0, outside: 0 } };
		expect(await judge(BUDGET, parts({ database: limitedDatabase(db(), limits) }))).toMatchObject({ hits: 60, alerts: 60, left: 0 });
		expect(limits.refusals.inside).toBeGreaterThan(0);
	});

	it("asks again where a hunter is made, changed or deleted while it looks", async () => {
		const changed = await addHunter(parts(), { name: "Changed" });
		const gone = await addHunter(parts(), { name: "Gone" });
		const off = await addHunter(parts(), { name: "Off" });
		await note({ a: "ransomware", b: "phishing" });
		let turns = 0;
		const onPoint = async (point: string): Promise<void> => {
			if (point !== "after-look-before-commit" || ++turns > 1) return;
			await updateHunter(changed, hunterInput({ name: "Changed", query: "phishing" }), 1, "ann", parts());
			await removeHunter(gone, "ann", db());
			await switchHunter(off, false, "ann", parts());
			await addHunter(parts(), { name: "Made", query: "ransomware, phishing" });
		};
		await judge(BUDGET, parts({ onPoint }));
		expect(turns).toBe(2);
		expect(await hitTitles(db())).toEqual({ Changed: ["phishing"], Made: ["phishing", "ransomware"] });
		expect(await alertLines(db())).toEqual(["th-changed: phishing", "th-made: phishing", "th-made: ransomware"]);
		const [left] = await db().query<{ n: number }>("SELECT COUNT(*) AS n FROM hunter_hit");
		expect(Number(left?.n)).toBe(3);
	});

	it("comes back where hunters are changed all the time, tells what the others find, and those catch up", async () => {
		const changing = await addHunter(parts(), { name: "Changing" });
		await addHunter(parts(), { name: "Calm" });
		await note({ a: "ransomware" });
		let turns = 0;
		const onPoint = async (point: string): Promise<void> => {
			if (point !== "after-look-before-commit" || ++turns > 20) return;
			await updateHunter(changing, hunterInput({ name: "Changing", query: `ransomware, turn${turns}` }), turns, "ann", parts());
			if (turns === 3) {
				clock.at += HOUR;
				await addHunter(parts(), { name: "Made later" });
			}
		};
		// Without time left, who was changed catches up with the next one.
		expect(await judge({ milliseconds: 0 }, parts({ onPoint }))).toMatchObject({ records: 1, hits: 1, alerts: 1, left: 0 });
		expect([turns, await hitTitles(db()), await waiting(db()), await hasNews(clock.now(), db())]).toEqual([1, { Calm: ["ransomware"] }, { changes: 1, arrears: 1 }, true]);
		expect(await getHunter(changing, db())).toMatchObject({ state: "failing", reason: "It was changed while it was asked, and looks at what it has missed." });
		await note({ b: "ransomware too" });
		expect(await judge(BUDGET, parts({ onPoint }))).toMatchObject({ hits: 3, left: 0 });
		expect(await hitTitles(db())).toEqual({ Calm: ["ransomware", "ransomware too"], Changing: ["ransomware", "ransomware too"] });
		expect((await alertLines(db())).length).toBe(4);

		await note({ c: "ransomware again" });
		await switchHunter(changing, false, "ann", parts());
		const calm = (await db().query<{ id: Buffer }>("SELECT id FROM hunter WHERE name = 'Calm'"))[0]?.id.toString("hex") ?? "";
		let asked = 0;
		const more = async (point: string): Promise<void> => {
			if (point === "after-look-before-commit" && ++asked <= 20) await updateHunter(calm, hunterInput({ name: "Calm", query: `ransomware, again${asked}` }), asked, "ann", parts());
		};
		await judge(BUDGET, parts({ onPoint: more }));
		expect([asked, (await hitTitles(db())).Calm?.length, await waiting(db()), (await getHunter(calm, db())).state]).toEqual([3, 3, { changes: 0, arrears: 0 }, "ok"]);
	});

	it("is done by several at once, each hit once", async () => {
		for (let at = 0; at < 5; at++) await addHunter(parts(), { name: `Hunter ${at}`, query: at % 2 === 0 ? "even" : "odd" });
		for (let batch = 0; batch < 12; batch++) {
			await note(Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`b${batch}-${at}`, `${at % 2 === 0 ? "even" : "odd"} ${batch} ${at}`])));
			clock.at += 1;
		}
		const all = await Promise.all(Array.from({ length: 4 }, () => judge(BUDGET, parts())));
		const sum = (of: "hits" | "alerts") => all.reduce((total, one) => total + one[of], 0);
		expect(sum("hits")).toBe(5 * 120);
		expect(await waiting(db())).toEqual({ changes: 0, arrears: 0 });
		expect(Object.values(await hitTitles(db())).map((titles) => titles.length)).toEqual([120, 120, 120, 120, 120]);
		const [told] = await db().query<{ said: number }>("SELECT SUM(CASE WHEN kind = 'digest' THEN CAST(JSON_EXTRACT(content, '$.total') AS UNSIGNED) ELSE 1 END) AS said FROM alert");
		expect(Number(told?.said)).toBe(600);
	});

	it("forgets what no kind or no hunter looks at, and says when it is behind", async () => {
		await noteChanges(db(), "nobody", [{ record: Buffer.alloc(16, 1) }], clock.now());
		await note({ a: "ransomware" });
		expect(await judgeStanding(new Date(clock.at + 6 * 60_000), db())).toMatchObject({ waiting: 2, oldest: clock.now(), isBehind: true, aside: 0, failing: 0 });
		expect(await judgeStanding(new Date(clock.at + 4 * 60_000), db())).toMatchObject({ isBehind: false });
		const behind = (tracker: string, minutes: number) => behindSince(tracker, new Date(clock.at + minutes * 60_000), db());
		expect([await behind("news", 6), await behind("news", 4), await behind("vuln", 6)]).toEqual([clock.now(), null, null]);
		expect(await judge(BUDGET, parts())).toMatchObject({ hits: 0, left: 0 });
		expect(await waiting(db())).toEqual({ changes: 0, arrears: 0 });
	});

	it("gives hits page by page and as a stream, in the same order", async () => {
		const id = await addHunter(parts());
		for (let at = 0; at < 7; at++) {
			await note({ [`g${at}`]: `ransomware ${at}` });
			clock.at += at % 2 === 0 ? 0 : 1000;
			await judge(BUDGET, parts());
		}
		const streamed: string[] = [];
		for await (const { title } of streamHits(id, db())) streamed.push(title);
		const paged: string[] = [];
		let cursor: string | null = null;
		do {
			const page: Awaited<ReturnType<typeof listHits>> = await listHits(id, { limit: 3, cursor }, db());
			paged.push(...page.rows.map(({ title }) => title));
			cursor = page.next;
		} while (cursor !== null);
		expect(paged).toEqual(streamed);
		expect(new Set(paged).size).toBe(7);
		await expect(listHits(id, { limit: 3, cursor: "yesterday" }, db())).rejects.toThrow('"yesterday" is no cursor');
	});
});
