import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DumpEvent } from "@/lib/import-seed/dump/dump-reader";
import { readDump } from "@/lib/import-seed/dump/read-dump";
import type { DumpValue } from "@/lib/import-seed/dump/values";

async function* pieces(text: string | Buffer, size: number): AsyncGenerator<Uint8Array> {
	const all = typeof text === "string" ? Buffer.from(text, "utf8") : text;
	for (let at = 0; at < all.length; at += size) yield Uint8Array.from(all.subarray(at, at + size));
}

async function events(text: string | Buffer, size = 64 * 1024): Promise<DumpEvent[]> {
	const found: DumpEvent[] = [];
	for await (const batch of readDump(pieces(text, size))) found.push(...batch);
	return found;
}

async function values(sql: string, size?: number): Promise<readonly DumpValue[]> {
	const [event] = await events(`INSERT INTO t VALUES (${sql});\n`, size);
	if (event?.kind !== "row") throw new Error(`no row but ${JSON.stringify(event)}`);
	return event.values;
}

const MYSQLDUMP = `-- MySQL dump 10.13  Distrib 5.7.33, for Linux (x86_64)
--
-- Host: localhost    Database: intelligence_db
-- ------------------------------------------------------
/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!40101 SET NAMES utf8 */;
/*!40103 SET TIME_ZONE='+00:00' */;
--
-- Table structure for table \`exploit_exploit\`
--

DROP TABLE IF EXISTS \`exploit_exploit\`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
CREATE TABLE \`exploit_exploit\` (
  \`id\` varchar(32) COLLATE utf8mb4_unicode_ci NOT NULL COMMENT 'a, "b" ) c',
  \`title\` varchar(255) DEFAULT 'x,y',
  \`score\` decimal(3,1) NOT NULL,
  \`datetime\` datetime(6) NOT NULL,
  PRIMARY KEY (\`id\`),
  KEY \`exploit_exploit_datetime\` (\`datetime\`),
  CONSTRAINT \`fk\` FOREIGN KEY (\`id\`) REFERENCES \`other\` (\`id\`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

LOCK TABLES \`exploit_exploit\` WRITE;
/*!40000 ALTER TABLE \`exploit_exploit\` DISABLE KEYS */;
INSERT INTO \`exploit_exploit\` VALUES ('a1','It\\'s; a \\"quoted\\" \\\\ title -- no comment /* nor this */',-7.5,'2018-12-13 01:33:09.000000'),('b2',NULL,0,'2018-12-13 01:33:09.123456');
/*!40000 ALTER TABLE \`exploit_exploit\` ENABLE KEYS */;
UNLOCK TABLES;
-- Dump completed on 2019-06-23  1:02:03
`;

const READ = [
	{ kind: "table", table: "exploit_exploit", columns: ["id", "title", "score", "datetime"] },
	{
		kind: "row",
		table: "exploit_exploit",
		number: 1,
		columns: ["id", "title", "score", "datetime"],
		values: ["a1", 'It\'s; a "quoted" \\ title -- no comment /* nor this */', "-7.5", "2018-12-13 01:33:09.000000"],
	},
	{ kind: "row", table: "exploit_exploit", number: 2, columns: ["id", "title", "score", "datetime"], values: ["b2", null, "0", "2018-12-13 01:33:09.123456"] },
];

describe("a dump of MySQL", () => {
	it.each([1, 2, 3, 5, 17, 4096])("is read the same in chunks of %i bytes", async (size) => {
		expect(await events(MYSQLDUMP, size)).toEqual(READ);
		expect(await events(MYSQLDUMP.replaceAll("\n", "\r\n"), size)).toEqual(READ);
	});

	it("is read as PowerShell redirects it, in UTF-16", async () => {
		expect(await events(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(MYSQLDUMP, "utf16le")]))).toEqual(READ);
	});

	it("takes columns from the statement, else from the table", async () => {
		const found = await events(
			"create table if not exists `db`.`T` (`b` int, `a` int, primary key (`b`));\ninsert ignore into `db`.`t` (`a`, `b`) values (1,2);\nREPLACE INTO t VALUES (3,4) ON DUPLICATE KEY UPDATE a=VALUES(a);\nINSERT INTO u VALUES (5);",
		);
		expect(found.slice(1).map((event) => (event.kind === "row" ? [event.table, event.columns, event.values] : event))).toEqual([
			["t", ["a", "b"], ["1", "2"]],
			["t", ["b", "a"], ["3", "4"]],
			["u", null, ["5"]],
		]);
	});

	it("knows every kind of value", async () => {
		expect(await values(`'', "double ""quoted""", 'O''Brien', NULL, null, true, FALSE, 0, -1, +2, 1.5e-7, 12345678901234567890`)).toEqual([
			"",
			'double "quoted"',
			"O'Brien",
			null,
			null,
			"1",
			"0",
			"0",
			"-1",
			"2",
			"1.5e-7",
			"12345678901234567890",
		]);
		expect(await values("0x00FF, x'0aF', X'', _binary '\\0\\Z', _utf8mb4 x'e697a5', _latin1'\\r\\n', N'n', b'101', 'a' 'b'")).toEqual([
			Buffer.from([0, 255]),
			Buffer.from([0, 0xaf]),
			Buffer.alloc(0),
			Buffer.from([0, 0x1a]),
			"日",
			"\r\n",
			"n",
			"5",
			"ab",
		]);
		expect(await values("'\\0\\b\\t\\n\\r\\Z\\%\\_\\\\\\x\\'\\\"'")).toEqual(["\u0000\b\t\n\r\u001a\\%\\_\\x'\""]);
		expect(await values("'🦊 日本語 \\🦊'")).toEqual(["🦊 日本語 🦊"]);
	});

	it("gives back whatever text went in, in any chunks", async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("\\", "'", "\\'", "''", '"', ";", "*/", "--", "\n")), { minLength: 1, maxLength: 6 }),
				fc.integer({ min: 1, max: 40 }),
				async (texts, size) => {
					const wellFormed = texts.map((text) => text.toWellFormed());
					const quoted = wellFormed.map((text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\u0000", "\\0")}'`);
					expect(await values(quoted.join(","), size)).toEqual(wellFormed);
				},
			),
			{ numRuns: 200 },
		);
	});

	it("sets a row aside that cannot be read, and reads the next", async () => {
		const found = await events(
			"CREATE TABLE t (a int, b int);INSERT INTO t VALUES (1,2),(3),(NOW(),4),(replace('a','b',char(10)),5),(6,),(x,7),(8,9);INSERT INTO t SELECT * FROM u;INSERT INTO t SET a=1;",
		);
		expect(found.slice(1).map((event) => (event.kind === "row" ? event.values : event.kind === "bad" ? `${event.number}: ${event.reason}` : event))).toEqual([
			["1", "2"],
			"2: it has 1 values, 2 are expected",
			"3: it holds an expression (NOW ( )), only plain values are read",
			"4: it holds an expression (replace (  ,  , char ( 10 ) )), only plain values are read",
			"5: a value is missing",
			'6: "x" is no value',
			["8", "9"],
			"0: it is an INSERT … SELECT, only INSERT … VALUES is read",
			"0: it is an INSERT … SET, only INSERT … VALUES is read",
		]);
	});

	it("passes over triggers, and over what no server may read", async () => {
		const found = await events(
			"/*M!999999\\- enable the sandbox mode */ \nCREATE TABLE t (a int);\nDELIMITER ;;\n/*!50003 CREATE*/ /*!50017 DEFINER=`r`@`%`*/ /*!50003 TRIGGER x AFTER INSERT ON t FOR EACH ROW BEGIN INSERT INTO t VALUES (99); END */;;\nDELIMITER ;\nINSERT INTO t VALUES (1); # INSERT INTO t VALUES (2);\n",
		);
		expect(found).toEqual([
			{ kind: "table", table: "t", columns: ["a"] },
			{ kind: "row", table: "t", number: 1, columns: ["a"], values: ["1"] },
		]);
	});

	it("follows the character set and the modes that the dump sets", async () => {
		const latin = Buffer.concat([Buffer.from("SET NAMES latin1;INSERT INTO t VALUES ('caf"), Buffer.from([0xe9, 0x80]), Buffer.from("');")]);
		expect(await events(latin)).toMatchObject([{ values: ["café€"] }]);
		await expect(events("SET NAMES sjis;INSERT INTO t VALUES (1);")).rejects.toThrow(/"sjis", which is not read\. Dump it again with --default-character-set=utf8mb4/);
		expect(await events("SET SQL_MODE='NO_BACKSLASH_ESCAPES';INSERT INTO t VALUES ('C:\\');")).toMatchObject([{ values: ["C:\\"] }]);
		expect(
			await events(
				'PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE IF NOT EXISTS "t" ("a" varchar(32) NOT NULL PRIMARY KEY, "b" text);\nINSERT INTO "t" VALUES(\'C:\\\',\'it\'\'s\');\nCOMMIT;',
			),
		).toEqual([
			{ kind: "table", table: "t", columns: ["a", "b"] },
			{ kind: "row", table: "t", number: 1, columns: ["a", "b"], values: ["C:\\", "it's"] },
		]);
	});

	it.each([
		["", /it is empty/],
		["<!DOCTYPE html><html>", /no SQL dump: it begins with "<!DOCTYPE html><html>"/],
		["id,title\n1,x\n", /no SQL dump/],
		["INSERT INTO t VALUES (1),('cut sho", /cut short/],
		["INSERT INTO t VALUES (1),", /behind row 1 of t: it was cut short/],
		["INSERT INTO t VALUES (1", /cut short/],
		["INSERT INTO t VALUES (1;2);", /ends inside row 1 of t/],
		["INSERT INTO t VALUES (x'zz');", /hexadecimal/],
		["CREATE TABLE t (a int, b", /middle of a table's definition/],
		["-- MariaDB dump 10.19  Distrib 10.11.6\nINSERT INTO t VALUES (1);\n", /no last line "-- Dump completed"/],
		["DELIMITER //\nINSERT INTO t VALUES (1);", /never set back/],
	])("doubts %j", async (text, reason) => {
		await expect(events(text)).rejects.toThrow(reason);
	});

	it("gives what it read before the dump breaks off", async () => {
		const found: DumpEvent[] = [];
		await expect(
			(async () => {
				for await (const batch of readDump(pieces("INSERT INTO t VALUES (1),(2),(3", 8))) found.push(...batch);
			})(),
		).rejects.toThrow(/behind row 2 of t/);
		expect(found).toHaveLength(2);
	});
});

describe("a large dump", () => {
	it("is read row by row: 200 MB in statements of 40 MB need no more memory than one", async () => {
		const row = Buffer.from(`('${"0123456789abcdef".repeat(2)}','${"text with \\' and \\\\ ".repeat(40)}',NULL,12345),`);
		const perStatement = Math.ceil((40 * 1024 * 1024) / row.length);
		async function* dump(): AsyncGenerator<Uint8Array> {
			const block = Buffer.concat(Array.from({ length: 200 }, () => row));
			for (let statement = 0; statement < 5; statement++) {
				yield Buffer.from("INSERT INTO `exploit_exploit` VALUES ");
				for (let rows = 0; rows < perStatement; rows += 200) yield block;
				yield Buffer.from("('end','x',NULL,1);\n");
			}
		}
		let rows = 0;
		let largest = 0;
		globalThis.gc?.();
		const before = process.memoryUsage().rss;
		for await (const batch of readDump(dump())) {
			rows += batch.length;
			largest = Math.max(largest, process.memoryUsage().rss - before);
		}
		expect(rows).toBe(5 * (Math.ceil(perStatement / 200) * 200 + 1));
		expect(largest).toBeLessThan(150 * 1024 * 1024);
	});

	it("takes a text of 20 MB, and refuses one that never ends", async () => {
		const long = "y".repeat(20 * 1024 * 1024);
		expect((await values(`'${long}'`, 1024 * 1024))[0]).toHaveLength(long.length);
		async function* endless(): AsyncGenerator<Uint8Array> {
			yield Buffer.from("INSERT INTO t VALUES ('");
			const block = Buffer.alloc(4 * 1024 * 1024, 0x7a);
			for (let at = 0; at < 40; at++) yield block;
		}
		await expect(
			(async () => {
				for await (const _ of readDump(endless())) expect(_).toEqual([]);
			})(),
		).rejects.toThrow(/never ends/);
	});
});
