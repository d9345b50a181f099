import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { greynoise } from "@/lib/enrichers/greynoise";
import { type FakeProvider, startFakeProvider } from "../../fakes/enrichers";
import { enrich } from "../../harness/enrich";
import { KEY, keepsContract } from "../../harness/enricher-contract";

const PATH = "api.greynoise.io/v3/community/71.6.135.131";
let provider: FakeProvider;
beforeAll(async () => {
	provider = await startFakeProvider({ [PATH]: { file: "greynoise.json" }, "api.greynoise.io/v3/community/8.8.8.8": { file: "greynoise-riot.json" } });
});
afterAll(() => provider.stop());

keepsContract(greynoise, { value: "71.6.135.131", file: "greynoise.json", path: PATH, headers: { key: KEY } });

describe("GreyNoise", () => {
	it("answers without a key, and says what scans the internet", async () => {
		let headers: Record<string, unknown> = {};
		provider.replies[PATH] = (request) => {
			headers = request.headers;
			return { file: "greynoise.json" };
		};
		const found = await enrich(greynoise, "71.6.135.131", provider.url);
		expect(headers).not.toHaveProperty("key");
		expect(found?.enrichment).toMatchObject({ summary: "Scans the internet, classified malicious", tone: "bad", link: "https://viz.greynoise.io/ip/71.6.135.131" });
		expect(found?.enrichment.facts).toEqual([
			{ label: "Scans the internet", kind: "text", text: "yes" },
			{ label: "Classification", kind: "text", text: "malicious", tone: "bad" },
			{ label: "Last seen", kind: "time", at: "2024-01-13T00:00:00.000Z" },
		]);
	});

	it("calls nothing clean, not even a service that everybody uses", async () => {
		const found = await enrich(greynoise, "8.8.8.8", provider.url);
		expect(found?.enrichment).toMatchObject({ summary: "Belongs to a common business service, classified benign", tone: "none" });
		expect(found?.enrichment.facts).toContainEqual({ label: "Actor", kind: "text", text: "Google Public DNS" });
	});

	it.each([200, 404])("knows nothing of what was not observed, said with status %i", async (status) => {
		provider.replies["api.greynoise.io/v3/community/1.2.3.4"] = { status, file: "greynoise-unknown.json" };
		expect(await enrich(greynoise, "1.2.3.4", provider.url)).toBeNull();
	});

	it("asks less without a key, and nothing about IPv6", () => {
		expect(greynoise.quotaWithoutKey).toEqual([{ calls: 10, seconds: 86_400 }]);
		expect(greynoise.supports).toEqual(["ipv4"]);
	});
});
