import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { threatfox } from "@/lib/enrichers/threatfox";
import { type FakeProvider, startFakeProvider } from "../../fakes/enrichers";
import { enrich } from "../../harness/enrich";
import { KEY, keepsContract } from "../../harness/enricher-contract";

const PATH = "threatfox-api.abuse.ch/api/v1/";
const SHA256 = "6f8a836d10eada55bb1d3901ceb5b97711afc9f7018e3bd0f0a8e77521f18e5b";
let provider: FakeProvider;
beforeAll(async () => {
	provider = await startFakeProvider();
});
afterAll(() => provider.stop());
const ask = (reply: object, value = "104.168.44.59") => {
	provider.replies = { [PATH]: reply };
	return enrich(threatfox, value, provider.url, { secret: KEY });
};

const contract = { path: PATH, method: "POST", headers: { "auth-key": KEY, "content-type": "application/json" }, keeps: ["query_status", "ioc", "ioc_type"] } as const;
keepsContract(threatfox, { ...contract, value: "104.168.44.59", file: "threatfox.json", body: '{"query":"search_ioc","search_term":"104.168.44.59"}' });
keepsContract(threatfox, { ...contract, value: SHA256, file: "threatfox-hash.json", body: `{"query":"search_hash","hash":"${SHA256}"}` });

describe("ThreatFox", () => {
	it("names malware and confidence, the port as it was reported", async () => {
		const found = await ask({ file: "threatfox.json" });
		expect(found?.enrichment).toMatchObject({ summary: "1 entry: Mirai", tone: "bad", link: "https://threatfox.abuse.ch/ioc/290525/" });
		expect(found?.enrichment.facts).toContainEqual({ label: "Confidence", kind: "share", part: 75, of: 100, tone: "bad" });
		expect(found?.enrichment.facts).toContainEqual({ label: "Also called", kind: "tags", tags: ["Katana"] });
		expect(found?.enrichment.tables?.[0]?.rows[0]?.[0]).toEqual({ kind: "text", text: "104.168.44.59:3884" });
	});

	it("gives the indicators of a sample", async () => {
		const found = await ask({ file: "threatfox-hash.json" }, SHA256);
		expect(found?.enrichment.summary).toBe("2 entries: CloudEyE, Mirai");
		expect(found?.enrichment.facts).toContainEqual({ label: "Indicators of the sample", kind: "indicators", indicators: [{ type: "ipv4", value: "104.168.44.59" }] });
	});

	it("leaves out entries about other values that only contain this one", async () => {
		const entry = (ioc: string) => ({ ioc, ioc_type: "domain", malware_printable: "Dridex", confidence_level: 25 });
		const found = await ask({ body: { query_status: "ok", data: [entry("www.evil-domain.co.uk"), entry("evil-domain.co.uk")] } }, "evil-domain.co.uk");
		expect(found?.enrichment).toMatchObject({ summary: "1 entry: Dridex", tone: "warn" });
		expect(await ask({ body: { query_status: "ok", data: [entry("not-evil-domain.co.uk")] } }, "evil-domain.co.uk")).toBeNull();
	});

	it("knows nothing where it says so in words", async () => {
		expect(await ask({ file: "threatfox-unknown.json" })).toBeNull();
		await expect(ask({ body: { query_status: "illegal_search_term", data: "Too short" } })).rejects.toThrow("illegal_search_term");
	});
});
