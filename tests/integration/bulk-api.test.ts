import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Principal } from "@/lib/auth";
import { bulkResponse } from "@/lib/http";
import { MAX_BODY, MAX_UNPACKED } from "@/lib/http/bulk-values";
import { type Api, type ApiAnswer, startApi } from "../harness/api";
import { DRIVERS, freshDatabase, type TestDatabase } from "../harness/database";
import { lineSource, runSource, testContext } from "../harness/ingest";

interface Line {
	type: string;
	line: number;
	value: string;
	kind: string;
	page: string | null;
}

describe.each(DRIVERS)("POST /api/lookup/bulk over %s", (driver) => {
	let fresh: TestDatabase;
	let api: Api;
	const source = lineSource({ id: "one", name: "=One", number: 9201, category: "phishing" });
	beforeAll(async () => {
		fresh = await freshDatabase(driver);
		await runSource(testContext(fresh.database, [source]), source, { text: "evil.example.org\n45.9.0.0/16\nhttp://shop.example.com/a,b" });
		api = await startApi(fresh);
	});
	afterAll(() => fresh.drop());

	const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}, path = "/api/lookup/bulk") =>
		api.ask(path, { method: "POST", body, headers: { "content-type": "text/plain", ...headers } });
	const lines = (text: string) =>
		text
			.trimEnd()
			.split("\n")
			.map((line) => JSON.parse(line) as Line);
	const short = (all: readonly Line[]) => all.filter(({ type }) => type === "answer").map(({ line, value, kind }) => [line, value, kind]);
	const EXPECTED = [
		[1, "www.evil[.]example.org", "known"],
		[3, "45.9.1.1", "known"],
		[4, "hello", "invalid"],
	];
	const TEXT = "www.evil[.]example.org\n\r\n45.9.1.1\r\n  hello  \n\n";

	it("answers NDJSON, one a line, in order, with an end that counts", async () => {
		const answer = await post(TEXT);
		expect([answer.status, answer.headers.get("content-type"), answer.headers.get("cache-control")]).toEqual([200, "application/x-ndjson; charset=utf-8", "private, no-store"]);
		const all = lines(answer.text);
		expect(short(all)).toEqual(EXPECTED);
		expect(all.at(-1)).toEqual({ type: "end", values: 3, listed: 0, known: 2, notListed: 0, invalid: 1 });
		expect(all[0]?.page).toBe("http://exist.test/domain/www.evil.example.org");
	});

	it.each([
		["NDJSON of texts", '"www.evil[.]example.org"\n\n"45.9.1.1"\n"hello"', "application/x-ndjson"],
		["NDJSON of objects", '{"value":"www.evil[.]example.org","seen":3}\n\n{"value":"45.9.1.1"}\n"hello"\n', "application/x-ndjson; charset=utf-8"],
		["what curl sends unless told otherwise", TEXT, "application/x-www-form-urlencoded"],
		["a byte order mark", `\ufeff${TEXT}`, "text/plain"],
	])("reads %s", async (_, body, type) => {
		expect(short(lines((await post(body, { "content-type": type })).text))).toEqual(EXPECTED);
	});

	it("reads JSON, and gzip told by its header or its first bytes", async () => {
		const places = EXPECTED.map(([, ...rest], at) => [at + 1, ...rest]);
		const values = EXPECTED.map(([, value]) => value);
		for (const body of [JSON.stringify({ values }), JSON.stringify(values)]) expect(short(lines((await post(body, { "content-type": "application/json" })).text))).toEqual(places);
		const packed = new Uint8Array(gzipSync(TEXT));
		for (const headers of [{ "content-encoding": "gzip" }, {}, { "content-type": "application/gzip" }]) expect(short(lines((await post(packed, headers)).text))).toEqual(EXPECTED);
	});

	it("answers one JSON document or CSV where that is wanted", async () => {
		for (const [headers, path] of [
			[{ accept: "application/json" }, "/api/lookup/bulk"],
			[{ accept: "text/csv" }, "/api/lookup/bulk?format=json"],
		] as const) {
			const { body, headers: sent } = await post(TEXT, headers, path);
			expect(sent.get("content-type")).toBe("application/json; charset=utf-8");
			expect(body).toMatchObject({
				answers: [{ line: 1, kind: "known", containing: [{ relation: "parent", value: "evil.example.org" }] }, { line: 3 }, { line: 4 }],
				summary: { values: 3, known: 2 },
			});
		}
		const csv = await post('evil.example.org\n=cmd|" /C calc"!A0\n', { accept: "text/csv" });
		expect(csv.headers.get("content-disposition")).toContain("exist-lookup.csv");
		const [header, first, second] = csv.text.split("\r\n");
		expect(header).toBe('\ufeff"value","kind","type","indicator","category","sources","first_seen","last_seen","containing","records","warning","reason","page","line"');
		expect(first).toMatch(/^"evil\.example\.org","listed","domain","evil\.example\.org","phishing","'=One","20/);
		expect(second).toMatch(/^"'=cmd\|"" \/C calc""!A0","invalid",,,/);
	});

	it.each([
		["nothing", "", "text/plain", 400, "There are no values."],
		["blank lines", "\n \n\r\n", "text/plain", 400, "There are no values."],
		["an empty list", '{"values":[]}', "application/json", 400, "There are no values."],
		["no JSON", "{", "application/json", 400, 'The body is no JSON: "{".'],
		["JSON without values", '{"value":"a.example"}', "application/json", 400, "no list of values"],
		["a number in the list", '{"values":["a.example",7]}', "application/json", 400, "Value 2 is a number"],
		["null in the list", '{"values":[null]}', "application/json", 400, "Value 1 is null"],
		["a broken line", '"a.example"\n\n{"value":\n', "application/x-ndjson", 400, 'Line 3 is no JSON: "{"value":".'],
		["a line of another shape", '"a.example"\n[1]\n', "application/x-ndjson", 400, "Line 2 is neither"],
		["a type nobody reads", "x", "multipart/form-data; boundary=x", 400, "multipart/form-data"],
		["Latin-1", new Uint8Array([0x65, 0x76, 0xe9, 0x6c]), "text/plain", 400, "iconv"],
		["broken gzip", new Uint8Array([0x1f, 0x8b, 8, 0, 1, 2, 3]), "text/plain", 400, "gzip data is broken"],
		["gzip cut short", new Uint8Array(gzipSync(TEXT).subarray(0, 30)), "text/plain", 400, "gzip data is broken"],
		["one value too many", "a.example\n".repeat(10_001), "text/plain", 413, "more than 10,000 values; one call takes 10,000 values. Send them in several calls"],
		["a list with one value too many", JSON.stringify(new Array(10_001).fill("a.example")), "application/json", 413, "The body has 10,001 values"],
		["nothing but line ends", "\n".repeat(100_001), "text/plain", 413, "more than 100,000 lines"],
		["too many bytes", "x".repeat(MAX_BODY + 1), "text/plain", 413, "4,500,000 bytes"],
		["a bomb", new Uint8Array(gzipSync(Buffer.alloc(MAX_UNPACKED + 1, 97))), "text/plain", 413, "unpacks to more than"],
	] as const)("refuses %s", async (_, body, type, status, detail) => {
		const mine = await api.withNewKey();
		const answer = await mine.ask("/api/lookup/bulk", { method: "POST", body: body as string, headers: { "content-type": type } });
		expect([answer.status, (answer.body as { detail: string }).detail]).toEqual([status, expect.stringContaining(detail)]);
	});

	it("refuses other packings, and text that is said to be gzip", async () => {
		expect((await post(TEXT, { "content-encoding": "br" })).body).toMatchObject({ code: "invalid", detail: expect.stringContaining('"br"') });
		expect((await post(TEXT, { "content-encoding": "gzip" })).status).toBe(400);
	});

	it("costs one unit for 500 values, and says so before it begins", async () => {
		const mine = await api.withNewKey();
		const ask = (values: number) =>
			mine.ask("/api/lookup/bulk", { method: "POST", headers: { "content-type": "text/plain" }, body: Array.from({ length: values }, (_, at) => `h${at}.example.edu`).join("\n") });
		const left = async (values: number) => (await ask(values)).headers.get("ratelimit-remaining");
		expect([await left(1), await left(500), await left(501), await left(10_000)]).toEqual(["599", "598", "596", "576"]);
		for (let turn = 0; turn < 28; turn++) expect((await ask(10_000)).status).toBe(200);
		const refused = await ask(10_000);
		expect([refused.status, refused.headers.get("retry-after") !== null, refused.headers.get("ratelimit-remaining")]).toEqual([429, true, "0"]);
	}, 60_000);

	it("never says a monstrous value again, only how long it is", async () => {
		const monster = "a".repeat(3_000_000);
		for (const [body, type] of [
			[`evil.example.org\n${monster}\n45.9.1.1`, "text/plain"],
			[JSON.stringify(["evil.example.org", monster, "45.9.1.1"]), "application/json"],
		] as const) {
			const answer = await post(body, { "content-type": type });
			expect(answer.text.length).toBeLessThan(4000);
			const all = lines(answer.text);
			expect(short(all)).toEqual([
				[1, "evil.example.org", "listed"],
				[2, `${"a".repeat(100)}…`, "invalid"],
				[3, "45.9.1.1", "known"],
			]);
			expect(answer.text).toContain("the value has 3,000,000 characters, at most 10,000 are looked at");
		}
		expect((await post(`${"\ud83d\udc80".repeat(50)}\ud83d\udc80${"a".repeat(10_000)}`)).text).not.toContain("\ufffd");
		// The longest that is looked at is said whole.
		const longest = `http://shop.example.com/${"a".repeat(8000)}`;
		expect(lines((await post(longest)).text)[0]).toMatchObject({ value: longest, kind: "not listed" });
	});

	/** A short body of somebody else. */
	const askAs = (email: string, body: string) => {
		const request = new Request("http://exist.test/api/lookup/bulk", { method: "POST", body, headers: { "content-type": "text/plain" } });
		return bulkResponse({ request, url: new URL(request.url), principal: { user: { email } } as Principal, charge: async () => {} });
	};

	it("has three bodies of a person in hand at once, lets others wait, refuses who comes beyond that, and answers other people meanwhile", async () => {
		const senders: Array<ReadableStreamDefaultController<Uint8Array>> = [];
		const slow = () => new ReadableStream<Uint8Array>({ start: (controller) => void senders.push(controller) });
		const mine = await api.withNewKey();
		const send = () => mine.ask("/api/lookup/bulk", { method: "POST", headers: { "content-type": "text/plain" }, body: slow(), duplex: "half" } as RequestInit);
		const refused: ApiAnswer[] = [];
		const sent = Array.from({ length: 60 }, async () => {
			const answer = await send();
			if (answer.status === 503) refused.push(answer);
			return answer.status;
		});
		while (refused.length < 17) await new Promise((resolve) => setTimeout(resolve, 10));
		for (const { headers, body } of refused) expect([headers.get("retry-after"), body]).toEqual(["5", { code: "unavailable", detail: expect.stringContaining("Try again") }]);
		expect(lines(await (await askAs("bob@example.org", "evil.example.org")).text())).toHaveLength(2);
		for (const sender of senders) {
			sender.enqueue(Buffer.from("evil.example.org"));
			sender.close();
		}
		const statuses = await Promise.all(sent);
		expect([statuses.filter((status) => status === 200).length, refused.length]).toEqual([43, 17]);
		expect((await post("evil.example.org")).status).toBe(200);
	});

	it("gives the place back for every body that is refused and every reader that leaves", async () => {
		for (let turn = 0; turn < 6; turn++) expect((await post("", { "content-type": "multipart/form-data" })).status).toBe(400);
		for (let turn = 0; turn < 6; turn++) {
			const response = await askAs("ann@example.org", Array.from({ length: 9000 }, (_, at) => `h${at}.example.edu`).join("\n"));
			await response.body?.cancel();
		}
		expect((await post(TEXT)).status).toBe(200);
	});

	it("says in its last line where it failed midway", async () => {
		const { query } = fresh.database;
		let asked = 0;
		const shared = globalThis as { existPlatform?: { database?: unknown } };
		const broken = { ...fresh.database, query: (text: string) => (text.includes("JOIN sighting") && ++asked > 4 ? Promise.reject(new Error("secret detail")) : query.call(fresh.database, text)) };
		Object.assign(shared.existPlatform ?? {}, { database: broken });
		const answer = await post(Array.from({ length: 9000 }, (_, at) => `h${at}.midway.example.edu`).join("\n"));
		Object.assign(shared.existPlatform ?? {}, { database: fresh.database });
		const all = lines(answer.text);
		expect([answer.status, all.at(-1)?.type, short(all).length % 1000, short(all).length > 0]).toEqual([200, "error", 0, true]);
		expect(answer.text).not.toContain("secret detail");
	});
});
