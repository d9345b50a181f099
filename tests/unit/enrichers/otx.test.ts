import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { otx } from "@/lib/enrichers/otx";
import { type FakeProvider, startFakeProvider } from "../../fakes/enrichers";
import { enrich } from "../../harness/enrich";
import { KEY, keepsContract } from "../../harness/enricher-contract";

const API = "otx.alienvault.com/api/v1/indicators";
let provider: FakeProvider;
beforeAll(async () => {
	provider = await startFakeProvider({ [`${API}/domain/support-gmeet.com/general`]: { file: "otx.json" } });
});
afterAll(() => provider.stop());

keepsContract(otx, { value: "support-gmeet.com", file: "otx.json", path: `${API}/domain/support-gmeet.com/general`, headers: { "x-otx-api-key": KEY } });

describe("OTX", () => {
	it("names pulses, adversaries and malware, and asks for eyes rather than belief", async () => {
		const found = await enrich(otx, "support-gmeet.com", provider.url, { secret: KEY });
		expect(found?.enrichment).toMatchObject({ summary: "Named in 4 pulses", tone: "warn", link: "https://otx.alienvault.com/indicator/domain/support-gmeet.com" });
		expect(found?.enrichment.facts[0]).toEqual({ label: "Adversaries", kind: "tags", tags: ["Lazarus"], tone: "warn" });
		expect(found?.enrichment.facts[1]).toMatchObject({ label: "Malware", tags: ["Apnic", "APNIC"] });
		expect(found?.enrichment.tables?.[0]?.rows[2]).toMatchObject([{ text: "Zooming through BlueNoroff Indicators with Validin." }, {}, { kind: "time" }, {}]);
	});

	it.each([
		["45.9.148.108", "IPv4/45.9.148.108"],
		["2001:4860::1", "IPv6/2001%3A4860%3A%3A1"],
		["www.evil-domain.co.uk", "hostname/www.evil-domain.co.uk"],
		["evil-domain.co.uk", "domain/evil-domain.co.uk"],
		["http://evil-domain.co.uk/a?b=1", "url/http%3A%2F%2Fevil-domain.co.uk%2Fa%3Fb%3D1"],
		["44d88612fea8a8f36de82e1278abb02f", "file/44d88612fea8a8f36de82e1278abb02f"],
		["CVE-2021-44228", "cve/CVE-2021-44228"],
	])("asks for %s under its own kind", async (value, path) => {
		provider.asked.length = 0;
		await enrich(otx, value, provider.url, { secret: KEY });
		expect(provider.asked).toEqual([`${API}/${path}/general`]);
	});

	it("knows nothing where no pulse names it", async () => {
		provider.replies[`${API}/IPv4/9.9.9.9/general`] = { body: { indicator: "9.9.9.9", pulse_info: { count: 0, pulses: [], references: [] }, validation: [], false_positive: [] } };
		expect(await enrich(otx, "9.9.9.9", provider.url, { secret: KEY })).toBeNull();
	});

	it("shows its own note of a false positive, which is no verdict either", async () => {
		provider.replies[`${API}/IPv4/8.8.8.8/general`] = { body: { pulse_info: { count: 0, pulses: [] }, validation: [{ source: "whitelist", message: "Whitelisted IP", name: "Whitelisted IP" }] } };
		const found = await enrich(otx, "8.8.8.8", provider.url, { secret: KEY });
		expect(found?.enrichment).toMatchObject({ tone: "none", facts: [{ label: "Notes on false positives", tags: ["Whitelisted IP"] }] });
	});
});
