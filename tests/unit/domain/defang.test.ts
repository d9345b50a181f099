import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalise, defang, refang } from "@/lib/domain";
import { anything, indicatorOf } from "./arbitraries";

describe("refang", () => {
	test.each([
		["hxxps[:]//evil[.]com/a", "https://evil.com/a"],
		["hXXp://evil[.]com", "http://evil.com"],
		["h**p://evil.com", "http://evil.com"],
		["meow://evil.com", "http://evil.com"],
		["fxp://evil[.]com/x", "ftp://evil.com/x"],
		["hxxp[://]evil.com/x", "http://evil.com/x"],
		["hxxp:\\\\evil.com/x", "http://evil.com/x"],
		["http[:]//evil.com[:]8080/a", "http://evil.com:8080/a"],
		["evil[dot]com", "evil.com"],
		["evil(dot)com", "evil.com"],
		["evil{.}com", "evil.com"],
		["evil dot com", "evil.com"],
		["evil[.com", "evil.com"],
		["evil.]com", "evil.com"],
		["evil\\.com", "evil.com"],
		["evil[ . ]com", "evil.com"],
		["user[at]example(dot)com", "user@example.com"],
		["1.2.3[.]4", "1.2.3.4"],
		["1.2.3[.]4[/]24", "1.2.3.4/24"],
		["2001[:]db8[:][:]1", "2001:db8::1"],
		["\uff45\uff56\uff49\uff4c\uff0e\uff43\uff4f\uff4d", "evil.com"],
		["\uff48\uff54\uff54\uff50\uff1a\uff0f\uff0fevil\u3002com\uff0fa", "http://evil.com/a"],
		["hxxp://evil[.]com/a[.]php", "http://evil.com/a.php"],
		["hxxp://evil[.]com/[[.]]a[[dot]b", "http://evil.com/.a[.b"],
	])("%s is %s", (text, value) => {
		expect(refang(text)).toBe(value);
	});

	test.each([
		"http://evil.com/a(b)[c]{d}",
		"http://evil.com/(dot)?x=[:]&y=(//)",
		"[2001:db8::1]:80",
		"http://evil.com/\uff11",
		"http://evil.com/?q=a dot b",
		"dotcom.example",
		"http://[2001:db8::1]/",
	])("%s was never defanged", (text) => {
		expect(refang(text)).toBe(text);
	});

	test("reads hostile text in passing", () => {
		const begun = performance.now();
		for (const piece of [" ", "\t", "[", "(", "[.", ".]", "dot ", " dot", "[:", "(//", "h", "x [", "\uff0f"]) for (const before of ["a", "http://a/"]) refang(`${before}${piece.repeat(16_000)}[.]b`);
		expect(performance.now() - begun).toBeLessThan(5000);
	});
});

describe("defang", () => {
	test.each([
		["8.8.8.8", "8.8.8[.]8"],
		["8.8.8.0/24", "8.8.8[.]0/24"],
		["2001:db8::1", "2001[:]db8[:][:]1"],
		["www.evil.com", "www[.]evil[.]com"],
		["http://evil.com:8080/a.b?c.d", "hxxp://evil[.]com:8080/a.b?c.d"],
		["https://[2001:db8::1]/", "hxxps://[2001:db8::1]/"],
		["ftp://evil.com/", "fxp://evil[.]com/"],
		["a.b@evil.com", "a[.]b[@]evil[.]com"],
		["CVE-2021-44228", "CVE-2021-44228"],
		["d41d8cd98f00b204e9800998ecf8427e", "d41d8cd98f00b204e9800998ecf8427e"],
	])("%s is shown as %s", (text, shown) => {
		expect(defang(indicatorOf(text))).toBe(shown);
	});
});

test("refanging what was defanged gives the value", () => {
	fc.assert(
		fc.property(anything, (text) => {
			const result = canonicalise(text);
			if (!result.ok) return;
			expect(refang(defang(result.indicator))).toBe(result.indicator.value);
			expect(canonicalise(defang(result.indicator))).toMatchObject({ ok: true, indicator: result.indicator });
		}),
		{ numRuns: 3000 },
	);
});
