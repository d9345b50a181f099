import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalise, canonicaliseFeed, type Expectation, MAX_VALUE_LENGTH } from "@/lib/domain";
import { anything, valid } from "./arbitraries";

const MD5 = "D41D8CD98F00B204E9800998ECF8427E";
const LONG_HOST = `${"a".repeat(60)}.${"b".repeat(60)}.${"c".repeat(60)}.${"d".repeat(60)}.${"e".repeat(20)}.com`;

describe("canonical form", () => {
	test.each<[string, Expectation, string, string]>([
		["8.8.8.8", "any", "ipv4", "8.8.8.8"],
		[" 8.8.8.8 ", "any", "ipv4", "8.8.8.8"],
		["8.8.8.8:53", "any", "ipv4", "8.8.8.8"],
		["0x08080808", "ip", "ipv4", "8.8.8.8"],
		["010.010.010.010", "ip", "ipv4", "8.8.8.8"],
		["2001:DB8:0:0:0:0:0:1", "any", "ipv6", "2001:db8::1"],
		["[2001:db8::1]:443", "any", "ipv6", "2001:db8::1"],
		["::ffff:1.2.3.4", "any", "ipv4", "1.2.3.4"],
		["::ffff:102:304", "ipv4", "ipv4", "1.2.3.4"],
		["2001:db8:0:1:0:0:0:1", "ipv6", "ipv6", "2001:db8:0:1::1"],
		["1.2.3.4/24", "any", "cidr", "1.2.3.0/24"],
		["1.2.3.4/32", "network", "ipv4", "1.2.3.4"],
		["2001:db8::ffff/64", "cidr", "cidr", "2001:db8::/64"],
		["::ffff:1.2.3.4/120", "cidr", "cidr", "1.2.3.0/24"],
		["::ffff:1.2.3.4/96", "cidr", "cidr", "0.0.0.0/0"],
		["::ffff:1.2.3.4/128", "network", "ipv4", "1.2.3.4"],
		["Evil.COM", "any", "domain", "evil.com"],
		["evil.com.", "any", "domain", "evil.com"],
		["evil.com:8080", "host", "domain", "evil.com"],
		["BÜCHER.example", "any", "domain", "xn--bcher-kva.example"],
		["HTTP://Evil.COM:80/A?b=C#d", "any", "url", "http://evil.com/A?b=C"],
		["http://user:pw@evil.com/", "url", "url", "http://evil.com/"],
		["http://evil.com./a", "url", "url", "http://evil.com/a"],
		["http://ev%69l.com/%41", "url", "url", "http://evil.com/%41"],
		["http://2130706433/", "url", "url", "http://127.0.0.1/"],
		["http://[::ffff:1.2.3.4]/", "url", "url", "http://1.2.3.4/"],
		["http://evil.com\\a", "url", "url", "http://evil.com/a"],
		["http://evil.com/\uff11", "url", "url", "http://evil.com/%EF%BC%91"],
		["http://evil.com/a[:]b(dot)", "url", "url", "http://evil.com/a[:]b(dot)"],
		["evil.com/login", "any", "url", "http://evil.com/login"],
		[MD5, "any", "md5", MD5.toLowerCase()],
		["a".repeat(40), "hash", "sha1", "a".repeat(40)],
		["B".repeat(64), "hash", "sha256", "b".repeat(64)],
		["User@Evil.COM", "any", "email", "user@evil.com"],
		["cve-2021-44228", "any", "cve", "CVE-2021-44228"],
		["CVE 2021\u201344228", "any", "cve", "CVE-2021-44228"],
	])("%s as %s is the %s %s", (text, as, type, value) => {
		expect(canonicalise(text, as)).toMatchObject({ ok: true, indicator: { type, value } });
	});

	test.each<[string, Expectation]>([
		["", "any"],
		["   ", "any"],
		["*", "any"],
		[".", "host"],
		["com", "domain"],
		["localhost", "host"],
		["a..b.com", "domain"],
		["-a.com", "domain"],
		["evil.com:0", "host"],
		["evil.com:65536", "host"],
		["1.2.3.4/33", "network"],
		["2001:db8::/129", "network"],
		["1.2.3/24", "network"],
		["fe80::1%eth0", "ip"],
		["1::2::3", "ip"],
		["javascript:alert(1)", "url"],
		["http://", "url"],
		["http:///x", "url"],
		["file:///etc/passwd", "url"],
		["data:text/html,x", "any"],
		["//a.example/x", "url"],
		["g".repeat(32), "hash"],
		["a".repeat(33), "hash"],
		["a@b", "email"],
		["@evil.com", "email"],
		["a b@evil.com", "email"],
		["a/b@evil.com", "email"],
		["?a@evil.com", "any"],
		["CVE-2021-1", "cve"],
		["evil.com\u0000", "any"],
		["http://evil.com/\ud800", "url"],
		["1.2.3.4", "domain"],
		["evil.com", "ip"],
		[MD5, "sha1"],
		["x".repeat(MAX_VALUE_LENGTH * 2 + 1), "any"],
		[`http://evil.com/${"é".repeat(MAX_VALUE_LENGTH / 2)}`, "url"],
		[LONG_HOST, "domain"],
		[`http://${LONG_HOST}/`, "url"],
		[`http://${LONG_HOST}/?`, "url"],
	])("%s is no %s", (text, as) => {
		const result = canonicalise(text, as);
		expect(result.ok).toBe(false);
		expect(result.ok ? "" : result.reason).not.toBe("");
	});

	test.each(["010.010.010.010", "0x7f.1", "2130706433", "1.2.3", "http://010.1.1.1/"])("a feed's %s is ambiguous and refused", (text) => {
		expect(canonicalise(text, text.includes(":") ? "url" : "ip").ok).toBe(true);
		expect(canonicaliseFeed(text, text.includes(":") ? "url" : "ip").ok).toBe(false);
	});
});

describe("properties", () => {
	test("canonicalising twice changes nothing", () => {
		fc.assert(
			fc.property(anything, (text) => {
				const first = canonicalise(text);
				if (!first.ok) return;
				expect(canonicalise(first.indicator.value)).toMatchObject({ ok: true, indicator: first.indicator });
				expect(canonicaliseFeed(first.indicator.value, first.indicator.type)).toMatchObject({ ok: true, indicator: first.indicator });
			}),
			{ numRuns: 3000 },
		);
	});

	test("a feed's reading is the lenient one or a refusal, and neither throws", () => {
		fc.assert(
			fc.property(anything, fc.constantFrom<Expectation>("any", "ip", "host", "network", "url", "email", "hash", "cve"), (text, as) => {
				const lenient = canonicalise(text, as);
				const strict = canonicaliseFeed(text, as);
				if (strict.ok) expect(strict).toEqual(lenient);
				else expect(strict.reason.length).toBeLessThan(400);
			}),
			{ numRuns: 3000 },
		);
	});

	test("what is well formed is taken", () => {
		fc.assert(
			fc.property(valid, (text) => canonicalise(text).ok),
			{ numRuns: 2000 },
		);
	});
});
