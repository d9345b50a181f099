import { describe, expect, it } from "vitest";
import { parseCpe } from "@/lib/sources/vuln/cpe";
import { beginning, cveId, cweId, firstSentence, severityOf, webAddress } from "@/lib/sources/vuln/fields";

describe("titles out of descriptions", () => {
	it.each([
		[
			"In SysAid On-Premise before 23.3.36, a path traversal vulnerability leads to code execution. It was exploited.",
			"In SysAid On-Premise before 23.3.36, a path traversal vulnerability leads to code execution",
		],
		["A flaw in Foo Bar 1.0. It has been classified as problematic.", "A flaw in Foo Bar 1.0"],
		["SQL injection in WBCE CMS v.1.6.0 allows remote attackers to do as they like.", "SQL injection in WBCE CMS v.1.6.0 allows remote attackers to do as they like"],
		["Products of Example Inc. A and B allow e.g. A remote read. More.", "Products of Example Inc. A and B allow e.g. A remote read"],
		["Is this a vulnerability? Yes, it is one. Really.", "Is this a vulnerability"],
		["short. But long enough after all to be a title. Then more.", "short. But long enough after all to be a title"],
		["  Two\n\nlines\tand blanks  ", "Two lines and blanks"],
		["", ""],
		["...", ".."],
	])("%j", (description, title) => expect(firstSentence(description)).toBe(title));

	it("ends long ones at a word", () => {
		const title = firstSentence(`${"word ".repeat(100)}end.`);
		expect([title.length <= 200, title.endsWith("word…")]).toEqual([true, true]);
		expect(firstSentence("x".repeat(5000))).toHaveLength(200);
	});

	it("never cuts a character in two", () => {
		expect(beginning("😀".repeat(50), 10).isWellFormed()).toBe(true);
	});

	it("stays quick on hostile text", () => {
		for (const text of ["a.".repeat(500_000), ". A".repeat(300_000), " ".repeat(1_000_000), "e.g. A ".repeat(100_000)]) expect(firstSentence(text).length).toBeLessThanOrEqual(200);
	});
});

describe("ids and addresses", () => {
	it("takes what is one, in any spelling", () => {
		expect([cveId(" cve-2021-44228 "), cveId("CVE-2021-1"), cveId("CVE-2021-44228; DROP"), cveId(undefined)]).toEqual(["CVE-2021-44228", undefined, undefined, undefined]);
		expect([cweId("cwe-79"), cweId("CWE-noinfo"), cweId("NVD-CWE-Other")]).toEqual(["CWE-79", undefined, undefined]);
		expect([webAddress(" https://a.example/x "), webAddress("javascript:alert(1)"), webAddress("https://"), webAddress("//a.example")]).toEqual([
			"https://a.example/x",
			undefined,
			undefined,
			undefined,
		]);
	});

	it("gives the word for a score", () => {
		expect([0, 3.9, 4, 6.9, 7, 9, 10].map((score) => severityOf("3.1", score))).toEqual(["NONE", "LOW", "MEDIUM", "MEDIUM", "HIGH", "CRITICAL", "CRITICAL"]);
		expect([0, 4, 10].map((score) => severityOf("2.0", score))).toEqual(["LOW", "MEDIUM", "HIGH"]);
	});
});

describe("CPE names", () => {
	it.each([
		["cpe:2.3:a:apache:log4j:2.0:beta9:*:*:*:*:*:*", { vendor: "apache", product: "log4j", version: "2.0 beta9" }],
		["cpe:2.3:o:siemens:6bk1602-0aa12-0tp0_firmware:*:*:*:*:*:*:*:*", { vendor: "siemens", product: "6bk1602-0aa12-0tp0 firmware", version: undefined }],
		["cpe:2.3:a:foo\\:bar:c\\+\\+_\\!:-:*:*:*:*:*:*:*", { vendor: "foo:bar", product: "c++ !", version: undefined }],
		["cpe:/a:expresstech:quiz_and_survey_master", { vendor: "expresstech", product: "quiz and survey master", version: undefined }],
		["cpe:/a:apache:xerces-c%2B%2B:3.1", { vendor: "apache", product: "xerces-c++", version: "3.1" }],
		["cpe:/a:x:%zz", { vendor: "x", product: "%zz", version: undefined }],
		["cpe:/a:x", undefined],
		["cpe:2.3:a:*:*:*", undefined],
		["log4j", undefined],
		[`cpe:2.3:a:x:${"y".repeat(2000)}`, undefined],
		["cpe:2.3:a:x:y\\", { vendor: "x", product: "y\\", version: undefined }],
	])("%s", (text, name) => expect(parseCpe(text)).toEqual(name));
});
