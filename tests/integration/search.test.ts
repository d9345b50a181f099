import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canonicalise } from "@/lib/domain/canonical";
import { crossSearch, describeIndicator } from "@/lib/search";
import { chart, count, exportEnd, list, reputation, stream } from "@/lib/trackers";
import { readTotals } from "@/lib/trackers/summary";
import { DRIVERS, freshDatabase, type TestDatabase } from "../harness/database";
import { lineSource, runSource, testContext } from "../harness/ingest";

const FIRST = [
	"45.9.148.108",
	"45.9.148.109:8080",
	"45.9.148.0/24",
	"45.9.0.0/16",
	"2001:db8::5",
	"2001:db8::/32",
	"evil-domain.co.uk",
	"www.evil-domain.co.uk",
	"not-evil-domain.co.uk",
	"http://evil-domain.co.uk/Login.php?x=1",
	"http://a.b.evil-domain.co.uk:8080/x",
	"http://45.9.148.108/i.sh",
	"secure-paypal-login.top",
	"mypaypal.example.org",
	"44d88612fea8a8f36de82e1278abb02f",
];

describe.each(DRIVERS)("search over %s", (driver) => {
	let fresh: TestDatabase;
	const one = lineSource({ id: "one", name: "One", number: 9201, category: "botnet-c2" });
	const two = lineSource({
		id: "two",
		name: "Two",
		number: 9202,
		row: ({ text }) => ({
			value: text,
			as: "any",
			description: "Emotet epoch 5",
			tags: ["heodo"],
			siblings: /^[0-9a-f]{64}$/.test(text) ? [{ value: "a".repeat(32), as: "md5" }] : [],
		}),
	});
	const search = async (text: string) => {
		const result = await crossSearch(text, { limit: 50 }, fresh.database);
		return Object.fromEntries(result.groups.map((group) => [group.kind, group.rows.map((row) => row.indicator.value as string).sort()]));
	};

	beforeAll(async () => {
		fresh = await freshDatabase(driver);
		const context = testContext(fresh.database, [one, two]);
		await runSource(context, one, { text: FIRST.join("\n") });
		await runSource(context, two, { text: ["45.9.148.108", "b".repeat(64), "paypal.evil.example.net"].join("\n") });
	});
	afterAll(() => fresh.drop());

	it("finds an address, the blocks around it and the URLs on it", async () => {
		expect(await search("45.9.148[.]108")).toEqual({
			exact: ["45.9.148.108", "45.9.148.108"],
			containing: ["45.9.0.0/16", "45.9.148.0/24"],
			urls: ["http://45.9.148.108/i.sh"],
		});
		expect(await search("0x2d09946c")).toMatchObject({ exact: ["45.9.148.108", "45.9.148.108"] });
		expect(await search("45.9.148.109:8080")).toMatchObject({ exact: ["45.9.148.109"] });
		expect((await search("45.9.148.109:9999")).exact).toBeUndefined();
		expect(await search("2001:DB8:0::0005")).toEqual({ exact: ["2001:db8::5"], containing: ["2001:db8::/32"] });
	});

	it("finds what lies inside a block, and the beginning of an address as one", async () => {
		const inside = ["45.9.148.0/24", "45.9.148.108", "45.9.148.108", "45.9.148.109"];
		expect(await search("45.9.0.0/16")).toEqual({ exact: ["45.9.0.0/16"], inside });
		expect((await search("45.9.148.")).inside).toEqual(["45.9.148.108", "45.9.148.108", "45.9.148.109"]);
	});

	it("finds everything under a domain and nothing beside it", async () => {
		expect(await search("EVIL-domain(dot)co.uk")).toEqual({
			exact: ["evil-domain.co.uk"],
			subdomains: ["www.evil-domain.co.uk"],
			urls: ["http://a.b.evil-domain.co.uk:8080/x", "http://evil-domain.co.uk/Login.php?x=1"],
		});
	});

	it("finds a URL as it was written, path and query by the letter", async () => {
		expect(await search("hxxp://EVIL-domain[.]co[.]uk:80/Login.php?x=1#top")).toEqual({ exact: ["http://evil-domain.co.uk/Login.php?x=1"], above: ["evil-domain.co.uk"] });
		// Another path is another URL; that its host is listed says something of it all the same.
		expect(await search("http://evil-domain.co.uk/login.php?x=1")).toEqual({ above: ["evil-domain.co.uk"] });
	});

	it("says of what stands on a listed host or below a listed domain that this is so", async () => {
		expect(await search("http://deep.www.evil-domain.co.uk/x")).toEqual({ above: ["evil-domain.co.uk", "www.evil-domain.co.uk"] });
		expect(await search("never.seen.evil-domain.co.uk")).toEqual({ above: ["evil-domain.co.uk"] });
		expect(await search("http://45.9.148.108/other")).toEqual({ above: ["45.9.148.108", "45.9.148.108"], containing: ["45.9.0.0/16", "45.9.148.0/24"] });
		expect(await search("co.uk")).not.toHaveProperty("above");
	});

	it("finds a hash, its beginning, and the other hashes of its file", async () => {
		expect(await search("44D88612FEA8A8F36DE82E1278ABB02F")).toEqual({ exact: ["44d88612fea8a8f36de82e1278abb02f"] });
		expect(await search("44d88612fe")).toMatchObject({ "hash-prefix": ["44d88612fea8a8f36de82e1278abb02f"] });
		expect(await search("b".repeat(64))).toEqual({ exact: ["b".repeat(64)], siblings: ["a".repeat(32)] });
	});

	it("finds words and parts of words, in values and in what sources say", async () => {
		expect((await search("paypal")).contains).toEqual(["mypaypal.example.org", "paypal.evil.example.net", "secure-paypal-login.top"]);
		expect((await search("paypal login")).contains).toEqual(["secure-paypal-login.top"]);
		expect((await search("heodo epoch")).contains).toContain("45.9.148.108");
		expect((await search("^paypal")).contains).toEqual(["paypal.evil.example.net"]);
		expect((await search("login.top$")).contains).toEqual(["secure-paypal-login.top"]);
		expect(await search("zzzqqq")).toEqual({});
	});

	it.each(["%", "_", "a%b", "a_b", "'or'1", "+paypal -login", '"paypal"', "<at>"])("takes %j for what it is", async (text) => {
		const result = await search(text).catch((error: { code?: string }) => error.code);
		expect(result === "invalid" || Object.keys(result as object).length === 0).toBe(true);
	});

	it("describes an indicator that is not stored by what is around it", async () => {
		const known = canonicalise("45.9.148.77");
		if (!known.ok) throw new Error(known.reason);
		const detail = await describeIndicator(known.indicator, fresh.database, []);
		expect(detail.sightings).toEqual([]);
		expect(detail.related.map((group) => [group.kind, group.total])).toEqual([["containing", 2]]);
	});

	it("describes an indicator by every source, with its intervals", async () => {
		const known = canonicalise("45.9.148.108");
		if (!known.ok) throw new Error(known.reason);
		const detail = await describeIndicator(known.indicator, fresh.database, []);
		expect(detail.sightings.map(({ source }) => source.number).sort()).toEqual([9201, 9202]);
		expect(detail.intervals.map(({ source, to }) => [source.number, to])).toEqual([
			[9201, null],
			[9202, null],
		]);
	});

	it("pages by cursor in both directions, and streams everything once", async () => {
		const seen: string[] = [];
		let cursor: string | undefined;
		let backwards: string | null = null;
		for (;;) {
			const page = await list(reputation, { limit: 4, cursor }, fresh.database);
			seen.push(...page.rows.map(({ id }) => id));
			if (page.next === null) {
				backwards = page.previous;
				break;
			}
			cursor = page.next;
		}
		expect(new Set(seen).size).toBe(seen.length);
		const all: string[] = [];
		for await (const row of stream(reputation, { limit: 50 }, null, fresh.database)) all.push(row.id);
		expect(seen).toEqual(all);
		// What comes in between while an export runs is in it: the next one begins where this one was said to end.
		const whole = all.length;
		const end = await exportEnd(reputation, { limit: 50 }, 5, fresh.database);
		const late = lineSource({ id: "late", name: "Late", number: 9203, row: ({ text }) => ({ value: text, as: "any", firstSeen: new Date(Date.now() - 1) }) });
		await fresh.database.execute("UPDATE sighting SET seen_at = seen_at + INTERVAL 1 HOUR ORDER BY seen_at DESC, id DESC LIMIT 3");
		await runSource(testContext(fresh.database, [late]), late, { text: "late.example.org" });
		const read = async (cursor: string | undefined, until: string | null): Promise<string[]> => {
			const ids: string[] = [];
			for await (const row of stream(reputation, { limit: 50, cursor }, until, fresh.database)) ids.push(row.id);
			return ids;
		};
		const [first, second] = [await read(undefined, end), await read(end ?? undefined, null)];
		expect(first.length).toBe(6);
		expect(new Set([...first, ...second]).size).toBe(whole + 1);
		expect(first.length + second.length).toBe(whole + 1);
		await fresh.database.execute("DELETE FROM sighting WHERE source = 9203");
		await fresh.database.execute("DELETE FROM daily_count WHERE source = 9203");
		expect(backwards).not.toBeNull();
		const before = await list(reputation, { limit: 4, cursor: backwards ?? undefined }, fresh.database);
		const lastPage = all.length % 4 === 0 ? 4 : all.length % 4;
		expect(before.rows.map(({ id }) => id)).toEqual(all.slice(-lastPage - 4, -lastPage));
	});

	it("counts, charts and totals alike from rows and roll-ups", async () => {
		const everything = await count(reputation, { limit: 1 }, fresh.database);
		expect(everything).toEqual({ count: 19, estimated: false });
		// A filter that keeps everything is counted row by row.
		expect(await count(reputation, { limit: 1, listed: true }, fresh.database)).toEqual(everything);
		const rolled = await chart(reputation, { limit: 1 }, fresh.database);
		expect(await chart(reputation, { limit: 1, listed: true }, fresh.database)).toEqual(rolled);
		expect(rolled).toHaveLength(30);
		expect((await readTotals(fresh.database))[0]).toMatchObject({ tracker: "reputation", total: 19, indicators: 18 });
	});
});
