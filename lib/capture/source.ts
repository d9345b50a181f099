import { extractIndicators, type Indicator } from "@/lib/domain";
import { ExistError } from "@/lib/errors";
import { type CaptureContext, captureContext } from "./context";
import { capturePart } from "./files";
import { findCapture } from "./store";
import type { SourceKind } from "./views";

/** Characters and lines of one page of a source: what a browser draws without a pause. */
const SOURCE_PAGE = 500_000;
const PAGE_LINES = 4_000;
/** Characters that are drawn in one row: minified code has one line. */
const LINE = 2_000;
const MAX_INDICATORS = 2_000;

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

/** Where pages begin, and the number of the first line of each: at a line's end, or within a line that is a page by itself. */
function pagesOf(text: string): Array<{ start: number; line: number }> {
	const pages = [{ start: 0, line: 1 }];
	let [line, start, first] = [1, 0, 1];
	const open = (at: number): void => {
		pages.push({ start: at, line });
		[start, first] = [at, line];
	};
	for (const { index, 0: end } of text.matchAll(/\r\n|\r|\n/g)) {
		while (index - start > SOURCE_PAGE) open(start + SOURCE_PAGE);
		line++;
		const next = index + end.length;
		if (next < text.length && (line - first >= PAGE_LINES || next - start >= SOURCE_PAGE)) open(next);
	}
	while (text.length - start > SOURCE_PAGE) open(start + SOURCE_PAGE);
	return pages;
}

/** A page of a source in lines with its indicators. Throws `not_found` as above, and for a page that is not there. */
export async function captureSource(id: string, kind: SourceKind, page: number, context: CaptureContext = captureContext()): Promise<CaptureSource> {
	const { text, encoding, size } = await sourceText(id, kind, context);
	const pages = pagesOf(text);
	const at = pages[page - 1];
	if (at === undefined) throw new ExistError("not_found", `The source has ${pages.length} ${pages.length === 1 ? "page" : "pages"}, there is no page ${page}.`);
	const end = pages[page]?.start;
	// The end of the page's last line is no line of its own.
	const part = text.slice(at.start, end).replace(end === undefined ? /(?!)/ : /(?:\r\n|\r|\n)$/, "");
	const { lines, indicators } = sourceLines(part, at.line);
	return { kind, page, pages: pages.length, lines, indicators, size, encoding };
}

/** Text in lines, the first of which has the number `first`; indicators are marked where they stand. */
export function sourceLines(text: string, first = 1): { lines: SourceLine[]; indicators: number } {
	const lines: SourceLine[] = [];
	let indicators = 0;
	for (const [at, line] of linesOf(text).entries()) {
		// Long lines are cut for the eye, yet read whole: an indicator is not lost at a cut.
		const found = indicators < MAX_INDICATORS ? extractIndicators(line, { dedupe: false, limit: MAX_INDICATORS - indicators }) : [];
		indicators += found.length;
		for (const [row, pieces] of cut(marked(line, found)).entries()) lines.push({ number: first + at, continued: row > 0, pieces });
	}
	return { lines, indicators };
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
