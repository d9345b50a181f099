import { randomBytes } from "node:crypto";
import mysql from "mysql2/promise";
import { migrateDatabase } from "@/lib/platform/database/migrate";
import { mysqlDatabase } from "@/lib/platform/database/mysql";
import { planetscaleDatabase } from "@/lib/platform/database/planetscale";
import type { Database } from "@/lib/platform/database/types";
import { startPlanetscaleBridge } from "./planetscale-bridge";

export type DriverName = "mysql2" | "planetscale";
export const DRIVERS: readonly DriverName[] = ["mysql2", "planetscale"];

export interface TestDatabase {
	database: Database;
	/** for other processes */
	url: string;
	name: string;
	/** empties every table but the record of migrations */
	clear: () => Promise<void>;
	drop: () => Promise<void>;
}

function serverUrl(): string {
	const url = process.env.EXIST_TEST_DATABASE;
	if (url === undefined || url === "") throw new Error("EXIST_TEST_DATABASE is not set: run the tests by `npm test`, which starts a private server.");
	return url;
}

function withDatabase(url: string, name: string): string {
	const changed = new URL(url);
	changed.pathname = `/${name}`;
	return changed.href;
}

/** A schema of its own, migrated, over the driver asked for. */
export async function freshDatabase(driver: DriverName = "mysql2", options: { migrated?: boolean } = {}): Promise<TestDatabase> {
	const server = serverUrl();
	const name = `exist_test_${process.pid}_${randomBytes(5).toString("hex")}`;
	const admin = await mysql.createConnection({ uri: server });
	await admin.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
	const url = withDatabase(server, name);
	const bridge = driver === "planetscale" ? await startPlanetscaleBridge(url) : null;
	const database = bridge === null ? mysqlDatabase(url) : planetscaleDatabase({ url: bridge.url.replace("http://", "http://user:password@") });
	if (options.migrated !== false) await migrateDatabase(database);
	return {
		database,
		url,
		name,
		clear: async () => {
			const [rows] = await admin.query<mysql.RowDataPacket[]>(`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = '${name}' AND table_name <> 'schema_migration'`);
			for (const row of rows) await admin.query(`TRUNCATE TABLE ${name}.\`${String(row.name)}\``);
		},
		drop: async () => {
			await database.close();
			await bridge?.stop();
			await admin.query(`DROP DATABASE IF EXISTS ${name}`);
			await admin.end();
		},
	};
}
