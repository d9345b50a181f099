import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import mysql from "mysql2/promise";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { importSeed, type SeedReport } from "@/lib/import-seed";
import type { IngestContext } from "@/lib/ingest";
import { reputationSources } from "@/lib/sources";
import { exploitSources } from "@/lib/sources/exploit";
import { exploitDb } from "@/lib/sources/exploit/exploit-db";
import { get, trackers } from "@/lib/trackers";
import { DRIVERS, freshDatabase, type TestDatabase } from "../harness/database";
import { notedChanges } from "../harness/hunted";
import { runSource, testContext } from "../harness/ingest";
import { type DumpOptions, SEED_ROWS, seedDump } from "../harness/seed-dump";

const md5 = (letter: string): string => letter.repeat(32);
const sources = [...reputationSources, ...exploitSources];

/** Everything that an import may have written, observation times left out. */
async function dump(database: TestDatabase["database"]): Promise<string> {
	const parts: string[] = [];
	for (const query of [
		"SELECT HEX(id) a, type b, value c, warning d FROM indicator ORDER BY id",
		"SELECT HEX(id) a, source b, seen_at c, observed_at d, present e, listed f, left_at g, description h, tags i, HEX(digest) j FROM sighting ORDER BY id",
		"SELECT HEX(indicator_id) a, source b, from_at c, to_at d FROM presence ORDER BY 1, 2, 3",
		"SELECT tracker a, old_id b, HEX(record_id) c FROM former_id ORDER BY 1, 2",
		"SELECT HEX(id) a, source b, external_id c, title d, text e, HEX(digest) f FROM exploit ORDER BY id",
		"SELECT tracker a, source b, day c, records d FROM daily_count WHERE records > 0 ORDER BY 1, 2, 3",
		"SELECT HEX(record_id) a, text b FROM record_text ORDER BY 1",
		"SELECT HEX(indicator_id) a, HEX(record_id) b, place c FROM mention ORDER BY 1, 2",
	]) {
		const rows = await database.query(query);
		parts.push(
			rows
				.map((row) =>
					Object.values(row)
						.map((value) => (value instanceof Date ? value.toISOString() : String(value)))
						.join("|"),
				)
				.join("\n"),
		);
	}
	return parts.join("\n--\n");
}

describe.each(DRIVERS)("importing the original's data over %s", (driver) => {
	let fresh: TestDatabase;
	let folder: string;
	let context: IngestContext;
	beforeAll(async () => {
		fresh = await freshDatabase(driver);
		folder = await mkdtemp(join(tmpdir(), "exist-import-"));
	});
	beforeEach(async () => {
		await fresh.clear();
		context = testContext(fresh.database, sources);
	});
	afterAll(async () => {
		await fresh.drop();
		await rm(folder, { recursive: true, force: true });
	});

	async function importText(options: DumpOptions = {}, more: { gzip?: boolean; dryRun?: boolean } = {}): Promise<SeedReport> {
		const path = join(folder, more.gzip === true ? "dump.sql.gz" : "dump.sql");
		const text = seedDump(options);
		await writeFile(path, more.gzip === true ? gzipSync(text) : text);
		return importSeed({ file: path }, context, { dryRun: more.dryRun === true });
	}

	const of = (report: SeedReport, tracker: string) => report.trackers.find((one) => one.tracker === tracker);

	it("accounts for every row, and says what it could not use and why", async () => {
		const report = await importText();
		expect(report.trackers.filter(({ rows, imported, setAside, waiting }) => rows !== imported + setAside + waiting)).toEqual([]);
		expect(report.complete).toBe(true);
		// Hunters are not told of old news.
		expect(await notedChanges(fresh.database)).toEqual({});
		expect(report.tables.map(({ table, read, kept }) => [table, read, kept])).toEqual(
			Object.keys(SEED_ROWS)
				.map((table) => [table, SEED_ROWS[table]?.length, SEED_ROWS[table]?.length])
				.sort(([a], [b]) => report.tables.findIndex(({ table }) => table === a) - report.tables.findIndex(({ table }) => table === b)),
		);
		expect(report.otherTables).toEqual([{ table: "auth_user", rows: 1, reason: expect.stringContaining("no intelligence") }]);
		expect(of(report, "reputation")).toMatchObject({ rows: 10, imported: 7, setAside: 3, waiting: 0, records: { new: 7, updated: 0, unchanged: 0 } });
		expect(
			of(report, "reputation")
				?.setAsideReasons.map(({ reason, first }) => `${first}: ${reason}`)
				.sort(),
		).toEqual([
			`reputation_blacklist ${md5("1")}: it has no address, domain or URL`,
			`reputation_blacklist ${md5("2")}: its datetime "0000-00-00 00:00:00.000000" is no time`,
			`reputation_blacklist ${md5("4")}: its source 4711 is none of the original's`,
		]);
		expect(of(report, "reputation")?.notes).toEqual([{ count: 1, first: `reputation_blacklist ${md5("e")}`, reason: expect.stringContaining("URL left out") }]);
		expect(of(report, "exploit")).toMatchObject({ rows: 5, imported: 4, setAside: 1, records: { new: 3 } });
		expect(of(report, "threat")?.notes).toContainEqual({ count: 1, first: "threat_attribute 6", reason: expect.stringContaining("names an event that is not there") });
		for (const tracker of ["threat", "twitter", "news", "vuln"]) {
			const found = of(report, tracker);
			expect(found, tracker).toMatchObject({ rows: SEED_ROWS[{ threat: "threat_event", twitter: "twitter_tweet", news: "news_news", vuln: "vuln_vuln" }[tracker] as string]?.length });
			expect((found?.imported ?? 0) + (found?.setAside ?? 0) + (found?.waiting ?? 0)).toBe(found?.rows);
			expect(found?.waiting === 0).toBe(context.stores[tracker] !== undefined);
		}
	});

	it("makes listings of the reputation rows, under the original's numbers, in its times", async () => {
		await importText();
		const rows = await fresh.database.query<Record<string, unknown>>(
			"SELECT s.source, i.value, s.category, s.description, s.country, s.seen_at, s.left_at, s.present, s.listed, s.tags FROM sighting s JOIN indicator i ON i.id = s.indicator_id ORDER BY s.source, i.value",
		);
		expect(rows.map(({ source, value, category, present, listed }) => [source, String(value).slice(0, 40), category, Number(present), Number(listed)])).toEqual([
			[201, "198.51.100.9", "malware", 0, 0],
			[212, "zeus.example", "botnet-c2", 0, 0],
			[241, "http://phish.example/login?next=/%2F", "phishing", 0, 0],
			[271, "203.0.113.7", "botnet-c2", 0, 0],
			[271, "http://panel.example/gate.php", "botnet-c2", 0, 0],
			[281, "http://cut.example/aaaaaaaaaaaaaaaaaaaaa", "malware", 0, 1],
			[901, "192.0.2.2", "suspicious", 0, 0],
		]);
		expect(rows[4]).toMatchObject({ description: "Pony", country: "NL", seen_at: new Date("2018-12-14T00:00:00.000Z"), left_at: new Date("2019-02-01T12:00:00.500Z") });
		expect(rows[5]).toMatchObject({ tags: '["maybe cut by the importing system"]' });
		const presence = await fresh.database.query("SELECT from_at, to_at FROM presence WHERE source = 271 ORDER BY from_at");
		expect(presence).toEqual([1, 2].map(() => ({ from_at: new Date("2018-12-14T00:00:00.000Z"), to_at: new Date("2019-02-01T12:00:00.500Z") })));
	});

	it("changes nothing the second time, from whichever form of the dump", async () => {
		const first = await importText();
		const before = await dump(fresh.database);
		for (const again of [await importText({ listed: true }, { gzip: true }), await importText()]) {
			expect(again.trackers.map(({ records }) => [records.new, records.updated])).toEqual(again.trackers.map(() => [0, 0]));
			expect(again.trackers.map(({ tracker, imported, setAside }) => [tracker, imported, setAside])).toEqual(first.trackers.map(({ tracker, imported, setAside }) => [tracker, imported, setAside]));
		}
		expect(await dump(fresh.database)).toBe(before);
	});

	it("keeps the old addresses", async () => {
		await importText();
		const tracker = (name: string) => trackers.find((one) => one.name === name) as (typeof trackers)[number];
		expect(await get(tracker("reputation"), md5("b"), fresh.database)).toMatchObject({ indicator: { value: "http://panel.example/gate.php" }, source: { number: 271 } });
		expect(await get(tracker("reputation"), md5("c"), fresh.database)).toMatchObject({ indicator: { value: "http://panel.example/gate.php" } });
		expect(await get(tracker("reputation"), md5("d"), fresh.database)).toMatchObject({ source: { number: 212, name: "abuse.ch ZeuS Tracker" } });
		for (const old of ["c", "d"]) expect(await get(tracker("exploit"), md5(old), fresh.database)).toMatchObject({ externalId: "WLB-2018120064", source: { name: "CXSecurity" } });
		expect(await get(tracker("exploit"), md5("9"), fresh.database)).toBeNull();
	});

	it("joins an exploit with what its provider says today, whichever came first", async () => {
		const index =
			'id,file,description,date_published,author,type,platform,port,date_added,date_updated,verified,codes,tags,aliases,screenshot_url,application_url,source_url\n40949,exploits/cgi/remote/40949.rb,"NETGEAR WNR2000v5 - Remote Code Execution",2016-12-21,"Pedro Ribeiro",remote,cgi,80,2016-12-21,2017-01-01,1,CVE-2016-10174,,,,,\n';
		await runSource(context, exploitDb, { text: index });
		await importText();
		const after = await dump(fresh.database);
		expect(after).toContain("c2.example");
		await fresh.clear();
		await importText();
		await runSource(context, exploitDb, { text: index });
		const [record] = await fresh.database.query<Record<string, unknown>>("SELECT source, author, platform, port, verified, text, cves FROM exploit WHERE external_id = '40949'");
		expect(record).toMatchObject({ source: 1101, author: "Pedro Ribeiro", platform: "cgi", port: 80, text: expect.stringContaining('print("\\x41")'), cves: '["CVE-2016-10174"]' });
		expect((await dump(fresh.database)).split("\n--\n")[4]).toBe(after.split("\n--\n")[4]);
		const [count] = await fresh.database.query<{ n: number }>("SELECT COUNT(*) AS n FROM exploit");
		expect(Number(count?.n)).toBe(3);
	});

	it("leaves what a source lists today as it is, and lengthens its past", async () => {
		const phishtank = reputationSources.find(({ id }) => id === "phishtank");
		const body =
			"phish_id,url,phish_detail_url,submission_time,verified,verification_time,online,target\n1,http://phish.example/login?next=/%2F,http://www.phishtank.com/phish_detail.php?phish_id=1,2019-05-01T00:00:00+00:00,yes,2019-05-01T01:00:00+00:00,yes,Paypal\n";
		await runSource(context, phishtank as NonNullable<typeof phishtank>, { text: body });
		const report = await importText();
		expect(of(report, "reputation")?.records).toEqual({ new: 6, updated: 1, unchanged: 0 });
		const [row] = await fresh.database.query<Record<string, unknown>>("SELECT seen_at, present, listed, left_at, description FROM sighting WHERE source = 241");
		expect({ ...row, present: Number(row?.present), listed: Number(row?.listed) }).toEqual({
			seen_at: new Date("2018-12-13T01:33:09.000Z"),
			present: 1,
			listed: 1,
			left_at: null,
			description: "Paypal",
		});
	});

	it("tries everything and keeps nothing", async () => {
		const before = await dump(fresh.database);
		const tried = await importText({}, { dryRun: true });
		expect(tried).toMatchObject({ dryRun: true, complete: true });
		expect(await dump(fresh.database)).toBe(before);
		expect((await importText()).trackers).toEqual(tried.trackers);
	});

	it("refuses what is no dump of the original, before it writes anything", async () => {
		const path = join(folder, "other.sql");
		for (const [text, reason] of [
			["CREATE TABLE `wp_posts` (`id` int);\nINSERT INTO `wp_posts` VALUES (1);\n", /None of the original's tables/],
			["<html>", /no SQL dump/],
			[seedDump().slice(0, 3000), /cut short/],
		] as const) {
			await writeFile(path, text);
			await expect(importSeed({ file: path }, context)).rejects.toThrow(reason);
		}
		await expect(importSeed({ file: join(folder, "nothing") }, context)).rejects.toThrow(/cannot be read/);
		expect(await fresh.database.query("SELECT id FROM indicator")).toEqual([]);
	});

	it("counts rows that cannot be read and rows that repeat a key", async () => {
		const path = join(folder, "odd.sql");
		const rows = SEED_ROWS.exploit_exploit as ReadonlyArray<Record<string, string | number | null>>;
		const text = seedDump({ only: ["exploit_exploit"], more: { exploit_exploit: [{ ...(rows[0] as Record<string, string | number | null>), description: "the later one counts" }] } });
		await writeFile(path, `${text}INSERT INTO \`exploit_exploit\` VALUES ('x',NOW(),NULL,NULL,NULL,NULL,111),('short');\n`);
		const report = await importSeed({ file: path }, context);
		expect(report).toMatchObject({ complete: true, tables: [{ table: "exploit_exploit", read: 8, kept: 5, repeated: 1, unreadable: 2 }] });
		expect(report.unreadable.map(({ reason }) => reason)).toEqual(["it holds an expression (NOW ( )), only plain values are read", "it has 1 values, 7 are expected"]);
	});

	if (driver === "mysql2") {
		it("reads a live database the same, and only reads it", async () => {
			const live = await freshDatabase("mysql2", { migrated: false });
			const connection = await mysql.createConnection({ uri: live.url, multipleStatements: true });
			try {
				await connection.query("SET SESSION sql_mode = ''");
				await connection.query(seedDump());
				const fromFile = await importText();
				const before = await dump(fresh.database);
				await fresh.clear();
				const fromLive = await importSeed({ databaseUrl: live.url }, context);
				expect(fromLive.trackers).toEqual(fromFile.trackers);
				expect(await dump(fresh.database)).toBe(before);
				const [rows] = await connection.query<mysql.RowDataPacket[]>("SELECT COUNT(*) AS n FROM reputation_blacklist");
				expect(Number(rows[0]?.n)).toBe(10);
			} finally {
				await connection.end();
				await live.drop();
			}
		});

		it("says what is wrong with a database it cannot reach, without its password", async () => {
			await expect(importSeed({ databaseUrl: "mysql://exist:secret-word@127.0.0.1:9/intelligence_db" }, context)).rejects.toThrow(
				/^The database intelligence_db at 127\.0\.0\.1:9 cannot be read \(ECONNREFUSED\)/,
			);
			await expect(importSeed({ databaseUrl: "postgres://x" }, context)).rejects.toThrow(/mysql:\/\/user:password@host/);
		});
	}
});
