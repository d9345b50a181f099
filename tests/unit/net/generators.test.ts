import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type FeedFormat, readFeed, SuspectBody, unpack } from "@/lib/net";
import { CSV, fixtureJson, pieces, weighed } from "./helpers";

const { generators } = fixtureJson<{ generators: Array<{ id: string; budget?: { rss_growth_mb?: number } }> }>("security/generators.json");
const MB = 1024 * 1024;
const MAX_BYTES = 24 * MB;

/** A piece of text again and again, in blocks of about 64 KB. Numbers stand where `{{i}}` does. */
async function* repeated(prefix: string, piece: string, bytes: number, suffix: string): AsyncGenerator<Uint8Array> {
	yield Buffer.from(prefix);
	const times = Math.ceil((64 * 1024) / piece.length);
	const plain = piece.includes("{{i}}") ? null : Buffer.from(piece.repeat(times));
	let next = 0;
	for (let sent = 0; sent < bytes; ) {
		const block = plain ?? Buffer.from(Array.from({ length: times }, () => piece.replaceAll("{{i}}", String(next++))).join(""));
		sent += block.length;
		yield block;
	}
	yield Buffer.from(suffix);
}

const HEADER = "# id,dateadded,url,url_status,threat,tags,link,reporter\n";
const ROW = '"{{i}}","2026-11-01 00:00:00","http://host-{{i}}.example/p/{{i}}","online","malware_download","exe","https://feed.example/url/{{i}}/","r0"\n';

/** A stored archive with so many empty files: its end says how many there are. */
function zipOf(entries: number): Buffer {
	const name = Buffer.from("a");
	const local = Buffer.alloc(31);
	local.writeUInt32LE(0x04034b50, 0);
	local.writeUInt16LE(1, 26);
	name.copy(local, 30);
	const central = Buffer.alloc(47);
	central.writeUInt32LE(0x02014b50, 0);
	central.writeUInt16LE(1, 28);
	name.copy(central, 46);
	const end = Buffer.alloc(22);
	end.writeUInt32LE(0x06054b50, 0);
	end.writeUInt16LE(entries, 8);
	end.writeUInt16LE(entries, 10);
	end.writeUInt32LE(47 * entries, 12);
	end.writeUInt32LE(31, 16);
	return Buffer.concat([local, ...Array.from({ length: entries }, () => central), end]);
}

interface Work {
	make: () => AsyncIterable<Uint8Array>;
	format: FeedFormat;
	/** records that are given before the end; undefined: any number */
	records?: number;
	refused: RegExp | null;
	/** most bytes that may be taken from the source */
	most?: number;
	growth?: number;
}

const gzip = (plain: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> => Readable.from(plain).pipe(createGzip());
const JSON_ARRAY: FeedFormat = { kind: "json", root: "array" };

const WORK: Readonly<Record<string, Work>> = {
	"line-2GB": { make: () => repeated('"', "A", 2048 * MB, '"\n'), format: CSV, records: 0, refused: /too large/, most: 2 * MB },
	"grow-100x": { make: () => repeated(HEADER, ROW, 2.9 * MB, ""), format: CSV, refused: null },
	"rows-1M": { make: () => repeated(HEADER, ROW, 200 * MB, ""), format: CSV, refused: /too large/, most: 25 * MB },
	"endless-stream": { make: () => repeated("", '{"id_str":"{{i}}","text":"x"}\n', Number.POSITIVE_INFINITY, ""), format: { kind: "ndjson" }, refused: /too large/, most: 25 * MB },
	"gzip-bomb-10GB": { make: () => gzip(repeated("", "0", 10 * 1024 * MB, "")), format: CSV, records: 0, refused: /too large/, most: 2 * MB },
	"zip-100k-entries": { make: () => pieces(zipOf(65_000)), format: CSV, records: 0, refused: /65000 entries/, growth: 16 * MB },
	"json-array-5M": {
		make: () => repeated("[", '{"phish_id":"{{i}}","url":"http://h-{{i}}.example/"},', 300 * MB, "{}]"),
		format: JSON_ARRAY,
		records: 0,
		refused: /too large/,
		most: 49 * MB,
		growth: 128 * MB,
	},
	"json-string-1GB": { make: () => repeated('[{"url":"', "x", 1024 * MB, '"}]'), format: JSON_ARRAY, records: 0, refused: /too large/, most: 49 * MB, growth: 128 * MB },
	"log-upload-no-newline": { make: () => repeated("", "A", 100 * MB, ""), format: { kind: "lines" }, records: 0, refused: /too large/, most: 2 * MB },
	"log-upload-gzip-bomb": { make: () => gzip(repeated("", "A", 10 * 1024 * MB, "")), format: { kind: "lines" }, records: 0, refused: /too large/, most: 2 * MB },
	"log-upload-1GB": { make: () => repeated("", '198.51.100.1 - - [24/Nov/2026] "GET / HTTP/1.1" 200\n', 1024 * MB, ""), format: { kind: "lines" }, refused: /too large/, most: 25 * MB },
};
/** About connections (see the tests of HTTP behaviour), uploads and schedules. */
const ELSEWHERE = ["drip-1-byte-per-s", "stall-mid-body", "reset-mid-body", "content-length-short", "content-length-10GB", "encoding-chain-500", "same-second-1000-feeds", "log-upload-many-parts"];

/** Unpacks and reads; counts what comes out and looks at memory while it does. */
async function consume({ make, format }: Work): Promise<{ records: number; last: string; refused: string; pulled: number; growth: number }> {
	const { bytes, growth, pulled } = weighed(make(), 8 * MB);
	const out = { records: 0, last: "", refused: "" };
	try {
		for await (const item of readFeed(unpack(bytes, { maxBytes: format.kind === "json" ? 64 * MB : MAX_BYTES }), format)) {
			if (!item.ok) continue;
			out.records++;
			out.last = item.record.json === undefined ? item.record.text : JSON.stringify(item.record.json);
		}
	} catch (error) {
		if (!(error instanceof SuspectBody)) throw error;
		out.refused = error.message;
	}
	return { ...out, pulled: pulled(), growth: growth() };
}

describe("bodies too big to store", () => {
	test("every generator is looked at", () => {
		expect(generators.map(({ id }) => id).filter((id) => WORK[id] === undefined && !ELSEWHERE.includes(id))).toEqual([]);
	});

	test.each(Object.entries(WORK))("%s", async (_id, work) => {
		const { records, last, refused, pulled, growth } = await consume(work);
		if (work.refused === null) expect(refused).toBe("");
		else expect(refused).toMatch(work.refused);
		if (work.records === undefined) expect(records).toBeGreaterThan(20_000);
		else expect(records).toBe(work.records);
		// What was given before a cap struck is whole.
		if (records > 0) expect(last).toMatch(/(?:"r0"|"text":"x"\}|200)$/);
		expect(pulled).toBeLessThanOrEqual(work.most ?? Number.POSITIVE_INFINITY);
		expect(growth).toBeLessThan(work.growth ?? 64 * MB);
	});

	test.each<[string, FeedFormat]>([
		["a line", { kind: "lines" }],
		["a JSON document", JSON_ARRAY],
	])("%s sent byte by byte takes no more memory than it is long", async (_what, format) => {
		const block = Buffer.alloc(64 * 1024, 0x31);
		async function* bytewise(): AsyncGenerator<Uint8Array> {
			yield Buffer.from("[");
			for (let at = 0; at < 900_000; at++) yield block.subarray(at % block.length, (at % block.length) + 1);
			yield Buffer.from("]");
		}
		const { bytes, growth } = weighed(bytewise(), 200_000);
		let records = 0;
		for await (const item of readFeed(bytes, format)) records += item.ok ? 1 : 0;
		expect(records).toBeLessThanOrEqual(1);
		expect(growth()).toBeLessThan(8 * MB);
	});
});
