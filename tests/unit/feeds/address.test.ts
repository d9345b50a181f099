import { describe, expect, it } from "vitest";
import { hasUserinfo, maskedAddress, typedKeys } from "@/lib/feeds/address";

describe("a key typed in an address", () => {
	it.each([
		["https://f.example/list?api_key=abc123&days=7", "https://f.example/list?api_key=…&days=7"],
		["https://f.example/list?x=1&AccessToken=a%2Fb%3D", "https://f.example/list?x=1&AccessToken=…"],
		["https://f.example/l;v=1?pwd=letmein#token=abcdef", "https://f.example/l;v=1?pwd=…#token=…"],
		["https://f.example/?id=9f86d081884c7d659a2feaa0c55ad015", "https://f.example/?id=…"],
		["https://f.example/?u=123e4567-e89b-12d3-a456-426614174000", "https://f.example/?u=…"],
		["https://f.example/?k%65y=abc", "https://f.example/?k%65y=…"],
		["https://ada:s3cret@f.example/list", "https://…@f.example/list"],
		["HTTPS://ada:p@ss@f.example/list", "HTTPS://…@f.example/list"],
	])("%s is shown as %s", (url, shown) => {
		expect(maskedAddress(url)).toBe(shown);
	});

	it.each([
		"https://f.example/list?key={key}&days=30",
		"https://f.example/list?keyword=emotet&author=ada&after=2026-11-24T00:00:00Z",
		"https://f.example/list?from=https://other.example/indicators-of-compromise.csv",
		"https://f.example/@ada/list?format=plain&limit=100000&key=",
		"https://f.example/9f86d081884c7d659a2feaa0c55ad015.txt",
	])("%s holds none", (url) => {
		expect([maskedAddress(url), typedKeys(url)]).toEqual([url, []]);
	});

	it("is masked as it stands there and as it was meant; short words are not", () => {
		expect(typedKeys("https://f.example/?token=a%2Fb%2Fc-d&pin_key=7")).toEqual(["a%2Fb%2Fc-d", "a/b/c-d"]);
		expect(typedKeys("https://ada:s3cret%21@f.example/")).toEqual(["s3cret!"]);
	});

	it.each([
		["https://ada:s3cret@f.example/", true],
		["https://ada@f.example/", true],
		["https://{key}@f.example/", true],
		["https://:pw@f.example/", true],
		["https://f.example/@ada", false],
		["nonsense", false],
	])("a name before the host of %s: %s", (url, is) => {
		expect(hasUserinfo(url)).toBe(is);
	});
});
