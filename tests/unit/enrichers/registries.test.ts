import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rdap } from "@/lib/enrichers/rdap";
import { readRdap } from "@/lib/enrichers/rdap-answer";
import { whois } from "@/lib/enrichers/whois";
import { readWhois, referral, whoisDate, whoisRefusal } from "@/lib/enrichers/whois-answer";
import { enricherFixture, type FakeProvider, startFakeProvider } from "../../fakes/enrichers";
import { startWhois } from "../../fakes/whois";
import { enrich, NOW } from "../../harness/enrich";

let provider: FakeProvider;
let server: Awaited<ReturnType<typeof startWhois>>;
beforeAll(async () => {
	provider = await startFakeProvider({
		"data.iana.org/rdap/dns.json": { file: "rdap-bootstrap-dns.json" },
		"data.iana.org/rdap/ipv4.json": { file: "rdap-bootstrap-ipv4.json" },
		"data.iana.org/rdap/ipv6.json": {
			body: {
				services: [
					[
						["2001:200::/23", "2400::/12"],
						["http://rdap.apnic.net/", "https://rdap.apnic.net"],
					],
				],
			},
		},
		"rdap.nic.cz/domain/example.cz": { file: "rdap-domain.json" },
		"rdap.apnic.net/ip/120.78.59.202": { file: "rdap-network.json" },
		"rdap.verisign.com/com/v1/domain/young.com": {
			body: {
				events: [{ eventAction: "registration", eventDate: "2026-11-20T00:00:00Z" }],
				entities: { roles: "registrar", vcardArray: [["vcard", [["fn", {}, "text", "Cheap Names"]]]] },
				status: "active",
			},
		},
		"rdap.verisign.com/com/v1/domain/odd.com": { body: { errorCode: 404, title: "Not found" } },
	});
	server = await startWhois({
		"example.cz": `refer: whois.nic.cz\n${enricherFixture("whois-cz.txt")}`,
		"120.78.59.202": `refer: whois.apnic.net\n${enricherFixture("whois-apnic.txt")}`,
		"example-shop.com": "domain: COM\nrefer: whois.verisign-grs.com\n",
		"domain example-shop.com": enricherFixture("whois-com.txt"),
		"free.com": "refer: whois.verisign-grs.com\n",
		"domain free.com": 'No match for domain "FREE.COM".\n>>> Last update of whois database: 2026-11-24T11:00:08Z <<<\n',
		"busy.cz": "refer: whois.nic.cz\n% Your connection limit exceeded. Please slow down and try again later.\n",
		"orphan.zz": "% This query returned 0 objects.\n",
		"inward.com": "refer: 10.0.0.1\n",
	});
});
afterAll(() => Promise.all([provider.stop(), server.stop()]));
const ask = (enricher: Parameters<typeof enrich>[0], value: string) => enrich(enricher, value, provider.url, { whoisRoute: () => ({ host: "127.0.0.1", port: server.port }) });
const labels = (found: Awaited<ReturnType<typeof ask>>) => Object.fromEntries((found?.enrichment.facts ?? []).map((fact) => [fact.label, fact]));

describe("RDAP", () => {
	it("finds the registry and reads what it says", async () => {
		const found = await ask(rdap, "www.example.cz");
		expect(found?.enrichment).toMatchObject({ summary: "registered 2004-08-30 with REG-INTERNET-CZ", tone: "none" });
		expect(labels(found)).toMatchObject({
			Registered: { kind: "time", at: "2004-08-30T22:55:00.000Z", youngDays: 30 },
			Expires: { at: "2019-08-30T12:00:00.000Z" },
			Status: { tags: ["active"] },
			"Name servers": { indicators: [{ value: "ns2.pipni.cz" }, { value: "ns3.pipni.cz" }, { value: "ns.pipni.cz" }] },
			Registrant: { text: "SB:EXAMPLE" },
		});
	});

	it("reads networks, whose contacts stand in contacts and whose notices are no list", async () => {
		const found = await ask(rdap, "120.78.59.202");
		expect(found?.enrichment.summary).toBe("ALISOFT, Aliyun Computing Co., LTD, CN");
		expect(labels(found)).toMatchObject({ Range: { text: "120.76.0.0/14" }, "Abuse contact": { text: "abuse@example.cn" }, Registered: { at: "2010-02-03T06:30:35.000Z" } });
	});

	it("says that a domain of four days needs eyes, whatever shape that came in", async () => {
		expect((await ask(rdap, "young.com"))?.enrichment).toMatchObject({ tone: "warn", summary: "registered 2026-11-20 with Cheap Names" });
	});

	it("knows nothing where the registry does not, or has no RDAP", async () => {
		expect(await ask(rdap, "unheard.com")).toBeNull();
		expect(await ask(rdap, "odd.com")).toBeNull();
		expect(await ask(rdap, "example.zz")).toBeNull();
		expect(await ask(rdap, "2400:cb00::1")).toBeNull();
		expect(provider.asked.at(-1)).toBe("rdap.apnic.net/ip/2400:cb00::1");
	});

	it("asks IANA once for all", () => {
		expect(provider.asked.filter((path) => path === "data.iana.org/rdap/dns.json")).toHaveLength(1);
	});

	it.each([
		[{}],
		[{ entities: "none", events: 5, status: [1, null, "ok"], nameservers: [null, "x", {}], secureDNS: [] }],
		[{ entities: [{ vcardArray: [[[[[[[[[["fn"]]]]]]]]]], roles: "registrar" }] }],
	])("leaves out what it does not understand: %j", (raw) => {
		expect(readRdap(raw)).toMatchObject({ registered: undefined, nameservers: [] });
	});
});

describe("whois", () => {
	it("follows IANA to the registry", async () => {
		const found = await ask(whois, "www.example.cz");
		expect(found?.enrichment).toMatchObject({ summary: "registered 2004-08-30 with REG-INTERNET-CZ", tone: "none" });
		expect(labels(found)).toMatchObject({
			Expires: { at: "2027-08-30T00:00:00.000Z" },
			"Name servers": { indicators: [{ value: "ns.pipni.cz" }, { value: "ns2.pipni.cz" }, { value: "ns3.pipni.cz" }] },
		});
		expect(found?.raw).toMatchObject({ "whois.nic.cz": expect.arrayContaining([expect.stringMatching(/^registrar:/)]) });
	});

	it("asks registries as they want to be asked, and keeps their word where the registrar has none", async () => {
		const found = await ask(whois, "example-shop.com");
		expect(server.asked.slice(-3)).toEqual(["example-shop.com", "domain example-shop.com", "example-shop.com"]);
		expect(found?.enrichment).toMatchObject({ tone: "warn", summary: "registered 2026-11-20 with Registrar Example, Inc." });
		expect(labels(found)).toMatchObject({ Status: { tags: ["clientTransferProhibited", "addPeriod"] }, "Abuse contact": { text: "abuse@registrar.example.net" } });
	});

	it("reads networks", async () => {
		expect(labels(await ask(whois, "120.78.59.202"))).toMatchObject({
			Network: { text: "ALISOFT" },
			Range: { text: "120.76.0.0 - 120.79.255.255" },
			Country: { text: "CN" },
			"Abuse contact": { text: "abuse@example.cn" },
		});
	});

	it("knows nothing of what is free, and says when it asked too often", async () => {
		expect(await ask(whois, "free.com")).toBeNull();
		expect(await ask(whois, "orphan.zz")).toBeNull();
		await expect(ask(whois, "busy.cz")).rejects.toMatchObject({ kind: "limited", retryAfter: 300 });
	});

	it.each([
		["refer:        whois.nic.cz", "whois.nic.cz"],
		["   Registrar WHOIS Server: whois.Example.NET", "whois.example.net"],
		["ReferralServer:  whois://whois.ripe.net:43", "whois.ripe.net"],
		["ReferralServer: rwhois://rwhois.gblx.net:4321", undefined],
		["refer: 10.0.0.1", undefined],
		["refer: localhost", undefined],
		["nothing", undefined],
	])("is referred by %s", (line, expected) => {
		expect(referral(`x: y\r\n${line}\r\n`)).toBe(expected);
	});

	it.each([
		["2026-11-20T04:00:00Z", "2026-11-20T04:00:00.000Z"],
		["30.08.2004 22:55:00", "2004-08-30T22:55:00.000Z"],
		["2026.01.02 10:00:00", "2026-01-02T10:00:00.000Z"],
		["02-Jan-2020", "2020-01-02T00:00:00.000Z"],
		["20050301", "2005-03-01T00:00:00.000Z"],
		["2024/01/02 12:00:00 (JST)", "2024-01-02T03:00:00.000Z"],
		["before Aug-1996", undefined],
		[undefined, undefined],
	])("reads the day %s", (text, expected) => {
		expect(whoisDate(text)).toBe(expected);
	});

	it("reads brackets, dots and blocks", () => {
		expect(readWhois("[Name Server]      ns.example.jp\n[Created on]       2001/02/03\n").nameservers).toEqual(["ns.example.jp"]);
		expect(readWhois("    Name servers:\n        ns1.example.uk    192.0.2.1\n        ns2.example.uk\n\n    WHOIS lookup made").nameservers).toEqual(["ns1.example.uk    192.0.2.1", "ns2.example.uk"]);
		expect(readWhois("domain.........: example.fi\nregistrar..........: Oy Example\ncreated............: 1.1.2001 10:00").registrar).toEqual(["Oy Example"]);
	});

	it.each(["Domain not found.", "% No entries found for the selected source(s).", "NOT FOUND", "Status: free", "No Data Found", "%ERROR:101: no entries found", ""])("takes %j for nothing", (text) => {
		expect(whoisRefusal(text)).toBe("nothing");
	});

	it("does not take a disclaimer for it", () => {
		expect(whoisRefusal(`${enricherFixture("whois-com.txt")}\nIf the domain is not found, it is not found here.`)).toBeNull();
	});

	it("is young by the day of the test", () => {
		expect(NOW.getTime() - Date.parse("2026-11-20T04:00:00Z")).toBeLessThan(30 * 86_400_000);
	});
});
