import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CanonicalValue } from "@/lib/domain/indicator";
import { indicatorId } from "@/lib/indicators/identity";
import { lit } from "@/lib/platform";
import { recordId } from "@/lib/records";
import { crossSearch, namedBy, relatedTo } from "@/lib/search";
import { defineRecordSource, type ExploitItem } from "@/lib/sources/record";
import { epss } from "@/lib/sources/vuln/epss";
import { jvn } from "@/lib/sources/vuln/jvn";
import { nvd } from "@/lib/sources/vuln/nvd";
import { count, get, list, shownTable, trackerByResource, vuln } from "@/lib/trackers";
import { CISA_KEV } from "@/lib/trackers/vuln/known-exploited";
import { startVulnUpstream } from "../fakes/vuln";
import { DRIVERS, freshDatabase, type TestDatabase } from "../harness/database";
import { runPull, runSource, testContext } from "../harness/ingest";
import { sample } from "../unit/sources/vuln/helpers";

const LOG4SHELL = "CVE-2021-44228";
const SOURCES = [nvd, jvn, epss];
const text = (name: string) => ({ text: sample(name).toString("utf8") });

/** CISA's list and an exploit of somebody else, in the shape their own sources give. */
function exploits(number: number, items: ExploitItem[]) {
	return defineRecordSource<"exploit">({
		id: `test-${number}`,
		name: `Test ${number}`,
		number,
		tracker: "exploit",
		homepage: "https://example.com/",
		everyMinutes: 60,
		licence: { name: "none", redistributable: true },
		reading: {
			mode: "feed",
			url: "https://feed.example.com/",
			async *parse() {
				for (const item of items) yield { ok: true as const, where: item.externalId, item };
			},
		},
	});
}

const published = new Date("2021-12-10T00:00:00Z");
const cisa = exploits(CISA_KEV, [
	{
		externalId: LOG4SHELL,
		title: "Apache Log4j2 Remote Code Execution Vulnerability",
		published,
		cves: [LOG4SHELL],
		extra: { "Due date": "2021-12-24", "Required action": "Apply updates.", "Used in ransomware campaigns": "Known" },
	},
	{ externalId: "CVE-2023-47246", title: "SysAid", published: new Date("2023-11-13T00:00:00Z"), cves: ["CVE-2023-47246"], extra: { "Due date": "2023-12-04" } },
]);
const proof = exploits(9301, [{ externalId: "1", title: "Log4Shell proof of concept", published, cves: [LOG4SHELL], text: "jndi" }]);

describe.each(DRIVERS)("vulnerabilities over %s", (driver) => {
	let fresh: TestDatabase;
	beforeAll(async () => {
		fresh = await freshDatabase(driver);
	});
	beforeEach(() => fresh.clear());
	afterAll(() => fresh.drop());

	const db = () => fresh.database;
	const context = (extra = {}) => testContext(db(), [...SOURCES, cisa, proof], extra);
	const query = (params: string) => vuln.parse(new URLSearchParams(params));
	const names = async (params: string) => (await list(vuln, query(params), db())).rows.map(({ name }) => name).sort();
	const again = (number: number) => db().execute(`UPDATE source_state SET next_run_at = NULL, lease_run = NULL WHERE source = ${number}`);

	/** Everything there is, through the command line's way in. */
	async function fill(): Promise<void> {
		for (const file of ["nvd-one.json", "nvd-page-0.json", "nvd-page-3.json", "nvd-page-6.json", "nvd-log4j.json.gz"]) {
			expect(await runSource(context(), nvd, text(file))).toMatchObject({ state: "ok", setAside: 0 });
		}
		for (const file of ["jvn-new.rdf", "jvn-2022.rdf", "jvn-detail-2021.xml", "jvn-detail-2022.xml"]) expect(await runSource(context(), jvn, text(file))).toMatchObject({ state: "ok", setAside: 0 });
		const scores = `#model_version:v5,score_date:2026-11-24T12:00:00Z\ncve,epss,percentile\n${LOG4SHELL},0.94358,0.99964\nCVE-2024-4819,0.00043,0.1\nCVE-2023-6069,0.12,0.9\n`;
		expect(await runSource(context(), epss, { text: scores })).toMatchObject({ state: "ok", new: 3 });
		for (const source of [cisa, proof]) expect(await runSource(context(), source, { text: "x" })).toMatchObject({ state: "ok" });
	}

	it("stores the real samples, and nothing twice", async () => {
		await fill();
		expect((await count(vuln, query(""), db())).count).toBe(17);
		const repeated = await runSource(context(), nvd, text("nvd-page-0.json"));
		expect(repeated).toMatchObject({ state: "ok", read: 3, new: 0, updated: 0, unchanged: 3 });
		const [days] = await db().query<{ n: number }>("SELECT SUM(records) AS n FROM daily_count WHERE tracker = 'vuln'");
		expect(Number(days?.n)).toBe(17);
		const facets = await db().query<{ kind: string; n: number }>(
			"SELECT kind, COUNT(*) AS n FROM vuln_facet WHERE vuln_id IN (SELECT id FROM vuln WHERE name = 'CVE-2021-44228') GROUP BY kind ORDER BY kind",
		);
		expect(facets.map(({ kind, n }) => [kind, Number(n)])).toEqual([
			["cwe", 4],
			["tag", 1],
			["vendor", expect.any(Number)],
		]);
	});

	it("gives every field of the API, and only what its declaration says", async () => {
		await fill();
		const { rows } = await list(vuln, query("limit=100"), db());
		for (const row of rows) expect(vuln.item.strict().safeParse(vuln.toApi(row)).error?.issues ?? []).toEqual([]);
		const log4j = await get(vuln, LOG4SHELL.toLowerCase(), db());
		if (log4j === null) throw new Error("not there");
		const api = vuln.toApi(log4j);
		expect(api).toMatchObject({
			id: recordId(nvd.number, LOG4SHELL).toString("hex"),
			title: "Apache Log4j2 Remote Code Execution Vulnerability",
			t_description: "",
			vulndb_published_date: "2021-12-10T10:15:09.143Z",
			vulndb_last_modified: "2026-06-17T04:12:05.460Z",
			source: "NVD",
			nvds: [{ id: LOG4SHELL, cwe_id: "CWE-20", cvss_score: "10.0", summary: expect.stringContaining("JNDI") as string }],
			score: 10,
			severity: "CRITICAL",
			epss: { score: 0.94358, percentile: 0.99964, day: "2026-11-24" },
			known_exploited: { added: "2021-12-10", due: "2021-12-24", action: "Apply updates.", ransomware: true },
			left_out: [],
		});
		expect((api.cvsses as unknown[])[2]).toMatchObject({
			access_vector: "NETWORK",
			access_complexity: "MEDIUM",
			authentication: "NONE",
			confidentiality_impact: "COMPLETE",
			score: "9.3",
			calculated_cvss_base_score: "9.3",
			cve_id: LOG4SHELL,
			source: "nvd@nist.gov",
		});
		expect(Object.keys(api).slice(0, 14)).toEqual([
			"id",
			"title",
			"description",
			"t_description",
			"vulndb_published_date",
			"vulndb_last_modified",
			"products",
			"vendors",
			"references",
			"tags",
			"solution",
			"nvds",
			"cvsses",
			"source",
		]);
		expect(api.vendors).toContain("siemens");
		expect(api.tags).toEqual([{ id: expect.any(Number), name: "exploit-reference", description: null, longname: null }]);
	});

	it("gives Japanese records as the original did", async () => {
		await fill();
		const row = await get(vuln, "JVNDB-2022-000002", db());
		if (row === null) throw new Error("not there");
		expect(vuln.toApi(row)).toMatchObject({
			title: "WordPress 用プラグイン Quiz And Survey Master における複数の脆弱性",
			description: expect.stringContaining("クロスサイトリクエストフォージェリ") as string,
			t_description: expect.stringContaining("クロスサイトリクエストフォージェリ") as string,
			solution: expect.stringContaining("アップデート") as string,
			nvds: ["CVE-2022-0180", "CVE-2022-0181", "CVE-2022-0182"].map((id) => ({ id, cwe_id: null, cvss_score: null, summary: null })),
			vendors: ["ExpressTech"],
			source: "JVN",
		});
	});

	it("finds by every filter", async () => {
		await fill();
		expect(await names(`cve=${LOG4SHELL}`)).toEqual([LOG4SHELL]);
		expect(await names("cve=cve-2022-0181")).toEqual(["JVNDB-2022-000002"]);
		expect(await names("tag=exploit-reference")).toEqual([LOG4SHELL]);
		expect(await names("tag=exploit-reference&tag=disputed")).toEqual([]);
		expect(await names("vendor=Siemens")).toEqual([LOG4SHELL]);
		expect(await names("vendor=日本電気")).toEqual(["JVNDB-2021-005429"]);
		expect(await names("cwe=cwe-285")).toEqual(["CVE-2024-4819"]);
		expect(await names("severity=critical")).toEqual([LOG4SHELL, "CVE-2023-46729", "CVE-2023-6069", "JVNDB-2021-005429", "JVNDB-2022-020469"]);
		expect(await names("score_min=10")).toEqual([LOG4SHELL, "JVNDB-2021-005429"]);
		expect(await names("epss_min=0.1")).toEqual([LOG4SHELL, "CVE-2023-6069"]);
		expect(await names("kev=true")).toEqual([LOG4SHELL, "CVE-2023-47246"]);
		expect((await names("kev=false")).length).toBe(15);
		expect(await names("rejected=true")).toEqual([]);
		expect(await names("source=JVN&severity=critical,high&score_min=9.9")).toEqual(["JVNDB-2021-005429"]);
		expect(await names("vulndb_published_date_after=2024-01-01")).toEqual(["CVE-2024-4819"]);
		expect(await names("vulndb_last_modified_0=2026-01-01&vulndb_last_modified_1=2026-12-31")).toEqual([LOG4SHELL]);
		expect(await names("search=log4j2,siemens")).toEqual([LOG4SHELL]);
		expect(await names("search=リクエストフォージェリ")).toEqual(["JVNDB-2022-000002"]);
		for (const [params, right] of [
			["cve=log4j", "a CVE id"],
			["severity=terrible", "one of critical"],
			["score_min=11", "a number from 0 to 10"],
			["epss_min=high", "a number from 0 to 1"],
			["kev=maybe", "true or false"],
			["cwe=79", "a weakness such as CWE-79"],
			["vulndb_published_date_after=yesterday", "a date such as"],
		] as const) {
			expect(() => query(params)).toThrow(right);
		}
	});

	it("goes newest change first, page by page", async () => {
		await fill();
		const first = await list(vuln, query("limit=10"), db());
		const second = await list(vuln, query(`limit=10&cursor=${first.next}`), db());
		const all = [...first.rows, ...second.rows];
		expect(all).toHaveLength(17);
		expect(all.map(({ modifiedAt }) => modifiedAt.getTime())).toEqual(all.map(({ modifiedAt }) => modifiedAt.getTime()).sort((a, b) => b - a));
		expect(all[0]?.name).toBe(LOG4SHELL);
		// What lists of pages read is enough for their columns.
		const light = await list(vuln, query("limit=10"), db(), { light: true });
		const tracker = trackerByResource("vuln");
		if (tracker === undefined) throw new Error("no tracker");
		expect(shownTable(tracker, light.rows)).toEqual(shownTable(tracker, first.rows));
	});

	it("leads from a CVE to everything that names it", async () => {
		await fill();
		const row = await get(vuln, LOG4SHELL, db());
		if (row === null) throw new Error("not there");
		const named = await namedBy("vuln", row.id, db());
		expect(named.find(({ indicator }) => indicator.value === LOG4SHELL)).toMatchObject({ place: "cve" });
		const related = await relatedTo("vuln", row.id, named, db());
		expect(related.map(({ tracker, total }) => [tracker, total])).toEqual([
			["exploit", 2],
			// JVN's record names it in its text.
			["vuln", 1],
		]);
		const cross = await crossSearch(LOG4SHELL, { limit: 5 }, db());
		expect(cross.counts).toEqual([
			{ tracker: "reputation", count: 0, more: false },
			{ tracker: "exploit", count: 2, more: false },
			{ tracker: "vuln", count: 2, more: false },
		]);
		expect((await get(vuln, "CVE-2022-0180", db()))?.name).toBe("JVNDB-2022-000002");
		expect([await get(vuln, "CVE-1999-0001", db()), await get(vuln, "JVNDB-1999-000001", db()), await get(vuln, "nonsense", db())]).toEqual([null, null, null]);
	});

	it("shows scores in words, danger first", async () => {
		await fill();
		const [log4j, laundry, japanese] = await Promise.all([LOG4SHELL, "CVE-2024-4819", "JVNDB-2021-005429"].map((name) => get(vuln, name, db())));
		const view = trackerByResource("vuln")?.page?.view;
		if (view === undefined) throw new Error("no page");
		const shown = view(log4j);
		expect(shown.badges.map(({ text: words, tone }) => [words, tone])).toEqual([
			["10.0 critical", "bad"],
			["exploited", "bad"],
			["EPSS 94.4 %", "bad"],
		]);
		expect(shown.sections[0]).toMatchObject({ title: "How dangerous" });
		expect(JSON.stringify(shown.sections[0])).toContain("2021-12-24");
		expect(JSON.stringify(shown.sections[0])).toContain("99.9 % of all CVEs");
		expect(shown.sections[1]).toEqual({ kind: "text", title: "What CISA asks for", text: "Apply updates." });
		const titles = view(laundry).sections.map(({ title }) => title);
		expect(titles).toEqual(["How dangerous", "Description", "As NVD has it", "CVSS 4.0: 5.3 medium", "CVSS 3.1: 4.3 medium", "CVSS 2.0: 4.0 medium", "References"]);
		expect(new Set(shown.sections.map(({ title }) => title)).size).toBe(shown.sections.length);
		expect(JSON.stringify(view(laundry).sections[3])).toContain("Confidentiality, systems behind");
		expect(JSON.stringify(view(laundry).sections[0])).toContain("as far as it was read here");
		expect(JSON.stringify(view(laundry).sections[3])).toContain('"text":"CVSS:4.0/AV:N/AC:L/AT:N/PR:L/UI:N/VC:N/VI:L/VA:N/SC:N/SI:N/SA:N"');
		expect(view(japanese).sections.map(({ title }) => title)).toContain("Description in Japanese");
	});

	it("writes of EPSS only what changed, and forgets nothing", async () => {
		const day = (date: string, rows: string) => ({ text: `#model_version:v5,score_date:${date}T12:00:00Z\ncve,epss,percentile\n${rows}` });
		const known = Array.from({ length: 2500 }, (_, at) => `CVE-2026-${10_000 + at},0.5,0.5`);
		expect(await runSource(context(), epss, day("2026-11-23", known.join("\n")))).toMatchObject({ state: "ok", new: 2500 });
		known[7] = "CVE-2026-10007,0.9,0.99";
		const second = await runSource(context(), epss, day("2026-11-24", `${known.slice(0, 2400).join("\n")}\nCVE-2026-99999,1,1\nnonsense,1,1`));
		expect(second).toMatchObject({ state: "ok", new: 1, updated: 1, unchanged: 2399, setAside: 1 });
		const rows = await db().query<{ day: string; n: number }>("SELECT DATE_FORMAT(day, '%Y-%m-%d') AS day, COUNT(*) AS n FROM epss GROUP BY day ORDER BY day");
		expect(rows.map((row) => [row.day, Number(row.n)])).toEqual([
			["2026-11-23", 2499],
			["2026-11-24", 2],
		]);
		const id = indicatorId({ type: "cve", value: "CVE-2026-10007" as CanonicalValue });
		expect(await db().query(`SELECT score, percentile FROM epss WHERE indicator_id = ${lit(id)}`)).toEqual([{ score: 0.9, percentile: 0.99 }]);
		expect(await runSource(context(), epss, { text: "<html>maintenance</html>" })).toMatchObject({ state: "suspect" });
		// They are no records: nothing is counted or searched.
		expect((await count(vuln, query(""), db())).count).toBe(0);
	});

	it("replaces what a changed record says of vendors and tags", async () => {
		const page = (tags: string[], vendor: string, modified: string) => ({
			text: JSON.stringify({
				totalResults: 1,
				vulnerabilities: [
					{
						cve: {
							id: "CVE-2026-10001",
							published: "2026-11-01T00:00:00.000",
							lastModified: modified,
							cveTags: [{ tags }],
							descriptions: [{ lang: "en", value: "A flaw." }],
							configurations: [{ nodes: [{ cpeMatch: [{ vulnerable: true, criteria: `cpe:2.3:a:${vendor}:x:1:*:*:*:*:*:*:*` }] }] }],
						},
					},
				],
			}),
		});
		await runSource(context(), nvd, page(["disputed"], "old", "2026-11-01T00:00:00.000"));
		expect(await runSource(context(), nvd, page(["exclusively-hosted-service"], "new", "2026-11-02T00:00:00.000"))).toMatchObject({ updated: 1 });
		expect(await Promise.all(["tag=disputed", "vendor=old", "tag=exclusively-hosted-service", "vendor=new"].map(names))).toEqual([[], [], ["CVE-2026-10001"], ["CVE-2026-10001"]]);
	});

	describe("over the network", () => {
		let upstream: { url: string; stop: () => Promise<void> };
		let broken = false;
		let proxy: Server;
		beforeAll(async () => {
			upstream = await startVulnUpstream();
			proxy = createServer((request, response) => {
				if (broken && request.url?.includes("startIndex=3") === true) response.writeHead(503, { "content-type": "text/html" }).end("<html><title>503</title></html>");
				else {
					void fetch(`${upstream.url}${request.url}`).then(async (answer) => {
						response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
						response.end(Buffer.from(await answer.arrayBuffer()));
					});
				}
			});
			await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
		});
		afterAll(async () => {
			proxy.closeAllConnections();
			proxy.close();
			await upstream.stop();
		});
		const routed = () => {
			const base = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
			return context({ policy: { allowLoopback: true }, secrets: { nvdKey: "test-key" }, route: (url: URL) => new URL(`/${url.host}${url.pathname}${url.search}`, base) });
		};

		it("an NVD page that fails midway costs nothing: the next run goes on there", async () => {
			broken = true;
			const failed = await runPull(routed(), nvd);
			expect(failed).toMatchObject({ state: "failed", new: 3, httpStatus: 503 });
			broken = false;
			await again(nvd.number);
			const healed = await runPull(routed(), nvd);
			expect(healed).toMatchObject({ state: "ok" });
			expect((await count(vuln, query("source=NVD"), db())).count).toBe(10);
		});

		it("reads back as far as the operator says, after the present", async () => {
			const run = await runPull({ ...routed(), now: () => new Date("2026-11-24T12:00:00Z"), historySince: new Date("2026-06-01T00:00:00Z") }, nvd);
			expect(run).toMatchObject({ state: "ok", reason: "10 CVEs modified 2026-06-01 to 2026-07-27" });
		});

		it("reads JVN's feeds, list and details", async () => {
			const run = await runPull(routed(), jvn);
			expect(run).toMatchObject({ state: "ok", setAside: 0 });
			const row = await get(vuln, "JVNDB-2021-005429", db());
			expect(row?.solution).toContain("Log4j 2.17.1");
		});
	});
});
