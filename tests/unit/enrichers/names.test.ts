import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asn } from "@/lib/enrichers/asn";
import { dns } from "@/lib/enrichers/dns";
import { geo } from "@/lib/enrichers/geo";
import { reverseDns } from "@/lib/enrichers/reverse-dns";
import { openGeo, openSystems } from "@/lib/platform/geo";
import { type NameServer, startNameServer } from "../../fakes/names";
import { enrich } from "../../harness/enrich";

let server: NameServer;
beforeAll(async () => {
	server = await startNameServer({
		"example.org": {
			A: ["81.2.69.160"],
			AAAA: ["2001:480:10::1"],
			MX: ["10 mail.example.org", "0 ."],
			NS: ["ns1.example.org"],
			TXT: ["v=spf1 -all"],
			SOA: ["ns1.example.org host.example.org 7 1 2 3 4"],
		},
		"half.example.org": { A: ["81.2.69.160"], MX: [] },
		"dead.example.org": "SERVFAIL",
		"empty.example.org": {},
		"160.69.2.81.in-addr.arpa": { PTR: ["host.example.org"] },
		"host.example.org": { A: ["81.2.69.160"] },
		"4.4.8.8.in-addr.arpa": { PTR: ["www.google.com", "b.example.org"] },
		"www.google.com": { A: ["142.250.0.1"] },
		"160.69.2.81.origin.asn.cymru.com": { TXT: ["64500 | 81.0.0.0/8 | GB | ripencc | 2001-01-01", "20712 64501 | 81.2.69.0/24 | GB | ripencc | 2002-01-01"] },
		"as20712.asn.cymru.com": { TXT: ["20712 | GB | ripencc | 2001-08-10 | AS20712 Andrews & Arnold Ltd, GB"] },
		"0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.8.4.0.1.0.0.2.origin6.asn.cymru.com": { TXT: ["27046 | 2001:480::/32 | US | arin | "] },
	});
});
afterAll(() => server.stop());
const ask = (enricher: Parameters<typeof enrich>[0], value: string, more = {}) => enrich(enricher, value, "http://127.0.0.1:9", { names: { servers: [server.address], timeoutMs: 200 }, ...more });

describe("DNS", () => {
	it("shows every record, and where the addresses are", async () => {
		const system = openSystems("tests/fixtures/geo/GeoLite2-ASN-Test.mmdb");
		const place = (address: string) => openGeo("tests/fixtures/geo/GeoIP2-City-Test.mmdb").lookup(address);
		const found = await ask(dns, "example.org", { place, system });
		expect(found?.enrichment.summary).toBe("2 addresses");
		expect(found?.enrichment.facts.map(({ label }) => label)).toEqual(["MX", "NS", "TXT", "SOA"]);
		expect(found?.enrichment.facts[0]).toEqual({ label: "MX", kind: "indicators", indicators: [{ type: "domain", value: "mail.example.org" }] });
		expect(found?.enrichment.tables?.[0]?.rows[0]).toEqual([
			{ kind: "indicator", indicator: { type: "ipv4", value: "81.2.69.160" } },
			{ kind: "text", text: "GB London" },
			{ kind: "text", text: "" },
		]);
		expect(new Set(server.asked.filter((question) => question.startsWith("example.org ")))).toEqual(new Set(["A", "AAAA", "CNAME", "MX", "NS", "TXT", "SOA"].map((type) => `example.org ${type}`)));
	});

	it("knows nothing of names without records, and fails where name servers do", async () => {
		expect(await ask(dns, "nowhere.example.org")).toBeNull();
		expect(await ask(dns, "empty.example.org")).toBeNull();
		await expect(ask(dns, "dead.example.org")).rejects.toMatchObject({ name: "ProviderFailure", kind: "failed" });
	});

	it("never asks for names of Tor", async () => {
		const before = server.asked.length;
		expect(await ask(dns, "duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad.onion")).toBeNull();
		expect(server.asked.length).toBe(before);
	});
});

describe("reverse DNS", () => {
	it("says whether the name leads back", async () => {
		expect((await ask(reverseDns, "81.2.69.160"))?.enrichment).toMatchObject({
			summary: "host.example.org",
			facts: [{ label: "Names" }, { label: "Leads back", text: "the name resolves to this address" }],
		});
		expect((await ask(reverseDns, "8.8.4.4"))?.enrichment).toMatchObject({
			summary: "www.google.com and 1 other",
			facts: [{ label: "Names" }, { tone: "warn", text: "the name does not resolve to this address" }],
		});
		expect(await ask(reverseDns, "9.9.9.9")).toBeNull();
		expect(await ask(reverseDns, "2001:480:10::1")).toBeNull();
		expect(server.asked.at(-1)).toBe("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.8.4.0.1.0.0.2.ip6.arpa PTR");
	});
});

describe("the autonomous system", () => {
	it("comes from a file where there is one, and then nobody is asked", async () => {
		const before = server.asked.length;
		const system = openSystems("tests/fixtures/geo/GeoLite2-ASN-Test.mmdb");
		expect((await ask(asn, "1.128.0.1", { system }))?.enrichment.summary).toBe("AS1221 Telstra Pty Ltd");
		expect(await ask(asn, "203.0.113.1", { system })).toBeNull();
		expect(server.asked.length).toBe(before);
	});

	it("comes from Team Cymru's name service otherwise, by the longest announcement", async () => {
		expect((await ask(asn, "81.2.69.160"))?.enrichment).toEqual({
			summary: "AS20712 AS20712 Andrews & Arnold Ltd, GB",
			tone: "none",
			facts: [
				{ label: "System", kind: "tags", tags: ["AS20712", "AS64501"] },
				{ label: "Name", kind: "text", text: "AS20712 Andrews & Arnold Ltd, GB" },
				{ label: "Announced as", kind: "text", text: "81.2.69.0/24" },
				{ label: "Registry", kind: "text", text: "ripencc" },
				{ label: "Registered in", kind: "text", text: "GB" },
			],
		});
		expect(await ask(asn, "9.9.9.9")).toBeNull();
	});

	it("refuses a file that is none or another", () => {
		expect(() => openSystems("package.json")).toThrow('GEOIP_ASN_PATH "package.json"');
		expect(() => openSystems("tests/fixtures/geo/GeoIP2-City-Test.mmdb")).toThrow("GeoLite2-ASN");
	});
});

describe("the location", () => {
	it("is the country by name, and the city where the file has it", async () => {
		const place = (address: string) => openGeo("tests/fixtures/geo/GeoIP2-City-Test.mmdb").lookup(address);
		expect((await ask(geo, "81.2.69.160", { place }))?.enrichment).toMatchObject({ summary: "London, United Kingdom", facts: [{ text: "United Kingdom (GB)" }, { text: "London" }] });
		expect(await ask(geo, "9.9.9.9", { place })).toBeNull();
	});
});
