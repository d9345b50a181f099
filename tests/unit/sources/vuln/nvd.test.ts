import { describe, expect, it } from "vitest";
import { SuspectBody } from "@/lib/net";
import { PullFailure } from "@/lib/sources/record";
import { nvd } from "@/lib/sources/vuln/nvd";
import { nvdDate, nvdItem } from "@/lib/sources/vuln/nvd-cve";
import { type Answerer, fakeTools, good, NOW, names, readAll, run, sample } from "./helpers";

const entry = (cve: unknown): unknown => ({ cve });
const least = { id: "CVE-2026-10001", published: "2026-11-20T10:00:00.000", lastModified: "2026-11-21T10:00:00.000" };

describe("records of NVD as it sends them", () => {
	it("reads every version of CVSS", async () => {
		const [item] = good(await readAll(nvd, sample("nvd-one.json")));
		expect(item).toMatchObject({
			kind: "vulnerability",
			name: "CVE-2024-4819",
			title: "A vulnerability was found in Campcodes Online Laundry Management System 1.0",
			published: new Date("2024-05-14T15:45:11.543Z"),
			modified: new Date("2024-06-04T19:20:51.613Z"),
			status: "Awaiting Analysis",
			cves: ["CVE-2024-4819"],
			cwes: [{ id: "CWE-285" }],
			link: "https://nvd.nist.gov/vuln/detail/CVE-2024-4819",
		});
		expect(item?.cvss.map(({ version, score, severity, primary }) => [version, score, severity, primary])).toEqual([
			["4.0", 5.3, "MEDIUM", false],
			["3.1", 4.3, "MEDIUM", false],
			["2.0", 4, "MEDIUM", false],
		]);
		expect(item?.references).toHaveLength(4);
		expect(item?.references[0]?.url).toBe("https://github.com/yylmm/CVE/blob/main/Online%20Laundry%20Management%20System/IDOR.md");
	});

	it("reads Log4Shell of 2026: SSVC among the metrics, what CISA says, twenty configurations", async () => {
		const [item] = good(await readAll(nvd, sample("nvd-log4j.json.gz")));
		expect(item?.title).toBe("Apache Log4j2 Remote Code Execution Vulnerability");
		expect(item?.knownExploited).toMatchObject({ added: "2021-12-10", due: "2021-12-24", name: "Apache Log4j2 Remote Code Execution Vulnerability" });
		expect(item?.knownExploited?.action).toContain("the only acceptable remediation actions are");
		expect(item?.cvss.map(({ version, source, score }) => [version, source, score])).toEqual([
			["3.1", "nvd@nist.gov", 10],
			["3.1", expect.stringContaining("-"), 10],
			["2.0", "nvd@nist.gov", 9.3],
		]);
		expect(item?.cwes.map(({ id }) => id)).toEqual(["CWE-20", "CWE-400", "CWE-502", "CWE-917"]);
		expect(item?.cut).toBeUndefined();
		const log4j = item?.products.find(({ product }) => product === "log4j");
		expect(log4j).toMatchObject({ vendor: "apache", versions: expect.stringContaining("from 2.0.1 before 2.3.1") as string });
		// Hardware that the firmware merely runs on is not vulnerable, and is not named.
		expect(item?.products.some(({ product }) => product === "6bk1602-0aa12-0tp0")).toBe(false);
		expect(item?.products.some(({ product }) => product === "6bk1602-0aa12-0tp0 firmware")).toBe(true);
		expect(new Set(item?.products.map(({ vendor, product }) => `${vendor}:${product}`)).size).toBe(item?.products.length);
		expect(item?.references.find(({ kind }) => kind?.includes("Exploit"))?.url).toMatch(/^https?:/);
		expect(new Set(item?.references.map(({ url }) => url)).size).toBe(item?.references.length);
	});

	it("reads the pages of one day, in pieces of any size", async () => {
		for (const size of [7, 100_000]) {
			const pages = await Promise.all([0, 3, 6].map(async (at) => good(await readAll(nvd, sample(`nvd-page-${at}.json`), undefined, size))));
			expect(pages.map((page) => page.length)).toEqual([3, 3, 2]);
			const all = pages.flat();
			expect(all[0]).toMatchObject({ name: "CVE-2023-36014", title: "Microsoft Edge (Chromium-based) Remote Code Execution Vulnerability", products: [] });
			expect(all.find(({ name }) => name === "CVE-2023-6069")?.cvss[0]).toMatchObject({ version: "3.0" });
			expect(all.find(({ name }) => name === "CVE-2023-39796")?.cvss).toEqual([]);
		}
		expect(await readAll(nvd, sample("nvd-empty.json"))).toEqual([]);
	});
});

describe("records of NVD as they could come", () => {
	it("takes a record of the first hour", () => {
		const item = nvdItem(entry(least), "1");
		expect(item).toMatchObject({ ok: true, item: { name: "CVE-2026-10001", title: "CVE-2026-10001", description: "", cvss: [], products: [], references: [], cwes: [] } });
	});

	it.each([
		["no object", null, 'there is no "cve.id"'],
		["no cve", {}, 'there is no "cve.id"'],
		["an id of something else", entry({ ...least, id: "GHSA-1234" }), '"GHSA-1234" is no CVE id'],
		["an id that is a number", entry({ ...least, id: 5 }), 'there is no "cve.id"'],
		["no date", entry({ id: least.id }), 'its date "undefined" is none'],
		["a date that is none", entry({ ...least, published: "yesterday", lastModified: "x" }), 'its date "yesterday" is none'],
	])("sets aside %s", (_what, value, reason) => {
		expect(nvdItem(value, "7")).toMatchObject({ ok: false, reason });
	});

	it("knows rejected and disputed records, old and new spelling", () => {
		const rejected = nvdItem(entry({ ...least, vulnStatus: "Rejected", descriptions: [{ lang: "en", value: "Rejected reason: DO NOT USE THIS CVE RECORD. Reason: a duplicate." }] }), "1");
		expect(rejected).toMatchObject({ item: { rejected: true, title: "Rejected: DO NOT USE THIS CVE RECORD" } });
		const old = nvdItem(entry({ ...least, descriptions: [{ lang: "en", value: "** REJECT ** DO NOT USE THIS CANDIDATE NUMBER. ConsultIDs: none." }] }), "1");
		expect(old).toMatchObject({ item: { rejected: true, title: "Rejected: DO NOT USE THIS CANDIDATE NUMBER", tags: [] } });
		const disputed = nvdItem(
			entry({ ...least, cveTags: [{ tags: ["disputed", "unsupported-when-assigned"] }], descriptions: [{ lang: "en", value: "** DISPUTED ** A flaw in Foo 1.2 allows bar." }] }),
			"1",
		);
		expect(disputed).toMatchObject({ item: { tags: ["disputed", "unsupported-when-assigned"], title: "A flaw in Foo 1.2 allows bar" } });
		expect((disputed as { item: object }).item).not.toHaveProperty("rejected");
	});

	it("keeps what is right of metrics, references and weaknesses, and leaves the rest out", () => {
		const v31 = { source: "a", type: "Primary", cvssData: { vectorString: "CVSS:3.1/AV:N", baseScore: 9.8 } };
		const item = nvdItem(
			entry({
				...least,
				metrics: {
					ssvcV203: [{ ssvcData: {} }],
					cvssMetricV31: [v31, v31, { cvssData: { baseScore: 11, vectorString: "x" } }, { cvssData: { baseScore: "9" } }, null, 5],
					cvssMetricV2: "none",
					cvssMetricV40: {},
				},
				references: [
					{ url: "javascript:alert(1)" },
					{ url: "ftp://ftp.example.com/x" },
					{ url: "https://a.example/", tags: ["Patch"] },
					{ url: "https://a.example/", tags: ["Exploit", 7] },
					null,
					{ url: `https://long.example/${"a".repeat(3000)}` },
				],
				weaknesses: [{ description: [{ value: "NVD-CWE-noinfo" }, { value: "cwe-79" }, { value: "CWE-79" }, null] }, "x"],
				configurations: [{ nodes: [{ cpeMatch: [{ vulnerable: true, criteria: "cpe:2.3:a:*:*:*:*:*:*:*:*:*:*" }, { vulnerable: true, criteria: "nonsense" }, null] }] }, null],
			}),
			"1",
		);
		expect(item).toMatchObject({
			ok: true,
			item: {
				cvss: [{ version: "3.1", source: "a", primary: true, score: 9.8, severity: "CRITICAL" }],
				references: [{ url: "https://a.example/", kind: "Patch, Exploit" }],
				cwes: [{ id: "CWE-79" }],
				products: [],
			},
		});
	});

	it("names products of reporters where NVD has not analysed the record", () => {
		const affected = [
			{
				affectedData: [
					{
						vendor: "Linux",
						product: "Linux",
						versions: [
							{ version: "6.1", lessThan: "6.1.9", status: "affected" },
							{ version: "0", lessThan: "6.0", status: "unaffected" },
						],
					},
				],
			},
			{
				affectedData: [
					{
						vendor: "Linux",
						product: "Linux",
						versions: [
							{ version: "0", lessThanOrEqual: "5.9", status: "affected" },
							{ version: "4.4", status: "affected" },
						],
					},
				],
			},
			{ affectedData: [{ vendor: "n/a", product: "n/a" }, null] },
		];
		expect(nvdItem(entry({ ...least, affected }), "1")).toMatchObject({ item: { products: [{ vendor: "Linux", product: "Linux", versions: "from 6.1 before 6.1.9; up to 5.9; 4.4" }] } });
	});

	it("cuts what is too long, and says so", () => {
		const cpeMatch = Array.from({ length: 1204 }, (_, at) => ({ vulnerable: true, criteria: `cpe:2.3:o:intel:cpu\\:${at}:-:*:*:*:*:*:*:*` }));
		const references = Array.from({ length: 700 }, (_, at) => ({ url: `https://example.com/${at}` }));
		const item = nvdItem(entry({ ...least, descriptions: [{ lang: "en", value: "A".repeat(3_000_000) }], configurations: [{ nodes: [{ cpeMatch }] }], references }), "1");
		if (!item.ok) throw new Error(item.reason);
		expect(item.item.description).toHaveLength(100_000);
		expect(item.item.title.length).toBeLessThanOrEqual(200);
		expect(item.item.products).toHaveLength(500);
		expect(item.item.products[1]?.product).toBe("cpu:1");
		expect(item.item.cut).toEqual(["500 of 1,204 products", "500 of 700 references", "the beginning of the description"]);
	});

	it("reads dates without a zone as UTC", () => {
		expect(nvdDate("2026-06-18T00:00:00.000")?.toISOString()).toBe("2026-06-18T00:00:00.000Z");
		expect(nvdDate("2025-02-04T14:25:34.416117Z")?.toISOString()).toBe("2025-02-04T14:25:34.416Z");
		expect(nvdDate("2026-06-18T09:00:00+09:00")?.toISOString()).toBe("2026-06-18T00:00:00.000Z");
		expect([nvdDate("2026-06-18"), nvdDate("2026-13-45T00:00:00"), nvdDate(undefined)]).toEqual([undefined, undefined, undefined]);
	});

	it.each([
		["a web page", "<!doctype html><html><title>Service Unavailable</title>"],
		["an error object", '{"error":"nope"}'],
		["a page cut short", '{"totalResults":2,"vulnerabilities":[{"cve":{'],
	])("refuses %s as a file", async (_what, text) => {
		await expect(readAll(nvd, text)).rejects.toThrow(SuspectBody);
	});
});

/** NVD in small: so many CVEs, paged by three, whatever page size is asked for. */
function upstream(total: () => number, watch: (url: URL) => void = () => {}): Answerer {
	return ({ url }) => {
		const asked = new URL(url);
		watch(asked);
		const index = Number(asked.searchParams.get("startIndex"));
		const count = total();
		const vulnerabilities = Array.from({ length: Math.max(0, Math.min(3, count - index)) }, (_, at) => entry({ ...least, id: `CVE-2026-${10_000 + index + at}` }));
		return { body: JSON.stringify({ resultsPerPage: 3, startIndex: index, totalResults: count, vulnerabilities }) };
	};
}

const later = (hours: number): Date => new Date(NOW.getTime() + hours * 3_600_000);
const window = (url: string): [string | null, string | null, string | null] => {
	const { searchParams } = new URL(url);
	return [searchParams.get("lastModStartDate"), searchParams.get("lastModEndDate"), searchParams.get("startIndex")];
};

describe("pulling from NVD", () => {
	it("reads 120 days page by page, waits between requests, then reads what was modified since", async () => {
		const tools = fakeTools(upstream(() => 8));
		const first = await run(nvd, null, tools);
		expect(names(first)).toEqual(Array.from({ length: 8 }, (_, at) => `CVE-2026-${10_000 + at}`));
		expect(tools.asked.map(({ url }) => window(url))).toEqual(["0", "3", "6"].map((at) => ["2026-07-27T12:00:00.000+00:00", "2026-11-24T12:00:00.000+00:00", at]));
		expect(tools.asked[0]?.url).toContain("resultsPerPage=2000");
		expect(tools.asked[0]?.headers).toBeUndefined();
		expect(tools.slept).toEqual([6000, 6000]);
		expect(first.slices.map(({ note }) => note)).toEqual([
			"3 of 8 CVEs modified 2026-07-27 to 2026-11-24",
			"6 of 8 CVEs modified 2026-07-27 to 2026-11-24",
			"8 CVEs modified 2026-07-27 to 2026-11-24",
		]);

		const second = fakeTools(
			upstream(() => 1),
			{ now: later(2), secret: "a-key" },
		);
		const done = await run(nvd, first.mark, second);
		expect(second.asked.map(({ url }) => window(url))).toEqual([["2026-11-24T06:00:00.000+00:00", "2026-11-24T14:00:00.000+00:00", "0"]]);
		expect([second.asked[0]?.headers, second.slept, done.slices.length]).toEqual([{ apiKey: "a-key" }, [], 1]);
	});

	it("sends ten times as many requests with a key", async () => {
		const tools = fakeTools(
			upstream(() => 8),
			{ secret: "a-key" },
		);
		await run(nvd, null, tools);
		expect(tools.slept).toEqual([600, 600]);
	});

	it("a day without a change is a good run", async () => {
		const done = await run(
			nvd,
			null,
			fakeTools(() => ({ body: sample("nvd-empty.json") })),
		);
		expect([done.failure, done.slices.length, names(done)]).toEqual([null, 1, []]);
	});

	it("catches up in windows of 120 days after a long pause", async () => {
		const first = await run(nvd, null, fakeTools(upstream(() => 0)));
		const tools = fakeTools(
			upstream(() => 1),
			{ now: new Date("2027-06-01T00:00:00.000Z") },
		);
		await run(nvd, first.mark, tools);
		expect(tools.asked.map(({ url }) => window(url).slice(0, 2))).toEqual([
			["2026-11-24T06:00:00.000+00:00", "2027-03-24T06:00:00.000+00:00"],
			["2027-03-24T00:00:00.000+00:00", "2027-06-01T00:00:00.000+00:00"],
		]);
	});

	it("reads back as far as an operator wants, and no window twice", async () => {
		const since = new Date("2026-01-01T00:00:00.000Z");
		const tools = fakeTools(
			upstream(() => 1),
			{ since },
		);
		const first = await run(nvd, null, tools);
		expect(tools.asked.map(({ url }) => window(url).slice(0, 2))).toEqual([
			["2026-07-27T12:00:00.000+00:00", "2026-11-24T12:00:00.000+00:00"],
			["2026-03-29T12:00:00.000+00:00", "2026-07-27T12:00:00.000+00:00"],
			["2026-01-01T00:00:00.000+00:00", "2026-03-29T12:00:00.000+00:00"],
		]);
		const again = fakeTools(
			upstream(() => 1),
			{ since, now: later(2) },
		);
		await run(nvd, first.mark, again);
		expect(again.asked).toHaveLength(1);
	});

	it("keeps what it had when a page fails midway, and goes on there", async () => {
		const failing = fakeTools(({ url }) => (url.includes("startIndex=3") ? new PullFailure("NVD answered 503: the provider has a fault.", 503) : upstream(() => 8)({ url })));
		const broken = await run(nvd, null, failing);
		expect(broken.failure?.status).toBe(503);
		expect(names(broken)).toHaveLength(3);
		const tools = fakeTools(
			upstream(() => 8),
			{ now: later(2) },
		);
		const resumed = await run(nvd, broken.mark, tools);
		expect(names(resumed).slice(0, 5)).toEqual([3, 4, 5, 6, 7].map((at) => `CVE-2026-${10_000 + at}`));
		// The open window keeps its bounds; what was modified meanwhile comes in the next one.
		expect(tools.asked.map(({ url }) => window(url))).toEqual([
			["2026-07-27T12:00:00.000+00:00", "2026-11-24T12:00:00.000+00:00", "3"],
			["2026-07-27T12:00:00.000+00:00", "2026-11-24T12:00:00.000+00:00", "6"],
			...["0", "3", "6"].map((at) => ["2026-11-24T06:00:00.000+00:00", "2026-11-24T14:00:00.000+00:00", at]),
		]);
	});

	it("reads again what moved up when records left the window", async () => {
		let total = 8;
		const asked: string[] = [];
		await run(
			nvd,
			null,
			fakeTools(
				upstream(
					() => total,
					(url) => {
						asked.push(url.searchParams.get("startIndex") as string);
						if (asked.length === 2) total = 6;
					},
				),
			),
		);
		// At the second page two had left: its successor begins two earlier.
		expect(asked).toEqual(["0", "3", "4"]);
	});

	it("waits once when NVD allows no more, then says what would help", async () => {
		let turns = 0;
		const passing = fakeTools(({ url }) => (turns++ === 0 ? new PullFailure("NVD answered 403: the provider refuses us.", 403) : upstream(() => 1)({ url })));
		expect([names(await run(nvd, null, passing)), passing.slept]).toEqual([["CVE-2026-10000"], [30_000]]);
		const refused = await run(
			nvd,
			null,
			fakeTools(() => new PullFailure("NVD answered 429.", 429)),
		);
		expect([refused.failure?.message, refused.failure?.retryAfter]).toEqual(["NVD allows no more requests for now; a free NVD_KEY allows ten times as many. NVD answered 429.", 30]);
		const short = fakeTools(() => new PullFailure("NVD answered 403.", 403), { seconds: 20 });
		expect([(await run(nvd, null, short)).failure?.status, short.slept]).toEqual([403, []]);
		const wrongKey = await run(
			nvd,
			null,
			fakeTools(() => new PullFailure("NVD answered 404.", 404), { secret: "bad" }),
		);
		expect(wrongKey.failure?.message).toContain("check the NVD_KEY");
	});

	it("ends the slice when the wait does not fit, and loses nothing", async () => {
		const tools = fakeTools(
			upstream(() => 8),
			{ seconds: 4 },
		);
		const first = await run(
			nvd,
			null,
			fakeTools(() => new PullFailure("x", 503)),
		);
		expect(first.mark).toBeNull();
		const { next } = nvd.reading as unknown as { next: (mark: unknown, with_: typeof tools) => Promise<{ items: unknown[]; mark: unknown; done: boolean }> };
		const one = await next(null, tools);
		const two = await next(one.mark, tools);
		expect([one.items.length, two.items.length, two.done, two.mark, tools.slept]).toEqual([3, 0, false, one.mark, [4000]]);
	});

	it.each([
		["another object", '{"message":"Invalid request"}', "no page of CVEs (Invalid request)"],
		["an array", "[]", "no page of CVEs"],
		["null", "null", "no page of CVEs"],
		["no JSON", "<html>", "no JSON"],
		["an empty page before the end", '{"totalResults":5,"vulnerabilities":[]}', "empty page at 0 of 5"],
	])("fails on %s", async (_what, text, reason) => {
		const done = await run(
			nvd,
			null,
			fakeTools(() => ({ body: text })),
		);
		expect(done.failure?.message).toContain(reason);
	});
});
