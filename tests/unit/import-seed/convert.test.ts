import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ownerOf } from "@/lib/import-seed/former";
import { exploitOf, newsOf, tweetOf } from "@/lib/import-seed/items";
import { SeedStage } from "@/lib/import-seed/stage";
import { SEED_TABLES, whyNot } from "@/lib/import-seed/tables";
import { dashed, eventOf } from "@/lib/import-seed/threat";
import { seedDay, seedTime, seedTimeOrNever } from "@/lib/import-seed/times";
import { vulnOf } from "@/lib/import-seed/vuln";
import { SEED_ROWS } from "@/tests/harness/seed-dump";

describe("times of the original", () => {
	it("are UTC, whatever zone it showed", () => {
		expect(seedTime("2018-12-13 01:33:09.123456")?.toISOString()).toBe("2018-12-13T01:33:09.123Z");
		expect(seedTime("2018-12-13 01:33:09")?.toISOString()).toBe("2018-12-13T01:33:09.000Z");
		expect(seedTime("2018-12-13T01:33:09Z")?.toISOString()).toBe("2018-12-13T01:33:09.000Z");
		// Text columns hold Python's own spelling, with its zone.
		expect(seedTime("2019-02-28 00:00:00+09:00")?.toISOString()).toBe("2019-02-27T15:00:00.000Z");
		expect(seedTime("2019-02-28 00:00:00+0900")?.toISOString()).toBe("2019-02-27T15:00:00.000Z");
		expect(seedDay("2018-12-10")).toBe("2018-12-10");
	});

	it.each([null, undefined, "", "0000-00-00 00:00:00", "2019-02-30 00:00:00", "2019-13-01", "0000-01-01", "soon", "20190101"])("are none where they are %j", (text) => {
		expect(seedTime(text)).toBeNull();
	});

	it("say never by the Unix epoch", () => {
		expect(seedTimeOrNever("1970-01-01 00:00:00.000000")).toBeNull();
		expect(seedTimeOrNever("1970-01-01 00:00:01.000000")).not.toBeNull();
	});
});

describe("tables of the original", () => {
	it("are known with their keys, and the others left alone with a reason", () => {
		for (const table of Object.values(SEED_TABLES)) expect(table.columns).toContain(table.key);
		expect(Object.keys(SEED_ROWS).sort()).toEqual(Object.keys(SEED_TABLES).sort());
		expect(whyNot("reputation_blacklist")).toBeNull();
		expect(whyNot("django_session")).toContain("settings");
		expect(whyNot("twitter_hunter_hunt")).toContain("hunters");
		expect(whyNot("wp_posts")).toContain("no table of the original");
	});
});

describe("rows of the original as items", () => {
	let stage: SeedStage;
	beforeEach(async () => {
		stage = await SeedStage.open();
		for (const [table, rows] of Object.entries(SEED_ROWS))
			for (const row of rows)
				stage.add(
					table,
					Object.keys(row),
					Object.values(row).map((value) => (value === null ? null : String(value))),
				);
		stage.finish();
	});
	afterEach(() => stage.close());

	const row = (table: string, key: string) => {
		const found = stage.one(table, key);
		if (found === null) throw new Error(`no ${table} ${key}`);
		return found;
	};

	it("put an event together from its eight tables", () => {
		const made = eventOf(row("threat_event", "10"), stage);
		expect(made).toMatchObject({
			ok: true,
			former: 0,
			notes: ["1 × an attribute without a UUID was left out"],
			item: {
				uuid: "5c1a0000-0000-4000-8000-000000000010",
				serverId: 10,
				info: "OSINT - Emotet's hosts",
				date: "2018-12-10",
				threatLevel: 2,
				analysis: 2,
				published: true,
				publishedAt: new Date("2018-12-12T11:00:00Z"),
				modifiedAt: new Date("2018-12-12T10:00:00Z"),
				org: { name: "ORGNAME" },
				orgc: { name: "CIRCL", uuid: "5c1a0000-0000-4000-8000-000000000002" },
				// `red` is no colour that a page may use.
				tags: [{ name: "tlp:white", colour: "#ffffff" }, { name: 'misp-galaxy:tool="Emotet"' }],
				attributes: [
					{ serverId: 1, type: "ip-dst", value: "203.0.113.80", toIds: true, tags: [{ name: 'misp-galaxy:tool="Emotet"' }], deleted: false },
					{ serverId: 4, value: "gone.example", deleted: true },
				],
				objects: [
					{
						uuid: "5c1a0000-0000-4000-8000-000000005000",
						name: "file",
						metaCategory: "file",
						attributes: [
							{ serverId: 2, relation: "sha256" },
							{ serverId: 3, value: "emotet.example", relation: "domain" },
						],
						references: [{ toUuid: "5c1a0000-0000-4000-8000-000000001001", relationship: "connects-to" }],
					},
				],
				related: [{ uuid: "5c1a0000-0000-4000-8000-000000000011", serverId: 11, info: "Event 11" }],
			},
		});
		expect(made.ok && "incomplete" in made.item).toBe(false);
	});

	it("take an event that only stood as related for what it is", () => {
		const made = eventOf(row("threat_event", "11"), stage);
		expect(made).toMatchObject({ ok: true, item: { incomplete: true, published: false, attributes: [], objects: [] } });
		// Its owner is in no table and it was never published.
		expect(made.ok && ["org", "publishedAt"].some((name) => name in made.item)).toBe(false);
		expect(eventOf(row("threat_event", "12"), stage)).toEqual({ ok: false, reason: 'its uuid "" is none' });
	});

	it("put a vulnerability together from its fifteen tables", () => {
		const made = vulnOf(row("vuln_vuln", "JVNDB-2019-001234"), stage);
		expect(made).toMatchObject({
			ok: true,
			former: 201,
			item: {
				name: "JVNDB-2019-001234",
				title: "製品における脆弱性",
				language: "ja",
				translatedDescription: "概要\n\nImpact: 影響\n\nDisclosed: 2019-02-28 00:00:00+09:00\n\nCVE-2019-0001: A summary.",
				published: new Date("2019-03-01T03:00:00Z"),
				modified: new Date("2019-03-05T03:00:00Z"),
				solution: "更新",
				cves: ["CVE-2019-0001"],
				cwes: [{ id: "CWE-119" }],
				cvss: [
					{ version: "3.0", source: "IPA", score: 9.8, vector: expect.stringMatching(/^CVSS:3\.0/) },
					{ version: "2.0", source: "NVD", score: 7.5, vector: "" },
				],
				products: [{ vendor: "Vendor", product: "Product" }],
				references: [
					{ url: "https://vendor.example/a-1", title: "Vendor: A-1", kind: "advisory" },
					{ url: "https://nvd.example/ref", kind: "CONFIRM" },
				],
			},
		});
		expect(vulnOf(row("vuln_vuln", "190001"), stage)).toMatchObject({
			ok: true,
			former: 101,
			item: {
				name: "VULNDB-1998-190001",
				description: "It overflows.\n\nKeywords: k1,k2\n\nFound by: Finder",
				translatedDescription: "訳",
				tags: ["remote"],
				products: [{ vendor: "", product: "Product" }],
			},
		});
		expect(vulnOf(row("vuln_vuln", "no name"), stage)).toEqual({ ok: false, reason: 'its id "no name" is no name of a vulnerability' });
	});

	it("find the provider's number in links that the original cut", () => {
		const of = (referrer: string | null, source = "111") => {
			const made = exploitOf({ id: "k", title: "[dos] X", datetime: "2018-12-11 00:00:00", referrer, source, text: null, description: null }, stage);
			return made.ok ? [made.item.externalId, made.item.link ?? null, made.item.kind ?? null] : made.reason;
		};
		expect(of("https://www.exploit-db.com/exploits/40949/?")).toEqual(["40949", "https://www.exploit-db.com/exploits/40949", "dos"]);
		expect(of("https://www.exploit-db.com/exploits/7/")).toEqual(["7", "https://www.exploit-db.com/exploits/7", "dos"]);
		expect(of("https://www.exploit-db.com/exploits/45980")).toEqual(["45980", "https://www.exploit-db.com/exploits/45980", "dos"]);
		expect(of("https://www.exploit-db.com/exploits/4")).toEqual(["seed:k", null, "dos"]);
		expect(of(null)).toEqual(["seed:k", null, "dos"]);
		expect(of("https://cxsecurity.com/issue/WLB-2018120064", "101")).toEqual(["WLB-2018120064", "https://cxsecurity.com/issue/WLB-2018120064", null]);
		expect(of("javascript:alert(1)", "101")).toEqual(["seed:k", "javascript:alert(1)", null]);
		expect(of(null, "7")).toContain("none of the original's");
	});

	it("keep tweets and news as they were", () => {
		expect(tweetOf(row("twitter_tweet", "1076543210987654321"), stage)).toMatchObject({
			ok: true,
			item: { id: "1076543210987654321", user: "A 🦊 researcher", links: [{ short: "https://t.co/abcdefgh" }] },
		});
		expect(tweetOf({ ...row("twitter_tweet", "21"), id: "x" }, stage)).toEqual({ ok: false, reason: 'its id "x" is no number' });
		expect(newsOf(row("news_news", "b".repeat(32)), stage)).toMatchObject({ ok: true, item: { guid: `seed:${"b".repeat(32)}`, content: "", contentKind: "html" } });
	});

	it("belong to the source of today, else to one that keeps the name", () => {
		expect(ownerOf("exploit", 111)).toMatchObject({ id: "exploit-db", number: 1101 });
		expect(ownerOf("exploit", 101)).toMatchObject({ id: "cxsecurity" });
		expect(ownerOf("news", 0)).toMatchObject({ name: "News (imported)" });
		expect(ownerOf("vuln", 101)).toMatchObject({ name: "VulnDB" });
		expect(ownerOf("vuln", 999)).toBeNull();
		expect(ownerOf("exploit", 0)).toBeNull();
	});
});

describe("UUIDs", () => {
	it("come with or without dashes", () => {
		expect(dashed("5C1A00000000400080000000000000AB")).toBe("5c1a0000-0000-4000-8000-0000000000ab");
		expect(dashed("5c1a0000-0000-4000-8000-0000000000ab")).toBe("5c1a0000-0000-4000-8000-0000000000ab");
		for (const text of [null, undefined, "", "x", "5c1a"]) expect(dashed(text)).toBeNull();
	});
});
