import { type FeedFormat, type FeedItem, SuspectBody } from "./formats";
import type { Line } from "./lines";

type CsvFormat = Extract<FeedFormat, { kind: "csv" }>;

/** Lines a quoted cell may run over; a quote that is still open then was a mistake in its first line. */
const MAX_CELL_LINES = 20;
const MAX_ROW_LENGTH = 256 * 1024;
const MAX_CELLS = 500;

/**
 * Cells of one row (RFC 4180), or null while a quoted cell is still open at the end. A quote inside an unquoted cell is
 * plain text; text behind a closing quote belongs to the cell.
 */
export function splitRow(text: string, delimiter: string, skipInitialSpace: boolean): string[] | null {
	if (!text.includes('"')) {
		const cells = text.split(delimiter);
		return skipInitialSpace ? cells.map((cell) => cell.trimStart()) : cells;
	}
	const cells: string[] = [];
	let at = 0;
	for (;;) {
		if (skipInitialSpace) while (text[at] === " ") at++;
		if (text[at] !== '"') {
			const end = text.indexOf(delimiter, at);
			if (end < 0) {
				cells.push(text.slice(at));
				return cells;
			}
			cells.push(text.slice(at, end));
			at = end + 1;
			continue;
		}
		let cell = "";
		let from = at + 1;
		for (;;) {
			const quote = text.indexOf('"', from);
			if (quote < 0) return null;
			cell += text.slice(from, quote);
			if (text[quote + 1] !== '"') {
				at = quote + 1;
				break;
			}
			cell += '"';
			from = quote + 2;
		}
		const end = text.indexOf(delimiter, at);
		if (end < 0) {
			cells.push(cell + text.slice(at).trimEnd());
			return cells;
		}
		cells.push(cell + text.slice(at, end).trimEnd());
		at = end + 1;
		if (cells.length > MAX_CELLS) return cells;
	}
}

function nameOf(cell: string): string {
	return cell.trim().replace(/^"|"$/g, "").trim().toLowerCase();
}

/** Reads rows out of lines: finds the header, joins quoted cells over line ends, sets aside what does not fit. */
class CsvReader {
	readonly #format: CsvFormat;
	readonly #delimiter: string;
	readonly #comments: readonly string[];
	/** column names in order, once known */
	#header: string[] | null;
	/** the last comment line that could be a header */
	#seenHeaders: string[] = [];

	constructor(format: CsvFormat) {
		this.#format = format;
		this.#delimiter = format.delimiter ?? ",";
		this.#comments = format.comments ?? ["#"];
		this.#header = format.header === "none" ? [...format.columns] : null;
	}

	isComment(text: string): boolean {
		return this.#comments.some((mark) => text.startsWith(mark));
	}

	comment(text: string): void {
		if (this.#format.header !== "comment" || this.#header !== null) return;
		const mark = this.#comments.find((known) => text.startsWith(known)) ?? "";
		const cells = (splitRow(text.slice(mark.length).trim(), this.#delimiter, true) ?? []).map(nameOf);
		if (cells.length > 1) this.#seenHeaders = cells.length >= this.#seenHeaders.length ? cells : this.#seenHeaders;
		if (this.#format.columns.every((column) => cells.includes(column.toLowerCase()))) this.#header = cells;
	}

	/** The header row was met, or must have been by now. Throws `SuspectBody` naming the columns that are not there. */
	header(text: string): boolean {
		if (this.#header !== null) return false;
		if (this.#format.header === "row") {
			const cells = (splitRow(text, this.#delimiter, true) ?? []).map(nameOf);
			const missing = this.#format.columns.filter((column) => !cells.includes(column.toLowerCase()));
			if (missing.length > 0) throw this.#missing(missing, cells);
			this.#header = cells;
			return true;
		}
		const missing = this.#format.columns.filter((column) => !this.#seenHeaders.includes(column.toLowerCase()));
		throw this.#missing(missing, this.#seenHeaders);
	}

	#missing(missing: readonly string[], found: readonly string[]): SuspectBody {
		const names = found
			.slice(0, 20)
			.map((name) => name.slice(0, 30))
			.join(", ");
		return new SuspectBody(`Its columns changed: ${missing.slice(0, 12).join(", ")} ${missing.length === 1 ? "is" : "are"} missing${names === "" ? "" : `, found were ${names}`}.`);
	}

	row(text: string, line: number): FeedItem | null {
		let cells = splitRow(text, this.#delimiter, this.#format.skipInitialSpace === true);
		if (cells === null) return null;
		const header = this.#header as string[];
		if (cells.length > header.length && this.#format.restInLast === true) {
			cells = [...cells.slice(0, header.length - 1), cells.slice(header.length - 1).join(this.#delimiter)];
		}
		const short = cells.length < header.length && this.#format.ragged !== true;
		if (cells.length > header.length || short) {
			return { ok: false, line, reason: `it has ${cells.length} cells, ${header.length} are expected`, excerpt: text.slice(0, 300) };
		}
		const named = Object.create(null) as Record<string, string>;
		for (let at = 0; at < cells.length; at++) named[header[at] as string] = cells[at] as string;
		return { ok: true, record: { line, text, cells: named, json: undefined, key: undefined } };
	}
}

/** Rows of a CSV body. One missing quote costs its own line, not the file. */
export async function* readCsv(lines: AsyncIterable<Line>, format: CsvFormat): AsyncGenerator<FeedItem> {
	const reader = new CsvReader(format);
	let open: Line[] = [];
	for await (const line of lines) {
		if (open.length === 0) {
			const item = oneLine(reader, line);
			if (item === "open") open = [line];
			else if (item !== null) yield item;
			continue;
		}
		open.push(line);
		const text = open.map((part) => part.text).join("\n");
		const item = line.fault === undefined ? reader.row(text, (open[0] as Line).line) : null;
		if (item?.ok === true) {
			yield item;
			open = [];
		} else if (item !== null || open.length > MAX_CELL_LINES || text.length > MAX_ROW_LENGTH || line.fault !== undefined) {
			open = yield* resynchronise(reader, open);
		}
	}
	while (open.length > 0) open = yield* resynchronise(reader, open);
}

function oneLine(reader: CsvReader, line: Line): FeedItem | null | "open" {
	const { text } = line;
	if (line.fault !== undefined) return { ok: false, line: line.line, reason: line.fault, excerpt: text };
	if (text.trim() === "") return null;
	if (reader.isComment(text)) {
		reader.comment(text);
		return null;
	}
	if (reader.header(text)) return null;
	return reader.row(text, line.line) ?? "open";
}

/** The first of these lines holds the stray quote: it is set aside, the others are read again on their own. */
function* resynchronise(reader: CsvReader, lines: readonly Line[]): Generator<FeedItem, Line[]> {
	const first = lines[0] as Line;
	yield { ok: false, line: first.line, reason: "a quote in it is never closed", excerpt: first.text.slice(0, 300) };
	for (let at = 1; at < lines.length; at++) {
		const item = oneLine(reader, lines[at] as Line);
		if (item === "open") return lines.slice(at);
		if (item !== null) yield item;
	}
	return [];
}
