import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { virustotal } from "@/lib/enrichers/virustotal";
import { virustotalBehaviour } from "@/lib/enrichers/virustotal-behaviour";
import { type FakeProvider, startFakeProvider } from "../../fakes/enrichers";
import { enrich } from "../../harness/enrich";
import { KEY, keepsContract } from "../../harness/enricher-contract";

const FILE = "4bc00f7d638e042da764e8648c03c0db46700599dd4f08d117e3e9e8b538519b";
const PATH = `www.virustotal.com/api/v3/files/${FILE}/behaviour_summary`;
let provider: FakeProvider;
beforeAll(async () => {
	provider = await startFakeProvider({ [PATH]: { file: "virustotal-behaviour.json" } });
});
afterAll(() => provider.stop());

keepsContract(virustotalBehaviour, { value: FILE, file: "virustotal-behaviour.json", path: PATH, headers: { "x-apikey": KEY } });

describe("VirusTotal behaviour", () => {
	it("shows processes as a tree, and whom the sample spoke to as indicators", async () => {
		const found = await enrich(virustotalBehaviour, FILE, provider.url, { secret: KEY });
		expect(found?.enrichment).toMatchObject({ summary: "3 processes, 2 names looked up, 1 HTTP request, 2 connections", tone: "none" });
		const table = (title: string) => found?.enrichment.tables?.find((one) => one.title === title)?.rows;
		expect(table("Processes")?.map((row) => row[0])).toMatchObject([
			{ text: "rundll32.exe" },
			{ text: "\u2014 cmd.exe /c whoami" },
			{ text: "rundll32.exe C:\\Users\\<USER>\\Downloads\\sample.dll,FMain" },
		]);
		expect(table("Names looked up")?.[0]?.[0]).toEqual({ kind: "indicator", indicator: { type: "domain", value: "tawuhoju.com" } });
		expect(table("HTTP")?.[0]?.[1]).toEqual({ kind: "indicator", indicator: { type: "url", value: "http://tawuhoju.com/gate.php" } });
		expect(table("Connections")?.map((row) => row[0])).toEqual([
			{ kind: "indicator", indicator: { type: "ipv4", value: "209.197.3.8" } },
			{ kind: "text", text: "not an address" },
		]);
		expect(found?.enrichment.facts).toContainEqual({ label: "Techniques", kind: "tags", tags: ["T1055 Injects into a process", "T1082"], tone: "warn" });
	});

	it("cuts a tree that goes on for ever", async () => {
		let nested: object = { name: "last.exe" };
		for (let depth = 0; depth < 500; depth++) nested = { name: `${depth}.exe`, children: [nested] };
		provider.replies[PATH] = { body: { data: { processes_tree: [nested] } } };
		expect((await enrich(virustotalBehaviour, FILE, provider.url, { secret: KEY }))?.enrichment.summary).toMatch(/^13 processes/);
		provider.replies[PATH] = { body: { data: { processes_tree: Array.from({ length: 5_000 }, (_, at) => ({ name: `${at}.exe` })) } } };
		expect((await enrich(virustotalBehaviour, FILE, provider.url, { secret: KEY }))?.enrichment.tables?.[0]).toMatchObject({ more: 4_940 });
	});

	it("knows nothing of a file that no sandbox ran", async () => {
		provider.replies[PATH] = { body: { data: {} } };
		expect(await enrich(virustotalBehaviour, FILE, provider.url, { secret: KEY })).toBeNull();
	});

	it("asks out of the same account as VirusTotal", () => {
		expect([virustotalBehaviour.account, virustotalBehaviour.quota]).toEqual([virustotal.account, virustotal.quota]);
	});
});
