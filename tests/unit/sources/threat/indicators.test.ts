import { describe, expect, it } from "vitest";
import { attributeIndicators } from "@/lib/sources/threat/indicators";

const MD5 = "d41d8cd98f00b204e9800998ecf8427e";
const SHA1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
const SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

function named(type: string, value: string): string[] {
	return attributeIndicators(type, value).map(({ indicator, port }) => `${indicator.type} ${indicator.value}${port === undefined ? "" : ` port ${port}`}`);
}

describe("indicators of an attribute", () => {
	it.each<[string, string, string[]]>([
		["ip-dst", "198.51.100.7", ["ipv4 198.51.100.7"]],
		["ip-src", "2001:DB8::1", ["ipv6 2001:db8::1"]],
		["ip-src", "198.51.100.0/24", ["cidr 198.51.100.0/24"]],
		["ip-dst|port", "198.51.100.7|443", ["ipv4 198.51.100.7 port 443"]],
		["ip-dst|port", "198.51.100.7:443", ["ipv4 198.51.100.7 port 443"]],
		["ip-src|port", "2001:db8::1|8080", ["ipv6 2001:db8::1 port 8080"]],
		["hostname|port", "c2.example.com|8443", ["domain c2.example.com port 8443"]],
		["domain|ip", "evil.example.com|198.51.100.9", ["domain evil.example.com", "ipv4 198.51.100.9"]],
		["domain", "Evil.Example.COM.", ["domain evil.example.com"]],
		["hostname", "évil.example.com", ["domain xn--vil-9la.example.com"]],
		["url", "hxxp://evil[.]example[.]com/Gate.php?x=1", ["url http://evil.example.com/Gate.php?x=1"]],
		["url", "evil.example.com/gate.php", ["url http://evil.example.com/gate.php"]],
		["url", "evil.example.com", ["domain evil.example.com"]],
		["uri", "/gate.php?id=1", []],
		["uri", "gate.php?id=1", []],
		["link", "https://www.example.com/report", ["url https://www.example.com/report"]],
		["md5", MD5.toUpperCase(), [`md5 ${MD5}`]],
		["sha1", SHA1, [`sha1 ${SHA1}`]],
		["filename|sha256", `invoice.exe|${SHA256}`, [`sha256 ${SHA256}`]],
		["filename|md5", `a|b.exe|${MD5}`, [`md5 ${MD5}`]],
		["malware-sample", `dropper.bin|${MD5}`, [`md5 ${MD5}`]],
		["x509-fingerprint-sha1", SHA1, [`sha1 ${SHA1}`]],
		["email-src", "Bad.Guy@Example.com", ["email bad.guy@example.com"]],
		["vulnerability", "cve-2023-5631", ["cve CVE-2023-5631"]],
	])("%s %s", (type, value, wanted) => {
		expect(named(type, value)).toEqual(wanted);
	});

	it.each<[string, string]>([
		["ip-dst", "198.51.100.700"],
		["ip-dst", "010.010.010.010"],
		["domain", "evil"],
		["domain", "evil example com"],
		["sha256", SHA1],
		["md5", "N/A"],
		["email-src", "Bad Guy"],
		["vulnerability", "MS17-010"],
		["url", "tcp://203.0.113.1"],
		["filename", "www.example.com"],
		["mutex", "example.com"],
		["AS", "AS65550"],
		["no-such-type", "198.51.100.7"],
		["constructor", "198.51.100.7"],
		["domain|ip", "|"],
	])("none in %s %s", (type, value) => {
		expect(named(type, value)).toEqual([]);
	});

	it("keeps the good half of a composite", () => {
		expect(named("domain|ip", "evil.example.com|none")).toEqual(["domain evil.example.com"]);
		expect(named("ip-dst|port", "198.51.100.7|any")).toEqual(["ipv4 198.51.100.7"]);
		expect(named("ip-dst|port", "198.51.100.7|70000")).toEqual(["ipv4 198.51.100.7"]);
	});
});
