import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mysql from "mysql2/promise";
import { canonicaliseFeed } from "@/lib/domain/canonical";
import { registrableDomain } from "@/lib/domain/host";
import type { Database } from "@/lib/platform";
import { crossSearch } from "@/lib/search";
import { type CorpusRow, corpus } from "./corpus";
import { indexed, withHashesAndBlocks } from "./indexed";
import { percentile, round, seeded } from "./random";
import { type BenchServer, benchServer } from "./server";

/** Questions of each kind that are asked; the original's plan is far too slow for as many. */
const QUESTIONS = 300;
const SEED_QUESTIONS = 8;
const WARM_UP = 40;
const EXACT = ["ip", "ipInBlock", "domain", "url", "hash"] as const;
const KINDS = [...EXACT, "words", "substring"] as const;
type Kind = (typeof KINDS)[number];

interface Measured {
	p50Ms: number;
	p95Ms: number;
	maxMs: number;
	found: number;
}

/** The original's table with the same rows: a column for each kind, no index that `LIKE '%…%'` could use. */
export async function fillSeed(server: BenchServer, rows: readonly CorpusRow[], folder: string): Promise<mysql.Connection> {
	await server.admin.query("CREATE DATABASE bench_like CHARACTER SET utf8mb4");
	const connection = await mysql.createConnection({ uri: server.url("bench_like"), flags: ["+LOCAL_FILES"] });
	await connection.query(
		"CREATE TABLE reputation_blacklist (id varchar(32) PRIMARY KEY, ip varchar(39), url varchar(1000), domain varchar(1000), datetime datetime, description varchar(500), referrer varchar(200), source int, countrycode varchar(10))",
	);
	const lines = rows.map(({ value, family }, at) => {
		const isUrl = value.includes("://");
		const isAddress = /^\d+\.\d+\.\d+\.\d+/.test(value);
		const id = createHash("md5").update(`${at}`).digest("hex");
		const clean = value.replace(/[\t\\\n]/g, " ").slice(0, 1000);
		return [id, isAddress ? clean.slice(0, 39) : "\\N", isUrl ? clean : "", isUrl || isAddress ? "" : clean, "2026-11-24 00:00:00", family, "", 1001, ""].join("\t");
	});
	const path = join(folder, "seed.tsv");
	await writeFile(path, `${lines.join("\n")}\n`);
	await connection.query({ sql: "LOAD DATA LOCAL INFILE 'seed' INTO TABLE reputation_blacklist", infileStreamFactory: () => createReadStream(path) });
	return connection;
}

function sample(rows: readonly CorpusRow[], count: number, pick: (value: string, family: string) => string | null): string[] {
	const random = seeded(11);
	const found: string[] = [];
	for (let turn = 0; found.length < count && turn < count * 400; turn++) {
		const row = rows[Math.floor(random() * rows.length)] as CorpusRow;
		const text = pick(row.value, row.family);
		if (text !== null) found.push(text);
	}
	return found;
}

function canonicalOf(value: string, ...types: string[]): string | null {
	const result = canonicaliseFeed(value);
	return result.ok && types.includes(result.indicator.type) ? result.indicator.value : null;
}

/** Inside a label of a host, from its third letter on: what no index over beginnings finds. */
function insideLabel(value: string): string | null {
	const label = value.replace(/^[a-z]+:\/\//, "").split(/[./:]/)[0] ?? "";
	return label.length < 9 || !/^[a-z]+$/.test(label) ? null : label.slice(2, 7);
}

function questions(rows: readonly CorpusRow[]): Record<Kind, string[]> {
	return {
		ip: sample(rows, QUESTIONS, (value) => canonicalOf(value, "ipv4")),
		ipInBlock: sample(rows, QUESTIONS, (value) => (value.endsWith(".0/24") ? value.replace(".0/24", ".77") : null)),
		domain: sample(rows, QUESTIONS, (value) => {
			const host = canonicalOf(value, "domain");
			return host === null ? null : registrableDomain(host);
		}),
		url: sample(rows, QUESTIONS, (value) => canonicalOf(value, "url")),
		hash: sample(rows, QUESTIONS, (value) => canonicalOf(value, "md5", "sha1", "sha256")),
		words: sample(rows, QUESTIONS, (value, family) => {
			const label = insideLabel(value);
			return label === null || family === "" ? null : `${label} ${family}`;
		}),
		substring: sample(rows, QUESTIONS, insideLabel),
	};
}

async function measure(database: Database, texts: readonly string[]): Promise<Measured> {
	const times: number[] = [];
	let found = 0;
	for (const text of texts.slice(0, WARM_UP)) await crossSearch(text, { limit: 50 }, database);
	for (const text of texts) {
		const begun = performance.now();
		const result = await crossSearch(text, { limit: 50 }, database);
		times.push(performance.now() - begun);
		if (result.groups.length > 0) found++;
	}
	return { p50Ms: round(percentile(times, 0.5)), p95Ms: round(percentile(times, 0.95)), maxMs: round(Math.max(...times)), found: round(found / Math.max(1, texts.length)) };
}

/** Count and newest fifty by the original's filter, over its own table. */
async function measureSeed(connection: mysql.Connection, texts: readonly string[]): Promise<number[]> {
	const times: number[] = [];
	for (const text of texts.slice(0, SEED_QUESTIONS)) {
		const pattern = `%${text.replace(/[\\%_]/g, "\\$&")}%`;
		const where = "WHERE ip LIKE ? OR domain LIKE ? OR url LIKE ? OR description LIKE ?";
		const values = [pattern, pattern, pattern, pattern];
		const begun = performance.now();
		await connection.query(`SELECT COUNT(*) FROM reputation_blacklist ${where}`, values);
		await connection.query(`SELECT * FROM reputation_blacklist ${where} ORDER BY datetime DESC LIMIT 50`, values);
		times.push(performance.now() - begun);
	}
	return times;
}

async function measureAll(database: Database, asked: Record<Kind, string[]>): Promise<Record<Kind, Measured>> {
	const details = {} as Record<Kind, Measured>;
	for (const kind of KINDS) details[kind] = await measure(database, asked[kind]);
	return details;
}

function worst(details: Record<Kind, Measured>): number {
	return Math.max(...EXACT.map((kind) => details[kind].p95Ms));
}

/** Every kind of question over `rows` indicators and over a tenth of them, beside the original's `LIKE` on the same rows. */
export async function searchBench(rows: number, say: (text: string) => void): Promise<Record<string, unknown>> {
	const folder = await mkdtemp(join(tmpdir(), "exist-bench-search-"));
	const server = await benchServer();
	try {
		const source = await corpus(rows);
		const all = withHashesAndBlocks(source.rows);
		say(`${all.length.toLocaleString("en")} indicators, ${source.real ? "real" : "synthetic"}.`);
		const tenth = all.filter((_, at) => at % 10 === 0 || at % 20 === 7).slice(0, Math.round(all.length / 10));
		const small = await indexed(server, "bench_small", tenth, folder);
		const smallDetails = await measureAll(small, questions(tenth));
		say(`A tenth: ${JSON.stringify(smallDetails)}`);
		const large = await indexed(server, "bench_large", all, folder);
		const asked = questions(all);
		const details = await measureAll(large, asked);
		say(`All: ${JSON.stringify(details)}`);
		const seed = await fillSeed(server, all, folder);
		const seedTimes: number[] = [];
		for (const kind of EXACT) seedTimes.push(...(await measureSeed(seed, asked[kind])));
		await seed.end();
		const exactP95Ms = worst(details);
		const seedLikeP95Ms = round(percentile(seedTimes, 0.95), 1);
		return {
			bench: "search",
			rows: all.length,
			real: source.real,
			exactP95Ms,
			wordsP95Ms: details.words.p95Ms,
			substringP95Ms: details.substring.p95Ms,
			seedLikeP95Ms,
			speedup: round(seedLikeP95Ms / exactP95Ms, 0),
			growth: round(exactP95Ms / worst(smallDetails)),
			details,
			tenth: smallDetails,
		};
	} finally {
		await server.stop();
		await rm(folder, { recursive: true, force: true });
	}
}
