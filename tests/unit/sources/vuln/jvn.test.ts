import { describe, expect, it } from "vitest";
import { SuspectBody } from "@/lib/net";
import { PullFailure, type PullRequest } from "@/lib/sources/record";
import { jvn } from "@/lib/sources/vuln/jvn";
import { jvnDate, jvnScore } from "@/lib/sources/vuln/jvn-item";
import { type Answerer, fakeTools, good, NOW, names, readAll, run, sample } from "./helpers";

describe("entries of JVN iPedia's feeds", () => {
	it("reads what is new", async () => {
		const items = good(await readAll(jvn, sample("jvn-new.rdf"), undefined, 7));
		expect(items.map(({ name }) => name)).toEqual(["JVNDB-2023-004814", "JVNDB-2022-020469"]);
		expect(items[0]).toEqual({
			kind: "vulnerability",
			name: "JVNDB-2023-004814",
			title: "resumebuilder の WordPress 用 resume builder におけるクロスサイトスクリプティングの脆弱性",
			description: "",
			translatedDescription: "resumebuilder の WordPress 用 resume builder には、クロスサイトスクリプティングの脆弱性が存在します。",
			language: "ja",
			published: new Date("2023-11-02T02:57:00.000Z"),
			modified: new Date("2023-11-02T02:57:00.000Z"),
			link: "https://jvndb.jvn.jp/ja/contents/2023/JVNDB-2023-004814.html",
			cves: ["CVE-2023-0078"],
			cwes: [{ id: "CWE-79", name: "クロスサイトスクリプティング" }],
			cvss: [{ version: "3.0", source: "IPA", primary: true, vector: "CVSS:3.0/AV:N/AC:L/PR:L/UI:R/S:C/C:L/I:L/A:N", score: 5.4, severity: "MEDIUM" }],
			products: [{ vendor: "resumebuilder", product: "resume builder", cpe: "cpe:/a:resumebuilder:resume_builder" }],
			references: [
				{ url: "https://www.cve.org/CVERecord?id=CVE-2023-0078", title: "CVE: CVE-2023-0078", kind: "advisory" },
				{ url: "https://nvd.nist.gov/vuln/detail/CVE-2023-0078", title: "NVD: CVE-2023-0078", kind: "advisory" },
				{
					url: "https://wpscan.com/vulnerability/e667854f-56f8-4dbe-9573-6652a8aacc2c",
					title: "関連文書: wpscan.com (e667854f-56f8-4dbe-9573-6652a8aacc2c)",
					kind: "advisory",
				},
			],
		});
	});

	it("reads what changed, and a year", async () => {
		const [changed] = good(await readAll(jvn, sample("jvn-changes.rdf")));
		expect(changed).toMatchObject({ name: "JVNDB-2023-000001", cves: ["CVE-2022-46648", "CVE-2022-47318"], modified: new Date("2023-11-03T03:02:00Z"), published: new Date("2023-01-05T03:02:00Z") });
		expect(changed?.cvss.map(({ version, score }) => [version, score])).toEqual([
			["2.0", 6],
			["3.0", 5.5],
		]);
		const year = good(await readAll(jvn, sample("jvn-2022.rdf")));
		expect(year.map(({ name }) => name)).toEqual(["JVNDB-2021-018345", "JVNDB-2022-000001", "JVNDB-2023-002068"]);
		// "CWE-noinfo" says nothing; carriage returns written as references are line ends.
		expect(year[0]).toMatchObject({ cwes: [], translatedDescription: "Android には、不特定の脆弱性が存在します。" });
		expect(year[1]?.translatedDescription).not.toContain("\r");
		expect(year[1]?.products).toEqual([]);
	});

	it("reads details, one record or several in a document", async () => {
		const [log4j] = good(await readAll(jvn, sample("jvn-detail-2021.xml")));
		expect(log4j).toMatchObject({
			name: "JVNDB-2021-005429",
			title: "Apache Log4j における任意のコードが実行可能な脆弱性",
			published: new Date("2021-12-14T07:37:27Z"),
			modified: new Date("2022-12-15T01:24:36Z"),
		});
		expect(log4j?.products).toEqual([
			{ vendor: "Apache Software Foundation", product: "Apache Log4j", versions: "2.13.0 から 2.15.0 より前のバージョン; core 2.0-beta9 から 2.12.1 より前のバージョン", cpe: "cpe:/a:apache:log4j" },
			{ vendor: "日本電気", product: "ACOS Access Toolkit", cpe: "cpe:/a:nec:acos_access_toolkit" },
		]);
		expect(log4j?.cvss.map(({ score, severity }) => [score, severity])).toEqual([
			[9.3, "HIGH"],
			[10, "CRITICAL"],
		]);
		expect(log4j?.solution).toContain("Log4j 2.17.1");
		expect(log4j?.translatedDescription).toContain("\n\n想定される影響: 遠隔の攻撃者により");
		expect(log4j?.references[0]).toEqual({
			url: "https://logging.apache.org/log4j/2.x/security.html",
			title: "Apache: Apache Log4j Security Vulnerabilities - Fixed in Log4j 2.15.0",
			kind: "vendor",
		});
		const two = good(await readAll(jvn, sample("jvn-detail-2022.xml")));
		expect(two.map(({ name, cves }) => [name, cves])).toEqual([
			["JVNDB-2022-000001", ["CVE-2021-20877"]],
			["JVNDB-2022-000002", ["CVE-2022-0180", "CVE-2022-0181", "CVE-2022-0182"]],
		]);
		expect(two[0]?.cwes).toEqual([{ id: "CWE-79", name: "クロスサイトスクリプティング" }]);
	});

	it("reads dates without seconds, in Japan's zone", () => {
		expect(jvnDate("2023-11-02T11:57+09:00")?.toISOString()).toBe("2023-11-02T02:57:00.000Z");
		expect(jvnDate("2023-11-02T11:57:09")?.toISOString()).toBe("2023-11-02T11:57:09.000Z");
		expect([jvnDate("2023-11-02"), jvnDate("2023-99-02T11:57Z"), jvnDate(undefined)]).toEqual([undefined, undefined, undefined]);
	});

	it("takes the vector's version, and no score that is none", () => {
		const vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
		expect(jvnScore("3.0", "9.8", undefined, vector)).toEqual([{ version: "3.1", source: "IPA", primary: true, vector, score: 9.8, severity: "CRITICAL" }]);
		expect([jvnScore("3.0", "eleven", "High", vector), jvnScore("9", "5", "High", vector), jvnScore("3.0", "5", "High", undefined)]).toEqual([[], [], []]);
	});
});

const item = (inner: string): string => `<rdf:RDF><item>${inner}</item></rdf:RDF>`;
const dated = "<dc:date>2026-11-20T10:00+09:00</dc:date>";

describe("entries as they could come", () => {
	it.each([
		["no id", item(`<title>x</title>${dated}`), '"" is no id of JVN iPedia'],
		["another id", item(`<sec:identifier>../../etc</sec:identifier>${dated}`), '"../../etc" is no id of JVN iPedia'],
		["no date", item("<sec:identifier>JVNDB-2026-000001</sec:identifier>"), 'its date "" is none'],
		["no data", "<VULDEF-Document><Vulinfo><VulinfoID>JVNDB-2026-000001</VulinfoID></Vulinfo></VULDEF-Document>", "there is no VulinfoData"],
		["no id of details", "<VULDEF-Document><Vulinfo/></VULDEF-Document>", '"" is no id of JVN iPedia'],
	])("sets aside %s", async (_what, text, reason) => {
		expect(await readAll(jvn, text)).toMatchObject([{ ok: false, reason }]);
	});

	it("leaves out links that are none", async () => {
		const [one] = good(
			await readAll(
				jvn,
				item(
					`<sec:identifier>JVNDB-2026-000001</sec:identifier>${dated}<sec:references source="x" id="y">javascript:alert(1)</sec:references><sec:references id="CVE-2026-10001">https://ok.example/</sec:references><sec:cpe vendor="v" product="p">javascript:x</sec:cpe>`,
				),
			),
		);
		expect(one).toMatchObject({
			title: "JVNDB-2026-000001",
			cves: ["CVE-2026-10001"],
			references: [{ url: "https://ok.example/", title: "CVE-2026-10001", kind: "advisory" }],
			products: [{ vendor: "v", product: "p" }],
		});
	});

	it("keeps the beginning of a text without end", async () => {
		const [one] = good(await readAll(jvn, item(`<sec:identifier>JVNDB-2026-000001</sec:identifier>${dated}<description>${"あ".repeat(500_000)}</description>`)));
		expect(one?.translatedDescription?.length).toBe(65_536);
	});

	it.each([
		["entities of its own", '<!DOCTYPE rdf:RDF [<!ENTITY a "b">]><rdf:RDF><item>&a;</item></rdf:RDF>'],
		["a web page", "<html><body>502</body></html>"],
		["broken XML", "<rdf:RDF><item><title>x</item></rdf:RDF>"],
		["nothing", ""],
	])("refuses %s", async (_what, text) => {
		await expect(readAll(jvn, text)).rejects.toThrow(SuspectBody);
	});
});

const CHANGES = "https://jvndb.jvn.jp/ja/rss/jvndb.rdf";
const entryOf = (name: string, modified: string): string =>
	`<item><title>${name}</title><sec:identifier>${name}</sec:identifier><dcterms:issued>2026-01-01T10:00+09:00</dcterms:issued><dcterms:modified>${modified}</dcterms:modified></item>`;
const rss = (...entries: string[]): string => `<rdf:RDF>${entries.join("")}</rdf:RDF>`;
const status = (attributes: string): string => `<status:Status version="3.3" ${attributes}/>`;
const detailOf = (name: string): string =>
	`<Vulinfo><VulinfoID>${name}</VulinfoID><VulinfoData><Title>Details of ${name}</Title><DateFirstPublished>2026-01-01T10:00:00+09:00</DateFirstPublished></VulinfoData></Vulinfo>`;
const idsOf = ({ url }: Pick<PullRequest, "url">): string[] => /vulnId=([^&]+)/.exec(url)?.[1]?.split("+") ?? [];
const kindOf = ({ url }: PullRequest): string =>
	url.includes("/rss/") ? "feed" : url.includes("getVulnOverviewList") ? `list ${new URL(url).searchParams.get("startItem")}` : `details ${idsOf({ url }).length}`;

interface Upstream {
	changes?: string[];
	listed?: string[];
	etag?: string;
	details?: Answerer;
	list?: Answerer;
}

/** JVN iPedia in small. */
function upstream({ changes = [], listed = [], etag, details, list }: Upstream): Answerer {
	return (request) => {
		const { url } = request;
		if (url.includes("/rss/")) {
			if (etag !== undefined && request.etag === etag) return { status: 304 };
			return { body: rss(...(changes.length === 0 ? [entryOf("JVNDB-2026-000001", "2026-11-24T10:00+09:00")] : changes)), headers: { ...(etag === undefined ? {} : { etag }) } };
		}
		if (url.includes("getVulnOverviewList")) {
			if (list !== undefined) return list(request);
			const start = Number(new URL(url).searchParams.get("startItem"));
			const page = listed.slice(start - 1, start + 49);
			return { body: `<rdf:RDF>${page.map((name) => entryOf(name, "2026-11-10T10:00+09:00")).join("")}${status(`retCd="0" totalRes="${listed.length}" totalResRet="${page.length}"`)}</rdf:RDF>` };
		}
		if (details !== undefined) return details(request);
		return { body: `<VULDEF-Document>${idsOf(request).map(detailOf).join("")}${status('retCd="0"')}</VULDEF-Document>` };
	};
}

const many = (count: number): string[] => Array.from({ length: count }, (_, at) => `JVNDB-2026-${String(1001 + at).padStart(6, "0")}`);
const later = (hours: number): Date => new Date(NOW.getTime() + hours * 3_600_000);

describe("pulling from JVN", () => {
	it("reads feeds, a month of the list, and every detail ten at a time; then only what changed", async () => {
		const tools = fakeTools(upstream({ listed: many(73), etag: '"1"' }));
		const first = await run(jvn, null, tools);
		expect(tools.asked.map(kindOf)).toEqual(["feed", "feed", "list 1", "list 51", ...Array.from({ length: 7 }, () => "details 10"), "details 4"]);
		expect(tools.asked[2]?.url).toContain("datePublishedStartY=2026&datePublishedStartM=10&datePublishedStartD=25&datePublishedEndY=2026&datePublishedEndM=11&datePublishedEndD=24");
		expect(tools.slept.every((milliseconds) => milliseconds === 1000)).toBe(true);
		expect(new Set(names(first)).size).toBe(74);
		expect(names(first)).toHaveLength(148);
		expect(first.slices.at(-1)).toMatchObject({ done: true, note: "Details of 24" });

		const quiet = fakeTools(upstream({ etag: '"1"' }), { now: later(1) });
		const second = await run(jvn, first.mark, quiet);
		expect([quiet.asked.map(kindOf), names(second), second.slices[0]?.note]).toEqual([["feed", "feed"], [], "Nothing new in the feeds."]);
		expect(quiet.asked[0]).toEqual({ url: CHANGES, etag: '"1"' });

		const busy = fakeTools(upstream({ changes: [entryOf("JVNDB-2026-000001", "2026-11-24T10:00+09:00"), entryOf("JVNDB-2026-000002", "2026-11-24T09:59+09:00")] }), { now: later(2) });
		const third = await run(jvn, second.mark, busy);
		// Known and unchanged is not told again; what appears late with an older date is.
		expect([names(third), busy.asked.map(kindOf)]).toEqual([
			["JVNDB-2026-000002", "JVNDB-2026-000002"],
			["feed", "feed", "details 1"],
		]);
	});

	it("closes the gap by the list when the feed has moved on too far", async () => {
		const first = await run(jvn, null, fakeTools(upstream({})));
		const tools = fakeTools(upstream({ changes: [entryOf("JVNDB-2026-000900", "2026-12-20T10:00+09:00")], listed: many(2) }), { now: new Date("2026-12-21T00:00:00Z") });
		await run(jvn, first.mark, tools);
		expect(tools.asked.map(kindOf)).toEqual(["feed", "feed", "list 1", "details 3"]);
		expect(tools.asked[2]?.url).toContain("datePublishedStartM=11&datePublishedStartD=24&");
	});

	it("starts where an operator wants", async () => {
		const tools = fakeTools(upstream({}), { since: new Date("2020-01-01T00:00:00Z") });
		await run(jvn, null, tools);
		expect(tools.asked[2]?.url).toContain("datePublishedStartY=2020&datePublishedStartM=1&datePublishedStartD=1&");
	});

	it("reads the time before when an operator wants it later, once", async () => {
		const first = await run(jvn, null, fakeTools(upstream({ etag: '"1"' })));
		const since = new Date("2026-01-01T00:00:00Z");
		const wanted = fakeTools(upstream({ etag: '"1"' }), { now: later(1), since });
		const second = await run(jvn, first.mark, wanted);
		expect(wanted.asked.map(kindOf)).toEqual(["feed", "feed", "list 1"]);
		expect(wanted.asked[2]?.url).toContain("datePublishedStartM=1&datePublishedStartD=1&datePublishedEndY=2026&datePublishedEndM=10&datePublishedEndD=25&");
		const third = fakeTools(upstream({ etag: '"1"' }), { now: later(2), since });
		await run(jvn, second.mark, third);
		expect(third.asked.map(kindOf)).toEqual(["feed", "feed"]);
	});

	it("keeps what the feeds told when the API is down, and asks for the details later", async () => {
		const down = new PullFailure("JVN answered 503.", 503);
		const broken = await run(jvn, null, fakeTools(upstream({ list: () => down, details: () => down })));
		expect([names(broken), broken.failure?.status]).toEqual([["JVNDB-2026-000001"], 503]);
		const tools = fakeTools(upstream({ listed: many(1), etag: '"x"' }), { now: later(1) });
		const healed = await run(jvn, broken.mark, tools);
		expect([names(healed), tools.asked.map(kindOf)]).toEqual([
			["JVNDB-2026-001001", "JVNDB-2026-000001", "JVNDB-2026-001001"],
			["feed", "feed", "list 1", "details 2"],
		]);
	});

	it("stores the details it has before it fails on the next", async () => {
		let turns = 0;
		const details: Answerer = (request) => (++turns === 2 || turns === 3 ? new PullFailure("JVN answered 500.", 500) : upstream({})(request));
		const done = await run(jvn, null, fakeTools(upstream({ listed: many(25), details })));
		expect(done.failure?.status).toBe(500);
		expect((done.mark as { owed: string[] }).owed).toHaveLength(16);
		expect(done.slices.at(-1)?.items).toHaveLength(10);
	});

	it("asks for the list only while few details are owed", async () => {
		const tools = fakeTools(upstream({ listed: many(620) }));
		await run(jvn, null, tools);
		const kinds = tools.asked.map((request) => kindOf(request).split(" ")[0]);
		expect(kinds.lastIndexOf("list")).toBeGreaterThan(kinds.indexOf("details"));
		expect(kinds.filter((kind) => kind === "list")).toHaveLength(13);
	});

	it("one record that cannot be read does not hide nine others", async () => {
		const bad = "JVNDB-2026-001003";
		const details: Answerer = (request) => {
			const ids = idsOf(request);
			return ids.includes(bad) ? { body: `<VULDEF-Document>${ids.map(detailOf).join("")}<broken` } : upstream({})(request);
		};
		const done = await run(jvn, null, fakeTools(upstream({ listed: many(5), details })));
		expect(done.failure).toBeNull();
		expect(names(done).slice(6)).toEqual(["JVNDB-2026-000001", "JVNDB-2026-001001", "JVNDB-2026-001002", `! ${bad}`, "JVNDB-2026-001004", "JVNDB-2026-001005"]);
	});

	it.each([
		[
			"a refused list",
			{ list: () => ({ body: `<rdf:RDF>${status('retCd="1" errCd="4001" errMsg="Invalid parameter"')}</rdf:RDF>` }) },
			"MyJVN refuses the request (retCd 1: Invalid parameter, code 4001).",
		],
		["refused details", { details: () => ({ body: `<VULDEF-Document>${status('retCd="2" errCd="" errMsg=""')}</VULDEF-Document>` }) }, "MyJVN refuses the request (retCd 2)."],
		["a list without its status", { list: () => ({ body: rss() }) }, "does not say how many"],
		["an empty list before its end", { list: () => ({ body: `<rdf:RDF>${status('retCd="0" totalRes="9"')}</rdf:RDF>` }) }, "empty at entry 1 of 9"],
	] as Array<[string, Upstream, string]>)("fails on %s", async (_what, parts, reason) => {
		const done = await run(jvn, null, fakeTools(upstream(parts)));
		expect(done.failure?.message).toContain(reason);
		expect(names(done)[0]).toBe("JVNDB-2026-000001");
	});

	it("refuses a feed without entries and a web page in its place", async () => {
		await expect(
			run(
				jvn,
				null,
				fakeTools(() => ({ body: rss() })),
			),
		).rejects.toThrow("has no entries");
		await expect(
			run(
				jvn,
				null,
				fakeTools(() => ({ body: "<html><body>maintenance</body></html>" })),
			),
		).rejects.toThrow(SuspectBody);
	});
});
