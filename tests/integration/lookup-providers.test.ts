import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { enrichers } from "@/lib/enrichers";
import { ask, type LookupContext, offers, openDownload } from "@/lib/lookup";
import { listingsOf } from "@/lib/lookup/listings";
import { type FakeProvider, MISBEHAVIOURS, startFakeProvider } from "../fakes/enrichers";
import { DRIVERS, freshDatabase, type TestDatabase } from "../harness/database";
import { ASKER, indicator, testLookup } from "../harness/enrich";
import { lineSource, runSource, testContext } from "../harness/ingest";

const KEY = "canary-0123456789abcdef";
const FILE = "4bc00f7d638e042da764e8648c03c0db46700599dd4f08d117e3e9e8b538519b";
const VT = "www.virustotal.com/api/v3/files/";

describe("providers, asked through the service", () => {
	let provider: FakeProvider;
	let reported: unknown[] = [];
	const context = (): LookupContext => testLookup(provider.url, { enrichers, secrets: { virusTotalKey: KEY, shodanKey: KEY, abuseChAuthKey: KEY }, report: (failure) => reported.push(failure) });
	beforeAll(async () => {
		provider = await startFakeProvider();
	});
	afterAll(() => provider.stop());

	it("VirusTotal and its behaviour use up one account, and say when it frees", async () => {
		provider.replies = { [`${VT}${FILE}`]: { file: "virustotal-file.json" }, [`${VT}${FILE}/behaviour_summary`]: { file: "virustotal-behaviour.json" } };
		const at = new Date();
		const lookups = { ...context(), now: () => at };
		expect(await ask("virustotal", indicator(FILE), { reach: "all", asker: ASKER }, lookups)).toMatchObject({ state: "found", kept: false });
		expect(await ask("virustotal-behaviour", indicator(FILE), { reach: "all", asker: ASKER }, lookups)).toMatchObject({ state: "found", enrichment: { tone: "none" } });
		const unknown = ["a", "b"].map((digit) => indicator(digit.repeat(64)));
		for (const value of unknown) expect(await ask("virustotal", value, { reach: "all", asker: ASKER }, lookups)).toMatchObject({ state: "unknown" });
		provider.asked.length = 0;
		expect(await ask("virustotal-behaviour", unknown[0] ?? indicator(FILE), { reach: "all", asker: ASKER }, lookups)).toMatchObject({ state: "limited", by: "quota" });
		// What is kept is still given.
		expect(await ask("virustotal", indicator(FILE), { reach: "all", asker: ASKER }, lookups)).toMatchObject({ state: "found", kept: true });
		expect(provider.asked).toEqual([]);
	});

	it.each(Object.entries(MISBEHAVIOURS).filter(([name]) => name !== "sleeps"))("Shodan, whose key stands in the query, leaks it nowhere when it is %s", async (_name, how) => {
		reported = [];
		provider.replies = { "api.shodan.io/shodan/host/1.1.1.1": how };
		const answer = await ask("shodan", indicator("1.1.1.1"), { reach: "all", asker: ASKER }, context());
		expect(answer.state).not.toBe("found");
		expect(JSON.stringify([answer, reported])).not.toContain(KEY);
	});

	it("VirusTotal passes on what a sandbox recorded, and nothing else", async () => {
		const id = `${FILE}_VirusTotal Jujubox`;
		let headers: Record<string, unknown> = {};
		provider.replies = {
			[`www.virustotal.com/api/v3/file_behaviours/${id}/pcap`]: (request) => {
				headers = request.headers;
				return { body: "recorded", headers: { "content-type": "application/octet-stream" } };
			},
		};
		const { name, body } = await openDownload("virustotal", indicator(FILE), id, ASKER, context());
		let read = "";
		for await (const chunk of body) read += Buffer.from(chunk).toString();
		expect([name, read, headers["x-apikey"]]).toEqual([`${FILE}_VirusTotal_Jujubox.pcap`, "recorded", KEY]);
		await expect(openDownload("virustotal", indicator(FILE), "../../files/upload_url", ASKER, context())).rejects.toMatchObject({ code: "upstream" });
		await expect(openDownload("virustotal-behaviour", indicator(FILE), id, ASKER, context())).rejects.toMatchObject({ code: "not_found" });
	});

	it("MalwareBazaar masks a key that it repeats, also in what is shown raw", async () => {
		provider.replies = { "mb-api.abuse.ch/api/v1/": { body: { query_status: "ok", data: [{ sha256_hash: FILE, signature: `seen with ${KEY}`, comment: KEY }] } } };
		const answer = await ask("malwarebazaar", indicator(FILE), { reach: "all", asker: ASKER }, context());
		expect(answer).toMatchObject({ state: "found", enrichment: { summary: "A malware sample: seen with …" } });
		expect(JSON.stringify(answer)).not.toContain(KEY);
	});

	it("URLhaus in another shape is a failure that names the member, and nothing is called clean", async () => {
		provider.replies = { "urlhaus-api.abuse.ch/v1/host/": { body: { urls: [] } } };
		expect(await ask("urlhaus", indicator("178.128.78.235"), { reach: "all", asker: ASKER }, context())).toMatchObject({ state: "failed", reason: expect.stringContaining('(at "query_status")') });
	});

	it("only our own data is asked where nobody shall see the value", async () => {
		const held = await offers(indicator("178.128.78.235"), "index", context());
		expect(held.filter((offer) => offer.held === null).map(({ id }) => id)).toEqual(["geo", "blocklists"]);
	});
});

describe.each(DRIVERS)("listings of our own index over %s", (driver) => {
	let fresh: TestDatabase;
	const one = lineSource({ id: "one", name: "One", number: 9211, category: "botnet-c2" });
	const two = lineSource({ id: "two", name: "Two", number: 9212 });
	beforeAll(async () => {
		fresh = await freshDatabase(driver);
		const context = testContext(fresh.database, [one, two]);
		await runSource(context, one, { text: ["45.9.148.108", "45.9.148.0/24", "http://45.9.148.108/i.sh", "8.8.8.8", "evil-domain.co.uk"].join("\n") });
		await runSource(context, two, { text: ["45.9.148.108", "45.9.0.0/16", "www.evil-domain.co.uk"].join("\n") });
	});
	afterAll(() => fresh.drop());

	const listed = async (text: string) => {
		const { listings, more, warning } = await listingsOf(indicator(text), fresh.database, []);
		return { listings: listings.map(({ source, value, listed: still }) => [source, value.value, still].join(" ")).sort(), more, warning };
	};

	it("are those of the value and of the blocks around it, and nothing that is merely on it or below it", async () => {
		expect(await listed("45.9.148.108")).toEqual({ listings: ["One 45.9.148.0/24 true", "One 45.9.148.108 true", "Two 45.9.0.0/16 true", "Two 45.9.148.108 true"], more: 0, warning: null });
		expect(await listed("evil-domain.co.uk")).toMatchObject({ listings: ["One evil-domain.co.uk true"] });
		expect(await listed("9.9.9.10")).toMatchObject({ listings: [] });
	});

	it("come with what warning lists say", async () => {
		expect((await listed("8.8.8.8")).warning).toMatch(/\w/);
	});

	it("are asked as an enricher", async () => {
		const context = testLookup("http://127.0.0.1:9", { enrichers, listings: (value) => listingsOf(value, fresh.database, []) });
		expect(await ask("blocklists", indicator("45.9.148.108"), { reach: "index", asker: ASKER }, context)).toMatchObject({
			state: "found",
			enrichment: { summary: "2 sources list it, 2 sources a block around it", tone: "bad" },
		});
		expect(await ask("blocklists", indicator("9.9.9.10"), { reach: "index", asker: ASKER }, context)).toMatchObject({ state: "unknown" });
	});
});
