import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicaliseFeed, defang, extractIndicators, warningFor } from "@/lib/domain";
import { indicatorOf, marked, valid } from "./arbitraries";

const found = (text: string): string[] => extractIndicators(text).map(({ indicator }) => `${indicator.type} ${indicator.value}`);
const HASHES = { md5: "d41d8cd98f00b204e9800998ecf8427e", sha1: "da39a3ee5e6b4b0d3255bfef95601890afd80709", sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" };

describe("extraction from running text", () => {
	test.each<[string, string[]]>([
		["The dropper calls hxxps[:]//evil[.]com/gate.php?a=1, then sleeps.", ["url https://evil.com/gate.php?a=1"]],
		["(see http://a.example.com/b_(c))", ["url http://a.example.com/b_(c)"]],
		["[report](http://md.example.net/p).", ["url http://md.example.net/p"]],
		["[tokens](https://attack.example.org/techniques/T1528)s and [b](http://b.example.org/x_(y)), too", ["url https://attack.example.org/techniques/T1528", "url http://b.example.org/x_(y)"]],
		["Barracuda 5.1.3.001 through 9.2.0.006; 8.2.38.3.0 and [System.IO.Compression]::Decompress", []],
		['<http://evil.com/a> "http://evil.org/b"', ["url http://evil.com/a", "url http://evil.org/b"]],
		["http://a.com/x,http://b.com/y;hxxp://c.com/z", ["url http://a.com/x", "url http://b.com/y", "url http://c.com/z"]],
		["hxxp[://]foo[.]com/a hxxp:\\\\bar.com/b", ["url http://foo.com/a", "url http://bar.com/b"]],
		["http://10.0.0.1:8080/x.", ["url http://10.0.0.1:8080/x"]],
		["C2: 1.2.3[.]4, 1[.]2[.]3[.]5:443 and 5.6.7.8.", ["ipv4 1.2.3.4", "ipv4 1.2.3.5", "ipv4 5.6.7.8"]],
		["block 1.2.3.4/24 and 2001:db8::/32", ["cidr 1.2.3.0/24", "cidr 2001:db8::/32"]],
		["2001:db8::1, 2001[:]db8[:][:]5 and fe80::1%eth0", ["ipv6 2001:db8::1", "ipv6 2001:db8::5", "ipv6 fe80::1"]],
		["version 1.2.3.4.5, v1.2.3, 256.1.1.1, 010.1.1.1", []],
		["at 12:30:45 std::vector aa:bb:cc:dd:ee:ff a::b :: ::", []],
		["evil.com and evil(dot)org, evil[.]md", ["domain evil.com", "domain evil.org", "domain evil.md"]],
		["setup.exe main.py readme.md run.sh a.zip lib.so /etc/foo.com C:\\x\\bar.com invoice.pdf", []],
		["Use System.Net. The work finished.In the end, e.g. node.js", []],
		["ASP.NET or asp.net", ["domain asp.net"]],
		["evil.com/login.php 9.8.7.5/a.php", ["url http://evil.com/login.php", "url http://9.8.7.5/a.php"]],
		["foo.local bar.invalid baz.notatld co.uk", []],
		["user[at]bad[.]com, Me@Corp.co.jp, root@localhost, a@b.notatld", ["email user@bad.com", "email me@corp.co.jp"]],
		["CVE-2021-44228 cve-2024\u20131234567 CVE-2021-1 XCVE-2021-44228", ["cve CVE-2021-44228", "cve CVE-2024-1234567"]],
		[`${HASHES.md5} ${HASHES.sha1.toUpperCase()}, ${HASHES.sha256}.`, [`md5 ${HASHES.md5}`, `sha1 ${HASHES.sha1}`, `sha256 ${HASHES.sha256}`]],
		[`${HASHES.sha256}${HASHES.sha256} ${HASHES.md5}0 x${HASHES.md5} ${"1".repeat(32)}`, []],
		["悪性サイトevil-jp.comに接続、1.2.3.4へ。http://evil.com/aに", ["domain evil-jp.com", "ipv4 1.2.3.4", "url http://evil.com/a"]],
		["例え.jp münchen.de hxxp://пример[.]рф/", ["domain xn--r8jz45g.jp", "domain xn--mnchen-3ya.de", "url http://xn--e1afmkfd.xn--p1ai/"]],
		["", []],
	])("%s", (text, expected) => {
		expect(found(text)).toEqual(expected);
	});

	test("places are exact and each indicator comes once unless asked otherwise", () => {
		const text = "evil.com, then evil[.]com and 1.2.3.4";
		expect(extractIndicators(text).map(({ start, end }) => text.slice(start, end))).toEqual(["evil.com", "1.2.3.4"]);
		expect(extractIndicators(text, { dedupe: false }).map(({ text: written }) => written)).toEqual(["evil.com", "evil[.]com", "1.2.3.4"]);
		expect(extractIndicators(text, { limit: 1 }).map(({ start }) => start)).toEqual([0]);
		expect(extractIndicators(text, { maxLength: 20 }).map(({ text: written }) => written)).toEqual(["evil.com"]);
	});

	test("every find is what the reader makes of its text, and finds do not overlap", () => {
		fc.assert(
			fc.property(fc.array(fc.oneof(valid, marked, fc.string({ unit: "grapheme", maxLength: 20 })), { maxLength: 8 }), fc.constantFrom(" ", ", ", "\n", ""), (parts, glue) => {
				const text = parts.join(glue);
				let at = 0;
				for (const { indicator, start, end, text: written } of extractIndicators(text, { dedupe: false })) {
					expect(written).toBe(text.slice(start, end));
					expect(start).toBeGreaterThanOrEqual(at);
					at = end;
					expect(canonicaliseFeed(written)).toMatchObject({ ok: true, indicator });
				}
			}),
			{ numRuns: 2000 },
		);
	});

	test("what was defanged is found again in a sentence", () => {
		const known = valid.filter((text) => !/[^ -~]/.test(text) && /^(?:https?:|\d+\.\d+\.\d+\.\d+$|[0-9a-f]{40}$|cve)/i.test(text));
		fc.assert(
			fc.property(known, (text) => {
				const indicator = indicatorOf(text);
				if (!canonicaliseFeed(text).ok || /[)\]}.,;:!?'*|]/.test(indicator.value.replace(/^[a-z]+:\/\/[^/]*/, "")) || /^\d+$/.test(indicator.value)) return;
				expect(found(`It was ${defang(indicator)} that we saw.`)).toContain(`${indicator.type} ${indicator.value}`);
			}),
			{ numRuns: 1000 },
		);
	});

	test("hostile text is read in passing", () => {
		const pieces = [
			"a.",
			"a",
			"1.",
			"http://",
			"[.]",
			"a[.]",
			":",
			"a@",
			"0123456789abcdef",
			"CVE-",
			" ",
			"a.b/",
			")",
			"http://a.com/ ",
			"\u4f8b",
			"\u4f8b.",
			"1.2.3.4/",
			"a.com/",
			"(",
			"hxxp",
			"-",
			"_.",
			"1:",
			`http://a.com/${")".repeat(7000)} `,
			" [ . ] ",
			"a [",
			"\\",
			"::",
			"http://a.com/](",
			"a@b.",
		];
		const begun = performance.now();
		for (const piece of pieces) extractIndicators(piece.repeat(Math.ceil(300_000 / piece.length)));
		expect(performance.now() - begun).toBeLessThan(15_000);
	});

	test("warnings apply to what was found", () => {
		const lists = extractIndicators("8.8.8.8 resolved evil.com").map(({ indicator }) => warningFor(indicator)?.list ?? null);
		expect(lists).toEqual(["public-dns", null]);
	});
});
