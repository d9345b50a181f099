import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { enrichers } from "@/lib/enrichers";
import { readEnv } from "@/lib/env";
import { ask, lookupContext } from "@/lib/lookup";
import { memoryCache } from "@/lib/platform/cache";
import { demoValues } from "../../fakes/enrichers-demo";
import { startUpstreams } from "../../fakes/upstreams";
import { ASKER, indicator } from "../../harness/enrich";

let upstreams: { url: string; stop: () => Promise<void> };
beforeAll(async () => {
	upstreams = await startUpstreams();
});
afterAll(() => upstreams.stop());
const demo = (more: Record<string, string> = {}) => lookupContext(readEnv({ EXIST_DEMO_UPSTREAM: upstreams.url, ...more }));
/** Our own index is filled by the demonstration's sources, not by its providers. */
const asking = enrichers.filter(({ id, offReason }) => offReason === undefined && id !== "blocklists");

describe("the demonstration", () => {
	it.each(asking)("has something to show of $name", async ({ id, supports }) => {
		const states = [];
		for (const value of demoValues.map(indicator).filter(({ type }) => supports.includes(type))) states.push(await ask(id, value, { reach: "all", asker: ASKER }, { ...demo(), cache: memoryCache() }));
		expect(states).toContainEqual(expect.objectContaining({ state: "found" }));
	});

	it("needs no real key, and takes none", () => {
		expect(new Set(Object.values(demo({ VIRUSTOTAL_KEY: "real-key" }).secrets))).toEqual(new Set(["demo-key"]));
	});
});

describe("an installation", () => {
	it("asks with its keys, its name servers, and nobody for systems that its file knows", () => {
		const context = lookupContext(
			readEnv({
				CENSYS_KEY: "token",
				CENSYS_ORGANIZATION: "organisation",
				SHODAN_KEY: "s",
				EXIST_DNS_SERVERS: "9.9.9.9, [2620:fe::fe]:53",
				GEOIP_ASN_PATH: "tests/fixtures/geo/GeoLite2-ASN-Test.mmdb",
			}),
		);
		expect(context).toMatchObject({ secrets: { censysKey: "token organisation", shodanKey: "s" }, names: { servers: ["9.9.9.9", "[2620:fe::fe]:53"] }, policy: {} });
		expect(context.enrichers.find(({ id }) => id === "asn")?.exposure).toBe("nobody");
		expect(lookupContext(readEnv({})).enrichers.find(({ id }) => id === "asn")?.exposure).toBe("provider");
	});

	it.each(["9.9.9.9:", "dns.example", "1.2.3", "9.9.9.9;8.8.8.8"])("does not start with %s for a name server", (servers) => {
		expect(() => readEnv({ EXIST_DNS_SERVERS: servers })).toThrow("EXIST_DNS_SERVERS");
	});

	it("does not start with half of Censys", () => {
		expect(() => readEnv({ CENSYS_ORGANIZATION: "x" })).toThrow("CENSYS_KEY");
	});
});
