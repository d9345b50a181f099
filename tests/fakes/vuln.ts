import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

/**
 * NVD, JVN iPedia and EPSS in small, with the providers' own records. Answers what it knows, by `/host/path`; false for anything
 * else, so that other upstreams can be asked.
 */

const FOLDER = join(import.meta.dirname, "../fixtures/feeds");

function fixture(name: string): Buffer {
	const stored = readFileSync(join(FOLDER, name));
	return name.endsWith(".gz") ? gunzipSync(stored) : stored;
}

const NVD_FILES = ["nvd-page-0.json", "nvd-page-3.json", "nvd-page-6.json", "nvd-one.json", "nvd-log4j.json.gz"];
/** NVD gives two thousand a page; three make pages out of few records. */
const NVD_PAGE = 3;

function nvd(params: URLSearchParams): Buffer {
	const all = NVD_FILES.flatMap((name) => (JSON.parse(fixture(name).toString("utf8")) as { vulnerabilities: unknown[] }).vulnerabilities);
	const start = Number(params.get("startIndex") ?? 0);
	const vulnerabilities = all.slice(start, start + NVD_PAGE);
	return Buffer.from(JSON.stringify({ resultsPerPage: vulnerabilities.length, startIndex: start, totalResults: all.length, format: "NVD_CVE", version: "2.0", vulnerabilities }));
}

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>';
const STATUS = 'xmlns:status="http://jvndb.jvn.jp/myjvn/Status"';

function elementsOf(text: string, name: string): string[] {
	return text.match(new RegExp(`<${name}[ >][\\s\\S]*?</${name}>`, "g")) ?? [];
}

/** The list holds what no feed shows any more; details are there for three records. */
function myJvn(params: URLSearchParams): Buffer {
	if (params.get("method") === "getVulnOverviewList") {
		const year = fixture("jvn-2022.rdf").toString("utf8");
		const start = Number(params.get("startItem") ?? 1);
		const items = elementsOf(year, "item");
		const page = items.slice(start - 1, start + 49);
		const status = `<status:Status ${STATUS} version="3.3" method="getVulnOverviewList" retCd="0" errCd="" errMsg="" totalRes="${items.length}" totalResRet="${page.length}" firstRes="${start}"/>`;
		return Buffer.from(year.replace(/<item [\s\S]*<\/item>/, page.join("\n")).replace("</rdf:RDF>", `${status}</rdf:RDF>`));
	}
	const wanted = new Set((params.get("vulnId") ?? "").split(/[ +]/));
	const known = ["jvn-detail-2021.xml", "jvn-detail-2022.xml"].flatMap((name) => elementsOf(fixture(name).toString("utf8"), "Vulinfo"));
	const found = known.filter((vulinfo) => wanted.has(/<VulinfoID>([^<]*)/.exec(vulinfo)?.[1] ?? ""));
	const status = `<status:Status ${STATUS} version="3.3" method="getVulnDetailInfo" retCd="0" errCd="" errMsg="" totalRes="${found.length}"/>`;
	return Buffer.from(`${HEAD}<VULDEF-Document version="3.2" xmlns="http://jvn.jp/vuldef/" xml:lang="ja">${found.join("\n")}${status}</VULDEF-Document>`);
}

/** The feed of changes also shows Log4Shell, so that its details are asked for. */
function changes(): Buffer {
	const log4j =
		'<item rdf:about="https://jvndb.jvn.jp/ja/contents/2021/JVNDB-2021-005429.html"><title>Apache Log4j における任意のコードが実行可能な脆弱性</title><sec:identifier>JVNDB-2021-005429</sec:identifier><dcterms:issued>2021-12-14T16:37+09:00</dcterms:issued><dcterms:modified>2022-12-15T10:24+09:00</dcterms:modified></item>';
	return Buffer.from(fixture("jvn-changes.rdf").toString("utf8").replace("</rdf:RDF>", `${log4j}</rdf:RDF>`));
}

const ROUTES: Readonly<Record<string, { type: string; body: (params: URLSearchParams) => Buffer }>> = {
	"/services.nvd.nist.gov/rest/json/cves/2.0": { type: "application/json", body: nvd },
	"/jvndb.jvn.jp/ja/rss/jvndb.rdf": { type: "application/rdf+xml", body: changes },
	"/jvndb.jvn.jp/ja/rss/jvndb_new.rdf": { type: "application/rdf+xml", body: () => fixture("jvn-new.rdf") },
	"/jvndb.jvn.jp/myjvn": { type: "text/xml", body: myJvn },
	"/epss.empiricalsecurity.com/epss_scores-current.csv.gz": { type: "application/gzip", body: () => gzipSync(fixture("epss.csv")) },
};

/** Answers a request to one of the three; false where it is for somebody else. */
export function answerVuln(request: IncomingMessage, response: ServerResponse): boolean {
	const url = new URL(request.url ?? "/", "http://upstream");
	const route = Object.hasOwn(ROUTES, url.pathname) ? ROUTES[url.pathname] : undefined;
	if (route === undefined) return false;
	response.writeHead(200, { "content-type": route.type }).end(route.body(url.searchParams));
	return true;
}

/** The three alone, on a loopback port. */
export async function startVulnUpstream(): Promise<{ url: string; stop: () => Promise<void> }> {
	const server = createServer((request, response) => {
		if (!answerVuln(request, response)) response.writeHead(404).end();
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		stop: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
