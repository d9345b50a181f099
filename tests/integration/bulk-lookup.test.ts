import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canonicalise } from "@/lib/domain";
import { indicatorId } from "@/lib/indicators/identity";
import { storeIndicators } from "@/lib/indicators/store";
import { type BulkAnswer, bulkLookup, MAX_BULK } from "@/lib/lookup";
import type { Database } from "@/lib/platform";
import { DRIVERS, freshDatabase, type TestDatabase } from "../harness/database";
import { lineSource, runSource, testContext } from "../harness/ingest";

const LISTED = [
	"45.9.148.108",
	"45.9.148.0/24",
	"45.9.0.0/16",
	"2001:db8:7::/48",
	"2001:db8:7::5",
	"evil.co.uk",
	"deep.below.evil.co.uk",
	"bad.example.org",
	"http://shop.example.com/pay.php?x=1",
	"44d88612fea8a8f36de82e1278abb02f",
	"gone.example.net",
	"8.8.8.8",
];

async function collected(values: readonly string[], db: Database): Promise<BulkAnswer[]> {
	const answers: BulkAnswer[] = [];
	for await (const answer of bulkLookup(values, db, ["ours.example"])) answers.push(answer);
	return answers;
}

/** Values that are in no list, so that a call is a large one. */
const filler = (count: number): string[] => Array.from({ length: count }, (_, at) => `nobody${at}.example.edu`);

describe.each(DRIVERS)("bulk look-up over %s", (driver) => {
	let fresh: TestDatabase;
	const one = lineSource({ id: "one", name: "One", number: 9201, category: "scanner" });
	const two = lineSource({ id: "two", name: "Two", number: 9202, category: "botnet-c2" });

	beforeAll(async () => {
		fresh = await freshDatabase(driver);
		const context = testContext(fresh.database, [one, two]);
		await runSource(context, one, { text: LISTED.join("\n") });
		await runSource(context, one, { text: LISTED.filter((value) => value !== "gone.example.net").join("\n") });
		await runSource(context, two, { text: "45.9.148.108\nevil.co.uk" });
		const cve = canonicalise("CVE-2026-1234");
		if (!cve.ok) throw new Error(cve.reason);
		const id = indicatorId(cve.indicator);
		await storeIndicators(fresh.database, [{ id, indicator: cve.indicator }], new Date(), []);
		const mention = (record: number, part: number, mark: string) => `(x'${id.toString("hex")}','news',x'${"0".repeat(30)}0${record}',x'${"0".repeat(30)}0${part}',301,'2026-11-01','text',${mark})`;
		await fresh.database.execute(
			`INSERT INTO mention (indicator_id, tracker, record_id, part, source, at, place, mark) VALUES ${[mention(1, 0, "NULL"), mention(1, 1, "NULL"), mention(2, 0, "NULL"), mention(3, 0, "'popular'")].join(",")}`,
		);
	});
	afterAll(() => fresh.drop());

	/** The same in a call of its own and among so many that blocks are not asked for by id. */
	const both = async (value: string): Promise<BulkAnswer> => {
		const [few] = await collected([value], fresh.database);
		const many = await collected([...filler(500), value, ...filler(2000)], fresh.database);
		expect(many).toHaveLength(2501);
		expect(many[500]).toEqual(few);
		return few as BulkAnswer;
	};
	const around = (found: BulkAnswer) => found.containing.map(({ relation, value, sources }) => `${relation} ${value} ${sources.map(({ name }) => name).join("+")}`).sort();

	it("knows what is listed, by whom, since when, and the worst of it", async () => {
		const found = await both("45[.]9[.]148[.]108:8080");
		expect(found).toMatchObject({
			value: "45[.]9[.]148[.]108:8080",
			indicator: { type: "ipv4", value: "45.9.148.108", port: 8080 },
			kind: "listed",
			category: "botnet-c2",
			page: "/ip/45.9.148.108",
			records: {},
			warning: null,
		});
		expect(found.reason).toMatch(/^Listed by (?:One and Two|Two and One) as botnet C2\.$/);
		expect(found.sources.map(({ number, name, listed }) => [number, name, listed]).sort()).toEqual([
			[9201, "One", true],
			[9202, "Two", true],
		]);
		expect(around(found)).toEqual(["block 45.9.0.0/16 One", "block 45.9.148.0/24 One"]);
		expect(Date.parse(found.lastSeen ?? "")).toBeGreaterThanOrEqual(Date.parse(found.firstSeen ?? ""));
	});

	it("knows addresses inside a listed block, of both families", async () => {
		const v4 = await both("45.9.7.7");
		expect([v4.kind, v4.category, around(v4), v4.firstSeen, v4.reason]).toEqual(["known", "scanner", ["block 45.9.0.0/16 One"], null, "In 45.9.0.0/16, listed by One as scanner."]);
		const v6 = await both("2001:DB8:7:0::0099");
		expect([v6.indicator?.value, v6.kind, around(v6)]).toEqual(["2001:db8:7::99", "known", ["block 2001:db8:7::/48 One"]]);
		expect((await both("45.10.0.0")).kind).toBe("not listed");
		expect((await both("2001:db8:8::1")).kind).toBe("not listed");
	});

	it("knows what lies under a listed domain, up to the registrable one and no further", async () => {
		const below = await both("x.deep.below.evil.co.uk");
		expect([below.kind, below.category, around(below)]).toEqual(["known", "botnet-c2", ["parent deep.below.evil.co.uk One", "parent evil.co.uk One+Two"]]);
		expect(around(await both("evil.co.uk"))).toEqual([]);
		for (const beside of ["notevil.co.uk", "co.uk", "example.org", "also.example.org"]) expect([beside, (await both(beside)).kind]).toEqual([beside, "not listed"]);
	});

	it("knows the host of a URL and of a mail address, and what the host lies in", async () => {
		expect(around(await both("http://www.evil.co.uk:8080/Login?x"))).toEqual(["parent evil.co.uk One+Two"]);
		expect(around(await both("hxxps://evil.co.uk/"))).toEqual(["host evil.co.uk One+Two"]);
		expect(around(await both("http://45.9.148.108/i.sh"))).toEqual(["block 45.9.0.0/16 One", "block 45.9.148.0/24 One", "host 45.9.148.108 One+Two"]);
		expect(around(await both("http://[2001:db8:7::5]/"))).toEqual(["block 2001:db8:7::/48 One", "host 2001:db8:7::5 One"]);
		expect(around(await both("someone@bad.example.org"))).toEqual(["host bad.example.org One"]);
		// A listed URL never makes its host listed, and path and query count by the letter.
		expect((await both("shop.example.com")).kind).toBe("not listed");
		expect((await both("http://shop.example.com/pay.php?x=1")).kind).toBe("listed");
		expect((await both("http://shop.example.com/Pay.php?x=1")).kind).toBe("not listed");
	});

	it("tells what was listed once, what records name, and what stands on a list of well-known values", async () => {
		const gone = await both("gone.example.net");
		expect([gone.kind, gone.reason, gone.category, gone.sources[0]?.listed]).toEqual(["known", "No longer listed; it was by One.", null, false]);
		const cve = await both("cve-2026-1234");
		expect([cve.kind, cve.records, cve.reason]).toEqual(["known", { news: 2 }, "Named in 2 records."]);
		const resolver = await both("8.8.8.8");
		expect([resolver.kind, resolver.warning]).toEqual(["listed", "public-dns"]);
		expect((await both("mail.ours.example")).warning).toBe("own");
	});

	it("refuses nothing but says what is no indicator", async () => {
		const bad = ["", "   ", "hello", "2024", "45.9.", "two words", "fe80::1%eth0", "javascript:alert(1)", `http://a.example/${"x".repeat(10_000)}`, "a\u0000b", "\ud800.example", "999.1.1.1"];
		const answers = await collected(bad, fresh.database);
		expect(answers.map(({ value }) => value)).toEqual(bad.map((text) => (text.length > 10_000 ? `${text.slice(0, 100)}…` : text)));
		for (const { value, kind, indicator, page, reason } of answers) expect([value.slice(0, 20), kind, indicator, page, reason.length > 10]).toEqual([value.slice(0, 20), "invalid", null, null, true]);
		expect(answers[3]?.reason).toContain("Write the whole address");
		expect(answers[6]?.reason).toContain("fe80::1%eth0");
	});

	it("answers in the order given, each spelling and repetition too", async () => {
		const spellings = ["evil.co.uk", "EVIL[.]co[.]uk", "evil.co.uk.", "*.evil.co.uk", " evil.co.uk "];
		const values = Array.from({ length: 4321 }, (_, at) => (at % 7 === 3 ? (spellings[at % spellings.length] as string) : `h${at % 900}.example.edu`));
		const answers = await collected(values, fresh.database);
		expect(answers.map(({ value }) => value)).toEqual(values);
		expect(answers.map(({ kind }) => kind)).toEqual(values.map((value) => (value.includes("edu") ? "not listed" : "listed")));
		expect(await collected([], fresh.database)).toEqual([]);
	});

	it("asks in few statements, by ids alone, and spellings of one value once", async () => {
		const statements: string[] = [];
		const counting: Database = {
			...fresh.database,
			query: (text) => {
				statements.push(text);
				return fresh.database.query(text);
			},
		};
		const values = Array.from({ length: MAX_BULK }, (_, at) => `45.${at >> 8}.${at & 255}.1`);
		const answers = await collected(values, counting);
		expect(answers.filter(({ containing }) => containing.length > 0)).toHaveLength(256);
		const byIds = statements.filter((text) => /^SELECT [\w., ()]+ FROM (?:indicator i LEFT JOIN sighting s ON s.indicator_id = i.id WHERE i.id|mention WHERE indicator_id) IN \(/.test(text));
		expect(byIds.length).toBeLessThanOrEqual(2 * 10 + 4);
		expect(statements.length - byIds.length).toBeLessThanOrEqual(2);
		for (const text of byIds) expect(text.split(",").length).toBeLessThan(1020);
		statements.length = 0;
		await collected(["evil.co.uk", "EVIL.co.uk", "evil[.]co[.]uk"], counting);
		expect(statements.filter((text) => text.includes(" IN (")).map((text) => text.match(/x'/g)?.length)).toEqual([1, 1]);
	});

	it("bounds what names made to cost can ask for", async () => {
		let ids = 0;
		const counting: Database = {
			...fresh.database,
			query: (text) => {
				ids += text.match(/x'/g)?.length ?? 0;
				return fresh.database.query(text);
			},
		};
		const long = Array.from({ length: 2000 }, (_, at) => `${"a.".repeat(100)}h${at}.example.edu`);
		expect((await collected([...long, `${"a.".repeat(100)}evil.co.uk`], counting)).at(-1)?.kind).toBe("known");
		expect(ids).toBeLessThanOrEqual(2001 * 17);
	});

	it("finds records of a value that another portion has asked for already, though its answer is late", async () => {
		const late: Database = {
			...fresh.database,
			// What the first portion asks, the host of the mail address among it, is answered after everything else.
			query: async (text) => {
				const found = await fresh.database.query<never>(text);
				if (text.includes("JOIN sighting") && text.includes(indicatorId({ type: "domain", value: "named.example.org" as never }).toString("hex")))
					await new Promise((resolve) => setTimeout(resolve, 300));
				return found;
			},
		};
		const named = canonicalise("named.example.org");
		if (!named.ok) throw new Error(named.reason);
		const id = indicatorId(named.indicator);
		await storeIndicators(fresh.database, [{ id, indicator: named.indicator }], new Date(), []);
		await fresh.database.execute(
			`INSERT INTO mention (indicator_id, tracker, record_id, part, source, at, place, mark) VALUES (x'${id.toString("hex")}','news',x'${"0".repeat(32)}',x'${"0".repeat(32)}',301,'2026-11-01','text',NULL)`,
		);
		const answers = await collected(["mail@named.example.org", ...new Array<string>(999).fill("nobody.example.edu"), "named.example.org"], late);
		expect(answers.at(-1)).toMatchObject({ kind: "known", records: { news: 1 } });
	});

	it("takes 10,000 values and no more", async () => {
		await expect(collected(filler(MAX_BULK + 1), fresh.database)).rejects.toMatchObject({ code: "too_large", message: "10,001 values were given; one call takes 10,000. Send them in several calls." });
	});

	it("tells a failure of the database, once, and leaves none behind when its reader has enough", async () => {
		const broken: Database = { ...fresh.database, query: () => Promise.reject(new Error("gone away")) };
		await expect(collected(["evil.co.uk"], broken)).rejects.toThrow("gone away");
		await expect(collected(filler(3000), broken)).rejects.toThrow("gone away");
		for await (const answer of bulkLookup(filler(3000), fresh.database, [])) {
			expect(answer.kind).toBe("not listed");
			break;
		}
	});
});
