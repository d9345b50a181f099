import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { abuseipdb } from "@/lib/enrichers/abuseipdb";
import { type FakeProvider, startFakeProvider } from "../../fakes/enrichers";
import { enrich } from "../../harness/enrich";
import { KEY, keepsContract } from "../../harness/enricher-contract";

const PATH = "api.abuseipdb.com/api/v2/check";
let provider: FakeProvider;
beforeAll(async () => {
	provider = await startFakeProvider();
});
afterAll(() => provider.stop());
const ask = (body: unknown, value = "118.25.6.39") => {
	provider.replies = { [PATH]: { body } };
	return enrich(abuseipdb, value, provider.url, { secret: KEY });
};

keepsContract(abuseipdb, { value: "118.25.6.39", file: "abuseipdb.json", path: `${PATH}?ipAddress=118.25.6.39&maxAgeInDays=90&verbose=`, headers: { key: KEY } });

describe("AbuseIPDB", () => {
	it("says how sure it is, what for, and who said so", async () => {
		provider.replies = { [PATH]: { file: "abuseipdb.json" } };
		const found = await enrich(abuseipdb, "118.25.6.39", provider.url, { secret: KEY });
		expect(found?.enrichment).toMatchObject({ summary: "2 reports by 2 reporters, 100 % confidence of abuse", tone: "bad", link: "https://www.abuseipdb.com/check/118.25.6.39" });
		expect(found?.enrichment.facts).toContainEqual({ label: "Reported for", kind: "tags", tags: ["brute force", "SSH"] });
		expect(found?.enrichment.facts).toContainEqual({ label: "Domain", kind: "indicators", indicators: [{ type: "domain", value: "tencent.com" }] });
		expect(found?.enrichment.tables?.[0]).toMatchObject({ more: 1, rows: [[{ kind: "time", at: "2018-12-20T20:55:14.000Z" }, { text: "brute force, SSH" }, {}, { text: "US" }]] });
	});

	it("asks for IPv6 in its canonical form", async () => {
		provider.asked.length = 0;
		await ask({ data: { abuseConfidenceScore: 3 } }, "2A00:1450::8A");
		expect(provider.asked).toEqual([`${PATH}?ipAddress=2a00%3A1450%3A%3A8a&maxAgeInDays=90&verbose=`]);
	});

	it("knows nothing of an address nobody reported, and does not call it clean", async () => {
		expect(await ask({ data: { ipAddress: "118.25.6.39", abuseConfidenceScore: 0, totalReports: 0, isWhitelisted: null, reports: [] } })).toBeNull();
	});

	it("shows reports of a whitelisted address, which have no score, as in need of eyes", async () => {
		const found = await ask({ data: { abuseConfidenceScore: 0, totalReports: 7, isWhitelisted: true } });
		expect(found?.enrichment).toMatchObject({ tone: "warn", summary: "7 reports, 0 % confidence of abuse" });
		expect(found?.enrichment.facts).toContainEqual({ label: "Whitelisted", kind: "text", text: "yes, by AbuseIPDB" });
	});

	it("refuses an answer without its score", async () => {
		await expect(ask({ data: { abuseConfidenceScore: "many" } })).rejects.toThrow();
		await expect(ask({ errors: [{ detail: "no" }] })).rejects.toThrow();
	});
});
