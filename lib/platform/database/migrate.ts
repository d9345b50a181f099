import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ExistError } from "@/lib/errors";
import { lit } from "../sql-literal";
import { errorNumber } from "./errors";
import type { Database } from "./types";

interface Journal {
	entries: Array<{ idx: number; tag: string; when: number }>;
}

/** "Exists already": a statement that a killed migration had finished (DDL is not transactional). */
const ALREADY_DONE: ReadonlySet<number> = new Set([1050, 1060, 1061, 1091]);

/**
 * Brings the database to the committed migrations (`drizzle/migrations`), whichever driver. Statements are noted one by one,
 * so a migration that was killed half-way is finished by the next start. Two processes at once wait for each other.
 */
export async function migrateDatabase(database: Database, folder = join(process.cwd(), "drizzle/migrations")): Promise<number> {
	await checkServer(database);
	await database.execute(
		"CREATE TABLE IF NOT EXISTS schema_migration (tag varchar(128) character set ascii collate ascii_bin NOT NULL, statement int NOT NULL, digest binary(32) NOT NULL, done_at datetime(3) NOT NULL, PRIMARY KEY (tag, statement))",
	);
	const journal = JSON.parse(await readFile(join(folder, "meta/_journal.json"), "utf8")) as Journal;
	const rows = await database.query<{ tag: string; statement: number; digest: Buffer }>("SELECT tag, statement, digest FROM schema_migration");
	const done = new Map(rows.map((row) => [`${row.tag}#${row.statement}`, row.digest]));
	let ran = 0;
	for (const { tag } of [...journal.entries].sort((a, b) => a.idx - b.idx)) {
		const statements = (await readFile(join(folder, `${tag}.sql`), "utf8")).split("--> statement-breakpoint");
		for (const [at, statement] of statements.entries()) {
			const text = statement.trim();
			const digest = createHash("sha256").update(text).digest();
			const before = done.get(`${tag}#${at}`);
			if (before !== undefined) {
				if (before.equals(digest)) continue;
				throw new ExistError("unavailable", `Migration ${tag} (statement ${at + 1}) was changed after it ran here. Restore the released file, or start with an empty database.`);
			}
			await runStatement(database, text);
			await database.execute(
				`INSERT INTO schema_migration (tag, statement, digest, done_at) VALUES (${lit(tag)},${at},${lit(digest)},${lit(new Date())}) ON DUPLICATE KEY UPDATE digest = VALUES(digest)`,
			);
			ran++;
		}
	}
	return ran;
}

async function runStatement(database: Database, text: string): Promise<void> {
	if (text.replace(/^--.*$/gm, "").trim() === "") return;
	try {
		await database.execute(text);
	} catch (error) {
		const number = errorNumber(error);
		if (number === null || !ALREADY_DONE.has(number)) throw error;
	}
}

/** Refuses servers whose default character set would garble text before anything is stored. */
async function checkServer(database: Database): Promise<void> {
	const rows = await database.query<{ version: string; charset: string }>("SELECT VERSION() AS version, @@character_set_database AS charset");
	const { version = "", charset = "" } = rows[0] ?? {};
	if (charset !== "utf8mb4" && database.kind === "mysql2") {
		throw new ExistError("unavailable", `The database's character set is ${charset}; EXIST needs utf8mb4: ALTER DATABASE … CHARACTER SET utf8mb4 COLLATE utf8mb4_bin.`);
	}
	const major = Number.parseInt(version, 10);
	if (major < 8) throw new ExistError("unavailable", `The database is version ${version}; EXIST needs MySQL 8 or MariaDB 10.11 and later.`);
}
