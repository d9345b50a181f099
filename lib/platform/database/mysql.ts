import { setTimeout as sleep } from "node:timers/promises";
import { drizzle } from "drizzle-orm/mysql2";
import mysql, { type Pool, type PoolConnection, type ResultSetHeader, type RowDataPacket } from "mysql2/promise";
import * as schema from "@/drizzle/schema";
import { explained, wasUndone, worthRepeating } from "./errors";
import type { Database, Drizzle, Queryable } from "./types";

const ATTEMPTS = 5;

/** Waits a little longer, and a little differently, before every further attempt. */
export function jitter(attempt: number): Promise<void> {
	return sleep(20 * 2 ** attempt + Math.random() * 30);
}

/** Does a statement that stands alone, and does it again where the database has undone it for the sake of others. */
export async function repeated<T>(statement: () => Promise<T>): Promise<T> {
	for (let turn = 0; ; turn++) {
		try {
			return await statement();
		} catch (error) {
			if (turn + 1 >= ATTEMPTS || !wasUndone(error)) throw explained(error);
			await jitter(turn);
		}
	}
}

function queryable(runner: Pool | PoolConnection): Queryable {
	// Without `values: null` mysql2 looks for placeholders in every character of the text; there are none in ours.
	const plain = (sql: string) => ({ sql, values: null });
	return {
		// mysql2's drizzle driver takes a pool or one of its connections; both answer the same calls.
		db: drizzle(runner as Pool, { schema, mode: "planetscale" }) as unknown as Drizzle,
		async query<T>(text: string): Promise<T[]> {
			const [rows] = await runner.query<RowDataPacket[]>(plain(text));
			return rows as T[];
		},
		async execute(text: string) {
			const [header] = await runner.query<ResultSetHeader>(plain(text));
			return { affected: header.affectedRows };
		},
	};
}

async function attempt<T>(pool: Pool, work: (tx: Queryable) => Promise<T>, state: { committing: boolean }): Promise<T> {
	const connection = await pool.getConnection();
	let broken = false;
	try {
		await connection.query("START TRANSACTION");
		const result = await work(queryable(connection));
		state.committing = true;
		await connection.query("COMMIT");
		return result;
	} catch (error) {
		await connection.query("ROLLBACK").catch(() => {
			broken = true;
		});
		throw error;
	} finally {
		if (broken) connection.destroy();
		else connection.release();
	}
}

/**
 * Any MySQL 8+ or MariaDB 10.11+ by `mysql2`. `url`: `mysql://user:password@host:port/name`, or with `?socketPath=…` for
 * a unix socket. Times are UTC; `affectedRows` counts changed rows as the HTTP driver does.
 */
export function mysqlDatabase(url: string, options: { connections?: number } = {}): Database {
	const pool = mysql.createPool({
		uri: url,
		timezone: "Z",
		charset: "utf8mb4_bin",
		supportBigNumbers: true,
		bigNumberStrings: false,
		dateStrings: ["DATE"],
		flags: ["-FOUND_ROWS"],
		connectionLimit: options.connections ?? 8,
		maxIdle: 4,
		idleTimeout: 60_000,
		connectTimeout: 10_000,
		enableKeepAlive: true,
	});
	pool.pool.on("connection", (connection) => {
		// Strict mode and UTC whatever the server's defaults are; nothing is ever cut to fit a column.
		connection.query("SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO', time_zone = '+00:00', innodb_lock_wait_timeout = 20");
	});
	const outside = queryable(pool);
	const told = <T>(promise: Promise<T>): Promise<T> =>
		promise.catch((error: unknown) => {
			throw explained(error);
		});
	return {
		kind: "mysql2",
		db: outside.db,
		query: (text) => told(outside.query(text)),
		execute: (text) => repeated(() => outside.execute(text)),
		async transaction(work) {
			for (let turn = 0; ; turn++) {
				const state = { committing: false };
				try {
					return await attempt(pool, work, state);
				} catch (error) {
					// After COMMIT was sent nobody knows whether it counted: the caller's own key decides, not a blind repeat.
					if (state.committing || turn + 1 >= ATTEMPTS || !worthRepeating(error)) throw explained(error);
					await jitter(turn);
				}
			}
		},
		// Goodbye to a server that is gone fails; what mattered failed before.
		close: () => pool.end().catch(() => {}),
	};
}
