import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canonicaliseFeed, warningFor } from "@/lib/domain";
import { type FeedFormat, guardedFetch, unpack } from "@/lib/net";
import { readLines } from "@/lib/net/lines";
import { CSV, drain, fixture, fixtureJson, held, type Listener, listen, onRequest, outcome, pieces, type Read, read, weighed } from "./helpers";

interface Entry {
	file: string;
	feed: string;
	http: { status: number } & Record<string, string | number>;
	expect: string;
}

const { manifest } = fixtureJson<{ manifest: Entry[] }>("evil-feeds/manifest.json");
const FORMATS: Readonly<Record<string, FeedFormat>> = {
	csv: CSV,
	ip: { kind: "lines" },
	json: { kind: "json", root: "array" },
	jsonl: { kind: "ndjson" },
	stix: { kind: "json", root: ["objects"] },
	misp: { kind: "json", root: ["Event", "Attribute"] },
};

/**
 * Records and set-aside lines of the files whose entry leaves a choice, or says what happens behind the reader (in the rows,
 * the comparison with the previous set, the warning lists).
 */
const CHOSEN: Readonly<Record<string, readonly [records: number, aside: number] | "refused">> = {
	"good-shuffled.csv": [200, 0],
	"good-updated.csv": [200, 0],
	"good-plus10.csv": [210, 0],
	"shrink-95pc.csv": [10, 0],
	"shrink-20pc.csv": [160, 0],
	"truncated-mid-row.csv": "refused",
	"truncated-mid-quote.csv": [199, 1],
	"truncated-no-length.csv": [199, 1],
	"gzip-trailing-junk.csv.gz": "refused",
	"not-gzip.csv.gz": [13, 1],
	"gzip-unmarked.csv": [200, 0],
	"deflate-raw.csv": [200, 0],
	"zip-slip.zip": [200, 0],
	"zip-abs.zip": [200, 0],
	"zip-two-files.zip": "refused",
	"tar-slip.tar.gz": [200, 2],
	"utf16le-bom.csv": [200, 0],
	"shift-jis-unlabelled.csv": [0, 20],
	"utf8-cut.csv": [29, 1],
	"ctrl-z.csv": [9, 1],
	"quote-unbalanced.csv": [49, 1],
	"columns-reordered.csv": [20, 0],
	"header-renamed.csv": "refused",
	"benign-poison.txt": [37, 0],
	"benign-poison.csv": [13, 0],
	"bad-ips.txt": [21, 0],
	"dates.csv": [19, 0],
	"long-url-5000.csv": [1, 0],
	"dup-all.csv": [200, 0],
	"dup-case.csv": [7, 0],
	"bad-schemes.csv": [11, 1],
	"json-dup-keys.json": [1, 0],
	"json-numbers.json": [4, 0],
	"json-lone-surrogate.json": [1, 0],
	"json-nulls.json": [6, 3],
	"json-wrong-types.json": [2, 0],
	"json-huge-string.json": [1, 0],
	"jsonl-mixed.jsonl": [5, 3],
	"stix-missing-refs.json": [2, 0],
	"stix-same-id-older.json": [2, 0],
	"stix-self-loop.json": [2, 0],
	"stix-bad-pattern.json": [4, 0],
	"stix-bad-id.json": [4, 0],
	"misp-manifest-traversal.json": "refused",
	"misp-uuid-mismatch.json": [0, 0],
	"misp-bad-attrs.json": [7, 0],
};

const MAX_BYTES = 16 * 1024 * 1024;
let server: Listener;

beforeAll(async () => {
	server = await listen((socket) =>
		onRequest(socket, ({ line }) => {
			const entry = manifest[Number(/\/(\d+) /.exec(line)?.[1])] as Entry;
			const body = fixture(`evil-feeds/${entry.file}`);
			const { status, ...headers } = entry.http;
			const lines = Object.entries({ "content-length": body.length, connection: "close", ...headers }).map(([name, value]) => `${name}: ${value}`);
			socket.end(Buffer.concat([Buffer.from(`HTTP/1.1 ${status} OK\r\n${lines.join("\r\n")}\r\n\r\n`), body]));
		}),
	);
});
afterAll(() => server.close());

/** Fetches, unpacks and reads a file as the product does, with the headers its entry gives. */
async function fetched(entry: Entry): Promise<Read> {
	const address = `http://127.0.0.1:${server.port}/${manifest.indexOf(entry)}`;
	const answer = await outcome(guardedFetch(address, { policy: { allowLoopback: true }, timeoutMs: 10_000, maxBytes: MAX_BYTES }));
	if (answer.value === null) return { records: [], aside: [], refused: answer.failure.message };
	const contentType = answer.value.headers["content-type"];
	return read(answer.value.body, FORMATS[entry.feed] as FeedFormat, { maxBytes: MAX_BYTES, ...(contentType === undefined ? {} : { contentType }) });
}

const named = (file: string): Entry => manifest.find((entry) => entry.file === file) as Entry;

describe("hostile feeds", () => {
	test.each(manifest)("$file: $expect", async (entry) => {
		const before = held();
		const { records, aside, refused } = await fetched(entry);
		const chosen = CHOSEN[entry.file];
		const exact = /^ingest:(\d+)(?:,quarantine:(\d+))?$/.exec(entry.expect);
		if (chosen === "refused") expect(refused).not.toBeNull();
		else if (chosen !== undefined) expect([refused, records.length, aside.length]).toEqual([null, ...chosen]);
		else if (exact !== null) expect([refused, records.length, aside.length]).toEqual([null, Number(exact[1]), Number(exact[2] ?? 0)]);
		else {
			expect(entry.expect).toMatch(/^keep-previous/);
			expect(refused !== null || records.length === 0).toBe(true);
		}
		for (const item of aside) expect(item.reason).not.toBe("");
		expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
		expect(held() - before).toBeLessThan(32 * 1024 * 1024);
	});

	test("every choice is about a file that is there", () => {
		expect(Object.keys(CHOSEN).filter((file) => named(file) === undefined)).toEqual([]);
	});

	test.each(manifest.filter((entry) => entry.expect.includes("too-large")))("$file is cut off by size, whoever reads it", async ({ file, http }) => {
		const address = `http://127.0.0.1:${server.port}/${manifest.findIndex((entry) => entry.file === file)}`;
		const { body } = await guardedFetch(address, { policy: { allowLoopback: true }, maxBytes: MAX_BYTES });
		const { bytes, growth, pulled } = weighed(http["content-encoding"] === undefined ? unpack(body, { maxBytes: MAX_BYTES }) : body);
		await expect(drain(bytes)).rejects.toThrow(/too large|unpacks to more/);
		expect(pulled()).toBeLessThanOrEqual(MAX_BYTES);
		expect(growth()).toBeLessThan(32 * 1024 * 1024);
	});

	test("how a body is cut into pieces makes no difference", async () => {
		for (const { file, feed } of manifest) {
			const bytes = fixture(`evil-feeds/${file}`);
			if (bytes.length > 60_000) continue;
			const whole = await read(pieces(bytes, bytes.length + 1), FORMATS[feed] as FeedFormat);
			for (const size of [1, 3, 7]) {
				const cut = await read(pieces(bytes, size), FORMATS[feed] as FeedFormat);
				// Where a body breaks off, more or less of it has been read by then.
				if (whole.refused !== null) expect([file, cut.refused]).toEqual([file, whole.refused]);
				else expect([file, cut]).toEqual([file, whole]);
			}
		}
	});

	test("lines that end in a lone carriage return end there, however they arrive", async () => {
		for (const [size, ending] of [
			[1, ""],
			[2, ""],
			[7, ""],
			[1, "\n"],
			[2, "\n"],
			[7, "\n"],
		] as const) {
			const lines: string[] = [];
			for await (const { text } of readLines(pieces(Buffer.from(`a\rb\r${ending}c\r\rd\r${ending}`.repeat(20)), size), { maxLineBytes: 10 })) lines.push(text);
			expect(lines).toEqual(Array(20).fill(["a", "b", "c", "", "d"]).flat());
		}
	});

	test("characters survive being cut in two", async () => {
		const { records } = await read(pieces(fixture("evil-feeds/split-multibyte.jsonl"), 3), { kind: "ndjson" });
		expect(records).toHaveLength(200);
		expect(JSON.stringify(records)).not.toContain("\ufffd");
	});
});

/** Values of a feed's rows as a source would give them, and what the reader of indicators makes of them. */
async function indicators(file: string): Promise<{ taken: string[]; refused: number; warned: number }> {
	const entry = named(file);
	const { records, aside } = await fetched(entry);
	const out = { taken: [] as string[], refused: aside.length, warned: 0 };
	for (const { cells, json, text } of records) {
		const value = entry.feed === "csv" ? cells.url : entry.feed === "ip" ? text : (json as { url?: unknown }).url;
		const result = typeof value === "string" ? canonicaliseFeed(value, entry.feed === "ip" ? "network" : "url") : null;
		if (result?.ok !== true) {
			out.refused++;
			continue;
		}
		out.taken.push(result.indicator.value);
		if (warningFor(result.indicator, ["our-own-app.example"]) !== null) out.warned++;
	}
	return out;
}

describe("rows become indicators or are refused", () => {
	test("addresses in odd spellings", async () => {
		const { taken } = await indicators("bad-ips.txt");
		expect(taken).toEqual(["1.2.3.4", "1.2.3.0/24", "1.2.3.4", "198.51.100.9", "198.51.100.10"]);
	});

	test("everybody's addresses are marked", async () => {
		const { taken, refused, warned } = await indicators("benign-poison.txt");
		expect([taken.length, refused]).toEqual([37, 0]);
		// The other twenty are addresses for documentation, which are marked as well.
		expect(warned).toBe(37);
	});

	test("everybody's pages are marked or refused", async () => {
		const { taken, refused, warned } = await indicators("benign-poison.csv");
		expect(refused).toBe(7);
		expect([taken.length, warned]).toEqual([6, 6]);
	});

	test("long addresses that begin alike stay apart, and one too long is not cut", async () => {
		expect(new Set((await indicators("long-urls.csv")).taken).size).toBe(20);
		expect((await indicators("long-url-5000.csv")).taken[0]?.length).toBeGreaterThan(5000);
		expect(await indicators("json-huge-string.json")).toMatchObject({ taken: [], refused: 1 });
	});

	test("the host folds, the path does not", async () => {
		const { taken } = await indicators("dup-case.csv");
		expect([...new Set(taken)]).toEqual(["http://host-0001.example/A", "http://host-0001.example/a", "http://host-0001.example/%41"]);
	});

	test("schemes", async () => {
		const { taken } = await indicators("bad-schemes.csv");
		expect(taken).toEqual(["ftp://a.example/x", "http://a.example/", "http://a.example/", "http://a.example/", "https://xn--p1acf.example/"]);
	});

	test("values of the wrong type, or no text", async () => {
		expect(await indicators("json-wrong-types.json")).toMatchObject({ taken: ["http://a.example/", "http://b.example/"] });
		expect((await indicators("json-lone-surrogate.json")).taken).toEqual([]);
		expect((await fetched(named("json-bigint.json"))).records.map(({ json }) => (json as { phish_id: unknown }).phish_id)).toEqual(["9007199254740993", "9007199254740992"]);
	});
});
