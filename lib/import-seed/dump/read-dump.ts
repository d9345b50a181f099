import { toUtf8 } from "@/lib/net/lines";
import { BrokenDump, SqlTokens, type Token } from "./tokens";

/** A value as it stands in the dump: text (numbers too), bytes of a hexadecimal or binary literal, or NULL. */
export type DumpValue = string | Buffer | null;

export type DumpEvent =
	| { readonly kind: "table"; readonly table: string; readonly columns: readonly string[] }
	/** `columns` is null where neither the statement nor the table's definition named them */
	| { readonly kind: "row"; readonly table: string; readonly number: number; readonly columns: readonly string[] | null; readonly values: readonly DumpValue[] }
	/** a row, or a statement with rows (`number` 0), that cannot be read */
	| { readonly kind: "bad"; readonly table: string; readonly number: number; readonly reason: string };

const NOT_COLUMNS = new Set(["PRIMARY", "KEY", "UNIQUE", "CONSTRAINT", "INDEX", "FULLTEXT", "SPATIAL", "FOREIGN", "CHECK", "PERIOD"]);
const UTF8 = /^(?:utf8(?:mb3|mb4)?|ascii|binary|default)$/i;
/** Tokens of a statement that is looked at as a whole. */
const MAX_TOKENS = 100_000;
/** Bytes at the end in which a dump says that it is complete. */
const TAIL = 400;

type State = "start" | "skip" | "gather" | "insert" | "values" | "row" | "behind row" | "delimiter" | "delimited";

function upper(token: Token): string {
	return token.kind === "word" ? token.text.toUpperCase() : token.kind === "mark" ? token.text : "";
}

/** A name, in whatever quotes; null where the token is none. */
function nameOf(token: Token | undefined): string | null {
	if (token === undefined) return null;
	if (token.kind === "name" || token.kind === "word") return token.text;
	return token.kind === "string" && token.double ? token.bytes.toString("utf8") : null;
}

/** `db`.`table`: the last name counts. Returns it and where the tokens go on. */
function tableName(tokens: readonly Token[], from: number): { name: string | null; next: number } {
	let at = from;
	let name = nameOf(tokens[at++]);
	while (tokens[at]?.kind === "mark" && upper(tokens[at] as Token) === ".") {
		name = nameOf(tokens[at + 1]);
		at += 2;
	}
	return { name, next: at };
}

/** Column names of a CREATE TABLE: the first word of each part that is no key. */
function columnsOf(tokens: readonly Token[], from: number): string[] {
	const columns: string[] = [];
	let depth = 0;
	let first = false;
	for (let at = from; at < tokens.length; at++) {
		const token = tokens[at] as Token;
		const text = upper(token);
		if (text === "(" && token.kind === "mark") {
			if (++depth === 1) first = true;
			continue;
		}
		if (text === ")" && token.kind === "mark" && --depth === 0) break;
		if (depth === 1 && first) {
			const name = nameOf(token);
			if (name !== null && !(token.kind === "word" && NOT_COLUMNS.has(text))) columns.push(name);
			first = false;
		}
		if (depth === 1 && text === "," && token.kind === "mark") first = true;
	}
	return columns;
}

/** Reads statements out of tokens, row by row: an INSERT of any length needs the memory of one row. */
class DumpReader {
	readonly tokens = new SqlTokens();
	events: DumpEvent[] = [];
	/** statements that were recognised: a file without any is no dump */
	known = 0;
	#state: State = "start";
	#decoder: "utf8" | "latin1" = "utf8";
	#gathered: Token[] = [];
	readonly #columns = new Map<string, readonly string[]>();
	readonly #numbers = new Map<string, number>();
	#table = "";
	#listed: readonly string[] | null = null;
	#values: DumpValue[] = [];
	#value: Token[] = [];
	#depth = 0;
	#fault: string | null = null;

	run(): void {
		for (;;) {
			if (this.#state === "delimiter" || this.#state === "delimited") {
				const line = this.tokens.line();
				if (line === null) return;
				if (this.#state === "delimiter") this.#state = line === ";" ? "start" : "delimited";
				else if (/^DELIMITER\s+;$/i.test(line)) this.#state = "start";
				continue;
			}
			const token = this.tokens.next();
			if (token === null) return;
			this.#take(token);
		}
	}

	finish(): void {
		if (this.#state === "row" || this.#state === "values" || this.#state === "behind row" || this.#state === "insert") {
			const number = this.#numbers.get(this.#table) ?? 0;
			throw new BrokenDump(`it ends in the middle of a statement, behind row ${number.toLocaleString("en")} of ${this.#table}: it was cut short`);
		}
		if (this.#state === "gather" && upper(this.#gathered[0] ?? { kind: "mark", text: "" }) === "CREATE") throw new BrokenDump("it ends in the middle of a table's definition: it was cut short");
		if (this.#state === "delimited") throw new BrokenDump("it ends behind a DELIMITER that is never set back");
	}

	#take(token: Token): void {
		if (this.#state === "start") this.#begin(token);
		else if (this.#state === "gather") this.#gather(token);
		else if (this.#state === "insert") this.#insertHead(token);
		else if (this.#state === "values") this.#betweenRows(token);
		else if (this.#state === "row") this.#inRow(token);
		else if (this.#state === "behind row") this.#behindRow(token);
		else if (this.#isEnd(token)) this.#state = "start";
	}

	#gather(token: Token): void {
		if (this.#isEnd(token)) this.#gatheredAll();
		else if (this.#gathered.length < MAX_TOKENS) this.#gathered.push(token);
	}

	#isEnd(token: Token): boolean {
		return token.kind === "mark" && token.text === ";";
	}

	#begin(token: Token): void {
		if (this.#isEnd(token)) return;
		const word = upper(token);
		this.#gathered = [];
		if (word === "DELIMITER") {
			this.#state = "delimiter";
			return;
		}
		if (word === "INSERT" || word === "REPLACE") this.#state = "insert";
		else if (word === "CREATE" || word === "SET") {
			this.#gathered = [token];
			this.#state = "gather";
		} else this.#state = "skip";
		// SQLite's own dumps begin so; a backslash means nothing there.
		if (word === "PRAGMA") this.tokens.backslashes = false;
		if (/^(?:INSERT|REPLACE|CREATE|SET|LOCK|UNLOCK|DROP|ALTER|USE|BEGIN|START|COMMIT|PRAGMA|DELETE|TRUNCATE)$/.test(word)) this.known++;
	}

	#gatheredAll(): void {
		this.#state = "start";
		const tokens = this.#gathered;
		if (upper(tokens[0] as Token) === "SET") {
			this.#set(tokens);
			return;
		}
		let at = 1;
		while (["TEMPORARY", "OR", "REPLACE"].includes(upper(tokens[at] ?? { kind: "mark", text: "" }))) at++;
		if (upper(tokens[at] ?? { kind: "mark", text: "" }) !== "TABLE") return;
		at++;
		while (["IF", "NOT", "EXISTS"].includes(upper(tokens[at] ?? { kind: "mark", text: "" }))) at++;
		const { name, next } = tableName(tokens, at);
		if (name === null) return;
		const columns = columnsOf(tokens, next);
		this.#columns.set(name.toLowerCase(), columns);
		this.events.push({ kind: "table", table: name, columns });
	}

	#set(tokens: readonly Token[]): void {
		const words = tokens.map((token) => (token.kind === "string" ? token.bytes.toString("latin1") : token.kind === "word" || token.kind === "name" ? token.text : ""));
		if (words.some((word) => word.includes("NO_BACKSLASH_ESCAPES"))) this.tokens.backslashes = false;
		if (words[1]?.toUpperCase() !== "NAMES" || words[2] === undefined) return;
		const charset = words[2].toLowerCase();
		if (charset.startsWith("latin1")) this.#decoder = "latin1";
		else if (UTF8.test(charset)) this.#decoder = "utf8";
		else throw new BrokenDump(`its text is in "${charset.slice(0, 40)}", which is not read. Dump it again with --default-character-set=utf8mb4`);
	}

	/** `INSERT [IGNORE] INTO t [(columns)] VALUES`: gathered up to VALUES. */
	#insertHead(token: Token): void {
		const word = upper(token);
		if (this.#isEnd(token) || this.#gathered.length > MAX_TOKENS) {
			this.#unreadable("it has no VALUES");
			return;
		}
		if (word !== "VALUES" && word !== "VALUE" && word !== "SELECT" && !(word === "SET" && token.kind === "word")) {
			this.#gathered.push(token);
			return;
		}
		const tokens = this.#gathered;
		let at = 0;
		while (["LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "IGNORE", "INTO", "OR", "REPLACE"].includes(upper(tokens[at] ?? { kind: "mark", text: "" }))) at++;
		const { name, next } = tableName(tokens, at);
		this.#table = name ?? "";
		if (word === "SELECT" || word === "SET") {
			this.#unreadable(`it is an INSERT … ${word}, only INSERT … VALUES is read`);
			this.#state = "skip";
			return;
		}
		const listed = tokens
			.slice(next)
			.map(nameOf)
			.filter((column) => column !== null);
		this.#listed = listed.length > 0 ? listed : (this.#columns.get(this.#table.toLowerCase()) ?? null);
		this.#state = "values";
	}

	#unreadable(reason: string): void {
		const table = this.#table === "" ? (tableName(this.#gathered, 1).name ?? "") : this.#table;
		this.events.push({ kind: "bad", table, number: 0, reason });
		this.#state = "start";
	}

	#betweenRows(token: Token): void {
		if (this.#isEnd(token)) {
			this.#state = "start";
			return;
		}
		if (token.kind === "mark" && token.text === "(") {
			this.#values = [];
			this.#value = [];
			this.#depth = 0;
			this.#fault = null;
			this.#state = "row";
			return;
		}
		if (upper(token) === "ROW") return;
		// What follows the rows (ON DUPLICATE KEY UPDATE …, AS new) changes nothing about them.
		this.#state = "behind row";
		this.#behindRow(token);
	}

	#behindRow(token: Token): void {
		if (this.#isEnd(token)) this.#state = "start";
		else if (token.kind === "mark" && token.text === ",") this.#state = "values";
		else this.#state = "skip";
	}

	#inRow(token: Token): void {
		if (token.kind === "mark") {
			if (token.text === "(") this.#depth++;
			else if (token.text === ")") {
				if (this.#depth-- === 0) {
					this.#endValue();
					this.#endRow();
					this.#state = "behind row";
					return;
				}
			} else if (token.text === "," && this.#depth === 0) {
				this.#endValue();
				return;
			} else if (token.text === ";") throw new BrokenDump(`a statement ends inside row ${((this.#numbers.get(this.#table) ?? 0) + 1).toLocaleString("en")} of ${this.#table}`);
		}
		if (this.#value.length < 64) this.#value.push(token);
	}

	#endValue(): void {
		const tokens = this.#value;
		this.#value = [];
		const only = tokens[0];
		if (tokens.length === 1 && only?.kind === "string") this.#values.push(this.#text(only.bytes));
		else this.#values.push(this.#odd(tokens));
	}

	/** Every value that is not one plain string. */
	#odd(tokens: readonly Token[]): DumpValue {
		const [first, second] = tokens;
		if (first === undefined) return this.#bad("a value is missing");
		if (tokens.length === 1) {
			if (first.kind === "hex") return Buffer.from(first.bytes);
			if (first.kind === "word") {
				const word = first.text.toUpperCase();
				if (word === "NULL") return null;
				if (word === "TRUE" || word === "FALSE") return word === "TRUE" ? "1" : "0";
				if (/^\d/.test(word)) return first.text;
			}
			return this.#bad(`"${(nameOf(first) ?? "").slice(0, 40)}" is no value`);
		}
		if (first.kind === "mark" && (first.text === "-" || first.text === "+") && tokens.length === 2 && second?.kind === "word") return `${first.text === "-" ? "-" : ""}${second.text}`;
		if (tokens.every((token) => token.kind === "string")) return tokens.map((token) => this.#text(token.kind === "string" ? token.bytes : Buffer.alloc(0))).join("");
		if (first.kind === "word" && tokens.length === 2 && second !== undefined) return this.#introduced(first.text.toLowerCase(), second);
		return this.#bad(
			`it holds an expression (${tokens
				.map((token) => nameOf(token) ?? upper(token))
				.join(" ")
				.slice(0, 60)}), only plain values are read`,
		);
	}

	/** `_binary 'x'`, `_utf8mb4 x'00'`, `N'x'`, `b'01'`. */
	#introduced(word: string, value: Token): DumpValue {
		if (value.kind !== "string" && value.kind !== "hex") return this.#bad(`"${word.slice(0, 40)}" stands before something that is no text`);
		if (word === "_binary") return Buffer.from(value.bytes);
		if (word === "b" && /^[01]{1,53}$/.test(value.bytes.toString("latin1"))) return String(Number.parseInt(value.bytes.toString("latin1"), 2));
		if (word === "n" || /^_utf8(?:mb3|mb4)?$/.test(word)) return value.bytes.toString("utf8");
		if (word === "_latin1") return new TextDecoder("windows-1252").decode(value.bytes);
		return this.#bad(`"${word.slice(0, 40)}" before a value is not known`);
	}

	#text(bytes: Buffer): string {
		return this.#decoder === "utf8" ? bytes.toString("utf8") : new TextDecoder("windows-1252").decode(bytes);
	}

	#bad(reason: string): null {
		this.#fault ??= reason;
		return null;
	}

	#endRow(): void {
		const number = (this.#numbers.get(this.#table) ?? 0) + 1;
		this.#numbers.set(this.#table, number);
		const columns = this.#listed;
		const table = this.#table;
		const reason = this.#fault ?? (columns !== null && columns.length !== this.#values.length ? `it has ${this.#values.length} values, ${columns.length} are expected` : null);
		this.events.push(reason === null ? { kind: "row", table, number, columns, values: this.#values } : { kind: "bad", table, number, reason });
	}
}

/**
 * Reads a dump of MySQL or MariaDB (`mysqldump`, `mariadb-dump`, phpMyAdmin; SQLite's `.dump` too) as a stream: events in small
 * batches, memory of one row and one chunk whatever the size of file and statements. Throws `BrokenDump` where it is cut short,
 * in an encoding that is not read, or no dump at all; what was read until then has been given.
 */
export async function* readDump(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<readonly DumpEvent[]> {
	const reader = new DumpReader();
	let head = "";
	let tail = "";
	for await (const chunk of toUtf8(bytes)) {
		if (head.length < 200) head += chunk.toString("latin1", 0, 200);
		tail = (tail + chunk.toString("latin1", Math.max(0, chunk.length - TAIL))).slice(-TAIL);
		reader.tokens.push(chunk);
		reader.run();
		if (reader.events.length === 0) continue;
		const { events } = reader;
		reader.events = [];
		yield events;
	}
	reader.tokens.end();
	reader.run();
	if (reader.events.length > 0) yield reader.events;
	reader.finish();
	// mysqldump says that it is through, so one that was cut between two statements can be told.
	if (/^-- (?:MySQL|MariaDB) dump /m.test(head) && !tail.includes("-- Dump completed")) {
		throw new BrokenDump('it has no last line "-- Dump completed": it was cut short. Take its first line away to import what there is');
	}
	if (reader.known === 0) throw new BrokenDump(head.trim() === "" ? "it is empty" : `it is no SQL dump: it begins with "${head.slice(0, 60).replace(/\s+/g, " ").trim()}"`);
}
