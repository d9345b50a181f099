import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { ExistError, shown } from "@/lib/errors";
import { MAX_BULK } from "@/lib/lookup";
import { boundedRequest } from "./body";

/** What hosted functions take as a request's body, and what may come out of a packed one. */
export const MAX_BODY = 4_500_000;
export const MAX_UNPACKED = 16 * 1024 * 1024;
/** How long a body may take to arrive: a place is kept for it. */
const ARRIVES_WITHIN_MS = 30_000;
/** Lines that are looked at, blank ones among them. */
const MAX_LINES = 10 * MAX_BULK;

const unzipped = promisify(gunzip);

/** A value and where it stood: line of a text, place in a list; from 1. */
export interface GivenValues {
	values: string[];
	lines: number[];
}

function invalid(message: string): ExistError {
	return new ExistError("invalid", message, { field: "values" });
}

/** The body as text, unpacked where it is gzip: by its header, or by its first bytes, which begin no text. */
async function bodyText(request: Request): Promise<string> {
	const bytes = Buffer.from(await (await boundedRequest(request, MAX_BODY, ARRIVES_WITHIN_MS)).arrayBuffer());
	const encoding = (request.headers.get("content-encoding") ?? "identity").trim().toLowerCase();
	if (encoding !== "identity" && encoding !== "gzip" && encoding !== "x-gzip") throw invalid(`A body packed as "${shown(encoding, 30)}" is not read. Send it plain or as gzip.`);
	const plain = encoding !== "identity" || (bytes[0] === 0x1f && bytes[1] === 0x8b) ? await unpacked(bytes) : bytes;
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(plain);
	} catch {
		throw invalid("The body is not UTF-8. Convert it, for instance with `iconv -t utf-8`.");
	}
}

async function unpacked(bytes: Buffer): Promise<Buffer> {
	try {
		return await unzipped(bytes, { maxOutputLength: MAX_UNPACKED });
	} catch (error) {
		if ((error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE")
			throw new ExistError("too_large", `The body unpacks to more than ${MAX_UNPACKED.toLocaleString("en")} bytes. Send fewer values a call.`);
		throw invalid("The body's gzip data is broken or cut short.");
	}
}

function tooMany(what: string): ExistError {
	return new ExistError("too_large", `${what}; one call takes ${MAX_BULK.toLocaleString("en")} values. Send them in several calls, as \`exist lookup --file\` does.`, { field: "values" });
}

function parsed(text: string, where: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		throw invalid(`${where} is no JSON: "${shown(text, 60)}".`);
	}
}

function fromJson(text: string): GivenValues {
	const body = text.trim() === "" ? null : parsed(text, "The body");
	const list: unknown = Array.isArray(body) ? body : (body as { values?: unknown } | null)?.values;
	if (!Array.isArray(list)) throw invalid('The body has no list of values. Send {"values": ["evil.example", …]}.');
	if (list.length > MAX_BULK) throw tooMany(`The body has ${list.length.toLocaleString("en")} values`);
	const values = list.map((value: unknown, at) => {
		if (typeof value !== "string") throw invalid(`Value ${at + 1} is ${value === null ? "null" : `a ${typeof value}`}, not a text.`);
		return value;
	});
	return { values, lines: values.map((_, at) => at + 1) };
}

/** Lines with something in them, numbered from 1. The text is not cut up whole: it may be nothing but line ends. */
function* lines(text: string): Generator<[line: string, number: number]> {
	const ends = /\r\n|\n|\r/g;
	let number = 0;
	for (let from = text.startsWith("\ufeff") ? 1 : 0; from <= text.length; ) {
		const end = ends.exec(text);
		const line = text.slice(from, end?.index).trim();
		if (++number > MAX_LINES) throw tooMany(`The body has more than ${MAX_LINES.toLocaleString("en")} lines`);
		if (line !== "") yield [line, number];
		if (end === null) return;
		from = ends.lastIndex;
	}
}

/** One value a line; a line of NDJSON is a text or an object whose `value` is one. Blank lines are left out, the others keep their number. */
function fromLines(text: string, isJson: boolean): GivenValues {
	const given: GivenValues = { values: [], lines: [] };
	for (const [line, number] of lines(text)) {
		const item: unknown = isJson ? parsed(line, `Line ${number}`) : line;
		const value: unknown = typeof item === "string" ? item : (item as { value?: unknown } | null)?.value;
		if (typeof value !== "string") throw invalid(`Line ${number} is neither a text nor an object with a text "value": "${shown(line, 60)}".`);
		if (given.values.length === MAX_BULK) throw tooMany(`The body has more than ${MAX_BULK.toLocaleString("en")} values`);
		given.values.push(value);
		given.lines.push(number);
	}
	return given;
}

const READERS: Readonly<Record<string, (text: string) => GivenValues>> = {
	"application/json": fromJson,
	"text/plain": (text) => fromLines(text, false),
	"application/x-ndjson": (text) => fromLines(text, true),
	"application/ndjson": (text) => fromLines(text, true),
	"application/jsonl": (text) => fromLines(text, true),
	// What curl says of any body unless it is told otherwise, and what a file of lines is sent as by some.
	"application/x-www-form-urlencoded": (text) => fromLines(text, false),
	"application/octet-stream": (text) => fromLines(text, false),
	"application/gzip": (text) => fromLines(text, false),
};

/**
 * The values of a request: JSON, NDJSON or one a line, plain or packed by gzip. Throws `invalid`, naming the line, for what is not
 * understood, and `too_large` for more values than one call takes.
 */
export async function bulkValues(request: Request): Promise<GivenValues> {
	const type = (request.headers.get("content-type") ?? "text/plain").split(";")[0]?.trim().toLowerCase() ?? "";
	const read = READERS[type];
	if (read === undefined) throw invalid(`A body of type "${shown(type, 60)}" is not understood. Send application/json, application/x-ndjson, or text/plain with one value a line.`);
	const given = read(await bodyText(request));
	if (given.values.length === 0) throw invalid('There are no values. Send one a line, or {"values": ["evil.example", …]}.');
	return given;
}
