import { Gathered } from "./bytes";
import { SuspectBody } from "./formats";
import { parseJson } from "./json";
import { toUtf8 } from "./lines";

/** A member of the root object, or why it cannot be read. `number` counts from 1. */
export type JsonMember =
	| { readonly ok: true; readonly number: number; readonly key: string; readonly value: unknown }
	| { readonly ok: false; readonly number: number; readonly key: string; readonly reason: string; readonly excerpt: string };

export interface MembersOptions {
	contentType?: string;
	/** bytes of one member's value (default 1 MB); a larger one is set aside alone */
	maxMember?: number;
}

const MAX_DEPTH = 100;
const MAX_KEY = 1024;
const HEAD = 120;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;

type Place = "root" | "key or end" | "key" | "in key" | "colon" | "value" | "end";

function isBlank(byte: number): boolean {
	return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Finds where keys and values begin and end; what is in a value is left to `JSON.parse`. */
class MemberScanner {
	readonly #max: number;
	#place: Place = "root";
	#held = new Gathered();
	#key = "";
	#number = 0;
	#depth = 0;
	#quoted = false;
	#escaped = false;
	#fault: string | null = null;
	#head = "";
	ready: JsonMember[] = [];

	constructor(max: number) {
		this.#max = max;
	}

	get place(): Place {
		return this.#place;
	}

	feed(chunk: Buffer): void {
		if (this.#head.length < HEAD) this.#head += chunk.toString("latin1", 0, HEAD);
		let from = this.#place === "value" || this.#place === "in key" ? 0 : -1;
		for (let at = 0; at < chunk.length; at++) {
			const byte = chunk[at] as number;
			if (this.#place === "value") {
				if (!this.#inValue(byte)) continue;
				this.#hold(chunk.subarray(from, at));
				this.#member();
				this.#place = byte === COMMA ? "key" : "end";
			} else if (this.#place === "in key") {
				if (!this.#inString(byte)) continue;
				this.#hold(chunk.subarray(from, at + 1));
				this.#keyRead();
			} else if (!isBlank(byte)) {
				if (this.#place === "colon" && byte === COLON) from = at + 1;
				else if (byte === QUOTE) from = at;
				this.#between(byte);
			}
		}
		if (this.#place === "value" || this.#place === "in key") this.#hold(chunk.subarray(from));
	}

	/** True at the byte that ends the string. */
	#inString(byte: number): boolean {
		if (this.#escaped) this.#escaped = false;
		else if (byte === BACKSLASH) this.#escaped = true;
		else if (byte === QUOTE) return true;
		return false;
	}

	/** True at the comma or brace behind the value. */
	#inValue(byte: number): boolean {
		if (this.#quoted) {
			if (this.#inString(byte)) this.#quoted = false;
		} else if (byte === QUOTE) this.#quoted = true;
		else if (byte === 0x7b || byte === 0x5b) {
			if (++this.#depth > MAX_DEPTH) this.#fault ??= `it is nested deeper than ${MAX_DEPTH} levels`;
		} else if (byte === 0x7d || byte === 0x5d) {
			if (this.#depth === 0) {
				if (byte === 0x5d) throw this.#broken("a bracket closes that was never opened");
				return true;
			}
			this.#depth--;
		} else if (byte === COMMA) return this.#depth === 0;
		return false;
	}

	#between(byte: number): void {
		const next: Partial<Record<Place, Readonly<Record<number, Place>>>> = {
			root: { 123: "key or end" },
			"key or end": { 34: "in key", 125: "end" },
			key: { 34: "in key" },
			colon: { 58: "value" },
		};
		const place = next[this.#place]?.[byte];
		if (place === undefined) {
			const was =
				this.#place === "root" ? `an object was expected, it begins with "${this.#head.slice(0, 80).replace(/\s+/g, " ")}"` : `behind record ${this.#number} stands "${String.fromCharCode(byte)}"`;
			throw this.#broken(was);
		}
		this.#place = place;
	}

	#hold(bytes: Uint8Array): void {
		const max = this.#place === "in key" ? MAX_KEY : this.#max;
		if (this.#held.length + bytes.length > max) {
			if (this.#place === "in key") throw this.#broken(`the name of record ${this.#number + 1} is longer than ${MAX_KEY} bytes`);
			this.#fault ??= `it is larger than ${max.toLocaleString("en")} bytes`;
		}
		if (this.#fault === null || this.#held.length === 0) this.#held.append(bytes.subarray(0, max));
	}

	#keyRead(): void {
		const text = this.#held.take().toString("utf8");
		try {
			this.#key = JSON.parse(text) as string;
		} catch {
			throw this.#broken(`the name of record ${this.#number + 1} is no string`);
		}
		this.#place = "colon";
	}

	#member(): void {
		const text = this.#held.take().toString("utf8");
		const member = { number: ++this.#number, key: this.#key };
		let reason = this.#fault;
		this.#fault = null;
		if (reason === null) {
			try {
				this.ready.push({ ok: true, ...member, value: parseJson(text) });
				return;
			} catch {
				reason = "it is no JSON";
			}
		}
		this.ready.push({ ok: false, ...member, reason, excerpt: text.trim().slice(0, 300) });
	}

	#broken(why: string): SuspectBody {
		return new SuspectBody(`Its JSON is broken: ${why}.`);
	}
}

/**
 * Streams the members of a JSON document that is one large object of records, `{"name": {…}, …}`. Memory: one chunk and one
 * member, whatever the size of the document. A member that is broken or too large is set aside alone; throws `SuspectBody` where
 * the document is no object, is broken between its members, or ends before its last brace.
 */
export async function* readJsonMembers(bytes: AsyncIterable<Uint8Array>, options: MembersOptions = {}): AsyncGenerator<JsonMember> {
	const scanner = new MemberScanner(options.maxMember ?? 1024 * 1024);
	for await (const chunk of toUtf8(bytes, options.contentType)) {
		scanner.feed(chunk);
		const { ready } = scanner;
		scanner.ready = [];
		yield* ready;
	}
	if (scanner.place === "root") throw new SuspectBody("The body is empty.");
	if (scanner.place !== "end") throw new SuspectBody("Its JSON ends before its last brace: it was cut short.");
}
