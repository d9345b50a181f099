import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listResponse } from "@/lib/http/list-response";
import { openApiDocument } from "@/lib/http/openapi";
import type { AnySource } from "@/lib/sources";
import { sourcesOf } from "@/lib/sources";
import type { RecordTracker } from "@/lib/sources/record";
import { type AnyTracker, list, trackerByResource, trackers } from "@/lib/trackers";
import { type SeedResource, seedApi, seedReputationSources } from "../fixtures/seed-api";
import { itemSource, listingBodies, listingSource, RECORDS, recordBodies } from "../fixtures/seed-records";
import { type Api, startApi } from "../harness/api";
import { DRIVERS, freshDatabase, type TestDatabase } from "../harness/database";
import { runSource, testContext } from "../harness/ingest";

type Item = Record<string, unknown> & { id: string | number };

interface Page {
	count: number;
	next: string | null;
	previous: string | null;
	results: Item[];
}

async function fill(fresh: TestDatabase): Promise<void> {
	const sources: Array<{ source: AnySource; text: string }> = [
		{ source: listingSource(241, "PhishTank"), text: listingBodies.first },
		{ source: listingSource(271, "CyberCrime Tracker"), text: listingBodies.second },
	];
	for (const tracker of Object.keys(recordBodies) as RecordTracker[]) {
		sources.push({ source: itemSource(tracker, sourcesOf(tracker)[0]?.number ?? 9300), text: recordBodies[tracker] });
	}
	const context = testContext(
		fresh.database,
		sources.map(({ source }) => source),
	);
	for (const { source, text } of sources) {
		const run = await runSource(context, source, { text });
		expect([source.tracker, run.state, run.setAside]).toEqual([source.tracker, "ok", 0]);
	}
}

/** A name that tells items apart: a JavaScript number rounds the 64-bit ids of tweets. */
function key(item: Item): string {
	return String(item.id_str ?? item.id);
}

function queryOf(name: string, value: string | string[]): string {
	return new URLSearchParams((Array.isArray(value) ? value : [value]).map((one) => [name, one])).toString();
}

it("has every resource of the original", () => {
	expect(seedApi.filter(({ resource }) => trackerByResource(resource) === undefined).map(({ resource }) => resource)).toEqual([]);
});

describe.each(DRIVERS)("the original's Web API over %s", (driver) => {
	let fresh: TestDatabase;
	let api: Api;
	beforeAll(async () => {
		fresh = await freshDatabase(driver);
		api = await startApi(fresh);
		await fill(fresh);
	}, 120_000);
	afterAll(() => fresh.drop());

	it("lists its resources by name and address", async () => {
		const { body } = await api.ask("/api/");
		expect(body).toEqual(Object.fromEntries(trackers.map(({ resource }) => [resource, `http://exist.test/api/${resource}`])));
	});

	it("names the original's reputation sources by their numbers", async () => {
		const { body } = await api.ask("/api/reputation/sources");
		const named = body as Record<string, string>;
		for (const [number, name] of Object.entries(seedReputationSources))
			expect([number, named[number]?.toLowerCase().replace(/[^a-z0-9]/g, "")]).toEqual([number, name.toLowerCase().replace(/[^a-z0-9]/g, "")]);
	});

	describe.each(seedApi)("$resource", (seed: SeedResource) => {
		const path = `/api/${seed.resource}`;
		let own: Api;
		let all: Item[] = [];
		const page = async (query = ""): Promise<Page> => {
			const answer = await own.ask(`${path}?${query}`);
			expect([query, answer.status, answer.text.slice(0, 200)]).toEqual([query, 200, expect.any(String)]);
			return answer.body as Page;
		};
		beforeAll(async () => {
			own = await api.withNewKey();
			all = (await page("limit=1000")).results;
		});

		it("has the envelope, fifty to a page, and every record once by offset and by cursor", async () => {
			const first = await page();
			expect(Object.keys(first)).toEqual(["count", "next", "previous", "results"]);
			expect([first.count, first.results.length, first.previous]).toEqual([all.length, 50, null]);
			expect(first.count).toBeGreaterThanOrEqual(RECORDS);
			expect(first.next).toBe(`http://exist.test${path}?offset=50&limit=50`);
			const second = (await own.ask(first.next ?? "")).body as Page;
			expect(second.previous).toBe(`http://exist.test${path}?limit=50`);
			const walked: Item[] = [];
			let cursor: string | null = `${path}?limit=20&offset=0`;
			while (cursor !== null) {
				const next: Page = (await own.ask(cursor)).body as Page;
				walked.push(...next.results);
				cursor = next.next;
			}
			expect(walked.map(key)).toEqual(all.map(key));
		});

		it("goes forth and back by cursor", async () => {
			const tracker = trackerByResource(seed.resource);
			const { list } = await import("@/lib/trackers");
			if (tracker === undefined) throw new Error("no tracker");
			const start = await list(tracker, { limit: 10 });
			const second = await page(`limit=10&cursor=${start.next}`);
			expect(second.results.map(key)).toEqual(all.slice(10, 20).map(key));
			const third = (await own.ask(second.next ?? "")).body as Page;
			expect(third.results.map(key)).toEqual(all.slice(20, 30).map(key));
			const back = (await own.ask(third.previous ?? "")).body as Page;
			expect(back.results.map(key)).toEqual(all.slice(10, 20).map(key));
		});

		it("is newest first", () => {
			const times = all.map((item) => String(item[seed.order]));
			expect(times).toEqual([...times].sort().reverse());
			expect(new Set(times).size).toBeGreaterThan(10);
		});

		it.each(Object.entries(seed.fields))("gives the field %s", (field, schema) => {
			for (const item of all) {
				const { success, error } = schema.safeParse(item[field]);
				expect([key(item), item[field], success, error?.issues]).toEqual([key(item), item[field], true, undefined]);
			}
		});

		it("gives the original's fields first, in their order, and nothing its description lacks", () => {
			const tracker = trackerByResource(seed.resource);
			for (const item of all) {
				expect(Object.keys(item).slice(0, Object.keys(seed.fields).length)).toEqual(Object.keys(seed.fields));
				expect(tracker?.item.strict().safeParse(item).error?.issues ?? []).toEqual([]);
			}
		});

		it.each(seed.filters.flatMap((filter) => filter.names.map((name) => [name, filter] as const)))("filters by %s", async (name, filter) => {
			const value = filter.value(all);
			const wanted = all.filter((item) => filter.keeps(item, value)).map(key);
			expect(wanted.length).toBeGreaterThan(0);
			expect(wanted.length).toBeLessThan(all.length);
			const found = await page(`limit=1000&${queryOf(name, value)}`);
			expect(found.results.map(key)).toEqual(wanted);
			expect(found.count).toBe(wanted.length);
		});

		it.each(Object.entries(seed.search))("searches %s", async (field, word) => {
			const holds = (item: Item) =>
				Object.keys(seed.search).some((name) =>
					String(item[name] ?? "")
						.toLowerCase()
						.includes(word),
				);
			const wanted = all.filter(holds).map(key);
			expect(all.filter((item) => String(item[field]).toLowerCase().includes(word)).length).toBe(wanted.length);
			expect(wanted.length).toBeGreaterThan(0);
			for (const query of [word, word.toUpperCase(), `${word},${word.slice(1)}`, `${word} ${word.slice(0, -1)}`]) {
				const found = await page(`limit=1000&${queryOf("search", query)}`);
				expect([query, found.results.map(key), found.count]).toEqual([query, wanted, wanted.length]);
			}
			expect((await page(`search=${word}+nowherewhatever`)).results).toEqual([]);
			const refused = await own.ask(`${path}?search=${encodeURIComponent(`${word.slice(0, 3)}(a|b)*`)}`);
			expect([refused.status, (refused.body as { detail: string }).detail]).toEqual([400, expect.stringContaining("regular-expression")]);
		});

		it("gives one record by its id, and says where there is none", async () => {
			const item = all[7] as Item;
			const one = await own.ask(`${path}/${key(item)}`);
			expect([one.status, key(one.body as Item)]).toEqual([200, key(item)]);
			expect(Object.keys(one.body as Item)).toEqual(Object.keys(item));
			for (const id of ["0".repeat(32), "999999999999", "nonsense", "%27", "%00", "-1"]) {
				const none = await own.ask(`${path}/${id}`);
				expect([id, none.status, none.body]).toEqual([id, 404, { detail: "Not found.", code: "not_found" }]);
			}
		});

		it("cuts to the fields that are asked for", async () => {
			const names = Object.keys(seed.fields).slice(0, 2).reverse();
			const { results } = await page(`limit=3&fields=${names.join(",")}`);
			expect(results.map((item) => Object.keys(item))).toEqual([names, names, names]);
			const one = await own.ask(`${path}/${key(all[0] as Item)}?fields=${names[0]}`);
			expect(Object.keys(one.body as Item)).toEqual([names[0]]);
			const refused = await own.ask(`${path}?search=nowherewhatever&fields=id,nonsense`);
			expect([refused.status, (refused.body as { field: string }).field]).toEqual([400, "fields"]);
		});

		it("answers as CSV and NDJSON, by parameter and by header", async () => {
			const tracker = trackerByResource(seed.resource);
			for (const ask of [own.ask(`${path}?format=ndjson`), own.ask(path, { headers: { accept: "application/x-ndjson" } })]) {
				const lines = (await ask).text.trim().split("\n");
				expect(lines.map((line) => key(JSON.parse(line) as Item))).toEqual(all.map(key));
			}
			for (const ask of [own.ask(`${path}?format=csv`), own.ask(path, { headers: { accept: "text/csv" } })]) {
				const { headers, text } = await ask;
				expect(headers.get("content-disposition")).toBe(`attachment; filename="exist-${seed.resource}.csv"`);
				expect(text.startsWith(`\ufeff${tracker?.csv.map(({ header }) => `"${header}"`).join(",")}\r\n`)).toBe(true);
			}
			const header = tracker?.csv[0]?.header ?? "";
			expect((await own.ask(`${path}?format=csv&fields=${header}`)).text.split("\r\n")[0]).toBe(`\ufeff"${header}"`);
			const head = await own.ask(`${path}?format=csv`, { method: "HEAD" });
			expect([head.status, head.text, head.headers.get("content-type")]).toEqual([200, "", "text/csv; charset=utf-8; header=present"]);
			expect((await own.ask(`${path}?format=xml`)).status).toBe(400);
		});

		it("exports in parts that lead from one to the next, and only forwards", async () => {
			const seen: string[] = [];
			let address: string | null = `http://exist.test${path}?format=ndjson`;
			for (let part = 0; address !== null && part < 100; part++) {
				const answer: Response = await listResponse(seed.resource, new Request(address), 7);
				expect(answer.headers.get("x-export-limit")).toBe("7");
				const rows = (await answer.text()).trim().split("\n");
				address = /^<([^>]+)>; rel="next"$/.exec(answer.headers.get("link") ?? "")?.[1] ?? null;
				expect(rows.length).toBe(address === null ? all.length - seen.length : 7);
				seen.push(...rows.map((line) => key(JSON.parse(line) as Item)));
			}
			expect(seen).toEqual(all.map(key));
			const whole = await listResponse(seed.resource, new Request(`http://exist.test${path}?format=csv`), all.length);
			expect(whole.headers.get("link")).toBeNull();
			await whole.body?.cancel();
			// A cursor that goes back: of the second page, to the first.
			const { next } = await list(trackerByResource(seed.resource) as AnyTracker, { limit: 2 }, fresh.database);
			const { previous } = await list(trackerByResource(seed.resource) as AnyTracker, { limit: 2, cursor: next as string }, fresh.database);
			const back = await own.ask(`${path}?format=csv&cursor=${previous}`);
			expect([back.status, (back.body as { field: string }).field]).toEqual([400, "cursor"]);
		});

		it("knows what a client has already", async () => {
			const first = await own.ask(`${path}?limit=2`);
			const etag = first.headers.get("etag") ?? "";
			expect(etag).toMatch(/^"[\w-]{22}"$/);
			for (const tags of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
				const again = await own.ask(`${path}?limit=2`, { headers: { "if-none-match": tags } });
				expect([tags, again.status, again.text]).toEqual([tags, 304, ""]);
			}
			expect((await own.ask(`${path}?limit=3`, { headers: { "if-none-match": etag } })).status).toBe(200);
		});

		it("is read only, and says so", async () => {
			for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
				for (const address of [path, `${path}/${key(all[0] as Item)}`]) {
					const answer = await own.ask(address, { method });
					expect([answer.status, answer.body, answer.headers.get("allow")]).toEqual([405, { detail: `${method} is not possible here. Use GET or HEAD.`, code: "not_allowed" }, "GET, HEAD, OPTIONS"]);
				}
			}
			const options = await own.ask(path, { method: "OPTIONS" });
			expect([options.status, options.headers.get("allow")]).toEqual([204, "GET, HEAD, OPTIONS"]);
		});

		it("refuses what it cannot read, and ignores what it does not know", async () => {
			for (const query of ["limit=0", "limit=1001", "limit=ten", "offset=-1", "offset=100001", "cursor=nonsense", "cursor=a1.xyz"]) {
				const { status, body } = await own.ask(`${path}?${query}`);
				expect([query, status, body]).toEqual([query, 400, { detail: expect.stringContaining(query.split("=")[0] ?? ""), code: "invalid", field: query.split("=")[0] }]);
			}
			expect((await page("limit=1&nonsense=1&_=2")).count).toBe(all.length);
		});

		it("says what is left of the limit", async () => {
			const { headers } = await own.ask(`${path}?limit=1`);
			expect(headers.get("ratelimit-policy")).toBe('"api";q=600;w=60');
			expect(headers.get("ratelimit")).toMatch(/^"api";r=\d+;t=\d+$/);
			expect(headers.get("ratelimit-limit")).toBe("600");
		});
	});

	it("answers every address below it that is none with 404 as JSON", async () => {
		for (const path of ["/api/nonsense", "/api/nonsense/1", "/api/reputation/a/b", "/api/a/b/c/d"]) {
			const { status, body } = await api.ask(path);
			expect([path, status, body]).toEqual([path, 404, { detail: "Not found.", code: "not_found" }]);
		}
	});

	it("gives its description", async () => {
		const { status, body } = await api.ask("/api/openapi.json");
		expect([status, body]).toEqual([200, JSON.parse(JSON.stringify(openApiDocument("http://exist.test")))]);
	});

	it("answers a cross search in the shape it describes", async () => {
		const { searchEndpoint } = await import("@/lib/http");
		for (const keyword of ["192.0.2.1", "nowhere", "hxxp://198.51.100[.]7/payload/2", "", "CVE-2026-1007"]) {
			const { status, body } = await api.ask(`/api/search?keyword=${encodeURIComponent(keyword)}`);
			expect([keyword, status, searchEndpoint.answer.safeParse(body).error?.issues]).toEqual([keyword, 200, undefined]);
		}
		const { body } = await api.ask("/api/search?keyword=192.0.2.1");
		expect((body as { groups: Array<{ rows: Item[] }> }).groups[0]?.rows.map(({ ip }) => ip)).toEqual(["192.0.2.1"]);
	});
});
