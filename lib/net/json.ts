import { Gathered } from "./bytes";
import { type FeedFormat, type FeedItem, SuspectBody } from "./formats";
import { type Line, toUtf8 } from "./lines";

type JsonFormat = Extract<FeedFormat, { kind: "json" }>;

/** Whole JSON documents are held in memory, so they are capped lower than bodies are. */
export const MAX_JSON_BYTES = 48 * 1024 * 1024;
const MAX_DEPTH = 200;

/** Depth of nesting, from the bytes: a parser is only asked when it cannot run out of stack. */
function tooDeep(bytes: Buffer): boolean {
	let depth = 0;
	let quoted = false;
	for (let at = 0; at < bytes.length; at++) {
		const byte = bytes[at];
		if (quoted) {
			if (byte === 0x5c) at++;
			else if (byte === 0x22) quoted = false;
		} else if (byte === 0x22) quoted = true;
		else if (byte === 0x5b || byte === 0x7b) {
			if (++depth > MAX_DEPTH) return true;
		} else if (byte === 0x5d || byte === 0x7d) depth--;
	}
	return false;
}

type Reviver = (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown;

/** Integers beyond 2^53 keep their digits, as text: two ids must not become one. */
const keepDigits: Reviver = (_key, value, context) => {
	if (typeof value === "number" && !Number.isSafeInteger(value) && context.source !== undefined && /^-?\d+$/.test(context.source)) return context.source;
	return value;
};

/** `JSON.parse` that keeps the digits of long integers. Throws `SyntaxError`. */
export function parseJson(text: string): unknown {
	if (!/\d{16}/.test(text)) return JSON.parse(text);
	return JSON.parse(text, keepDigits as (this: unknown, key: string, value: unknown) => unknown);
}

async function whole(bytes: AsyncIterable<Uint8Array>, contentType: string | undefined): Promise<Buffer> {
	const gathered = new Gathered();
	for await (const chunk of toUtf8(bytes, contentType)) {
		if (gathered.length + chunk.length > MAX_JSON_BYTES) throw new SuspectBody(`Its JSON is larger than ${MAX_JSON_BYTES.toLocaleString("en")} bytes (too large).`);
		gathered.append(chunk);
	}
	return gathered.take();
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
	if (value === null) return "null";
	return Array.isArray(value) ? "an array" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** What an error object says, for the reason. */
function saying(value: unknown): string {
	if (!isObject(value)) return "";
	for (const key of ["error", "message", "query_status", "detail", "errors"]) {
		const told = value[key];
		if (typeof told === "string") return ` It says "${told.slice(0, 120)}".`;
	}
	return "";
}

function item(json: unknown, line: number, key: string | undefined): FeedItem {
	if (!isObject(json) && typeof json !== "string") return { ok: false, line, reason: `it is ${kindOf(json)}, not a record`, excerpt: JSON.stringify(json)?.slice(0, 300) ?? "" };
	return { ok: true, record: { line, text: typeof json === "string" ? json : "", cells: Object.create(null) as Record<string, string>, json, key } };
}

/** A whole JSON document. Throws `SuspectBody` where it is empty, broken, too large or too deep. */
export async function readJsonDocument(bytes: AsyncIterable<Uint8Array>, contentType?: string): Promise<unknown> {
	const body = await whole(bytes, contentType);
	if (tooDeep(body)) throw new SuspectBody(`Its JSON is nested deeper than ${MAX_DEPTH} levels.`);
	try {
		return parseJson(body.toString("utf8"));
	} catch (error) {
		throw new SuspectBody(body.toString("utf8").trim() === "" ? "The body is empty." : `Its JSON is broken: ${(error as Error).message.slice(0, 160)}.`);
	}
}

/** Records of one JSON document. Throws `SuspectBody` where it is broken, too deep, or not of the promised shape. */
export async function* readJson(bytes: AsyncIterable<Uint8Array>, format: JsonFormat, contentType?: string): AsyncGenerator<FeedItem> {
	const root = await readJsonDocument(bytes, contentType);
	let line = 0;
	if (format.root === "object-of-arrays") {
		if (!isObject(root)) throw new SuspectBody(`Its JSON is ${kindOf(root)}, an object of records was expected.`);
		for (const [key, value] of Object.entries(root)) {
			if (!Array.isArray(value)) throw new SuspectBody(`Its JSON has ${kindOf(value)} under "${key.slice(0, 40)}", an array was expected.${saying(root)}`);
			for (const record of value) yield item(record, ++line, key);
		}
		return;
	}
	let at: unknown = root;
	for (const key of format.root === "array" ? [] : format.root) {
		if (!isObject(at) || !Object.hasOwn(at, key)) throw new SuspectBody(`Its JSON has no "${key}".${saying(root)}`);
		at = at[key];
	}
	if (!Array.isArray(at)) throw new SuspectBody(`Its JSON is ${kindOf(at)}, an array was expected.${saying(root)}`);
	for (const record of at) yield item(record, ++line, undefined);
}

/** One JSON document a line; blank lines are keep-alives, a broken line is set aside alone. */
export async function* readNdjson(lines: AsyncIterable<Line>): AsyncGenerator<FeedItem> {
	for await (const { line, text, fault } of lines) {
		if (fault !== undefined) {
			yield { ok: false, line, reason: fault, excerpt: text };
			continue;
		}
		if (text.trim() === "") continue;
		if (text.length > 64 * 1024) {
			yield { ok: false, line, reason: `it has ${text.length} characters, at most 65,536 are read`, excerpt: text.slice(0, 300) };
			continue;
		}
		let json: unknown;
		try {
			json = parseJson(text);
		} catch {
			yield { ok: false, line, reason: "it is no JSON", excerpt: text.slice(0, 300) };
			continue;
		}
		yield item(json, line, undefined);
	}
}
