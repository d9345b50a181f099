import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type AnySource, sourcesOf } from "@/lib/sources";
import { trackers } from "@/lib/trackers";
import {
	dateRange,
	flagParameter,
	listParameter,
	numberListParameter,
	PAGE_PARAMETERS,
	type Parameters,
	portParameter,
	readParameter,
	readParameters,
	textParameter,
	upperParameter,
	wordsParameter,
} from "@/lib/trackers/parameters";

const said = { description: "for the test", example: "a" };
const parameters = {
	search: wordsParameter("search", said),
	kind: listParameter("kind", ["red", "green"], said),
	source: numberListParameter("source", () => ({ 201: "MalwareDomainList", 241: "PhishTank" }), { ...said, right: "the number of a source" }),
	country: upperParameter("country", { ...said, pattern: { is: /^[A-Za-z]{2}$/, right: "two letters" } }),
	listed: flagParameter("listed", said),
	port: portParameter("port", said),
	cve: textParameter("cve", said),
	...dateRange("datetime", "seen"),
};
const read = (query: string) => readParameters(parameters, new URLSearchParams(query));
const refused = (query: string): string => {
	try {
		read(query);
	} catch (error) {
		return (error as Error).message;
	}
	return "";
};

describe("parameters of lists", () => {
	it("gives a page of fifty where nothing is asked", () => {
		expect(Object.entries(read("")).filter(([, value]) => value !== undefined)).toEqual([["limit", 50]]);
		expect(read("limit=&search=+&datetime_after=&kind=,")).toEqual(read(""));
	});

	it("reads each kind, and ignores what is not declared", () => {
		const query = read("limit=10&offset=20&cursor=a1.x&search=+a b &kind=green,red&kind=green&source=phishtank,201&country=jp&listed=0&port=443/TCP&cve=x&banana=1");
		expect(query).toMatchObject({ limit: 10, offset: 20, cursor: "a1.x", search: "a b", kind: ["green", "red"], source: [241, 201], country: "JP", listed: false, port: "443", cve: "x" });
		expect(query).not.toHaveProperty("banana");
	});

	it.each([
		["datetime_after=2026-11-01", "after", "2026-11-01T00:00:00.000Z"],
		["datetime_before=2026-11-01", "before", "2026-11-01T23:59:59.999Z"],
		["datetime_0=2026-11-01T09:30", "after", "2026-11-01T09:30:00.000Z"],
		["datetime_1=2026-11-01+09:30:10.5", "before", "2026-11-01T09:30:10.500Z"],
		["datetime_after=2026-11-01T09:30:00%2B0900", "after", "2026-11-01T00:30:00.000Z"],
		["datetime_after=2026-11-01T09:30:00-02:00", "after", "2026-11-01T11:30:00.000Z"],
		["datetime_after=&datetime_0=2024-02-29t00:00z", "after", "2024-02-29T00:00:00.000Z"],
		["datetime_0=2020-01-01&datetime_after=2021-01-01", "after", "2021-01-01T00:00:00.000Z"],
	] as const)("reads %s", (query, field, date) => {
		expect(read(query)[field]?.toISOString()).toBe(date);
	});

	it.each([
		["limit=0", 'limit="0" is not understood: give a whole number from 1 to 1000.'],
		["limit=1001", "a whole number from 1 to 1000"],
		["limit=0x10", "a whole number from 1 to 1000"],
		["limit=99999999999999999999", "a whole number from 1 to 1000"],
		["offset=-1", "a whole number from 0 to 100000"],
		["kind=red,blue", 'kind="blue" is not understood: give one of red, green.'],
		["source=241,77777", 'source="77777" is not understood: give the number of a source.'],
		["source=constructor", 'source="constructor"'],
		["country=JPN", 'country="JPN" is not understood: give two letters.'],
		["listed=yes", 'listed="yes" is not understood: give true or false.'],
		["port=0", "a port such as 443 or 53/udp"],
		["port=65536/udp", "a port such as 443 or 53/udp"],
		["port=443/icmp", "a port such as 443 or 53/udp"],
		["datetime_after=yesterday", 'datetime_after="yesterday" is not understood: give a date such as'],
		["datetime_0=2026-02-30", 'datetime_0="2026-02-30" is not understood: give a date that exists'],
		["datetime_1=2026-01-01T25:00", "a date that exists"],
		[`kind=${"x".repeat(5000)}`, `kind="${"x".repeat(60)}…"`],
		["kind=a%00b", 'kind="a\ufffdb"'],
	])("says of %s what would be right", (query, message) => {
		expect(refused(query)).toContain(message);
	});

	it("names the parameter as the client spelt it", () => {
		expect(() => read("datetime_0=x")).toThrow(expect.objectContaining({ code: "invalid", field: "datetime_0" }));
	});
});

describe.each(trackers)("the tracker $resource", (tracker) => {
	const all: Parameters = { ...PAGE_PARAMETERS, ...tracker.parameters };

	it("gives each parameter names of its own", () => {
		const names = Object.values(all).flatMap(({ names: accepted }) => accepted);
		expect(names).toEqual([...new Set(names)]);
		for (const taken of ["format", "fields"]) expect(names).not.toContain(taken);
	});

	// The example of a source is its first; a tracker without any has nothing to name.
	const named = Object.entries(all).filter(([field]) => field !== "source" || sourcesOf(tracker.name as AnySource["tracker"]).length > 0);
	it.each(named)("understands the example of %s, and can describe it", (_, parameter) => {
		expect(parameter.description).not.toBe("");
		expect(readParameter(parameter, new URLSearchParams([[parameter.names[0], parameter.example]]))).toBeDefined();
		expect(z.toJSONSchema(parameter.schema, { io: "input" })).toHaveProperty("type");
	});

	it("can describe its item", () => {
		expect(z.toJSONSchema(tracker.item, { io: "output" })).toMatchObject({ type: "object", required: Object.keys(tracker.item.shape), additionalProperties: false });
	});
});
