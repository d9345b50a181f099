import { extractIndicators, type Indicator } from "@/lib/domain";
import { ExistError } from "@/lib/errors";
import { type CaptureContext, captureContext } from "./context";
import { capturePart } from "./files";
import { findCapture } from "./store";

/** Characters of one page of a source. */
export const SOURCE_PAGE = 2_000_000;
/** Lines that are drawn of one page, and characters of a line: minified code has one line. */
const MAX_LINES = 20_000;
const LINE = 2_000;
const MAX_INDICATORS = 2_000;

export const SOURCES = ["content", "markup"] as const;
/** `content`: as the server sent it. `markup`: as it was when the page had run. */
export type SourceKind = (typeof SOURCES)[number];

export interface SourceLine {
	number: number;
	/** goes on where the line before was cut */
	continued: boolean;
	pieces: Array<{ text: string; indicator: Indicator | null }>;
}

export interface CaptureSource {
	kind: SourceKind;
	/** from 1 */
	page: number;
	pages: number;
	lines: SourceLine[];
	/** lines of this page that are not drawn */
	more: number;
	indicators: number;
	/** bytes of the whole */
	size: number;
	encoding: string;
}

/** Bytes that are no text: shown, they would be noise. */
function isBinary(bytes: Buffer): boolean {
	const head = bytes.subarray(0, 4096);
	if (/^(?:\xff\xfe|\xfe\xff)/.test(head.toString("latin1"))) return false;
	return head.includes(0);
}

function decodedText(bytes: Buffer, encoding: string): { text: string; encoding: string } {
	for (const label of [encoding, "utf-8"]) {
		try {
			return { text: new TextDecoder(label).decode(bytes), encoding: label };
		} catch {
			// A name no decoder knows: pages may claim any.
		}
	}
	return { text: bytes.toString("latin1"), encoding: "latin1" };
}

/** A source as text, in its own encoding. Throws `not_found` where there is none, and where it is no text. */
export async function sourceText(id: string, kind: SourceKind, context: CaptureContext = captureContext()): Promise<{ text: string; encoding: string; size: number }> {
	const [capture, part] = await Promise.all([findCapture(id, context), capturePart(id, kind, 0, context)]);
	if (part === null) throw new ExistError("not_found", capture.state === "done" ? `This capture has no ${kind === "content" ? "content" : "markup"}.` : "The capture is not over yet.");
	if (kind === "markup") return { text: part.bytes.toString("utf8"), encoding: "utf-8", size: part.bytes.length };
	if (isBinary(part.bytes)) throw new ExistError("not_found", `The content is no text (${part.mediaType}). Download it as a zip instead.`);
	const charset = /charset="?([\w-]+)/i.exec(capture.result?.response?.contentType ?? "")?.[1];
	return { ...decodedText(part.bytes, capture.result?.encoding ?? charset ?? "utf-8"), size: part.bytes.length };
}

/** Line ends of every system, one kind. */
function linesOf(text: string): string[] {
	return text.split(/\r\n|\r|\n/);
}

/** Ends of pages: at line ends where there is one in reach, never within a character. */
function pageStarts(text: string): number[] {
	const starts = [0];
	for (let at = SOURCE_PAGE; at < text.length; ) {
		const line = text.lastIndexOf("\n", at) + 1;
		const start = line > (starts.at(-1) as number) + SOURCE_PAGE / 2 ? line : at;
		starts.push(start);
		at = start + SOURCE_PAGE;
	}
	return starts;
}

/** A page of a source in lines with its indicators. Throws `not_found` as above, and for a page that is not there. */
export async function captureSource(id: string, kind: SourceKind, page: number, context: CaptureContext = captureContext()): Promise<CaptureSource> {
	const { text, encoding, size } = await sourceText(id, kind, context);
	const starts = pageStarts(text);
	if (page < 1 || page > starts.length) throw new ExistError("not_found", `The source has ${starts.length} ${starts.length === 1 ? "page" : "pages"}, there is no page ${page}.`);
	const from = starts[page - 1] as number;
	const part = text.slice(from, starts[page] ?? text.length);
	const { lines, more, indicators } = sourceLines(part, linesOf(text.slice(0, from)).length);
	return { kind, page, pages: starts.length, lines, more, indicators, size, encoding };
}

/** Text in lines, the first of which has the number `first`; indicators are marked where they stand. */
export function sourceLines(text: string, first = 1): { lines: SourceLine[]; more: number; indicators: number } {
	const all = linesOf(text);
	const lines: SourceLine[] = [];
	let indicators = 0;
	let at = 0;
	for (const line of all) {
		if (lines.length >= MAX_LINES) break;
		// Long lines are cut for the eye, yet read whole: an indicator is not lost at a cut.
		const found = indicators < MAX_INDICATORS ? extractIndicators(line, { dedupe: false, limit: MAX_INDICATORS - indicators }) : [];
		indicators += found.length;
		for (const pieces of cut(marked(line, found))) {
			if (lines.length >= MAX_LINES) break;
			lines.push({ number: first + at, continued: lines.at(-1)?.number === first + at, pieces });
		}
		at++;
	}
	return { lines, more: all.length - at, indicators };
}

type Piece = SourceLine["pieces"][number];

function marked(line: string, found: ReadonlyArray<{ indicator: Indicator; start: number; end: number }>): Piece[] {
	const pieces: Piece[] = [];
	let at = 0;
	for (const { indicator, start, end } of found) {
		if (start < at) continue;
		if (start > at) pieces.push({ text: line.slice(at, start), indicator: null });
		pieces.push({ text: line.slice(start, end), indicator });
		at = end;
	}
	if (at < line.length || pieces.length === 0) pieces.push({ text: line.slice(at), indicator: null });
	return pieces;
}

/** Pieces in rows of at most `LINE` characters; an indicator stays in one. */
function cut(pieces: readonly Piece[]): Piece[][] {
	const rows: Piece[][] = [[]];
	let room = LINE;
	for (const piece of pieces) {
		let { text } = piece;
		while (piece.indicator === null && text.length > room) {
			rows.at(-1)?.push({ text: text.slice(0, room), indicator: null });
			text = text.slice(room);
			rows.push([]);
			room = LINE;
		}
		if (text.length > room) {
			rows.push([]);
			room = LINE;
		}
		rows.at(-1)?.push({ text, indicator: piece.indicator });
		room -= text.length;
	}
	return rows;
}
