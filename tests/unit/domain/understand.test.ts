import { domainToASCII, domainToUnicode } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { understand, withoutPassword } from "@/lib/domain";
import { spellingOf } from "@/lib/domain/spelling";

describe("what a text is taken for", () => {
	test.each([
		["hxxp://evil[.]example/a", { kind: "indicator", indicator: { type: "url", value: "http://evil.example/a" }, notes: [] }],
		["  evil[.]example  ", { kind: "indicator", indicator: { type: "domain" }, notes: [] }],
		["1.2.3.4\nevil[.]com", { kind: "many", values: 2, indicators: 2 }],
		["1.2.3.4 evil.com, 8.8.8.8", { kind: "many", values: 3, indicators: 3 }],
		["hxxp://a[.]com/x; hxxp://b[.]com/y", { kind: "many", values: 2, indicators: 2 }],
		["hxxp://a[.]com/x hxxp://b[.]com/y", { kind: "many", values: 2, indicators: 2 }],
		["http://a.com/x;jsessionid=1", { kind: "indicator", indicator: { value: "http://a.com/x;jsessionid=1" } }],
		["evil.com\nsome words", { kind: "many", values: 2, indicators: 1 }],
		["paypal login", { kind: "words", words: ["paypal", "login"] }],
		["2024", { kind: "words" }],
		["", { kind: "empty" }],
		["999.1.1.1", { kind: "invalid", reason: '"999.1.1.1" is no host name.' }],
		["10.0.0.0/40", { kind: "invalid", reason: '"10.0.0.0/40" has no prefix length from 0 to 32.' }],
		[`http://a.com/${"y".repeat(9000)}`, { kind: "invalid", reason: "The value has 9013 characters, at most 8192 are kept." }],
		[`http://a.com/${"y".repeat(10_000)}`, { kind: "invalid", reason: expect.stringContaining("10013 characters") }],
		["word ".repeat(300), { kind: "invalid", reason: expect.stringContaining("at most 1,000 are searched as words") }],
	])("%j", (text, expected) => {
		expect(understand(text)).toMatchObject(expected);
	});

	test.each([
		["http://paypal.com:s3cret@evil.example/x", "http://evil.example/x", /user name, not the host.*evil\[\.\]example/],
		["fe80::1%eth0", "fe80::1", /zone %eth0/],
		["[fe80::1%25eth0]:80", "fe80::1", /zone %eth0/],
		["0x7f.1", "127.0.0.1", /takes this spelling for 127\.0\.0\[\.\]1/],
		["evil.example:8443", "evil.example", /port 8443/],
		["http://evil.example/#frag", "http://evil.example/", /follows #/],
		["аpple.com", "xn--pple-43d.com", /reads "аpple.com"\. It mixes letters of Cyrillic and Latin/],
		["аррӏе.com", "xn--80ak6aa92e.com", /Cyrillic letters only and looks like "apple"/],
		["日本語テスト.jp", "xn--zckzah9945czlbtz6h.jp", /^"xn--zckzah9945czlbtz6h.jp" reads "日本語テスト.jp"\.$/],
	])("says what was left out of %s, and what it reads as", (text, value, note) => {
		const found = understand(text);
		expect(found).toMatchObject({ kind: "indicator", indicator: { value } });
		expect(found.kind === "indicator" ? found.notes.map((one) => one.text).join(" ") : "").toMatch(note);
	});

	test("warns of tricks only", () => {
		const tones = (text: string) => {
			const found = understand(text);
			return found.kind === "indicator" ? found.notes.map(({ tone }) => tone) : [];
		};
		expect(tones("аpple.com")).toEqual(["warn"]);
		expect(tones("münchen.de")).toEqual(["none"]);
		expect(tones("пример.рф")).toEqual(["none"]);
		expect(tones("http://a:b@evil.example/")).toEqual(["warn"]);
	});

	test("never says a password again", () => {
		for (const text of ["http://user:s3cret@evil.example/", "http://user:s3cret@[bad/", "hxxp://user:s3cret@", "http://u:s3cret@evil.example:99999/"]) {
			expect([text, JSON.stringify(understand(text)).includes("s3cret") && understand(text).kind !== "words"]).toEqual([text, false]);
		}
		expect(withoutPassword("http://user:s3cret@evil.example/a@b")).toBe("http://evil.example/a@b");
	});

	test("never throws", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
				expect(["empty", "indicator", "many", "words", "invalid"]).toContain(understand(text).kind);
			}),
			{ numRuns: 1000 },
		);
	});
});

describe("how a host reads", () => {
	test("is what Node says", () => {
		fc.assert(
			fc.property(fc.array(fc.constantFrom(..."abcxyzäöüßñéабвгдαβγδ日本語한국ไทย中文ßçø0123456789"), { minLength: 1, maxLength: 20 }), (letters) => {
				const host = domainToASCII(`${letters.join("")}.example`);
				fc.pre(host !== "" && host.includes("xn--"));
				expect(spellingOf(host)?.reads).toBe(domainToUnicode(host));
			}),
			{ numRuns: 500 },
		);
	});

	test("is nothing for plain and for broken labels", () => {
		expect(spellingOf("evil.example")).toBeNull();
		expect(spellingOf("xn--99999999999999999.example")).toBeNull();
	});
});
