import { chain } from "./bytes";
import { readCsv } from "./csv";
import { type FeedFormat, type FeedItem, SuspectBody } from "./formats";
import { readJson, readNdjson } from "./json";
import { type Line, readLines } from "./lines";

export interface ReadOptions {
	contentType?: string;
	maxLineBytes?: number;
	/** text a good body carries within its first 4 KB */
	marker?: string | RegExp;
}

const HEAD_BYTES = 4096;

/** What the beginning of a body gives away: a page in place of a list, an error object, or a marker that is not there. */
function checkHead(head: Buffer, format: FeedFormat, options: ReadOptions): void {
	const text = head.toString("latin1").replace(/^\u00ef\u00bb\u00bf/, "");
	const start = text.trimStart();
	if (/^<(?:!doctype|html|head|body|script|title|meta)/i.test(start) || /<html[\s>]/i.test(text)) {
		const title = /<title[^>]*>([^<]{1,120})/i.exec(text)?.[1]?.trim();
		throw new SuspectBody(`It is a web page${title === undefined ? "" : ` ("${title}")`}, not a list.`);
	}
	if (start.startsWith("<")) throw new SuspectBody("It is XML, not a list.");
	if ((format.kind === "csv" || format.kind === "lines") && /^[{[]\s*["{[\]}]/.test(start)) {
		throw new SuspectBody(`It is JSON, not a list: ${start.slice(0, 120).replace(/\s+/g, " ")}`);
	}
	if (options.marker !== undefined) {
		const found = typeof options.marker === "string" ? text.includes(options.marker) : options.marker.test(text);
		if (!found) throw new SuspectBody(`It lacks the mark of this list (${String(options.marker).slice(0, 60)}): it begins with "${start.slice(0, 80).replace(/\s+/g, " ")}".`);
	}
}

const DEFAULT_COMMENTS = ["#", ";", "//"] as const;

async function* readPlain(lines: AsyncIterable<Line>, format: Extract<FeedFormat, { kind: "lines" }>): AsyncGenerator<FeedItem> {
	const comments = format.comments ?? DEFAULT_COMMENTS;
	const none = Object.freeze(Object.create(null)) as Record<string, string>;
	for await (const { line, text, fault } of lines) {
		if (fault !== undefined) {
			yield { ok: false, line, reason: fault, excerpt: text };
			continue;
		}
		const cut = format.trailingComment === undefined ? -1 : text.indexOf(format.trailingComment);
		const plain = (cut < 0 ? text : text.slice(0, cut)).trim();
		if (plain === "" || comments.some((mark) => plain.startsWith(mark))) continue;
		yield { ok: true, record: { line, text: plain, cells: none, json: undefined, key: undefined } };
	}
}

/**
 * Reads a body as its source promised it: records one by one, those that cannot be read with their reason. Throws
 * `SuspectBody` where the body as a whole is something else. Streams; memory is one chunk and one record (JSON documents:
 * the document).
 */
export async function* readFeed(bytes: AsyncIterable<Uint8Array>, format: FeedFormat, options: ReadOptions = {}): AsyncGenerator<FeedItem> {
	const iterator = bytes[Symbol.asyncIterator]();
	const head: Uint8Array[] = [];
	let have = 0;
	while (have < HEAD_BYTES) {
		const { value, done } = await iterator.next();
		if (done === true) break;
		head.push(value);
		have += value.length;
	}
	checkHead(Buffer.concat(head).subarray(0, HEAD_BYTES), format, options);
	const all = chain(head, iterator);
	const lineOptions = {
		...(options.contentType === undefined ? {} : { contentType: options.contentType }),
		...(options.maxLineBytes === undefined ? {} : { maxLineBytes: options.maxLineBytes }),
	};
	switch (format.kind) {
		case "lines":
			yield* readPlain(readLines(all, lineOptions), format);
			return;
		case "csv":
			yield* readCsv(readLines(all, lineOptions), format);
			return;
		case "ndjson":
			yield* readNdjson(readLines(all, lineOptions));
			return;
		case "json":
			yield* readJson(all, format, options.contentType);
	}
}
