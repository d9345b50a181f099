import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decodeRows, type StagedRow } from "@/lib/ingest/rows";
import { type StageResult, Stager } from "@/lib/ingest/stage";
import { readFeed } from "@/lib/net";
import { allSources, reputationSources, sourceNames } from "@/lib/sources";
import type { SourceDefinition } from "@/lib/sources/define";
import { CISA_KEV } from "@/lib/trackers/vuln/known-exploited";
import { fixturePath, fixtureStream } from "@/tests/fakes/fixtures";

const NOW = Date.UTC(2026, 10, 24);

async function stageFile(source: SourceDefinition, path: string): Promise<{ result: StageResult; rows: StagedRow[] }> {
	const rows: StagedRow[] = [];
	const context = { source, now: NOW, country: () => null, ownDomains: [] };
	const stager = new Stager(context, async (block) => {
		if (block.seq >= 0) rows.push(...decodeRows(block.data));
	});
	const items = readFeed(fixtureStream(path), source.format, source.marker === undefined ? {} : { marker: source.marker });
	return { result: await stager.run(items), rows };
}

function sourceById(id: string): SourceDefinition {
	const source = reputationSources.find((known) => known.id === id);
	if (source === undefined) throw new Error(`no source ${id}`);
	return source;
}

/** read, staged, duplicates, set aside: counted by hand or by other tools from the samples. */
const COUNTS: Readonly<Record<string, readonly [number, number, number, number]>> = {
	urlhaus: [13633, 13633, 0, 0],
	threatfox: [1003, 992, 10, 1],
	feodo: [28, 28, 0, 0],
	malwarebazaar: [3, 9, 0, 0],
	sslbl: [7, 7, 0, 0],
	phishtank: [2340, 2333, 7, 0],
	openphish: [25, 25, 0, 0],
	cins: [60, 60, 0, 0],
	"dshield-block": [20, 20, 0, 0],
	"blocklist-de": [14, 14, 0, 0],
	"blocklist-de-ssh": [3, 3, 0, 0],
	"blocklist-de-mail": [3, 3, 0, 0],
	"blocklist-de-apache": [3, 3, 0, 0],
	"blocklist-de-bots": [3, 3, 0, 0],
	"blocklist-de-bruteforce": [3, 3, 0, 0],
	"spamhaus-drop-v4": [3, 2, 0, 0],
	"spamhaus-drop-v6": [21, 20, 0, 0],
	"et-compromised": [3, 3, 0, 0],
	greensnow: [40, 40, 0, 0],
	"tor-exits": [46, 46, 0, 0],
	abuseipdb: [3, 3, 0, 0],
	malshare: [3, 9, 0, 0],
	"cybercrime-tracker": [2, 2, 0, 0],
	"c2intel-ips": [899, 898, 1, 0],
	"c2intel-domains": [2, 2, 0, 0],
	"botvrij-ips": [2, 2, 0, 0],
	"botvrij-domains": [2, 2, 0, 0],
	"botvrij-urls": [2, 2, 0, 0],
	"botvrij-md5": [1, 1, 0, 0],
	"botvrij-sha1": [1, 1, 0, 0],
	"botvrij-sha256": [1, 1, 0, 0],
	viriback: [5, 5, 0, 0],
	bruteforceblocker: [2, 2, 0, 0],
	"firehol-level1": [20, 20, 0, 0],
	"dataplane-sshclient": [3, 2, 0, 1],
	"dataplane-sshpwauth": [3, 2, 0, 1],
	"dataplane-vncrfb": [1, 1, 0, 0],
	turris: [6, 6, 0, 0],
	"maltrail-mass-scanner": [19220, 18835, 380, 3],
	"maltrail-magentocore": [14558, 13836, 600, 1],
	"maltrail-flubot": [3114, 3107, 0, 0],
	"maltrail-kimsuky": [26493, 25982, 400, 0],
	"maltrail-asyncrat": [25390, 15550, 9808, 4],
	"maltrail-cobaltstrike": [14701, 11198, 3384, 3],
	"maltrail-mirai": [54798, 13374, 3813, 0],
	"maltrail-emotet": [15034, 8039, 2258, 0],
	"maltrail-lokibot": [4464, 3953, 166, 0],
	"maltrail-njrat": [12320, 10880, 1429, 0],
	"maltrail-redline": [11359, 9943, 1288, 0],
};

const day = (text: string): number => Date.parse(`${text}Z`);

/** One row of each interesting layout, whole. */
const FIRST: Readonly<Record<string, Partial<StagedRow>>> = {
	urlhaus: {
		value: "http://216.126.225.121/bins/arm7",
		seen: day("2026-02-07T04:31:13"),
		last: day("2026-02-07T04:31:13"),
		category: "malware-download",
		description: "malware download",
		referrer: "https://urlhaus.abuse.ch/url/3773425/",
		tags: ["elf", "ua-wget", "online"],
	},
	threatfox: {
		value: "62.84.75.50",
		ports: "80",
		seen: day("2026-03-24T15:27:36"),
		category: "botnet-c2",
		description: "Emotet",
		confidence: 75,
		referrer: "https://threatfox.abuse.ch/ioc/1774999/",
	},
	feodo: { value: "192.9.135.73", ports: "1194", seen: day("2023-05-23T17:51:44"), last: day("2024-04-01T00:00:00"), description: "Pikabot", tags: ["online"] },
	sslbl: { value: "4da14224452c1fe61f46b1112c43ecfd9f322c82", seen: day("2024-09-02T06:17:52"), description: "Rhadamanthys C&C", tags: ["tls-certificate"] },
	phishtank: {
		value: "https://resona-card.qmyz88.com/eaywrtxx/?auth=screen%3Dt54nrviGQ",
		seen: day("2026-04-21T00:49:32"),
		last: day("2026-04-21T01:02:48"),
		description: null,
		referrer: "http://www.phishtank.com/phish_detail.php?phish_id=9399409",
	},
	"dshield-block": { type: 3, category: "attacker" },
	"spamhaus-drop-v4": { value: "1.10.16.0/20", description: "SBL256894", referrer: "https://check.spamhaus.org/sbl/query/SBL256894" },
	abuseipdb: { value: "198.51.100.23", country: "NL", confidence: 100, last: day("2026-11-20T03:55:01"), warning: "documentation" },
	"cybercrime-tracker": { value: "http://login.example.com/pony/admin.php", description: "Pony" },
	"c2intel-ips": { value: "172.21.25.140", warning: "reserved", description: "TEST DATA" },
	"botvrij-urls": { value: "http://login.example.com/gate.php", description: "Campaign report 2026-01" },
	viriback: { value: "http://officeman.tk/images/admin.php", seen: day("2019-06-01T00:00:00"), description: "Pony" },
	bruteforceblocker: { value: "203.0.113.48", last: day("2016-11-10T09:11:03"), description: "SSH brute force, 56 attempts" },
	"dataplane-sshclient": { value: "5.157.7.82", last: day("2016-12-01T20:41:09"), tags: null },
	turris: { value: "159.203.8.168", tags: ["http"] },
};

describe("reputation sources on the providers' own bodies", () => {
	it.each(reputationSources.map((source) => [source.id, source] as const))("%s", async (id, source) => {
		const path = fixturePath(id);
		const wanted = COUNTS[id];
		expect(path, `no fixture for ${id}`).toBeDefined();
		expect(wanted, `no expectation for ${id}`).toBeDefined();
		const { result, rows } = await stageFile(source, path as string);
		expect([result.read, result.staged, result.duplicates, result.setAside]).toEqual(wanted);
		if (FIRST[id] !== undefined) expect(rows[0]).toMatchObject(FIRST[id]);
	});

	it("links the three hashes of one file", async () => {
		const { rows } = await stageFile(sourceById("malwarebazaar"), fixturePath("malwarebazaar") as string);
		expect(rows.map((row) => row.siblings?.length)).toEqual(new Array(9).fill(2));
	});

	it("takes the value's own length where ThreatFox names the wrong hash type", async () => {
		const { rows } = await stageFile(sourceById("threatfox"), join(import.meta.dirname, "../../fixtures/feeds/threatfox-2026-08.csv"));
		expect(rows.map((row) => [row.type, row.value])).toEqual([
			[4, "mbond38982.workers.dev"],
			[7, "3dd25cbfe76db155615283f905992030468f3da9"],
			[1, "111.170.148.132"],
		]);
	});

	it("decodes entities of OpenPhish", async () => {
		const { rows } = await stageFile(sourceById("openphish"), fixturePath("openphish") as string);
		expect(rows.some((row) => row.value.includes("&amp;"))).toBe(false);
	});
});

describe("the catalogue", () => {
	it.each(["reputation", "threat", "exploit", "twitter", "news", "vuln"])("lists every source of the folder %s once", (tracker) => {
		const folder = join(process.cwd(), "lib/sources", tracker);
		const files = readdirSync(folder)
			.filter((file) => file.endsWith(".ts") && /= (?:define(?:Record)?Source|newsFeed|misp(?:Feed|Server))[<(]/.test(readFileSync(join(folder, file), "utf8")))
			.map((file) => file.replace(/\.ts$/, ""))
			.sort();
		const listed = allSources.filter((source) => source.tracker === tracker).map((source) => source.id);
		expect(listed.sort()).toEqual(files);
	});

	it("keeps the numbers that other parts know", () => {
		// A vulnerability finds its entry in the catalogue of known exploited ones by this number.
		expect(allSources.find((source) => source.id === "cisa-kev")?.number).toBe(CISA_KEV);
	});

	it("never uses a number twice, and keeps the original's", () => {
		const numbers = reputationSources.map((source) => source.number);
		expect(new Set(numbers).size).toBe(numbers.length);
		const original: Record<string, number> = { phishtank: 241, cins: 261, "cybercrime-tracker": 271, malshare: 281, abuseipdb: 301 };
		for (const source of reputationSources) expect(source.number).toBe(original[source.id] ?? (source.number > 1000 ? source.number : "above 1000"));
		expect(sourceNames()[201]).toBe("MalwareDomainList");
	});

	it("has at least 25 sources that are on and need no key", () => {
		const alive = reputationSources.filter((source) => source.enabledByDefault !== false && source.secret?.required !== true);
		expect(alive.length).toBeGreaterThanOrEqual(25);
	});

	it("asks by https only, names terms and homepage, and never asks more often than every five minutes", () => {
		for (const source of reputationSources) {
			const url = typeof source.url === "function" ? source.url(undefined) : source.url;
			expect(url).toMatch(/^https:\/\//);
			expect(source.homepage).toMatch(/^https:\/\//);
			expect(source.licence.name).not.toBe("");
			expect(source.everyMinutes).toBeGreaterThanOrEqual(5);
		}
	});
});
