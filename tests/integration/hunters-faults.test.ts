import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { getHunter, hasNews, hunterHousekeeping, judge, judgeStanding, retrySetAside, setAside } from "@/lib/hunters";
import { catchUp } from "@/lib/hunters/catch-up";
import type { HunterKind } from "@/lib/hunters/define";
import { kindOf } from "@/lib/hunters/kinds";
import { compileMatcher } from "@/lib/hunters/match";
import type { JudgeParts } from "@/lib/hunters/parts";
import { parseQuery } from "@/lib/hunters/query/parse";
import { removeHunter, switchHunter, updateHunter } from "@/lib/hunters/store";
import { type Database, lit } from "@/lib/platform";
import { noteChanges } from "@/lib/records/changes";
import { FakeClock } from "../harness/alerts";
import { DRIVERS, freshDatabase, type TestDatabase } from "../harness/database";
import { addHunter, alertLines, hitTitles, hunterInput, news, newsId, newsWith, storeNews, testJudge, waiting } from "../harness/judging";

const BUDGET = { milliseconds: 20_000 };
const MINUTE = 60_000;

/** Queries of this text cannot be read, as after a release that changed the language. */
const unreadable =
	(text: string): JudgeParts["parse"] =>
	(query, fields) =>
		query === text ? { ok: false, faults: [{ from: 0, to: 4, message: "The field is gone." }] } : parseQuery(query, fields);

/** A matcher that fails where the hunter of this query meets a title. */
const throwing =
	(query: string, title: string): JudgeParts["compile"] =>
	(hunters, fields) => {
		const matcher = compileMatcher(hunters, fields);
		const meets = hunters.some((one) => one.query.text === query);
		return {
			failed: matcher.failed,
			match: (document) => {
				if (meets && document.title === title) throw new Error("stack overflow");
				return matcher.match(document);
			},
		};
	};

describe.each(DRIVERS)("the judge and what fails over %s", (driver) => {
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
	/** Judges every half a minute for a while, as the schedule does. */
	const keepJudging = async (minutes: number, with_: JudgeParts): Promise<void> => {
		for (const end = clock.at + minutes * MINUTE; clock.at < end; clock.at += MINUTE / 2) if (await hasNews(clock.now(), db())) await judge(BUDGET, with_);
	};
	const poisoned = (title: string) =>
		parts({
			kinds: [
				newsWith((document) => {
					if (document.title === title) throw new Error("no such column");
				}),
			],
		});

	it("goes on with the others where one record cannot be read, and sets it aside after some tries", async () => {
		await addHunter(parts());
		await note({ a: "ransomware a", bad: "ransomware that is poison", c: "ransomware c" });
		await note({ d: "ransomware d" });
		await judge(BUDGET, poisoned("ransomware that is poison"));
		expect(await hitTitles(db())).toEqual({ Ransomware: ["ransomware d"] });
		clock.at += 5000;
		await judge(BUDGET, poisoned("ransomware that is poison"));
		expect(await hitTitles(db())).toEqual({ Ransomware: ["ransomware a", "ransomware c", "ransomware d"] });
		expect(await setAside(db())).toEqual([]);

		let tries = 0;
		const counting: JudgeParts = { ...poisoned("ransomware that is poison"), onPoint: (point) => void (point === "after-commit" && tries++) };
		await keepJudging(15, counting);
		expect(tries).toBe(6);
		expect(await setAside(db())).toMatchObject([{ tracker: "news", record: newsId("bad").toString("hex"), records: 1, reason: "no such column", hunter: null }]);
		expect([await hasNews(clock.now(), db()), (await judgeStanding(clock.now(), db())).aside]).toEqual([false, 1]);

		expect(await retrySetAside(null, "ann", db(), clock.now())).toBe(1);
		await judge(BUDGET, parts());
		expect((await hitTitles(db())).Ransomware).toContain("ransomware that is poison");
		expect([await setAside(db()), (await alertLines(db())).length, await waiting(db())]).toEqual([[], 4, { changes: 0, arrears: 0 }]);
		await expect(retrySetAside("ab".repeat(16), "ann", db())).rejects.toThrow("There is no batch abababab");
	});

	it("tries a batch again as a whole where hardly anything of it can be read", async () => {
		await addHunter(parts());
		await note(Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`g${at}`, `ransomware ${at}`])));
		const broken = parts({
			kinds: [
				newsWith(() => {
					throw new Error("everything is broken");
				}),
			],
		});
		await keepJudging(15, broken);
		expect(await setAside(db())).toMatchObject([{ records: 40, reason: "everything is broken" }]);
		expect(await waiting(db())).toEqual({ changes: 1, arrears: 0 });
		await retrySetAside(null, "ann", db(), clock.now());
		expect(await judge(BUDGET, parts())).toMatchObject({ hits: 40, left: 0 });
	});

	it("lets a hunter whose query cannot be read catch up when a release reads it again, with what has changed meanwhile", async () => {
		const id = await addHunter(parts(), { name: "Broken", query: "broken" });
		await addHunter(parts(), { name: "Well", query: "well" });
		const bad = parts({ parse: unreadable("broken") });
		await note({ a: "broken and well 1" });
		await judge(BUDGET, bad);
		expect(await getHunter(id, db())).toMatchObject({ state: "failing", reason: "Its query cannot be read any more: The field is gone." });
		clock.at += MINUTE;
		await note({ b: "nothing" });
		await judge(BUDGET, bad);
		await note({ b: "broken by a change" });
		await judge(BUDGET, bad);
		expect(await hitTitles(db())).toEqual({ Well: ["broken and well 1"] });
		expect([await waiting(db()), await hasNews(clock.now(), db())]).toEqual([{ changes: 3, arrears: 3 }, false]);
		expect((await judgeStanding(clock.now(), db())).failing).toBe(1);

		await judge(BUDGET, parts());
		expect(await hitTitles(db())).toEqual({ Broken: ["broken and well 1", "broken by a change"], Well: ["broken and well 1"] });
		expect(await alertLines(db())).toEqual(["th-broken: broken and well 1", "th-broken: broken by a change", "th-well: broken and well 1"]);
		expect([await waiting(db()), (await getHunter(id, db())).state, (await getHunter(id, db())).reason]).toEqual([{ changes: 0, arrears: 0 }, "ok", null]);
	});

	it("lets a hunter catch up by its new query when a person mends it", async () => {
		const id = await addHunter(parts(), { name: "Broken", query: "broken" });
		const bad = parts({ parse: unreadable("broken") });
		await note({ a: "alpha", b: "beta" });
		await judge(BUDGET, bad);
		const seenTo = (await getHunter(id, db())).seenTo;
		clock.at += MINUTE;
		await note({ c: "gamma" });
		await judge(BUDGET, bad);
		// Up to where it has seen everything, the page says of one that fails: later news does not move that.
		expect((await getHunter(id, db())).seenTo).toEqual(seenTo);
		const saved = await updateHunter(id, hunterInput({ name: "Broken", query: "beta" }), 1, "ann", bad);
		expect(saved).toMatchObject({ state: "failing", reason: "It was changed, and looks at what it has missed." });
		expect(await hasNews(clock.now(), db())).toBe(true);
		expect(await judge(BUDGET, bad)).toMatchObject({ hits: 1, alerts: 1 });
		expect([await hitTitles(db()), await waiting(db())]).toEqual([{ Broken: ["beta"] }, { changes: 0, arrears: 0 }]);
	});

	it("declares a hunter well that has caught up when its time is over", async () => {
		const id = await addHunter(parts(), { name: "Broken", query: "broken" });
		await note({ a: "broken" });
		await note({ b: "broken too" });
		await judge(BUDGET, parts({ parse: unreadable("broken") }));
		const isOver = () => catchUp(news, performance.now(), parts());
		expect(await isOver()).toEqual({ hits: 1, alerts: 1 });
		expect((await getHunter(id, db())).state).toBe("failing");
		expect(await isOver()).toEqual({ hits: 1, alerts: 1 });
		expect(await getHunter(id, db())).toMatchObject({ state: "ok", reason: null });
	});

	it("keeps nothing for a hunter that is switched off or deleted while it fails", async () => {
		const off = await addHunter(parts(), { name: "Off", query: "broken" });
		const gone = await addHunter(parts(), { name: "Gone", query: "broken" });
		await note({ a: "broken" });
		await judge(BUDGET, parts({ parse: unreadable("broken") }));
		expect(await waiting(db())).toEqual({ changes: 1, arrears: 2 });
		await switchHunter(off, false, "ann", parts());
		await removeHunter(gone, "ann", db());
		await hunterHousekeeping({ milliseconds: 10_000 }, db(), clock.now());
		expect(await waiting(db())).toEqual({ changes: 0, arrears: 0 });
		await switchHunter(off, true, "ann", parts());
		await note({ b: "broken again" });
		await judge(BUDGET, parts());
		expect(await hitTitles(db())).toEqual({ Off: ["broken again"] });
	});

	it("clears up hits of deleted hunters, without reading every hit there is", async () => {
		const id = Buffer.from(await addHunter(parts()), "hex");
		const hits = async () =>
			(await db().query<{ id: Buffer; n: number }>("SELECT hunter_id AS id, COUNT(*) AS n FROM hunter_hit GROUP BY hunter_id")).map((row) => [row.id.toString("hex"), Number(row.n)]);
		for (const owner of [id, Buffer.alloc(16, 1), Buffer.alloc(16, 2)]) {
			const tuples = Array.from({ length: 500 }, (_, at) => `(${lit(owner)},${lit(newsId(`hit ${at}`))},${lit(clock.now())},${lit(clock.now())},1,NULL,'Title','/news','[]')`);
			await db().execute(`INSERT INTO hunter_hit (hunter_id, record_id, at, record_at, source, story, title, path, matches) VALUES ${tuples.join(",")}`);
		}
		const asked: string[] = [];
		const watched: Database = {
			...db(),
			query: (sql) => {
				asked.push(sql);
				return db().query(sql);
			},
		};
		await hunterHousekeeping({ milliseconds: 10_000 }, watched, clock.now());
		expect(await hits()).toEqual([[id.toString("hex"), 500]]);
		const read = asked.filter((sql) => sql.includes("hunter_hit"));
		expect(read).toHaveLength(1);
		await db().query("ANALYZE TABLE hunter_hit");
		expect(await db().query(`EXPLAIN ${read[0]}`)).toMatchObject([{ Extra: expect.stringContaining("Using index for group-by") }]);
	});

	it("lets one hunter fail alone at a record, and be well again with the rest", async () => {
		const id = await addHunter(parts(), { name: "Odd", query: "odd" });
		await addHunter(parts(), { name: "Even", query: "even" });
		const bad = parts({ compile: throwing("odd", "odd and even") });
		await note({ a: "odd 1", b: "odd and even", c: "even 2", e: "odd 2" });
		await judge(BUDGET, bad);
		expect(await hitTitles(db())).toMatchObject({ Even: ["even 2", "odd and even"] });
		expect((await getHunter(id, db())).reason).toContain('It failed at "odd and even": stack overflow');
		await note({ d: "odd 3" });
		await judge(BUDGET, bad);
		expect((await hitTitles(db())).Odd).toContain("odd 3");
		expect((await getHunter(id, db())).state).toBe("failing");
		await keepJudging(15, bad);
		expect(await getHunter(id, db())).toMatchObject({ state: "ok", reason: "It could not look at 1 record, which was set aside." });
		// The records behind the one that it fails at are not lost with it.
		expect((await hitTitles(db())).Odd).toEqual(["odd 1", "odd 2", "odd 3"]);
		expect(await setAside(db())).toMatchObject([{ records: 1, record: newsId("b").toString("hex"), reason: 'It failed at "odd and even": stack overflow', hunter: { id, name: "Odd" } }]);
		await retrySetAside(null, "ann", db(), clock.now());
		await judge(BUDGET, parts());
		expect([(await hitTitles(db())).Odd, await waiting(db())]).toEqual([["odd 1", "odd 2", "odd 3", "odd and even"], { changes: 0, arrears: 0 }]);
		expect((await getHunter(id, db())).state).toBe("ok");
	});

	it("lets a mended hunter see the rest of a batch where one record cannot be read", async () => {
		const id = await addHunter(parts(), { name: "Broken", query: "broken" });
		await note(Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`g${at}`, `broken ${at}`])));
		await judge(BUDGET, parts({ parse: unreadable("broken") }));
		const found = async () => ((await hitTitles(db())).Broken ?? []).length;
		await judge(BUDGET, poisoned("broken 10"));
		expect(await found()).toBe(0);
		clock.at += 5000;
		await judge(BUDGET, poisoned("broken 10"));
		expect([await found(), (await getHunter(id, db())).reason]).toEqual([999, "no such column"]);
		await keepJudging(15, poisoned("broken 10"));
		expect(await setAside(db())).toMatchObject([{ records: 1, record: newsId("g10").toString("hex"), reason: "no such column", hunter: { id, name: "Broken" } }]);
		expect(await getHunter(id, db())).toMatchObject({ state: "ok", hitCount: 999, reason: "It could not look at 1 record, which was set aside." });
		await retrySetAside(null, "ann", db(), clock.now());
		expect(await getHunter(id, db())).toMatchObject({ state: "failing", reason: "It looks again at what was set aside." });
		await judge(BUDGET, parts());
		expect([await found(), await waiting(db()), (await getHunter(id, db())).reason]).toEqual([1000, { changes: 0, arrears: 0 }, null]);
	});

	it("sets aside for a hunter what ends every judge that lets it catch up", async () => {
		const id = await addHunter(parts(), { name: "Broken", query: "broken" });
		await note({ a: "broken and kills" });
		await note({ b: "broken b" });
		await judge(BUDGET, parts({ parse: unreadable("broken") }));
		let kills = 0;
		for (let round = 0; round < 40; round++, clock.at += MINUTE / 2) if ((await judgeUntilKilled("broken and kills")) === "killed") kills++;
		expect([kills, await hitTitles(db()), (await getHunter(id, db())).state]).toEqual([8, { Broken: ["broken b"] }, "ok"]);
		expect(await setAside(db())).toMatchObject([{ records: 1, reason: "A judge began with it and did not come to its end.", hunter: { id, name: "Broken" } }]);
	});

	it("says what was given up for a hunter after 90 days, until a person saves it", async () => {
		const aside = await addHunter(parts(), { name: "Aside", query: "odd" });
		const broken = await addHunter(parts(), { name: "Broken", query: "broken" });
		const from = clock.now().toISOString().slice(0, 10);
		await note({ a: "odd 1", b: "odd and even" });
		await keepJudging(15, parts({ compile: throwing("odd", "odd and even"), parse: unreadable("broken") }));
		expect(await getHunter(aside, db())).toMatchObject({ state: "ok", reason: "It could not look at 1 record, which was set aside." });
		clock.at += 91 * 24 * 60 * MINUTE;
		await hunterHousekeeping({ milliseconds: 10_000 }, db(), clock.now());
		const today = clock.now().toISOString().slice(0, 10);
		expect((await getHunter(aside, db())).reason).toBe(`It never saw 1 record, which was kept for it for 90 days and given up on ${today}.`);
		expect((await getHunter(broken, db())).reason).toContain("cannot be read any more");
		expect(await waiting(db())).toEqual({ changes: 0, arrears: 0 });
		await judge(BUDGET, parts());
		const kept = new Date(clock.at - 90 * 24 * 60 * MINUTE).toISOString().slice(0, 10);
		expect(await getHunter(broken, db())).toMatchObject({ state: "ok", reason: `It never saw what came from ${from} to ${kept}: that is kept for 90 days.` });
		await updateHunter(aside, hunterInput({ name: "Aside", query: "odd" }), 1, "ann", parts());
		expect((await getHunter(aside, db())).reason).toBeNull();
	});

	/** A judge that is stopped by its host where it meets a title: it never comes back. */
	const judgeUntilKilled = async (title: string): Promise<"over" | "killed"> => {
		let kill = (): void => {};
		const killed = new Promise<"killed">((resolve) => {
			kill = () => resolve("killed");
		});
		const kinds = (["news", "vuln"] as const).map((id): HunterKind => {
			const kind = kindOf(id) as HunterKind;
			return {
				...kind,
				async *documents(queryable, changes) {
					for await (const documents of kind.documents(queryable, changes)) {
						if (documents.some((document) => document.title === title)) {
							kill();
							await new Promise(() => {});
						}
						yield documents;
					}
				},
			};
		});
		return Promise.race([judge(BUDGET, parts({ kinds })).then(() => "over" as const), killed]);
	};

	it("sets aside a batch that ends every judge, and the others and other trackers go on", async () => {
		await addHunter(parts());
		const beside = Object.fromEntries(Array.from({ length: 99 }, (_, at) => [`g${at}`, `ransomware beside it ${at}`]));
		await note({ ...beside, a: "ransomware that kills" });
		await note({ b: "ransomware b" });
		await noteChanges(db(), "vuln", [{ record: newsId("no vulnerability") }], clock.now());
		expect(await judgeUntilKilled("ransomware that kills")).toBe("killed");
		let kills = 1;
		for (let round = 0; round < 40; round++, clock.at += MINUTE / 2) {
			if (round === 2) await note({ c: "ransomware c" });
			if ((await hasNews(clock.now(), db())) && (await judgeUntilKilled("ransomware that kills")) === "killed") kills++;
			// What came meanwhile is judged before it is the killer's turn again.
			if (round === 2) expect((await hitTitles(db())).Ransomware).toEqual(expect.arrayContaining(["ransomware b", "ransomware c"]));
		}
		expect(kills).toBe(8);
		// What came in the same batch is not set aside with it.
		expect((await hitTitles(db())).Ransomware).toHaveLength(101);
		expect(await setAside(db())).toMatchObject([{ tracker: "news", records: 1, record: newsId("a").toString("hex"), reason: "A judge began with it and did not come to its end.", hunter: null }]);
		expect([await hasNews(clock.now(), db()), await waiting(db())]).toEqual([false, { changes: 1, arrears: 0 }]);
		await retrySetAside(null, "ann", db(), clock.now());
		expect(await judge(BUDGET, parts())).toMatchObject({ hits: 1, left: 0 });
	});

	it("counts no try against what was only asked together with it, or gets on", async () => {
		await addHunter(parts());
		await note(Object.fromEntries(Array.from({ length: 1100 }, (_, at) => [`g${at}`, `ransomware ${at}`])));
		clock.at += 1;
		await note({ later: "ransomware later" });
		const tried = async () =>
			(await db().query<{ cursor: number; attempts: number; reason: string | null }>("SELECT `cursor`, attempts, reason FROM record_change ORDER BY at")).map((row) => ({ ...row }));
		for (const cursor of [500, 1000]) {
			await judge({ milliseconds: 0 }, parts());
			expect(await tried()).toEqual([
				{ cursor, attempts: 0, reason: null },
				{ cursor: 0, attempts: 0, reason: null },
			]);
		}
		expect(await judge(BUDGET, parts())).toMatchObject({ records: 101, left: 0 });
	});

	it("takes a deadlock and a lost connection for what they are", async () => {
		await addHunter(parts());
		await note({ a: "ransomware" });
		let deadlocks = 2;
		const shaky: Database = {
			...db(),
			transaction: (work) =>
				db().transaction(async (tx) => {
					const done = await work(tx);
					// 1213 comes from the server itself, so it has the shape of the driver in use.
					if (deadlocks-- > 0) await tx.execute("SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO = 1213, MESSAGE_TEXT = 'Deadlock found'");
					return done;
				}),
		};
		expect(await judge(BUDGET, parts({ database: shaky }))).toMatchObject({ hits: 1, alerts: 1 });
		const { ExistError } = await import("@/lib/errors");
		await note({ b: "ransomware b" });
		const away: Database = { ...db(), transaction: () => Promise.reject(new ExistError("unavailable", "The database does not answer.")) };
		await expect(judge(BUDGET, parts({ database: away }))).rejects.toThrow("does not answer");
		const [row] = await db().query<{ attempts: number }>("SELECT attempts FROM record_change");
		expect(Number(row?.attempts)).toBe(0);
		expect(await judge(BUDGET, parts())).toMatchObject({ hits: 1, alerts: 1 });
	});

	it("knows records that are gone meanwhile", async () => {
		await addHunter(parts());
		await noteChanges(db(), "news", [{ record: newsId("never was") }], clock.now());
		expect(await judge(BUDGET, parts())).toEqual({ records: 1, hits: 0, alerts: 0, left: 0 });
	});
});
