import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { crtsh } from "@/lib/enrichers/crtsh";
import { type FakeProvider, startFakeProvider } from "../../fakes/enrichers";
import { enrich } from "../../harness/enrich";
import { keepsContract } from "../../harness/enricher-contract";

let provider: FakeProvider;
beforeAll(async () => {
	provider = await startFakeProvider();
});
afterAll(() => provider.stop());

keepsContract(crtsh, { value: "example.com", file: "crtsh.json", path: "crt.sh/?q=example.com&output=json", keeps: ["serial_number"] });

describe("crt.sh", () => {
	it("gives subdomains as indicators and certificates once", async () => {
		provider.replies = { "crt.sh/": { file: "crtsh.json" } };
		const { enrichment } = (await enrich(crtsh, "example.com", provider.url)) ?? {};
		expect(enrichment).toMatchObject({ summary: "14 certificates, 5 subdomains", tone: "none", link: "https://crt.sh/?q=example.com" });
		const subdomains = enrichment?.facts.find(({ label }) => label === "Subdomains");
		expect(subdomains).toEqual({ label: "Subdomains", kind: "indicators", indicators: expect.arrayContaining([{ type: "domain", value: "products.example.com" }]) });
		// An e-mail address and a name in prose stand among the names, and are none.
		expect(JSON.stringify(subdomains)).not.toMatch(/@|intermediate/i);
		expect(enrichment?.facts).toContainEqual({ label: "Wildcards", kind: "tags", tags: expect.arrayContaining(["*.example.com"]) });
		expect(JSON.stringify(enrichment?.facts)).toContain("AS207960 Cyfyngedig");
		expect(enrichment?.tables?.[0]?.rows).toHaveLength(14);
	});

	it("does not take another domain's names for subdomains", async () => {
		provider.replies = { "crt.sh/": { body: [{ name_value: "example.com\nwww.example.com\nnotexample.com\n*.example.com", serial_number: "1" }] } };
		const found = await enrich(crtsh, "example.com", provider.url);
		expect(found?.enrichment.facts.slice(0, 2)).toEqual([
			{ label: "Subdomains", kind: "indicators", indicators: [{ type: "domain", value: "www.example.com" }] },
			{ label: "Other names in its certificates", kind: "indicators", indicators: [{ type: "domain", value: "notexample.com" }] },
		]);
	});

	it("knows nothing where the list is empty, and refuses what is no list", async () => {
		provider.replies = { "crt.sh/": { body: [] } };
		expect(await enrich(crtsh, "example.com", provider.url)).toBeNull();
		provider.replies = { "crt.sh/": { body: { error: "busy" } } };
		await expect(enrich(crtsh, "example.com", provider.url)).rejects.toThrow();
	});

	it("shows so many of ten thousand names", async () => {
		const body = Array.from({ length: 10_000 }, (_, at) => ({ name_value: `host${at}.example.com`, serial_number: `${at}` }));
		provider.replies = { "crt.sh/": { body } };
		const found = await enrich(crtsh, "example.com", provider.url);
		expect(found?.enrichment.facts[0]).toMatchObject({ more: 9_950 });
		expect(found?.enrichment.tables?.[0]).toMatchObject({ more: 9_980 });
	});
});
