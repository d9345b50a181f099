import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { virustotal } from "@/lib/enrichers/virustotal";
import { type FakeProvider, startFakeProvider } from "../../fakes/enrichers";
import { enrich, indicator, testTools } from "../../harness/enrich";
import { KEY, keepsContract } from "../../harness/enricher-contract";

const API = "www.virustotal.com/api/v3";
const FILE = "4bc00f7d638e042da764e8648c03c0db46700599dd4f08d117e3e9e8b538519b";
const URL_ = "http://soclosebutyetqq.com/69.exe";
const URL_PATH = `${API}/urls/${Buffer.from(URL_).toString("base64url")}`;
let provider: FakeProvider;
beforeAll(async () => {
	provider = await startFakeProvider({
		[`${API}/ip_addresses/138.128.150.133`]: { file: "virustotal-ip.json" },
		[`${API}/domains/tawuhoju.com`]: { file: "virustotal-domain.json" },
		[URL_PATH]: { file: "virustotal-url.json" },
		[`${API}/files/${FILE}`]: { file: "virustotal-file.json" },
	});
});
afterAll(() => provider.stop());
const ask = async (value: string) => (await enrich(virustotal, value, provider.url, { secret: KEY }))?.enrichment;

const headers = { "x-apikey": KEY };
keepsContract(virustotal, { value: "138.128.150.133", file: "virustotal-ip.json", path: `${API}/ip_addresses/138.128.150.133?relationships=resolutions%2Ccommunicating_files`, headers });
keepsContract(virustotal, { value: "tawuhoju.com", file: "virustotal-domain.json", path: `${API}/domains/tawuhoju.com?relationships=resolutions%2Csubdomains%2Ccommunicating_files`, headers });
keepsContract(virustotal, { value: URL_, file: "virustotal-url.json", path: URL_PATH, headers });
keepsContract(virustotal, { value: FILE, file: "virustotal-file.json", path: `${API}/files/${FILE}?relationships=behaviours%2Ccontacted_domains%2Ccontacted_ips`, headers });

describe("VirusTotal", () => {
	it("counts engines against an address, and names what resolved to it", async () => {
		const found = await ask("138.128.150.133");
		expect(found).toMatchObject({ summary: "4 of 93 engines call it malicious", tone: "bad", link: "https://www.virustotal.com/gui/ip-address/138.128.150.133" });
		expect(found?.facts).toContainEqual({ label: "Network", kind: "text", text: "AS13886 CLOUD-SOUTH" });
		expect(found?.facts).toContainEqual({ label: "Names that resolved to it", kind: "indicators", indicators: expect.arrayContaining([{ type: "domain", value: "jppost-ayu.top" }]) });
		expect(found?.facts).toContainEqual({ label: "Files that speak to it", kind: "indicators", indicators: [{ type: "sha256", value: FILE }] });
		expect(found?.tables?.[0]?.rows).toHaveLength(4);
	});

	it("knows a domain's registrar, categories and addresses; what is no address is left out", async () => {
		const found = await ask("tawuhoju.com");
		expect(found).toMatchObject({ summary: "6 of 93 engines call it malicious", tone: "bad" });
		expect(found?.facts).toContainEqual({ label: "Registered", kind: "time", at: "2016-12-29T13:28:19.000Z", youngDays: 30 });
		expect(found?.facts).toContainEqual({ label: "Categories", kind: "tags", tags: ["malicious web sites", "Malware Sites", "mobile communications", "Malicious"] });
		expect(found?.facts).toContainEqual({
			label: "Resolved to",
			kind: "indicators",
			indicators: [
				{ type: "ipv4", value: "45.83.140.140" },
				{ type: "ipv4", value: "138.128.150.133" },
			],
		});
		// Its records hold 66.0.543.66.
		expect(JSON.stringify(found?.facts)).not.toContain("66.0.543");
	});

	it("knows a URL's content, by the id that the answer gives", async () => {
		const found = await ask(URL_);
		expect(found).toMatchObject({ summary: "11 of 93 engines call it malicious", link: "https://www.virustotal.com/gui/url/7d83e9f686ff0122ded311f27aababf6922800a45a23a4dacc860b56ccada4cb" });
		expect(found?.facts).toContainEqual({ label: "Threats", kind: "text", text: "C2/Generic-A", tone: "bad" });
		expect(found?.facts).toContainEqual({ label: "Content", kind: "indicators", indicators: [{ type: "sha256", value: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" }] });
	});

	it("knows a file's other hashes, kind and times, and offers what sandboxes recorded", async () => {
		const found = await ask(FILE);
		expect(found).toMatchObject({ summary: "47 of 65 engines call it malicious", tone: "bad" });
		expect(found?.facts).toContainEqual({ label: "Threat", kind: "text", text: "trojan.dllhijacker/cometer", tone: "bad" });
		expect(found?.facts).toContainEqual({ label: "Type", kind: "text", text: "Win32 DLL" });
		expect(found?.facts).toContainEqual({ label: "First submitted", kind: "time", at: "2018-08-22T19:53:49.000Z" });
		expect(found?.downloads).toEqual([
			{ label: "Traffic in VirusTotal Jujubox (pcap)", id: `${FILE}_VirusTotal Jujubox` },
			{ label: "Traffic in Zenbox (pcap)", id: `${FILE}_Zenbox` },
		]);
	});

	it("asks for the recording of that file's run and nothing else", () => {
		const tools = testTools(provider.url, { secret: KEY });
		expect(virustotal.download?.(`${FILE}_VirusTotal Jujubox`, indicator(FILE), tools)).toEqual({
			url: `https://${API}/file_behaviours/${FILE}_VirusTotal%20Jujubox/pcap`,
			headers,
			name: `${FILE}_VirusTotal Jujubox.pcap`,
		});
		for (const id of ["../../files/upload_url", `${"0".repeat(64)}_Zenbox`, `${FILE}_a/../b`, ""]) expect(() => virustotal.download?.(id, indicator(FILE), tools)).toThrow("no report of a sandbox");
	});

	it.each([
		[{ malicious: 0, suspicious: 0, harmless: 80, undetected: 10 }, "None of 90 engines call it malicious", "none"],
		[{ malicious: 1, suspicious: 0, harmless: 80, undetected: 10 }, "1 of 91 engines calls it malicious", "warn"],
		[{ malicious: 0, suspicious: 2, harmless: 80, undetected: 10 }, "None of 92 engines call it malicious, 2 suspicious", "warn"],
	])("never says clean: %o", async (stats, summary, tone) => {
		provider.replies[`${API}/ip_addresses/9.9.9.9`] = { body: { data: { id: "9.9.9.9", attributes: { last_analysis_stats: stats } } } };
		expect(await ask("9.9.9.9")).toMatchObject({ summary, tone });
	});

	it("says where something is known and not analysed", async () => {
		provider.replies[`${API}/ip_addresses/9.9.9.9`] = { body: { data: { id: "9.9.9.9", attributes: {} } } };
		expect(await ask("9.9.9.9")).toMatchObject({ summary: "Known, and not analysed yet", tone: "none", facts: [] });
	});

	it("knows nothing where it has no such object", async () => {
		provider.replies[`${API}/ip_addresses/9.9.9.9`] = { status: 404, body: { error: { code: "NotFoundError", message: "not found" } } };
		expect(await ask("9.9.9.9")).toBeUndefined();
	});
});
