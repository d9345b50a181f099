import { randomUUID } from "node:crypto";
import mysql, { type FieldPacket, type PoolConnection, type ResultSetHeader } from "mysql2/promise";
import { type Bridge, startBridge } from "./bridge-server";

/**
 * Speaks PlanetScale's HTTP protocol (`psdb.v1alpha1.Database`) in front of any MySQL, so that the HTTP driver is tested for
 * real: sessions with transactions, rows as lengths and base64, error numbers inside the message.
 */

const TYPES: Readonly<Record<number, string>> = {
	0: "DECIMAL",
	1: "INT8",
	2: "INT16",
	3: "INT32",
	4: "FLOAT32",
	5: "FLOAT64",
	7: "TIMESTAMP",
	8: "INT64",
	9: "INT24",
	10: "DATE",
	11: "TIME",
	12: "DATETIME",
	13: "YEAR",
	246: "DECIMAL",
	249: "BLOB",
	250: "BLOB",
	251: "BLOB",
	252: "BLOB",
	253: "VARCHAR",
	254: "CHAR",
};
const BINARY = 63;

interface Cell {
	buffer: () => Buffer | null;
}

function fieldsOf(packets: readonly FieldPacket[]) {
	return packets.map((packet) => {
		const charset = (packet as { characterSet?: number }).characterSet ?? BINARY;
		const type = TYPES[packet.columnType ?? 253] ?? "VARCHAR";
		return { name: packet.name, type: type === "BLOB" && charset !== BINARY ? "TEXT" : type, charset };
	});
}

function rowOf(cells: ReadonlyArray<Buffer | null>) {
	return {
		lengths: cells.map((cell) => (cell === null ? "-1" : String(cell.length))),
		values: Buffer.concat(cells.filter((cell) => cell !== null)).toString("base64"),
	};
}

function errorOf(error: unknown) {
	const { errno, sqlState, message } = error as { errno?: number; sqlState?: string; message?: string };
	return { code: "UNKNOWN", message: `target: test.-.primary: vttablet: rpc error: code = Unknown desc = ${message} (errno ${errno ?? 1105}) (sqlstate ${sqlState ?? "HY000"})` };
}

async function runQuery(connection: PoolConnection, query: string) {
	const [result, packets] = await connection.query({ sql: query, rowsAsArray: true, typeCast: (field: unknown) => (field as Cell).buffer() });
	if (!Array.isArray(result)) {
		const header = result as ResultSetHeader;
		return { rowsAffected: String(header.affectedRows), insertId: String(header.insertId) };
	}
	return { fields: fieldsOf(packets ?? []), rows: (result as unknown as Array<Array<Buffer | null>>).map(rowOf) };
}

/** Starts a bridge before the database of `url` (as for mysql2). Credentials are any. */
export async function startPlanetscaleBridge(url: string): Promise<Bridge> {
	const pool = mysql.createPool({ uri: url, timezone: "Z", charset: "utf8mb4_bin", flags: ["-FOUND_ROWS"], connectionLimit: 20 });
	pool.pool.on("connection", (connection) => {
		connection.query("SET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00'");
	});
	/** connections that hold an open transaction */
	const open = new Map<string, PoolConnection>();
	const answer = async ({ path, headers, body }: { path: string; headers: Record<string, unknown>; body: unknown }) => {
		if (!String(headers.authorization ?? "").startsWith("Basic ")) return { status: 401, body: { error: { code: "UNAUTHENTICATED", message: "no credentials" } } };
		const { query, session } = body as { query?: string; session?: { id: string } | null };
		const id = session?.id ?? randomUUID();
		if (path.endsWith("/CreateSession")) return { status: 200, body: { session: { id } } };
		if (!path.endsWith("/Execute") || query === undefined) return { status: 404, body: { error: { code: "NOT_FOUND", message: path } } };
		const command = query.trim().toUpperCase();
		const held = open.get(id);
		const connection = held ?? (await pool.getConnection());
		if (command === "BEGIN") open.set(id, connection);
		try {
			return { status: 200, body: { session: { id }, result: await runQuery(connection, query), timing: 0.001 } };
		} catch (error) {
			return { status: 200, body: { session: { id }, error: errorOf(error), result: null } };
		} finally {
			if (command === "COMMIT" || command === "ROLLBACK") open.delete(id);
			if (!open.has(id)) connection.release();
		}
	};
	return startBridge(answer, async () => {
		for (const connection of open.values()) connection.destroy();
		await pool.end();
	});
}
