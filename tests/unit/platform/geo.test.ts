import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openGeo } from "@/lib/platform/geo";

const fixture = (name: string): string => join(import.meta.dirname, "../../fixtures/geo", name);

describe("countries of addresses", () => {
	const packaged = openGeo();

	it.each([
		["8.8.8.8", "US"],
		["133.243.3.35", "JP"],
		["2a00:1450::1", "IE"],
		["193.0.6.139", "NL"],
	])("%s is in %s by the packaged database", (address, country) => {
		expect(packaged.country(address)).toBe(country);
	});

	it.each(["10.0.0.1", "127.0.0.1", "0.0.0.0", "255.255.255.255", "::", "::1", "fe80::1", "", "nonsense"])("%j has none", (address) => {
		expect(packaged.lookup(address)).toEqual({ country: null, city: null });
	});

	it("come with the city from a city database of one's own", () => {
		const own = openGeo(fixture("GeoIP2-City-Test.mmdb"));
		expect(own.lookup("81.2.69.160")).toEqual({ country: "GB", city: "London" });
		expect(own.lookup("2.125.160.216")).toEqual({ country: "GB", city: "Boxford" });
		expect(own.lookup("8.8.8.8")).toEqual({ country: null, city: null });
		expect(own.database).toBe("GeoIP2-City");
	});

	it.each([fixture("nowhere.mmdb"), fixture("SOURCES.md")])("refuse to start on %s, naming it", (path) => {
		expect(() => openGeo(path)).toThrow(`GEOIP_CITY_PATH "${path}" is no readable MaxMind database`);
	});

	it("survive a file with broken pointers", () => {
		const broken = openGeo(fixture("MaxMind-DB-test-broken-pointers-24.mmdb"));
		for (const address of ["1.1.1.1", "1.1.1.16", "1.1.1.32", "2.2.2.2"]) expect(broken.lookup(address)).toEqual({ country: null, city: null });
	});
});
