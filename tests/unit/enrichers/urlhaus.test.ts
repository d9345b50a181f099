import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { urlhaus } from "@/lib/enrichers/urlhaus";
import { type FakeProvider, startFakeProvider } from "../../fakes/enrichers";
import { enrich } from "../../harness/enrich";
import { KEY, keepsContract } from "../../harness/enricher-contract";

const API = "urlhaus-api.abuse.ch/v1";
const URL_ = "http://sskymedia.com/VMYB-ht_JAQo-gi/INV/99401FORPO/20673114777/US/Outstanding-Invoices/";
const SHA256 = "01fa56184fcaa42b6ee1882787a34098c79898c182814774fd81dc18a6af0b00";
let provider: FakeProvider;
beforeAll(async () => {
	provider = await startFakeProvider({ [`${API}/host/`]: { file: "urlhaus-host.json" }, [`${API}/url/`]: { file: "urlhaus-url.json" }, [`${API}/payload/`]: { file: "urlhaus-payload.json" } });
});
afterAll(() => provider.stop());
const ask = (value: string) => enrich(urlhaus, value, provider.url, { secret: KEY });

const headers = { "auth-key": KEY, "content-type": "application/x-www-form-urlencoded" };
keepsContract(urlhaus, { value: "178.128.78.235", file: "urlhaus-host.json", path: `${API}/host/`, method: "POST", headers, body: "host=178.128.78.235", keeps: ["query_status"] });
keepsContract(urlhaus, { value: URL_, file: "urlhaus-url.json", path: `${API}/url/`, method: "POST", headers, body: `${new URLSearchParams({ url: URL_ })}`, keeps: ["query_status"] });
keepsContract(urlhaus, { value: SHA256, file: "urlhaus-payload.json", path: `${API}/payload/`, method: "POST", headers, body: `sha256_hash=${SHA256}`, keeps: ["query_status"] });

describe("URLhaus", () => {
	it("counts what a host serves, and links it", async () => {
		const found = await ask("178.128.78.235");
		expect(found?.enrichment).toMatchObject({ summary: "11 URLs with malware on it, 3 online", tone: "bad", link: "https://urlhaus.abuse.ch/host/178.128.78.235/" });
		expect(found?.enrichment.facts).toContainEqual({ label: "Tags", kind: "tags", tags: ["elf", "mirai"] });
		expect(found?.enrichment.tables?.[0]).toMatchObject({ title: "URLs", more: 8 });
		expect(found?.enrichment.tables?.[0]?.rows[0]?.[0]).toEqual({ kind: "indicator", indicator: { type: "url", value: "http://178.128.78.235/bins/Solar.x86" } });
		// "not listed" is no list that has it.
		expect(JSON.stringify(found)).not.toContain("Other blocklists");
	});

	it("says what a URL serves, and who else lists it", async () => {
		const found = await ask(URL_);
		expect(found?.enrichment).toMatchObject({ summary: "Serves malware, online", tone: "bad", link: "https://urlhaus.abuse.ch/url/105821/" });
		expect(found?.enrichment.facts).toContainEqual({ label: "Other blocklists", kind: "tags", tags: ["Spamhaus DBL: abused legit malware", "SURBL"], tone: "bad" });
		expect(found?.enrichment.tables?.[0]?.rows[1]).toMatchObject([
			{ indicator: { type: "sha256", value: SHA256 } },
			{ text: "ATT932454259403171471.doc" },
			{ text: "doc" },
			{ text: "Heodo" },
			{ text: "" },
			{},
		]);
	});

	it("says where a file was served", async () => {
		const found = await ask(SHA256);
		expect(found?.enrichment).toMatchObject({ summary: "Malware served by 1 URL: Heodo", tone: "bad" });
		expect(found?.enrichment.facts).toContainEqual({ label: "Other hashes", kind: "indicators", indicators: [{ type: "md5", value: "12c8aec5766ac3e6f26f2505e2f4a8f2" }] });
	});

	it("asks for eyes where nothing on the host is online", async () => {
		provider.replies[`${API}/host/`] = { body: { query_status: "ok", url_count: "1", urls: [{ url: "http://evil-domain.co.uk/a", url_status: "offline" }] } };
		expect((await ask("evil-domain.co.uk"))?.enrichment).toMatchObject({ tone: "warn", summary: "1 URL with malware on it" });
	});

	it("knows nothing where it says so, or has a host without URLs", async () => {
		provider.replies[`${API}/host/`] = { body: { query_status: "no_results" } };
		expect(await ask("178.128.78.235")).toBeNull();
		provider.replies[`${API}/host/`] = { body: { query_status: "ok", url_count: "0", urls: [] } };
		expect(await ask("178.128.78.235")).toBeNull();
		provider.replies[`${API}/host/`] = { body: { query_status: "invalid_host" } };
		await expect(ask("178.128.78.235")).rejects.toThrow("invalid_host");
	});
});
