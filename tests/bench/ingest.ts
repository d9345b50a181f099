import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mysql from "mysql2/promise";
import type { Database } from "@/lib/platform";
import { syntheticRows } from "./corpus";
import { writeFeed } from "./feed";
import { round } from "./random";
import { type BenchServer, benchServer } from "./server";

interface Child {
	seconds: number;
	/** seconds of the step of the job that took longest */
	longestStep: number;
	phases: Record<string, number>;
	idleMb: number;
	peakMb: number;
	state: string;
	read: number;
	new: number;
	updated: number;
	unchanged: number;
	setAside: number;
}

/** Rows of the one-INSERT-a-row path that are measured; it is far too slow for all of them. */
const SEED_ROWS = 20_000;

async function child(url: string, file: string): Promise<Child> {
	const process_ = spawn(process.execPath, ["--expose-gc", "--import", "tsx", join(import.meta.dirname, "ingest-child.ts"), url, file], { stdio: ["ignore", "pipe", "inherit"] });
	let out = "";
	process_.stdout.setEncoding("utf8").on("data", (text: string) => {
		out += text;
	});
	const [code] = (await once(process_, "close")) as [number];
	if (code !== 0) throw new Error(`the ingest ended with ${code}`);
	return JSON.parse(out.trim().split("\n").at(-1) ?? "{}") as Child;
}

function tsvCell(value: unknown): string {
	if (value === null || value === undefined) return "\\N";
	if (Buffer.isBuffer(value)) return value.toString("hex");
	if (value instanceof Date) return value.toISOString().replace("T", " ").replace("Z", "");
	return String(value).replaceAll("\\", "\\\\").replaceAll("\t", "\\t").replaceAll("\n", "\\n");
}

const BINARY = new Set(["id", "indicator_id", "ip_from", "ip_to", "digest"]);

/** Ready rows of a table as a TSV file; binary columns in hex. Returns the columns. */
async function exportTable(database: Database, table: string, path: string): Promise<string[]> {
	const columns = (
		await database.query<{ name: string }>(`SELECT column_name AS name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '${table}' ORDER BY ordinal_position`)
	).map(({ name }) => name);
	const key = table === "search_text" ? "indicator_id" : "id";
	const file = createWriteStream(path);
	let after: Buffer = Buffer.alloc(0);
	for (;;) {
		const rows = await database.query<Record<string, unknown>>(`SELECT * FROM ${table} ${after.length > 0 ? `WHERE ${key} > x'${after.toString("hex")}'` : ""} ORDER BY ${key} LIMIT 20000`);
		if (rows.length === 0) break;
		if (!file.write(`${rows.map((row) => columns.map((name) => tsvCell(row[name])).join("\t")).join("\n")}\n`)) await once(file, "drain");
		after = rows.at(-1)?.[key] as Buffer;
	}
	file.end();
	await once(file, "finish");
	return columns;
}

async function loadTable(connection: mysql.Connection, table: string, columns: readonly string[], path: string): Promise<void> {
	const isBinary = (name: string): boolean => BINARY.has(name);
	const targets = columns.map((name) => (isBinary(name) ? `@${name}` : `\`${name}\``)).join(",");
	const sets = columns
		.filter(isBinary)
		.map((name) => `\`${name}\` = UNHEX(@${name})`)
		.join(", ");
	await connection.query({
		sql: `LOAD DATA LOCAL INFILE '${table}' INTO TABLE ${table} CHARACTER SET utf8mb4 FIELDS TERMINATED BY '\\t' ESCAPED BY '\\\\' LINES TERMINATED BY '\\n' (${targets}) SET ${sets}`,
		infileStreamFactory: () => createReadStream(path),
	});
}

/** `LOAD DATA` of the very rows that are in the index, into the same tables with the same indexes. Seconds by table. */
async function loadData(server: BenchServer, from: Database, folder: string): Promise<Record<string, number>> {
	const tables = ["indicator", "sighting", "search_text"];
	const columns: Record<string, string[]> = {};
	for (const table of tables) columns[table] = await exportTable(from, table, join(folder, table));
	await server.database("bench_load");
	const connection = await mysql.createConnection({ uri: server.url("bench_load"), flags: ["+LOCAL_FILES"] });
	await connection.query("SET SESSION time_zone = '+00:00'");
	const seconds: Record<string, number> = {};
	for (const table of tables) {
		const begun = performance.now();
		await loadTable(connection, table, columns[table] ?? [], join(folder, table));
		seconds[table] = (performance.now() - begun) / 1000;
	}
	await connection.end();
	return seconds;
}

/** The original's path on a repeated feed: one INSERT a row, each its own commit, most of them refused as duplicates. */
async function seedPath(server: BenchServer, rows: number): Promise<number> {
	await server.admin.query("CREATE DATABASE bench_seed CHARACTER SET utf8mb4");
	const connection = await mysql.createConnection({ uri: server.url("bench_seed") });
	await connection.query(
		"CREATE TABLE reputation_blacklist (id varchar(32) PRIMARY KEY, ip varchar(39), url varchar(1000), domain varchar(1000), datetime datetime, description varchar(500), referrer varchar(200), source int, countrycode varchar(10), KEY (ip), KEY (domain(255)), KEY (url(255)), KEY (datetime))",
	);
	const chosen = [...syntheticRows(Math.min(rows, SEED_ROWS), 3)];
	const insert = (at: number, value: string, family: string) =>
		connection.execute("INSERT IGNORE INTO reputation_blacklist VALUES (MD5(?), ?, ?, ?, '2026-11-24 00:00:00', ?, '', 1001, 'US')", [`${at}${value}`, null, value.slice(0, 1000), "", family]);
	for (let at = 0; at < chosen.length; at++) await insert(at, chosen[at]?.value ?? "", chosen[at]?.family ?? "");
	const begun = performance.now();
	for (let at = 0; at < chosen.length; at++) await insert(at, chosen[at]?.value ?? "", chosen[at]?.family ?? "");
	const seconds = (performance.now() - begun) / 1000;
	await connection.end();
	return chosen.length / seconds;
}

/** From bytes to index: see docs/bench.md for what each figure means. */
export async function ingestBench(rows: number, say: (text: string) => void): Promise<Record<string, unknown>> {
	const folder = await mkdtemp(join(tmpdir(), "exist-bench-feed-"));
	const server = await benchServer();
	try {
		const feed = join(folder, "feed.csv");
		const again = join(folder, "again.csv");
		const bytes = await writeFeed(feed, syntheticRows(rows));
		await writeFeed(again, syntheticRows(rows), "# generated a moment later\n");
		say(`A synthetic feed of ${rows.toLocaleString("en")} rows, ${(bytes / 1e6).toFixed(0)} MB.`);
		const database = await server.database("bench_ingest");
		const url = server.url("bench_ingest");
		const first = await child(url, feed);
		say(`First reading: ${first.seconds.toFixed(1)} s, ${first.new.toLocaleString("en")} new, ${first.setAside} set aside. ${JSON.stringify(first.phases)}`);
		const same = await child(url, feed);
		say(`The same bytes again: ${same.seconds.toFixed(2)} s (${same.state}).`);
		const repeat = await child(url, again);
		say(`The same rows in other bytes: ${repeat.seconds.toFixed(1)} s, ${repeat.unchanged.toLocaleString("en")} unchanged. ${JSON.stringify(repeat.phases)}`);
		const load = await loadData(server, database, folder);
		say(`LOAD DATA of the same rows: ${JSON.stringify(load)}`);
		const seedRowsPerSecond = await seedPath(server, rows);
		say(`One INSERT a row, repeated: ${Math.round(seedRowsPerSecond)} rows/s.`);
		const loadSeconds = (load.indicator ?? 0) + (load.sighting ?? 0);
		const withText = loadSeconds + (load.search_text ?? 0);
		const indexSeconds = first.seconds - (first.phases.text ?? 0);
		const rowsPerSecond = rows / indexSeconds;
		return {
			bench: "ingest",
			rows,
			rowsPerSecond: Math.round(rowsPerSecond),
			loadDataRowsPerSecond: Math.round(rows / loadSeconds),
			ratioToLoadData: round(loadSeconds / indexSeconds),
			repeatSpeedup: round(first.seconds / same.seconds, 1),
			changedBytesSpeedup: round(first.seconds / repeat.seconds, 1),
			seedRowsPerSecond: Math.round(seedRowsPerSecond),
			timesSeed: round(rowsPerSecond / seedRowsPerSecond, 1),
			repeatTimesSeed: { sameBytes: round(rows / same.seconds / seedRowsPerSecond, 1), otherBytes: round(rows / repeat.seconds / seedRowsPerSecond, 1) },
			longestStepSeconds: round(Math.max(first.longestStep, repeat.longestStep)),
			peakRssMbOverIdle: Math.round(Math.max(first.peakMb - first.idleMb, repeat.peakMb - repeat.idleMb)),
			withTextIndex: { rowsPerSecond: Math.round(rows / first.seconds), loadDataRowsPerSecond: Math.round(rows / withText), ratio: round(withText / first.seconds) },
			seconds: { first: round(first.seconds), sameBytes: round(same.seconds), otherBytes: round(repeat.seconds), phases: first.phases, otherBytesPhases: repeat.phases },
		};
	} finally {
		await server.stop();
		await rm(folder, { recursive: true, force: true });
	}
}
