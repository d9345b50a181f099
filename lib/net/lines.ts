import { isAscii } from "node:buffer";
import { Gathered } from "./bytes";
import { SuspectBody } from "./formats";

/** A line of a body, or why it is none. `line` counts from 1. */
export type Line = { line: number; text: string; fault?: undefined } | { line: number; text: string; fault: string };

export interface LineOptions {
	contentType?: string;
	/** longest line in bytes; a longer one makes the body suspect */
	maxLineBytes?: number;
}

export const MAX_LINE_BYTES = 1024 * 1024;

const CONTROL = /[\u0000\u001a]/;

/** `charset=` of a Content-Type, where it is a label this runtime knows and not UTF-8. */
function foreignCharset(contentType: string | undefined): string | null {
	const label = /charset\s*=\s*"?([\w.:-]+)/i.exec(contentType ?? "")?.[1]?.toLowerCase();
	if (label === undefined || label === "utf-8" || label === "utf8" || label === "us-ascii" || label === "iso-8859-1") return null;
	try {
		return new TextDecoder(label).encoding;
	} catch {
		return null;
	}
}

/** The body in UTF-8 bytes: another declared or marked encoding is turned into it, a byte order mark is dropped. */
export async function* toUtf8(bytes: AsyncIterable<Uint8Array>, contentType?: string): AsyncGenerator<Buffer> {
	let decoder: InstanceType<typeof TextDecoder> | null = null;
	let begun = false;
	const start = (chunk: Buffer): Buffer => {
		begun = true;
		if (chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf) return chunk.subarray(3);
		if ((chunk[0] === 0xff && chunk[1] === 0xfe) || (chunk[0] === 0xfe && chunk[1] === 0xff)) {
			decoder = new TextDecoder(chunk[0] === 0xff ? "utf-16le" : "utf-16be", { fatal: true });
			return chunk.subarray(2);
		}
		const label = foreignCharset(contentType);
		if (label !== null) decoder = new TextDecoder(label, { fatal: true });
		return chunk;
	};
	let head: Buffer = Buffer.alloc(0);
	for await (const piece of bytes) {
		let chunk = Buffer.isBuffer(piece) ? piece : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
		if (!begun) {
			head = Buffer.concat([head, chunk]);
			if (head.length < 3) continue;
			chunk = start(head);
		}
		if (decoder === null) yield chunk;
		else yield decodeChunk(decoder, chunk, true);
	}
	if (!begun && head.length > 0) yield start(head);
	if (decoder !== null) yield decodeChunk(decoder, undefined, false);
}

function decodeChunk(decoder: InstanceType<typeof TextDecoder>, chunk: Buffer | undefined, stream: boolean): Buffer {
	try {
		return Buffer.from(decoder.decode(chunk, { stream }), "utf8");
	} catch {
		throw new SuspectBody(`It is not the ${decoder.encoding} text it claims to be.`);
	}
}

const STRICT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function readLine(bytes: Buffer, line: number): Line {
	let text: string;
	if (isAscii(bytes)) text = bytes.toString("latin1");
	else {
		try {
			text = STRICT.decode(bytes);
		} catch {
			return { line, text: bytes.toString("latin1", 0, 200), fault: "it is not valid UTF-8" };
		}
	}
	if (CONTROL.test(text)) return { line, text: text.slice(0, 200), fault: "it holds control characters" };
	return { line, text };
}

/** Lines of one stretch of whole lines. `\n`, `\r\n` and a lone `\r` end a line; U+2028 does not. */
function* split(bytes: Buffer, state: { line: number }): Generator<Line> {
	const ascii = isAscii(bytes);
	if (ascii) {
		const text = bytes.toString("latin1");
		let from = 0;
		const end = text.length;
		while (from < end) {
			let to = text.indexOf("\n", from);
			if (to < 0) to = end;
			const stop = to > from && text.charCodeAt(to - 1) === 13 ? to - 1 : to;
			const piece = text.slice(from, stop);
			from = to + 1;
			for (const part of piece.includes("\r") ? piece.split("\r") : [piece]) {
				const line = ++state.line;
				yield CONTROL.test(part) ? { line, text: part.slice(0, 200), fault: "it holds control characters" } : { line, text: part };
			}
		}
		return;
	}
	let from = 0;
	while (from < bytes.length) {
		let to = bytes.indexOf(10, from);
		if (to < 0) to = bytes.length;
		const stop = to > from && bytes[to - 1] === 13 ? to - 1 : to;
		let start = from;
		for (let at = bytes.indexOf(13, from); at >= 0 && at < stop; at = bytes.indexOf(13, at + 1)) {
			yield readLine(bytes.subarray(start, at), ++state.line);
			start = at + 1;
		}
		yield readLine(bytes.subarray(start, stop), ++state.line);
		from = to + 1;
	}
}

/** Index behind the last line end in a chunk, or -1. A final `\r` may be half of `\r\n` and waits for the next chunk. */
function lastEnd(bytes: Buffer): number {
	const newline = bytes.lastIndexOf(10);
	if (newline >= 0) return newline + 1;
	if (bytes.length < 2) return -1;
	const lone = bytes.lastIndexOf(13, bytes.length - 2);
	return lone >= 0 ? lone + 1 : -1;
}

/**
 * Streams a body's lines. Memory: one chunk and one line. A line that is no valid text comes with its `fault`; a line longer
 * than the cap makes the whole body suspect.
 */
export async function* readLines(bytes: AsyncIterable<Uint8Array>, options: LineOptions = {}): AsyncGenerator<Line> {
	const max = options.maxLineBytes ?? MAX_LINE_BYTES;
	const state = { line: 0 };
	const waiting = new Gathered();
	for await (const chunk of toUtf8(bytes, options.contentType)) {
		if (chunk.length === 0) continue;
		if (waiting.last === 13 && chunk[0] !== 10) yield* split(waiting.take(), state);
		const end = lastEnd(chunk);
		if (end < 0) {
			waiting.append(chunk);
			if (waiting.length > max) throw new SuspectBody(`Line ${state.line + 1} is longer than ${max.toLocaleString("en")} bytes (too large).`);
			continue;
		}
		let whole = chunk.subarray(0, end);
		if (waiting.length > 0) {
			waiting.append(whole);
			whole = waiting.take();
		}
		if (end < chunk.length) waiting.append(chunk.subarray(end));
		yield* split(whole, state);
	}
	if (waiting.length > 0) yield* split(waiting.take(), state);
}
