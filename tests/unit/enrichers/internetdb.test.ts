import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { internetdb } from "@/lib/enrichers/internetdb";
import { type FakeProvider, startFakeProvider } from "../../fakes/enrichers";
import { enrich } from "../../harness/enrich";

let provider: FakeProvider;
beforeAll(async () => {
	provider = await startFakeProvider({ "internetdb.shodan.io/120.78.59.202": { file: "internetdb.json" }, "internetdb.shodan.io/1.2.3.4": { body: { ports: [4444], tags: ["c2"] } } });
});
afterAll(() => provider.stop());

describe("InternetDB", () => {
	it("counts ports and what may be vulnerable, and links them", async () => {
		const found = await enrich(internetdb, "120.78.59.202", provider.url);
		expect(found?.enrichment).toMatchObject({ summary: "6 open ports, 134 possible vulnerabilities", tone: "warn" });
		expect(found?.enrichment.facts[0]).toEqual({ label: "Open ports", kind: "tags", tags: ["22", "80", "443", "3306", "8081", "8090"] });
		expect(found?.enrichment.facts[2]).toEqual({ label: "Host names", kind: "indicators", indicators: [{ type: "domain", value: "api02t.c.ylt100.cn" }] });
		expect(found?.enrichment.facts[3]).toMatchObject({ kind: "indicators", more: 84 });
	});

	it("calls what Shodan calls a control server bad", async () => {
		expect((await enrich(internetdb, "1.2.3.4", provider.url))?.enrichment).toMatchObject({ tone: "bad", summary: "1 open port" });
	});

	it("knows nothing where no port was seen, which is not clean", async () => {
		expect(await enrich(internetdb, "9.9.9.9", provider.url)).toBeNull();
	});
});
