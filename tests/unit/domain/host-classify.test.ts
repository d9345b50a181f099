import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalise, classify, classifyMany, hostFromKey, hostKey, hostOf, registrableDomain } from "@/lib/domain";
import { anything, indicatorOf } from "./arbitraries";

describe("hosts", () => {
	test.each<[string, string | null, string | null]>([
		["www.evil.com", "www.evil.com", "com.evil.www"],
		["http://www.evil.com:8080/a", "www.evil.com", "com.evil.www"],
		["https://1.2.3.4/?x", "1.2.3.4", "1.2.3.4"],
		["http://[2001:db8::1]:80/", "2001:db8::1", "2001:db8::1"],
		["a@mail.evil.com", "mail.evil.com", "com.evil.mail"],
		["1.2.3.4", null, null],
		["CVE-2021-44228", null, null],
	])("%s stands on %s, indexed by %s", (text, host, key) => {
		const indicator = indicatorOf(text);
		expect(hostOf(indicator)).toBe(host);
		expect(hostKey(indicator)).toBe(key);
	});

	test("a key gives its host back, and what lies under a domain begins with the domain's key", () => {
		fc.assert(
			fc.property(anything, (text) => {
				const result = canonicalise(text);
				const key = result.ok ? hostKey(result.indicator) : null;
				if (!result.ok || key === null) return;
				expect(hostFromKey(key)).toBe(hostOf(result.indicator));
				if (result.indicator.type === "domain") expect(hostKey(indicatorOf(`www.${result.indicator.value}`))).toBe(`${key}.www`);
			}),
			{ numRuns: 1000 },
		);
	});

	test.each([
		["a.b.evil.co.uk", "evil.co.uk"],
		["evil.com", "evil.com"],
		["co.uk", null],
		["x.blogspot.com", "blogspot.com"],
	])("%s was registered as %s", (host, domain) => {
		expect(registrableDomain(host)).toBe(domain);
	});
});

describe("classify", () => {
	test.each<[string, object]>([
		["", { kind: "empty" }],
		["  \n", { kind: "empty" }],
		[", ,", { kind: "empty" }],
		["hxxp://evil[.]com/a", { kind: "indicator", indicator: { type: "url", value: "http://evil.com/a" } }],
		["1.2.3.4:8080", { kind: "indicator", indicator: { type: "ipv4", value: "1.2.3.4" }, port: 8080 }],
		["2024", { kind: "words", words: ["2024"] }],
		["0x7f000001", { kind: "indicator", indicator: { type: "ipv4", value: "127.0.0.1" } }],
		["*.duckdns.org", { kind: "indicator", indicator: { type: "domain", value: "duckdns.org" } }],
		["*[.]evil[.]com", { kind: "indicator", indicator: { type: "domain", value: "evil.com" } }],
		["*.evil.*", { kind: "words", words: ["*.evil.*"] }],
		["*.1.2.3.4", { kind: "words", words: ["*.1.2.3.4"] }],
		["45.9.", { kind: "words", words: ["45.9."] }],
		["45.9.148", { kind: "words", words: ["45.9.148"] }],
		["lazarus group, apt38", { kind: "words", words: ["lazarus", "group", "apt38"] }],
		["1".repeat(32), { kind: "indicator", indicator: { type: "md5" } }],
		["a\u0000b", { kind: "invalid" }],
		["x".repeat(10_001), { kind: "invalid" }],
	])("%j", (text, expected) => {
		expect(classify(text)).toMatchObject(expected);
	});

	test("many at once, blank parts left out", () => {
		const kinds = classifyMany("1.2.3.4\nevil[.]com; some words\r\n\r\n, cve-2021-44228").map(({ text, classification }) => [text, classification.kind]);
		expect(kinds).toEqual([
			["1.2.3.4", "indicator"],
			["evil[.]com", "indicator"],
			["some words", "words"],
			["cve-2021-44228", "indicator"],
		]);
	});

	test("never throws and never loses text", () => {
		fc.assert(
			fc.property(anything, (text) => {
				const result = classify(text);
				expect(result.kind === "empty").toBe(/^[\s,]*$/.test(text));
				if (result.kind === "words") expect(result.words.length).toBeGreaterThan(0);
			}),
			{ numRuns: 1000 },
		);
	});
});
