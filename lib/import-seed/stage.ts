import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { DumpValue } from "./dump/values";
import { SEED_TABLES } from "./tables";

/** A row of the original: text or null by column; a column that the original's release did not have is null. */
export type SeedRow = Readonly<Record<string, string | null>>;

export interface TableCounts {
	/** rows that were read */
	read: number;
	/** distinct rows by key: those that can be imported */
	kept: number;
	/** rows that repeat a key; the last one counts */
	repeated: number;
	/** rows that could not be read, with the first reasons */
	unreadable: number;
}

function quoted(name: string): string {
	return `"${name.replaceAll('"', '""')}"`;
}

function textOf(value: DumpValue | undefined): string | null {
	if (value === undefined || value === null) return null;
	return typeof value === "string" ? value : value.toString("utf8");
}

/**
 * The original's rows on their way: a file of our own beside the dump or the live database. Rows of a dump come in the order of
 * its tables while an event wants its attributes, so they are put down once and then read by key, in the memory of one page.
 */
export class SeedStage {
	readonly #folder: string;
	readonly #db: DatabaseSync;
	readonly #inserts = new Map<string, StatementSync>();
	readonly #read = new Map<string, number>();
	readonly #unreadable = new Map<string, number>();
	readonly #statements = new Map<string, StatementSync>();
	#open = 0;

	private constructor(folder: string) {
		this.#folder = folder;
		this.#db = new DatabaseSync(join(folder, "seed.sqlite"));
		// A file that nobody reads after us needs no safety.
		this.#db.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32000;");
		for (const [name, table] of Object.entries(SEED_TABLES)) {
			this.#db.exec(`CREATE TABLE ${quoted(name)} (${table.columns.map((column) => `${quoted(column)} TEXT`).join(", ")}, PRIMARY KEY (${quoted(table.key)})) WITHOUT ROWID`);
		}
		this.#db.exec("CREATE TABLE listing (sighting BLOB, indicator BLOB, source INTEGER, seed TEXT, at INTEGER, data TEXT, main INTEGER, PRIMARY KEY (sighting, at, seed, main)) WITHOUT ROWID");
	}

	static async open(): Promise<SeedStage> {
		return new SeedStage(await mkdtemp(join(tmpdir(), "exist-seed-")));
	}

	async close(): Promise<void> {
		this.#statements.clear();
		this.#inserts.clear();
		this.#db.close();
		await rm(this.#folder, { recursive: true, force: true });
	}

	#prepared(sql: string): StatementSync {
		let statement = this.#statements.get(sql);
		if (statement === undefined) {
			statement = this.#db.prepare(sql);
			this.#statements.set(sql, statement);
		}
		return statement;
	}

	/** Puts a row down. False where its table is none of the original's. Throws where the key is missing. */
	add(name: string, columns: readonly string[], values: readonly DumpValue[]): boolean {
		const table = SEED_TABLES[name];
		if (table === undefined) return false;
		this.#read.set(name, (this.#read.get(name) ?? 0) + 1);
		const at = new Map(columns.map((column, index) => [column.toLowerCase(), index]));
		const row = table.columns.map((column) => textOf(values[at.get(column) ?? -1]));
		if (row[table.columns.indexOf(table.key)] === null) throw new TypeError(`it has no ${table.key}`);
		this.#begin();
		let insert = this.#inserts.get(name);
		if (insert === undefined) {
			insert = this.#db.prepare(`INSERT OR REPLACE INTO ${quoted(name)} VALUES (${table.columns.map(() => "?").join(",")})`);
			this.#inserts.set(name, insert);
		}
		insert.run(...row);
		return true;
	}

	/** Counts a row that could not be read. */
	unreadable(name: string): void {
		this.#read.set(name, (this.#read.get(name) ?? 0) + 1);
		this.#unreadable.set(name, (this.#unreadable.get(name) ?? 0) + 1);
	}

	#begin(): void {
		if (this.#open === 0) this.#db.exec("BEGIN");
		if (++this.#open >= 20_000) this.#commit();
	}

	#commit(): void {
		if (this.#open > 0) this.#db.exec("COMMIT");
		this.#open = 0;
	}

	/** Everything is there: makes the look-up indexes. */
	finish(): void {
		this.#commit();
		for (const [name, { indexes }] of Object.entries(SEED_TABLES)) {
			for (const column of indexes ?? []) this.#db.exec(`CREATE INDEX ${quoted(`${name}_${column}`)} ON ${quoted(name)} (${quoted(column)})`);
		}
	}

	counts(name: string): TableCounts {
		const kept = Number((this.#prepared(`SELECT COUNT(*) AS n FROM ${quoted(name)}`).get() as { n: number }).n);
		const read = this.#read.get(name) ?? 0;
		const unreadable = this.#unreadable.get(name) ?? 0;
		return { read, kept, repeated: read - unreadable - kept, unreadable };
	}

	/** Rows of a table in the order of their keys, page by page. */
	*pages(name: string, size = 500): Generator<SeedRow[]> {
		const { key } = SEED_TABLES[name] as { key: string };
		const first = this.#prepared(`SELECT * FROM ${quoted(name)} ORDER BY ${quoted(key)} LIMIT ${size}`);
		const next = this.#prepared(`SELECT * FROM ${quoted(name)} WHERE ${quoted(key)} > ? ORDER BY ${quoted(key)} LIMIT ${size}`);
		let rows = first.all() as SeedRow[];
		while (rows.length > 0) {
			yield rows;
			rows = next.all(rows.at(-1)?.[key] as string) as SeedRow[];
		}
	}

	/** Rows whose column has this value, in the order of their keys. */
	by(name: string, column: string, value: string): SeedRow[] {
		const { key } = SEED_TABLES[name] as { key: string };
		return this.#prepared(`SELECT * FROM ${quoted(name)} WHERE ${quoted(column)} = ? ORDER BY CAST(${quoted(key)} AS INTEGER), ${quoted(key)}`).all(value) as SeedRow[];
	}

	one(name: string, key: string | null | undefined): SeedRow | null {
		if (key === null || key === undefined) return null;
		return (this.#prepared(`SELECT * FROM ${quoted(name)} WHERE ${quoted((SEED_TABLES[name] as { key: string }).key)} = ?`).get(key) as SeedRow | undefined) ?? null;
	}

	/** Rows that a many-to-many table leads to. */
	linked(link: string, from: string, value: string, to: string, name: string): SeedRow[] {
		return this.by(link, from, value).flatMap((row) => {
			const found = this.one(name, row[to]);
			return found === null ? [] : [found];
		});
	}

	/** How many rows name a row of another table that is not there, and the first of them. */
	orphans(name: string, column: string, parent: string): { count: number; first: string } {
		const { key } = SEED_TABLES[name] as { key: string };
		const parentKey = (SEED_TABLES[parent] as { key: string }).key;
		const sql = `SELECT COUNT(*) AS n, MIN(${quoted(key)}) AS first FROM ${quoted(name)} WHERE ${quoted(column)} IS NULL OR ${quoted(column)} NOT IN (SELECT ${quoted(parentKey)} FROM ${quoted(parent)})`;
		const row = this.#prepared(sql).get() as { n: number; first: string | null };
		return { count: Number(row.n), first: row.first ?? "" };
	}

	/** One value that a row of the reputation list gave. */
	addListing(listing: Listing): void {
		this.#begin();
		this.#prepared("INSERT OR IGNORE INTO listing VALUES (?,?,?,?,?,?,?)").run(listing.sighting, listing.indicator, listing.source, listing.seed, listing.at, listing.data, listing.main ? 1 : 0);
	}

	/** Listings, those of one sighting together and the oldest first. */
	*listings(): Generator<Listing[]> {
		this.#commit();
		let group: Listing[] = [];
		for (const row of this.#db.prepare("SELECT * FROM listing ORDER BY sighting, at, seed, main").iterate()) {
			const raw = row as unknown as Omit<Listing, "sighting" | "indicator" | "main"> & { sighting: Uint8Array; indicator: Uint8Array; main: number };
			const listing: Listing = { ...raw, sighting: Buffer.from(raw.sighting), indicator: Buffer.from(raw.indicator), main: raw.main === 1 };
			if (group[0] !== undefined && !group[0].sighting.equals(listing.sighting)) {
				yield group;
				group = [];
			}
			group.push(listing);
		}
		if (group.length > 0) yield group;
	}
}

/** A value of a reputation row, canonical, with the row's key. */
export interface Listing {
	sighting: Buffer;
	indicator: Buffer;
	source: number;
	/** the original's key of the row */
	seed: string;
	/** milliseconds */
	at: number;
	/** the canonical row, as JSON */
	data: string;
	/** the value that the row's old address leads to */
	main: boolean;
}
