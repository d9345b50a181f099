import { describe, expect, test } from "vitest";
import { storyKeys } from "@/lib/domain";

const link = (address: string): string | null => storyKeys({ title: "", link: address }).link;
const title = (text: string): string | null => storyKeys({ title: text }).title;

describe("what tells a story again", () => {
	test.each([
		"http://www.site.example/2026/11/story",
		"https://site.example/2026/11/story/",
		"https://site.example/2026/11/story?utm_source=rss&utm_medium=feed#comments",
		"https://m.site.example/2026/11/story?pk_campaign=feed&fbclid=x",
		"https://SITE.example:443/2026/11/story?ref=hn",
	])("%s is one address", (address) => {
		expect(link(address)).toBe("site.example/2026/11/story");
	});

	test("what chooses the article stays", () => {
		expect(link("https://site.example/?p=123&utm_source=x")).toBe("site.example?p=123");
		expect(link("https://site.example/a?b=2&a=1&a=0")).toBe(link("https://site.example/a/?a=0&a=1&b=2"));
		expect(link("https://site.example/A")).not.toBe(link("https://site.example/a"));
	});

	test.each(["https://site.example/", "https://site.example/?utm_source=x", "javascript:alert(1)", "nothing", ""])("%s says too little", (address) => {
		expect(link(address)).toBeNull();
	});

	test("titles without case, marks and blanks", () => {
		expect(title("U.S. nuclear and health agencies hit in Microsoft SharePoint breach")).toBe(title("US Nuclear and Health Agencies Hit in Microsoft “SharePoint” Breach!"));
		expect(title("resumebuilder の WordPress 用プラグインの脆弱性")).not.toBeNull();
		expect(title("ＣＩＳＡ warns of exploited flaws in ＶＰＮ devices")).toBe(title("CISA warns of exploited flaws in VPN devices"));
	});

	test.each(["Security update", "Weekly report", "!!!", "", "Patch Tuesday, November"])("%s says too little", (text) => {
		expect(title(text)).toBeNull();
	});
});
