import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import mysql, { type Connection, type FieldPacket, type RowDataPacket } from "mysql2/promise";
import { ExistError } from "@/lib/errors";
import { SuspectBody, unpack } from "@/lib/net";
import { readDump } from "./dump/read-dump";
import { BrokenDump } from "./dump/tokens";
import type { SeedStage } from "./stage";
import { SEED_TABLES } from "./tables";

export interface SeedProgress {
	/** what is being done: `reading`, or the tracker that is written */
	phase: string;
	/** bytes of the file, or rows */
	done: number;
	/** 0 where it is not known */
	total: number;
	/** rows so far */
	rows: number;
}

export interface ReadingContext {
	stage: SeedStage;
	/** a row, or a statement of rows, that cannot be read */
	bad: (table: string, where: string, reason: string) => void;
	/** a table that is not the original's */
	other: (table: string, rows: number) => void;
	progress: (progress: SeedProgress) => void;
}

/** Unpacked bytes of one dump. A disk that holds an installation's dump holds this too. */
const MAX_UNPACKED = 1024 * 1024 * 1024 * 1024;
const PAGE = 2000;

/** Puts the rows of a dump down. Throws `invalid` where the file is no dump or ends too early. */
export async function readSeedFile(path: string, context: ReadingContext): Promise<void> {
	const total = await stat(path).then(
		(info) => (info.isFile() ? info.size : -1),
		() => -1,
	);
	if (total < 0) throw new ExistError("invalid", `The file ${path} cannot be read. Name a dump of the original's database.`, { field: "file" });
	const file = createReadStream(path, { highWaterMark: 1024 * 1024 });
	let rows = 0;
	try {
		for await (const events of readDump(unpack(file, { name: path, maxBytes: MAX_UNPACKED, maxRatio: 2000 }))) {
			for (const event of events) {
				if (event.kind === "table") continue;
				rows++;
				const where = `${event.table} row ${event.number}`;
				if (event.kind === "bad") {
					if (SEED_TABLES[event.table] !== undefined) context.bad(event.table, where, event.reason);
					else context.other(event.table, 1);
				} else if (event.columns === null) {
					if (SEED_TABLES[event.table] === undefined) context.other(event.table, 1);
					else context.bad(event.table, where, "the dump does not say which columns its values belong to (dump it with the tables' definitions)");
				} else add(context, event.table, event.columns, event.values, where);
			}
			context.progress({ phase: "reading", done: file.bytesRead, total, rows });
		}
	} catch (error) {
		if (error instanceof BrokenDump || error instanceof SuspectBody) {
			throw new ExistError("invalid", `The file ${path} cannot be imported: ${error.message.replace(/\.$/, "")}. Nothing was changed.`, { field: "file" });
		}
		throw error;
	} finally {
		file.destroy();
	}
}

function add(context: ReadingContext, table: string, columns: readonly string[], values: ReadonlyArray<string | Buffer | null>, where: string): void {
	try {
		if (!context.stage.add(table, columns, values)) context.other(table, 1);
	} catch (error) {
		if (!(error instanceof TypeError)) throw error;
		context.bad(table, where, error.message);
	}
}

function unreachable(url: URL, error: unknown): ExistError {
	const code = String((error as { code?: unknown }).code ?? "no answer");
	return new ExistError("unavailable", `The database ${url.pathname.slice(1)} at ${url.host} cannot be read (${code}). Nothing was changed.`);
}

async function readTable(connection: Connection, name: string, context: ReadingContext, before: number): Promise<number> {
	const key = SEED_TABLES[name]?.key ?? "id";
	const quoted = `\`${name}\``;
	let last: string | null = null;
	let rows = before;
	for (;;) {
		const [page, fields]: [RowDataPacket[][], FieldPacket[]] = await connection.query<RowDataPacket[][]>({
			sql: `SELECT * FROM ${quoted} ${last === null ? "" : `WHERE \`${key}\` > ?`} ORDER BY \`${key}\` LIMIT ${PAGE}`,
			...(last === null ? {} : { values: [last] }),
			rowsAsArray: true,
		});
		const columns = fields.map((field) => field.name);
		const at = columns.indexOf(key);
		if (at < 0) {
			context.bad(name, name, `the table has no column ${key}`);
			return rows;
		}
		for (const values of page as unknown as Array<Array<string | null>>) add(context, name, columns, values, `${name} ${values[at] ?? ""}`);
		rows += page.length;
		context.progress({ phase: "reading", done: rows, total: 0, rows });
		last = (page.at(-1) as unknown as Array<string | null> | undefined)?.[at] ?? null;
		if (page.length < PAGE || last === null) return rows;
	}
}

/** Puts the rows of a live database down: one snapshot, read only, page by page. Throws `unavailable` where it cannot be reached. */
export async function readSeedDatabase(address: string, context: ReadingContext): Promise<void> {
	if (!/^mysql:\/\//.test(address) || !URL.canParse(address))
		throw new ExistError("invalid", "The address of the original's database has the form mysql://user:password@host:3306/intelligence_db.", { field: "databaseUrl" });
	const url = new URL(address);
	let connection: Connection;
	try {
		connection = await mysql.createConnection({
			uri: address,
			charset: "utf8mb4_bin",
			dateStrings: true,
			supportBigNumbers: true,
			bigNumberStrings: true,
			typeCast: (field) => field.string("utf8"),
			...(url.searchParams.has("socketPath") ? { socketPath: url.searchParams.get("socketPath") as string } : {}),
		});
	} catch (error) {
		throw unreachable(url, error);
	}
	try {
		await connection.query("SET SESSION time_zone = '+00:00'");
		await connection.query("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
		await connection.query("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
		const [tables] = await connection.query<RowDataPacket[]>("SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name");
		let rows = 0;
		for (const { name } of tables) {
			if (SEED_TABLES[String(name)] !== undefined) rows = await readTable(connection, String(name), context, rows);
			else context.other(String(name), 0);
		}
	} catch (error) {
		if (error instanceof Error && "errno" in error) throw unreachable(url, error);
		throw error;
	} finally {
		await connection.end().catch(() => connection.destroy());
	}
}
