import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { shodan } from "@/lib/enrichers/shodan";
import { type FakeProvider, startFakeProvider } from "../../fakes/enrichers";
import { enrich } from "../../harness/enrich";
import { KEY, keepsContract } from "../../harness/enricher-contract";

const PATH = "api.shodan.io/shodan/host/1.1.1.1";
let provider: FakeProvider;
beforeAll(async () => {
	provider = await startFakeProvider();
});
afterAll(() => provider.stop());
const ask = (reply: object) => {
	provider.replies = { [PATH]: reply };
	return enrich(shodan, "1.1.1.1", provider.url, { secret: KEY });
};

keepsContract(shodan, { value: "1.1.1.1", file: "shodan.json", path: `${PATH}?key=${KEY}`, keyInQuery: true });

describe("Shodan", () => {
	it("lists services by port, with what speaks there", async () => {
		const found = await ask({ file: "shodan.json" });
		expect(found?.enrichment).toMatchObject({ summary: "12 open ports", tone: "none", link: "https://www.shodan.io/host/1.1.1.1" });
		expect(found?.enrichment.facts).toContainEqual({ label: "Host names", kind: "indicators", indicators: [{ type: "domain", value: "one.one.one.one" }] });
		expect(found?.enrichment.facts).toContainEqual({ label: "Organisation", kind: "text", text: "APNIC and Cloudflare DNS Resolver project" });
		expect(found?.enrichment.tables?.[0]).toMatchObject({ title: "Services", more: 0 });
		expect(JSON.stringify(found?.enrichment.tables)).toMatch(/53\/tcp.*CloudFlare.*301 Moved Permanently/);
	});

	it("tells verified vulnerabilities from guessed ones, of the host and of its services", async () => {
		const body = { ports: [80], vulns: ["CVE-2021-41773"], data: [{ port: 80, vulns: { "CVE-2019-0211": { verified: true }, "CVE-2020-1927": { verified: false }, "no CVE": {} } }], tags: ["cloud"] };
		const found = await ask({ body });
		expect(found?.enrichment).toMatchObject({ tone: "warn", summary: "1 open port, 4 possible vulnerabilities" });
		expect(found?.enrichment.facts).toContainEqual({ label: "Verified vulnerabilities", kind: "indicators", indicators: [{ type: "cve", value: "CVE-2019-0211" }] });
		expect(found?.enrichment.facts).toContainEqual({
			label: "Possible vulnerabilities",
			kind: "indicators",
			indicators: [
				{ type: "cve", value: "CVE-2021-41773" },
				{ type: "cve", value: "CVE-2020-1927" },
			],
		});
	});

	it("takes over what Shodan calls a control server", async () => {
		expect((await ask({ body: { ports: [443], tags: ["C2"] } }))?.enrichment).toMatchObject({ tone: "bad" });
	});

	it("knows nothing where it says so, or says nothing", async () => {
		expect(await ask({ status: 404, body: { error: "No information available for that IP." } })).toBeNull();
		expect(await ask({ body: { ip_str: "1.1.1.1", ports: [], data: [] } })).toBeNull();
	});
});
