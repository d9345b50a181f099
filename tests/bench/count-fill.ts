import type mysql from "mysql2/promise";
import { CATEGORIES } from "@/lib/domain/category";
import { TYPE_NUMBERS } from "@/lib/domain/indicator";
import { gramsOf } from "@/lib/indicators/grams";
import { lit } from "@/lib/platform";
import { seeded } from "./random";

/** Rows of one statement: as much as a durable commit is worth, far below what a redo log holds. */
const STATEMENT_ROWS = 100_000;
const WORDS = 2000;
/** Two years of records, newest first in time as feeds give them. */
const FIRST_DAY = "2024-11-24";
const SECONDS = 2 * 365 * 86_400;

/** Words of two to four syllables, as varied in their trigrams as those of a language; how common one is falls with its number. */
export function vocabulary(): string[] {
	const random = seeded(11);
	const any = (letters: string): string => letters[Math.floor(random() * letters.length)] as string;
	const syllable = (): string => `${any("bcdfghjklmnprstvwxz")}${random() < 0.2 ? any("lrhs") : ""}${any("aeiouy")}${random() < 0.35 ? any("nrstlmck") : ""}`;
	const words = new Set<string>();
	while (words.size < WORDS) words.add(Array.from({ length: 2 + Math.floor(random() * 3) }, syllable).join(""));
	return [...words];
}

/** A column of pseudo-random whole numbers below `below`, different for each `salt`. */
function roll(salt: number, below: number): string {
	return `(CRC32(CONCAT(seq, '-${salt}')) % ${below})`;
}

function pick(salt: number, values: readonly string[]): string {
	return `ELT(1 + ${roll(salt, values.length)}, ${values.map((value) => lit(value)).join(", ")})`;
}

/** Skewed towards small numbers, as words and sources are. */
function skewed(salt: number, below: number): string {
	return `FLOOR(POW(${roll(salt, 100_000)} / 100000, 3) * ${below})`;
}

const AT = `(TIMESTAMP('${FIRST_DAY}') + INTERVAL ${roll(1, SECONDS)} SECOND)`;
const id = (kind: string): string => `UNHEX(MD5(CONCAT('${kind}', seq)))`;

async function inSteps(admin: mysql.Connection, rows: number, statement: (range: string) => string): Promise<void> {
	for (let from = 1; from <= rows; from += STATEMENT_ROWS) await admin.query(statement(`seq_${from}_to_${Math.min(rows, from + STATEMENT_ROWS - 1)}`));
}

async function fillWords(admin: mysql.Connection): Promise<void> {
	await admin.query("CREATE TABLE bench_word (n int PRIMARY KEY, word varchar(64) NOT NULL, grams text NOT NULL)");
	const rows = vocabulary().map((word, n) => `(${n}, ${lit(word)}, ${lit(gramsOf(word).join(" "))})`);
	await admin.query(`INSERT INTO bench_word VALUES ${rows.join(",")}`);
}

const WORDS_JOIN = `JOIN bench_word w1 ON w1.n = ${skewed(2, WORDS)} JOIN bench_word w2 ON w2.n = ${skewed(3, WORDS)}`;
const TEXT = "CONCAT(w1.word, ' ', w2.word, ' ', seq)";
const GRAMS = "CONCAT(w1.grams, ' ', w2.grams)";

async function fillReputation(admin: mysql.Connection, rows: number): Promise<void> {
	const host = "CONCAT(w1.word, '-', seq, '.', w2.word, '.example.org')";
	await inSteps(
		admin,
		rows,
		(range) =>
			`INSERT INTO indicator (id, type, value, host_key, created_at) SELECT ${id("i")}, ${TYPE_NUMBERS.domain}, ${host}, CONCAT('org.example.', w2.word, '.', w1.word, '-', seq), ${AT} FROM ${range} ${WORDS_JOIN}`,
	);
	await inSteps(
		admin,
		rows,
		(range) => `INSERT INTO sighting (id, indicator_id, source, type, seen_at, observed_at, present, listed, present_since, category, country, ports, digest)
			SELECT ${id("s")}, ${id("i")}, 1001 + ${skewed(4, 40)}, ${TYPE_NUMBERS.domain}, ${AT}, ${AT}, ${roll(5, 10)} < 6, ${roll(5, 10)} < 7, ${AT}, ${pick(6, CATEGORIES)}, ${pick(7, ["US", "DE", "CN", "RU", "NL", "FR", "JP", "BR"])}, IF(${roll(8, 5)} = 0, ${pick(9, ["443", "80", "22,443", "8080"])}, NULL), UNHEX(LEFT(MD5(seq), 16)) FROM ${range}`,
	);
	await inSteps(admin, rows, (range) => `INSERT INTO search_text (indicator_id, text, grams) SELECT ${id("i")}, ${host}, ${GRAMS} FROM ${range} ${WORDS_JOIN}`);
	await admin.query("INSERT INTO daily_count (tracker, source, day, records, indicators) SELECT 'reputation', source, DATE(seen_at), COUNT(*), COUNT(*) FROM sighting GROUP BY source, DATE(seen_at)");
}

async function fillThreat(admin: mysql.Connection, rows: number): Promise<void> {
	const events = Math.max(10, Math.round(rows / 200));
	await inSteps(
		admin,
		events,
		(
			range,
		) => `INSERT INTO threat_event (id, number, uuid, source, info, day, level, analysis, published, published_at, modified_at, orgc_id, org, orgc, tags, galaxies, related, attribute_count, object_count, digest, created_at, updated_at)
			SELECT ${id("e")}, seq, LOWER(CONCAT_WS('-', LEFT(MD5(seq), 8), MID(MD5(seq), 9, 4), '4abc', '8abc', RIGHT(MD5(seq), 12))), 1201 + ${skewed(4, 4)}, ${TEXT}, DATE(${AT}), 1 + ${roll(5, 4)}, ${roll(6, 3)}, 1, ${AT}, ${AT}, UNHEX(MD5(CONCAT('o', ${roll(7, 30)}))), NULL, CONCAT('Org ', ${roll(7, 30)}), '[]', '[]', '[]', 200, 0, UNHEX(LEFT(MD5(seq), 16)), ${AT}, ${AT} FROM ${range} ${WORDS_JOIN}`,
	);
	await admin.query("INSERT INTO threat_org (id, name) SELECT UNHEX(MD5(CONCAT('o', seq))), CONCAT('Org ', seq) FROM seq_0_to_29");
	await admin.query("INSERT INTO threat_tag (id, name) SELECT UNHEX(MD5(CONCAT('t', seq))), CONCAT('tag:', seq) FROM seq_0_to_49");
	await inSteps(admin, events, (range) => `INSERT INTO threat_event_tag (tag_id, event_id, published_at) SELECT UNHEX(MD5(CONCAT('t', ${skewed(8, 50)}))), ${id("e")}, ${AT} FROM ${range}`);
	await inSteps(admin, events, (range) => `INSERT INTO record_text (record_id, tracker, at, text, grams) SELECT ${id("e")}, 'threat', ${AT}, ${TEXT}, ${GRAMS} FROM ${range} ${WORDS_JOIN}`);
	const event = `UNHEX(MD5(CONCAT('e', 1 + ${skewed(10, events)})))`;
	const value = "CONCAT(w1.word, seq, '.', w2.word, '.example.net')";
	await inSteps(
		admin,
		rows,
		(range) => `INSERT INTO threat_attribute (event_id, id, number, type, category, value, value_key, to_ids, modified_at, deleted, digest)
			SELECT ${event}, ${id("a")}, seq, ${pick(5, ["domain", "ip-dst", "url", "sha256", "md5", "filename", "text"])}, ${pick(6, ["Network activity", "Payload delivery", "External analysis"])}, ${value}, UNHEX(LEFT(SHA2(LOWER(${value}), 256), 16)), ${roll(7, 5)} > 0, ${AT}, ${roll(8, 50)} = 0, UNHEX(LEFT(MD5(seq), 16)) FROM ${range} ${WORDS_JOIN}`,
	);
	await inSteps(admin, rows, (range) => `INSERT INTO threat_attribute_text (event_id, id, text, grams) SELECT ${event}, ${id("a")}, ${value}, ${GRAMS} FROM ${range} ${WORDS_JOIN}`);
	await rollUp(admin, "threat", "threat_event", "published_at");
}

async function rollUp(admin: mysql.Connection, tracker: string, table: string, time: string): Promise<void> {
	await admin.query(`INSERT INTO daily_count (tracker, source, day, records, indicators) SELECT '${tracker}', source, DATE(${time}), COUNT(*), 0 FROM ${table} GROUP BY source, DATE(${time})`);
}

/** What `record_text` and `mention` hold of a tracker whose records have one table. */
async function fillTexts(admin: mysql.Connection, tracker: string, kind: string, rows: number): Promise<void> {
	await inSteps(admin, rows, (range) => `INSERT INTO record_text (record_id, tracker, at, text, grams) SELECT ${id(kind)}, '${tracker}', ${AT}, ${TEXT}, ${GRAMS} FROM ${range} ${WORDS_JOIN}`);
}

const DIGEST = "UNHEX(LEFT(MD5(seq), 16))";

async function fillRecords(admin: mysql.Connection, rows: number): Promise<void> {
	await inSteps(
		admin,
		rows,
		(range) => `INSERT INTO exploit (id, source, external_id, title, published_at, text, platform, kind, verified, cves, tags, digest, created_at, updated_at)
			SELECT ${id("x")}, ${pick(4, ["1101", "1102", "1103", "1104"])}, seq, ${TEXT}, ${AT}, REPEAT('A line of code. ', 20), ${pick(5, ["windows", "linux", "php", "multiple", "hardware"])}, ${pick(6, ["remote", "local", "webapps", "dos"])}, ${roll(7, 3)} = 0, '[]', '[]', ${DIGEST}, ${AT}, ${AT} FROM ${range} ${WORDS_JOIN}`,
	);
	await inSteps(
		admin,
		rows,
		(range) => `INSERT INTO news (id, source, guid, title, published_at, is_dated, content, categories, source_title, source_url, story, is_lead, digest, created_at, updated_at)
			SELECT ${id("n")}, 1401 + ${skewed(4, 20)}, seq, ${TEXT}, ${AT}, 1, REPEAT('<p>Some sentence.</p>', 20), '[]', 'A feed', 'https://feed.example/', ${id("n")}, ${roll(5, 5)} > 0, ${DIGEST}, ${AT}, ${AT} FROM ${range} ${WORDS_JOIN}`,
	);
	await inSteps(
		admin,
		rows,
		(range) => `INSERT INTO tweet (id, source, tweet_id, text, published_at, user, screen_name, user_id, links, refers_to, digest, created_at, updated_at)
			SELECT ${id("w")}, 1301, seq, ${TEXT}, ${AT}, 'A name', CONCAT('name', ${skewed(4, 500)}), '1', '[]', '[]', ${DIGEST}, ${AT}, ${AT} FROM ${range} ${WORDS_JOIN}`,
	);
	await inSteps(
		admin,
		rows,
		(
			range,
		) => `INSERT INTO vuln (id, source, name, cve_id, kev_id, title, description, published_at, modified_at, score_tenths, severity, exploited_on, rejected, cves, cwes, cvss, products, refs, tags, digest, created_at, updated_at)
			SELECT ${id("v")}, ${pick(4, ["1501", "1501", "1501", "1502"])}, CONCAT('CVE-2025-', 10000 + seq), ${id("c")}, ${id("k")}, ${TEXT}, REPEAT('A flaw in a product. ', 10), ${AT}, ${AT} + INTERVAL ${roll(5, 90)} DAY, ${roll(6, 101)}, ${pick(7, ["CRITICAL", "HIGH", "MEDIUM", "LOW"])}, IF(${roll(8, 250)} = 0, DATE(${AT}), NULL), ${roll(9, 30)} = 0, '[]', '[]', '[]', '[]', '[]', '[]', ${DIGEST}, ${AT}, ${AT} FROM ${range} ${WORDS_JOIN}`,
	);
	await inSteps(admin, rows, (range) => `INSERT INTO epss (indicator_id, score, percentile, day) SELECT ${id("c")}, POW(${roll(10, 10_000)} / 10000, 4), 0.5, '2026-11-24' FROM ${range}`);
	await inSteps(
		admin,
		rows,
		(range) =>
			`INSERT INTO vuln_facet (kind, value, vuln_id) SELECT 'vendor', CONCAT('vendor', ${skewed(11, 2000)}), ${id("v")} FROM ${range} UNION ALL SELECT 'cwe', CONCAT('cwe-', ${skewed(12, 300)}), ${id("v")} FROM ${range} UNION ALL SELECT 'tag', ${pick(13, ["exploit-reference", "patch", "vendor-advisory"])}, ${id("v")} FROM ${range}`,
	);
	for (const [tracker, kind, table, time] of [
		["exploit", "x", "exploit", "published_at"],
		["news", "n", "news", "published_at"],
		["twitter", "w", "tweet", "published_at"],
		["vuln", "v", "vuln", "published_at"],
	] as const) {
		await fillTexts(admin, tracker, kind, rows);
		await rollUp(admin, tracker, table, time);
	}
}

/** Fills every tracker's tables of the schema `name`: `large` sightings and attributes, `small` records of each of the others. */
export async function fillEverything(admin: mysql.Connection, name: string, large: number, small: number, say: (text: string) => void): Promise<void> {
	await admin.query(`USE ${name}`);
	await fillWords(admin);
	for (const [what, work] of [
		["reputation", () => fillReputation(admin, large)],
		["threat", () => fillThreat(admin, large)],
		["the others", () => fillRecords(admin, small)],
	] as const) {
		const begun = performance.now();
		await work();
		say(`${what} filled in ${((performance.now() - begun) / 1000).toFixed(0)} s`);
	}
	const [tables] = await admin.query<mysql.RowDataPacket[]>(`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = '${name}'`);
	await admin.query(`ANALYZE TABLE ${tables.map((row) => `\`${String(row.name)}\``).join(", ")}`);
}
