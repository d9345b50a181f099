import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { censys } from "@/lib/enrichers/censys";
import { type FakeProvider, startFakeProvider } from "../../fakes/enrichers";
import { enrich } from "../../harness/enrich";
import { KEY, keepsContract } from "../../harness/enricher-contract";

const PATH = "api.platform.censys.io/v3/global/asset/host/1.1.1.1";
let provider: FakeProvider;
beforeAll(async () => {
	provider = await startFakeProvider();
});
afterAll(() => provider.stop());
const ask = (reply: object, secret = KEY) => {
	provider.replies = { [PATH]: reply };
	return enrich(censys, "1.1.1.1", provider.url, { secret });
};

keepsContract(censys, { value: "1.1.1.1", file: "censys.json", path: PATH, headers: { authorization: `Bearer ${KEY}`, accept: "application/vnd.censys.api.v3.host.v1+json" } });

describe("Censys", () => {
	it("lists services, names, the network and its block", async () => {
		const found = await ask({ file: "censys.json" });
		expect(found?.enrichment).toMatchObject({ summary: "16 services", tone: "none", link: "https://platform.censys.io/hosts/1.1.1.1" });
		expect(found?.enrichment.facts).toContainEqual({ label: "Network", kind: "text", text: "AS13335 CLOUDFLARENET" });
		expect(found?.enrichment.facts).toContainEqual({ label: "Announced as", kind: "indicators", indicators: [{ type: "cidr", value: "1.1.1.0/24" }] });
		expect(found?.enrichment.facts).toContainEqual({ label: "Labels", kind: "tags", tags: expect.arrayContaining(["WAF"]) });
		expect(found?.enrichment.tables?.[0]?.rows[0]).toEqual([
			{ kind: "text", text: "53/udp" },
			{ kind: "text", text: "DNS" },
			{ kind: "text", text: "" },
			{ kind: "time", at: "2025-11-30T18:27:41.000Z" },
		]);
	});

	it("also reads a host as the older Search API wrote it", async () => {
		const found = await ask({ file: "censys-v2-host.json" });
		expect(found?.enrichment.summary).toBe("16 services");
		expect(found?.enrichment.tables?.[0]?.rows[0]?.slice(0, 2)).toEqual([
			{ kind: "text", text: "53/udp" },
			{ kind: "text", text: "DNS" },
		]);
		expect(found?.enrichment.facts).toContainEqual({ label: "Last seen", kind: "time", at: "2023-05-19T09:18:15.000Z" });
	});

	it("takes over threats that Censys names", async () => {
		const found = await ask({ body: { result: { resource: { services: [{ port: 443, threats: [{ name: "Cobalt Strike" }] }] } } } });
		expect(found?.enrichment).toMatchObject({ tone: "bad", summary: "1 service, names Cobalt Strike" });
	});

	it("sends an organisation that stands behind the token, and hides both", async () => {
		let headers: Record<string, unknown> = {};
		provider.replies = {
			[PATH]: (request) => {
				headers = request.headers;
				return { body: { result: { resource: { services: [{ port: 1, protocol: "token-1234 org-5678" }] } } } };
			},
		};
		const found = await enrich(censys, "1.1.1.1", provider.url, { secret: "token-1234 org-5678" });
		expect(headers).toMatchObject({ authorization: "Bearer token-1234", "x-organization-id": "org-5678" });
		expect(JSON.stringify(found)).not.toMatch(/token-1234|org-5678/);
	});

	it("knows nothing of a host without anything on it", async () => {
		expect(await ask({ body: { result: { resource: { ip: "1.1.1.1", service_count: 0 } } } })).toBeNull();
		await expect(ask({ body: { error: "x" } })).rejects.toThrow();
	});
});
