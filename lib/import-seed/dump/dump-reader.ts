import { columnsOf, nameOf, tableName, upper } from "./names";
import { BrokenDump, SqlTokens, type Token } from "./tokens";
import { type Charset, type DumpValue, readValue, UnreadableValue } from "./values";

export type DumpEvent =
	| { readonly kind: "table"; readonly table: string; readonly columns: readonly string[] }
	/** `columns` is null where neither the statement nor the table's definition named them */
	| { readonly kind: "row"; readonly table: string; readonly number: number; readonly columns: readonly string[] | null; readonly values: readonly DumpValue[] }
	/** a row, or a statement with rows (`number` 0), that cannot be read */
	| { readonly kind: "bad"; readonly table: string; readonly number: number; readonly reason: string };

const UTF8 = /^(?:utf8(?:mb3|mb4)?|ascii|binary|default)$/i;
/** Tokens of a statement that is looked at as a whole. */
const MAX_TOKENS = 100_000;

type State = "start" | "skip" | "gather" | "insert" | "values" | "row" | "behind row" | "delimiter" | "delimited";

/** Reads statements out of tokens, row by row: an INSERT of any length needs the memory of one row. */
export class DumpReader {
	readonly tokens = new SqlTokens();
	events: DumpEvent[] = [];
	/** statements that were recognised: a file without any is no dump */
	known = 0;
	#state: State = "start";
	#charset: Charset = "utf8";
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
		if (this.#state === "gather" && upper(this.#gathered[0]) === "CREATE") throw new BrokenDump("it ends in the middle of a table's definition: it was cut short");
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
		if (upper(tokens[0]) === "SET") {
			this.#set(tokens);
			return;
		}
		let at = 1;
		while (["TEMPORARY", "OR", "REPLACE"].includes(upper(tokens[at]))) at++;
		if (upper(tokens[at]) !== "TABLE") return;
		at++;
		while (["IF", "NOT", "EXISTS"].includes(upper(tokens[at]))) at++;
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
		if (charset.startsWith("latin1")) this.#charset = "latin1";
		else if (UTF8.test(charset)) this.#charset = "utf8";
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
		while (["LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "IGNORE", "INTO", "OR", "REPLACE"].includes(upper(tokens[at]))) at++;
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
		try {
			this.#values.push(readValue(tokens, this.#charset));
		} catch (error) {
			if (!(error instanceof UnreadableValue)) throw error;
			this.#values.push(null);
			this.#fault ??= error.message;
		}
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
