import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mysql from "mysql2/promise";
import type { Database } from "@/lib/platform";
import { migrateDatabase } from "@/lib/platform/database/migrate";
import { mysqlDatabase } from "@/lib/platform/database/mysql";
import { startMariadb } from "../../lib/setup/mariadb.mjs";

export interface BenchServer {
	url: (name: string) => string;
	/** a new, migrated schema */
	database: (name: string) => Promise<Database>;
	admin: mysql.Connection;
	stop: () => Promise<void>;
}

/** A private MariaDB with durable commits (flushed at every commit) and a 2 GB buffer pool, gone afterwards. */
export async function benchServer(): Promise<BenchServer> {
	const folder = await mkdtemp(join(tmpdir(), "exist-bench-"));
	const server = (await startMariadb(join(folder, "data"), { bufferPoolMb: 2048, durable: true })) as { url: (name: string) => string; stop: () => Promise<void> };
	const admin = await mysql.createConnection({ uri: server.url("mysql"), flags: ["+LOCAL_FILES"] });
	await admin.query("SET GLOBAL local_infile = 1");
	const open: Database[] = [];
	return {
		url: server.url,
		admin,
		database: async (name) => {
			await admin.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
			const database = mysqlDatabase(server.url(name));
			await migrateDatabase(database);
			open.push(database);
			return database;
		},
		stop: async () => {
			for (const database of open) await database.close();
			await admin.end();
			await server.stop();
			await rm(folder, { recursive: true, force: true });
		},
	};
}
