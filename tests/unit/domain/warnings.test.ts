import { describe, expect, test } from "vitest";
import { warningFor, warningLabel } from "@/lib/domain";
import { indicatorOf } from "./arbitraries";

describe("warning lists", () => {
	test.each<[string, string | null]>([
		["10.1.2.3", "reserved"],
		["127.0.0.1", "reserved"],
		["0.0.0.0", "reserved"],
		["169.254.169.254", "reserved"],
		["255.255.255.255", "reserved"],
		["224.0.0.1", "reserved"],
		["::", "reserved"],
		["::1", "reserved"],
		["fe80::1", "reserved"],
		["fd00::1", "reserved"],
		["ff02::1", "reserved"],
		["::ffff:10.0.0.1", "reserved"],
		["9.255.255.255", null],
		["11.0.0.0", null],
		["172.15.255.255", null],
		["172.32.0.0", null],
		["100.63.255.255", null],
		["100.128.0.0", null],
		["223.255.255.255", null],
		["192.0.2.1", "documentation"],
		["198.51.100.7", "documentation"],
		["203.0.113.9", "documentation"],
		["2001:db8::1", "documentation"],
		["198.51.101.0", null],
		["8.8.8.8", "public-dns"],
		["1.1.1.1", "public-dns"],
		["9.9.9.9", "public-dns"],
		["8.8.8.9", null],
		["0.0.0.0/0", "too-wide"],
		["::/0", "too-wide"],
		["1.0.0.0/7", "too-wide"],
		["8.0.0.0/8", null],
		["10.0.0.0/8", "reserved"],
		["10.4.0.0/16", "reserved"],
		["2000::/3", "too-wide"],
		["www.google.com", "popular"],
		["github.com", "popular"],
		["bit.ly", "shortener"],
		["printer.local", "local"],
		["a.test", "local"],
		["evil.com", null],
		["https://github.com/", "popular"],
		["https://github.com/evil/dropper.exe", null],
		["http://10.0.0.5/a", "reserved"],
		["http://8.8.8.8/a", null],
		["d41d8cd98f00b204e9800998ecf8427e", "common-file"],
		["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "common-file"],
		["a".repeat(64), null],
		["our.example.org", "own"],
		["www.our.example.org", "own"],
		["http://our.example.org/x", "own"],
		["me@our.example.org", "own"],
		["notour.example.org", null],
		["CVE-2021-44228", null],
	])("%s: %s", (text, list) => {
		const warning = warningFor(indicatorOf(text), ["our.example.org"]);
		expect(warning?.list ?? null).toBe(list);
		if (warning !== null) expect(warningLabel(warning.list)).toBe(warning.label);
	});

	test("a list of a later release is shown by its slug", () => {
		expect(warningLabel("not-yet-known")).toBe("not-yet-known");
	});
});
