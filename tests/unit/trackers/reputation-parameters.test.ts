import { describe, expect, it } from "vitest";
import { parseWords } from "@/lib/indicators/words";
import { reputation } from "@/lib/trackers";

const parse = (query: string) => reputation.parse(new URLSearchParams(query));
const given = (query: string) => Object.fromEntries(Object.entries(parse(query)).filter(([, value]) => value !== undefined));

describe("parameters of the reputation list", () => {
	it.each<[string, Record<string, unknown>]>([
		["", { limit: 50 }],
		["limit=&offset=&search=&source=&ip=&datetime_after=&listed=&port=&country=", { limit: 50 }],
		["limit=1000&offset=100000", { limit: 1000, offset: 100_000 }],
		["ip=192.0.2[.]1&domain=Evil.example&url=hxxp://evil.example/A", { limit: 50, ip: "192.0.2[.]1", domain: "Evil.example", url: "hxxp://evil.example/A" }],
		["source=241", { limit: 50, source: [241] }],
		["source=201", { limit: 50, source: [201] }],
		["source=241,261&source=241", { limit: 50, source: [241, 261] }],
		["source=phishtank&source=MalwareDomainList", { limit: 50, source: [241, 201] }],
		["type=ipv4,url&category=phishing", { limit: 50, type: ["ipv4", "url"], category: ["phishing"] }],
		["country=jp&listed=1&port=443/TCP", { limit: 50, country: "JP", listed: true, port: "443" }],
		["listed=false&port=53/udp", { limit: 50, listed: false, port: "53/udp" }],
		["unknown=1&format=json", { limit: 50 }],
	])("%s", (query, expected) => {
		expect(given(query)).toEqual(expected);
	});

	it.each([
		["datetime_after=2026-11-24", "after", "2026-11-24T00:00:00.000Z"],
		["datetime_before=2026-11-24", "before", "2026-11-24T23:59:59.999Z"],
		["datetime_0=2026-11-24", "after", "2026-11-24T00:00:00.000Z"],
		["datetime_1=2026-11-24", "before", "2026-11-24T23:59:59.999Z"],
		["datetime_after=2026-11-24&datetime_0=2020-01-01", "after", "2026-11-24T00:00:00.000Z"],
		["datetime_after=2026-11-24T08:30", "after", "2026-11-24T08:30:00.000Z"],
		["datetime_after=2026-11-24T08:30:00%2B09:00", "after", "2026-11-23T23:30:00.000Z"],
		["datetime_after=2026-11-24 08:30:00 +0900", "after", "2026-11-23T23:30:00.000Z"],
		["datetime_after=2026-11-24T08:30:00+09:00", "after", "2026-11-23T23:30:00.000Z"],
		["datetime_before=2026-11-24T08:30:00.123456Z", "before", "2026-11-24T08:30:00.123Z"],
		["datetime_before=2024-02-29", "before", "2024-02-29T23:59:59.999Z"],
	] as const)("%s is %s %s", (query, name, expected) => {
		expect(parse(query)[name]?.toISOString()).toBe(expected);
	});

	it.each([
		["limit=0", "limit"],
		["limit=1001", "limit"],
		["limit=1e3", "limit"],
		["offset=-1", "offset"],
		["offset=100001", "offset"],
		["source=0", "source"],
		["source=999999", "source"],
		["source=__proto__", "source"],
		["type=ip", "type"],
		["category=bad", "category"],
		["country=Japan", "country"],
		["listed=maybe", "listed"],
		["port=0", "port"],
		["port=65536", "port"],
		["port=443/sctp", "port"],
		["datetime_after=yesterday", "datetime_after"],
		["datetime_0=24/11/2026", "datetime_0"],
		["datetime_before=2026-02-30", "datetime_before"],
		["datetime_before=2026-13-01", "datetime_before"],
		["datetime_before=2026-11-24T25:00", "datetime_before"],
	])("refuses %s, naming parameter and value", (query, field) => {
		const value = query.slice(query.indexOf("=") + 1);
		expect(() => parse(query)).toThrow(expect.objectContaining({ code: "invalid", field, message: expect.stringContaining(value) }));
	});
});

describe("words of a search", () => {
	it.each<[string, Array<[string, boolean, boolean]>]>([
		["", []],
		["  , ,", []],
		[
			"paypal login",
			[
				["paypal", false, false],
				["login", false, false],
			],
		],
		[
			"PayPal,Login",
			[
				["paypal", false, false],
				["login", false, false],
			],
		],
		["^evil", [["evil", true, false]]],
		["evil.com$", [["evil.com", false, true]]],
		["^evil.com$", [["evil.com", true, true]]],
		["evil\\.com", [["evil.com", false, false]]],
		["evil[.]com", [["evil.com", false, false]]],
		["100%_x", [["100%_x", false, false]]],
	])("%j", (text, expected) => {
		expect(parseWords(text).map(({ text: word, start, end }) => [word, start, end])).toEqual(expected);
	});

	it.each(["a.*b", "ev+il", "colou?r", "(evil|good)", "[a-z]{3}", "evil\\d", "a|b", "x{2,}"])("refuses the regular expression %s by name", (text) => {
		const word = text.split(",")[0] as string;
		expect(() => parseWords(`plain ${text}`)).toThrow(expect.objectContaining({ code: "invalid", message: expect.stringContaining(`"${word}" uses regular-expression syntax`) }));
	});

	it.each([
		["a", "too short"],
		["^$", "too short"],
		["x".repeat(2001), "2001 characters"],
		[Array.from({ length: 13 }, (_, at) => `word${at}`).join(" "), "13 words"],
		["a\u0000b", "control characters"],
	])("refuses what cannot be searched (%#)", (text, said) => {
		expect(() => parseWords(text)).toThrow(said);
	});
});
