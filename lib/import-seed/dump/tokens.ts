/** What SQL text consists of, as far as a dump needs it. */
export type Token =
	/** keyword, number or bare identifier */
	| { readonly kind: "word"; readonly text: string }
	/** identifier in backticks */
	| { readonly kind: "name"; readonly text: string }
	/** string literal, escapes undone; `double`: in double quotes, an identifier in some dialects */
	| { readonly kind: "string"; readonly bytes: Buffer; readonly double: boolean }
	/** `x'00ff'` or `0x00ff` */
	| { readonly kind: "hex"; readonly bytes: Buffer }
	| { readonly kind: "mark"; readonly text: string };

/** A dump that cannot be read on: broken, cut short, or not what it claims. */
export class BrokenDump extends Error {
	constructor(reason: string) {
		super(reason);
		this.name = "BrokenDump";
	}
}

const QUOTE = 0x27;
const DOUBLE = 0x22;
const BACKTICK = 0x60;
const BACKSLASH = 0x5c;
const NEWLINE = 10;
const STAR = 0x2a;
const SLASH = 0x2f;
/** Bytes of one literal. `max_allowed_packet` ends at 1 GB, but no column of the original is longer than a tweet, an advisory or an article. */
const MAX_LITERAL = 64 * 1024 * 1024;

/** Letters behind a backslash that mean another byte. */
const ESCAPES: ReadonlyMap<number, number> = new Map([
	[0x30, 0x00],
	[0x62, 0x08],
	[0x6e, 0x0a],
	[0x72, 0x0d],
	[0x74, 0x09],
	[0x5a, 0x1a],
]);

function isBlank(byte: number | undefined): boolean {
	return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === NEWLINE || byte === 0x0c;
}

function isWordByte(byte: number): boolean {
	return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x5f || byte === 0x24 || byte === 0x40 || byte >= 0x80;
}

function unescaped(raw: Buffer, quote: number, backslashes: boolean): Buffer {
	const out = Buffer.allocUnsafe(raw.length);
	let size = 0;
	for (let at = 0; at < raw.length; at++) {
		const byte = raw[at] as number;
		if (byte === BACKSLASH && backslashes && at + 1 < raw.length) {
			const next = raw[++at] as number;
			// `\%` and `\_` are for patterns and keep their backslash elsewhere.
			if (next === 0x25 || next === 0x5f) out[size++] = BACKSLASH;
			out[size++] = ESCAPES.get(next) ?? next;
		} else {
			if (byte === quote) at++;
			out[size++] = byte;
		}
	}
	return out.subarray(0, size);
}

function hexBytes(digits: string): Buffer {
	return Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex");
}

/**
 * Tokens of SQL text that arrives in chunks. `next` gives null where more bytes are needed; nothing is held but the token
 * that is not complete yet. Comments are left out; what stands in `/*!40101 … *\/` counts, as servers take it.
 */
export class SqlTokens {
	#buffer: Buffer = Buffer.alloc(0);
	#at = 0;
	/** bytes behind `#at` that a literal was already looked through */
	#seen = 0;
	#special = false;
	#inside = false;
	#ended = false;
	#offset = 0;
	/** a backslash escapes; off for dialects in which it is a character like any other */
	backslashes = true;

	/** Bytes before the token that is read next. */
	get offset(): number {
		return this.#offset + this.#at;
	}

	push(chunk: Uint8Array): void {
		this.#offset += this.#at;
		const rest = this.#buffer.subarray(this.#at);
		this.#buffer = rest.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength) : Buffer.concat([rest, chunk]);
		this.#at = 0;
	}

	end(): void {
		this.#ended = true;
	}

	next(): Token | null {
		for (;;) {
			const blank = this.#skip();
			if (blank === "more") return null;
			if (blank === "token") break;
		}
		const byte = this.#buffer[this.#at] as number;
		if (byte === QUOTE || byte === DOUBLE || byte === BACKTICK) return this.#quoted(byte);
		if (isWordByte(byte)) return this.#word();
		this.#at++;
		return { kind: "mark", text: String.fromCharCode(byte) };
	}

	/** The rest of the line, as the client reads `DELIMITER`; null where the line is not complete. */
	line(): string | null {
		const end = this.#buffer.indexOf(NEWLINE, this.#at);
		if (end < 0 && (!this.#ended || this.#at >= this.#buffer.length)) return null;
		const text = this.#buffer.toString("latin1", this.#at, end < 0 ? this.#buffer.length : end).trim();
		this.#at = end < 0 ? this.#buffer.length : end + 1;
		return text;
	}

	/** Passes over blanks and one comment. */
	#skip(): "token" | "more" | "again" {
		const buffer = this.#buffer;
		while (isBlank(buffer[this.#at])) this.#at++;
		const byte = buffer[this.#at];
		const next = buffer[this.#at + 1];
		if (byte === undefined) return "more";
		if (byte === 0x23) return this.#lineComment();
		const wait = next === undefined && !this.#ended;
		if (byte === 0x2d) {
			if (wait || (next === 0x2d && buffer[this.#at + 2] === undefined && !this.#ended)) return "more";
			return next === 0x2d && (isBlank(buffer[this.#at + 2]) || buffer[this.#at + 2] === undefined) ? this.#lineComment() : "token";
		}
		if (byte === SLASH) {
			if (wait) return "more";
			return next === STAR ? this.#blockComment() : "token";
		}
		if (byte === STAR && this.#inside) {
			if (wait) return "more";
			if (next !== SLASH) return "token";
			this.#inside = false;
			this.#at += 2;
			return "again";
		}
		return "token";
	}

	#lineComment(): "more" | "again" {
		const end = this.#buffer.indexOf(NEWLINE, this.#at);
		if (end >= 0) {
			this.#at = end + 1;
			return "again";
		}
		// A comment holds nothing that is wanted: all but its mark may go.
		if (this.#ended) this.#at = this.#buffer.length;
		return "more";
	}

	#blockComment(): "more" | "again" {
		const head = this.#buffer.toString("latin1", this.#at, this.#at + 12);
		if (head.length < 12 && !head.includes("*/") && !this.#ended) return "more";
		const executed = /^\/\*M?!(\d{0,6})/.exec(head);
		// Version 999999 is MariaDB's way to say something that no server may read.
		if (executed !== null && !executed[0].endsWith("999999")) {
			this.#at += executed[0].length;
			this.#inside = true;
			return "again";
		}
		const end = this.#buffer.indexOf("*/", this.#at + 2, "latin1");
		if (end < 0) {
			if (this.#buffer.length - this.#at > MAX_LITERAL) throw new BrokenDump(`a comment at byte ${this.offset.toLocaleString("en")} does not end`);
			if (this.#ended) this.#at = this.#buffer.length;
			return "more";
		}
		this.#at = end + 2;
		return "again";
	}

	#word(): Token | null {
		const buffer = this.#buffer;
		let end = this.#at + 1;
		while (end < buffer.length && (isWordByte(buffer[end] as number) || (buffer[end] === 0x2e && isNumber(buffer, this.#at)) || isExponentSign(buffer, this.#at, end))) end++;
		if (end === buffer.length && !this.#ended) {
			if (end - this.#at > MAX_LITERAL) throw new BrokenDump(`a word at byte ${this.offset.toLocaleString("en")} does not end`);
			return null;
		}
		const text = buffer.toString("latin1", this.#at, end);
		if ((text === "x" || text === "X") && buffer[end] === QUOTE) return this.#hexString(end);
		this.#at = end;
		if (text.length > 2 && /^0x[0-9a-f]+$/i.test(text)) return { kind: "hex", bytes: hexBytes(text.slice(2)) };
		return { kind: "word", text: isPlain(text) ? text : buffer.toString("utf8", end - text.length, end) };
	}

	#hexString(quote: number): Token | null {
		const end = this.#buffer.indexOf(QUOTE, quote + 1);
		if (end < 0) return null;
		const digits = this.#buffer.toString("latin1", quote + 1, end);
		if (!/^[0-9a-f]*$/i.test(digits)) throw new BrokenDump(`a hexadecimal literal at byte ${this.offset.toLocaleString("en")} holds something else`);
		this.#at = end + 1;
		return { kind: "hex", bytes: hexBytes(digits) };
	}

	#quoted(quote: number): Token | null {
		const buffer = this.#buffer;
		const begin = this.#at + 1;
		const backslashes = this.backslashes && quote !== BACKTICK;
		let at = begin + this.#seen;
		for (; at < buffer.length; at++) {
			const byte = buffer[at];
			if (byte === BACKSLASH && backslashes) {
				if (at + 1 >= buffer.length) break;
				this.#special = true;
				at++;
			} else if (byte === quote) {
				if (at + 1 >= buffer.length && !this.#ended) break;
				if (buffer[at + 1] !== quote) return this.#literal(quote, begin, at);
				this.#special = true;
				at++;
			}
		}
		this.#seen = at - begin;
		if (this.#seen > MAX_LITERAL) throw new BrokenDump(`a text at byte ${this.offset.toLocaleString("en")} is longer than ${MAX_LITERAL.toLocaleString("en")} bytes or never ends`);
		return null;
	}

	#literal(quote: number, begin: number, end: number): Token {
		const raw = this.#buffer.subarray(begin, end);
		const bytes = this.#special ? unescaped(raw, quote, this.backslashes && quote !== BACKTICK) : raw;
		this.#at = end + 1;
		this.#seen = 0;
		this.#special = false;
		return quote === BACKTICK ? { kind: "name", text: bytes.toString("utf8") } : { kind: "string", bytes, double: quote === DOUBLE };
	}
}

function isPlain(text: string): boolean {
	return /^[\x20-\x7e]*$/.test(text);
}

function isNumber(buffer: Buffer, at: number): boolean {
	const byte = buffer[at] as number;
	return byte >= 0x30 && byte <= 0x39;
}

/** The sign in `1.5e-7`. */
function isExponentSign(buffer: Buffer, begin: number, at: number): boolean {
	const byte = buffer[at];
	const before = buffer[at - 1];
	return (byte === 0x2d || byte === 0x2b) && (before === 0x65 || before === 0x45) && isNumber(buffer, begin) && at - begin > 1;
}
