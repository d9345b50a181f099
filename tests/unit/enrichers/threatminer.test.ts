import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { threatminer } from "@/lib/enrichers/threatminer";
import { ask } from "@/lib/lookup";
import { type FakeProvider, startFakeProvider } from "../../fakes/enrichers";
import { ASKER, enrich, indicator, testLookup } from "../../harness/enrich";
import { keepsContract } from "../../harness/enricher-contract";

const API = "api.threatminer.org/v2";
const HASH = "e6ff1bf0821f00384cdd25efb9b1cc09";
let provider: FakeProvider;
beforeAll(async () => {
	provider = await startFakeProvider({
		[`${API}/host.php`]: { file: "threatminer-host.json" },
		[`${API}/domain.php`]: { file: "threatminer-domain.json" },
		[`${API}/sample.php`]: { file: "threatminer-sample.json" },
	});
});
afterAll(() => provider.stop());

keepsContract(threatminer, { value: "8.8.8.8", file: "threatminer-host.json", path: `${API}/host.php?q=8.8.8.8&rt=2`, keeps: ["status_code"] });
keepsContract(threatminer, { value: HASH, file: "threatminer-sample.json", path: `${API}/sample.php?q=${HASH}&rt=1`, keeps: ["status_code"] });

describe("ThreatMiner", () => {
	it("gives passive DNS of an address and of a domain, and what a sample is", async () => {
		const host = await enrich(threatminer, "8.8.8.8", provider.url);
		expect(host?.enrichment.facts).toEqual([{ label: "Domains", kind: "indicators", indicators: [{ type: "domain", value: "dns.google" }] }]);
		expect(host?.enrichment.tables?.[0]?.rows[1]?.[0]).toEqual({ kind: "text", text: "not a name" });
		const domain = await enrich(threatminer, "example.com", provider.url);
		expect(domain?.enrichment).toMatchObject({ summary: "1 address by passive DNS", tone: "none", facts: [{ indicators: [{ type: "ipv4", value: "69.172.200.235" }] }] });
		const sample = await enrich(threatminer, HASH, provider.url);
		expect(sample?.enrichment.summary).toBe("A sample: PE32 executable (GUI) Intel 80386, for MS Windows");
	});

	it("knows nothing where its own status says 404, or nothing stands in the list", async () => {
		provider.replies[`${API}/host.php`] = { file: "threatminer-unknown.json" };
		expect(await enrich(threatminer, "8.8.8.8", provider.url)).toBeNull();
		provider.replies[`${API}/host.php`] = { body: { status_code: "200", results: [] } };
		expect(await enrich(threatminer, "8.8.8.8", provider.url)).toBeNull();
		provider.replies[`${API}/host.php`] = { body: { status_code: 500 } };
		await expect(enrich(threatminer, "8.8.8.8", provider.url)).rejects.toThrow("status 500");
	});

	it("is off, and says why", async () => {
		const answer = await ask("threatminer", indicator("8.8.8.8"), { reach: "all", asker: ASKER }, testLookup(provider.url, { enrichers: [threatminer] }));
		expect(answer).toEqual({ state: "off", held: { why: "off", reason: "ThreatMiner has not been seen answering since 2023." } });
	});
});
