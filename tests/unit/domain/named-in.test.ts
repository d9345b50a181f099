import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { markLabel, namedIn } from "@/lib/domain";
import { htmlToText, readNewsFeed, sanitiseHtml } from "@/lib/net";
import { fixture, pieces } from "../net/helpers";

const marks = (text: string, options: Parameters<typeof namedIn>[1] = {}): Record<string, string | null> =>
	Object.fromEntries(namedIn([{ place: "text", text }], options).map(({ indicator, mark }) => [indicator.value, mark]));

describe("indicators named in texts", () => {
	test.each<[string, Record<string, string | null>]>([
		["It calls evil-site[.]top and 45.9.148[.]125.", { "evil-site.top": null, "45.9.148.125": null }],
		["See https://news.site.net/a and mail desk@site.net, or www.site.net.", { "https://news.site.net/a": "own-site", "desk@site.net": "own-site", "www.site.net": "own-site" }],
		["notsite.net is another one", { "notsite.net": null }],
		["198.51.100.7, 10.0.0.1 and 2001:db8::5", { "198.51.100.7": "documentation", "10.0.0.1": "reserved", "2001:db8::5": "documentation" }],
		["http://www.example.com/x, example.org and evil.example.org", { "http://www.example.com/x": "sample", "example.org": "sample", "evil.example.org": null }],
		["Google.com did, 8.8.8.8 did", { "google.com": "popular", "8.8.8.8": "public-dns" }],
		["proof at https://github.com/somebody/poc", { "https://github.com/somebody/poc": "popular" }],
		["payload at hxxps://github[.]com/somebody/poc", { "https://github.com/somebody/poc": null }],
		["FortiOS version 7.2.0.1, v 15.1.10.2 and 16.0.9.1 and earlier", { "7.2.0.1": "version", "15.1.10.2": "version", "16.0.9.1": "version" }],
		["version 7[.]2[.]0[.]1", { "7.2.0.1": null }],
		["our-own.net is ours", { "our-own.net": "own" }],
		["CVE-2026-1234 and cve-2026-1234", { "CVE-2026-1234": null }],
		["d41d8cd98f00b204e9800998ecf8427e", { d41d8cd98f00b204e9800998ecf8427e: "common-file" }],
	])("%s", (text, expected) => {
		expect(marks(text, { site: ["https://www.site.net/feed", "feeds.site.net"], own: ["our-own.net"] })).toEqual(expected);
	});

	test("a site on a shared host is that site alone", () => {
		const site = ["https://ann.github.io/post"];
		expect(marks("ann.github.io and bob.github.io", { site })).toEqual({ "ann.github.io": "own-site", "bob.github.io": null });
	});

	test("where the author defangs what is bad, the rest are references", () => {
		const text = "C2: a1[.]top, b2[.]top, hxxp://c3[.]top/x. Read https://research.net/report or write to team@research.net. 45.9.148.125 and CVE-2026-1.";
		expect(marks(text)).toEqual({ "a1.top": null, "b2.top": null, "http://c3.top/x": null, "https://research.net/report": "plain", "team@research.net": "plain", "45.9.148.125": null });
		expect(marks("a1[.]top and https://research.net/report")).toEqual({ "a1.top": null, "https://research.net/report": null });
		expect(marks("https://c3.top/x, then a1[.]top b2[.]top d4[.]top and hxxps://c3[.]top/x")).toMatchObject({ "https://c3.top/x": null });
	});

	test("the first part is the place; a mark that does not hold elsewhere goes", () => {
		const named = namedIn([
			{ place: "title", text: "Version 7.2.0.1 fixes CVE-2026-12345" },
			{ place: "text", text: "CVE-2026-12345 was used from 7.2.0[.]1, and evil[.]top" },
		]);
		expect(named.map(({ indicator, place, mark }) => [indicator.value, place, mark])).toEqual([
			["7.2.0.1", "title", null],
			["CVE-2026-12345", "title", null],
			["evil.top", "text", null],
		]);
	});

	test("stays within its limit", () => {
		const text = Array.from({ length: 3000 }, (_, at) => `host${at}.top`).join(" ");
		expect(namedIn([{ place: "text", text }])).toHaveLength(2000);
		expect(namedIn([{ place: "text", text }], { limit: 5 })).toHaveLength(5);
	});

	test("every mark has words", () => {
		for (const mark of ["own-site", "sample", "version", "plain", "popular", "documentation"]) expect(markLabel(mark)).not.toBe(mark);
		expect(markLabel("of-a-later-release")).toBe("of-a-later-release");
	});
});

describe("indicators named in real advisories", () => {
	/** title's beginning → how many of each type are finds (hashes, addresses, CVE ids and mails counted by another tool), and how many are marked */
	const COUNTS: Readonly<Record<string, Record<string, number>>> = {
		"#StopRansomware: Interlock": { sha256: 35, sha1: 3, domain: 1, email: 3, url: 9, marked: 0 },
		"Threat Actors Deploy LummaC2": { md5: 3, sha1: 3, sha256: 9, domain: 114, marked: 1 },
		"Russian GRU Targeting": { cve: 5, domain: 41, email: 13, ipv4: 65, marked: 36 },
	};
	test.each(Object.keys(COUNTS))("%s", async (beginning) => {
		for await (const read of readNewsFeed(pieces(gunzipSync(fixture("feeds/cisa-advisories.xml.gz"))))) {
			if (!read.ok || !read.entry.title.startsWith(beginning)) continue;
			const { title, content, base, link } = read.entry;
			const named = namedIn(
				[
					{ place: "title", text: title },
					{ place: "text", text: htmlToText(sanitiseHtml(content, base)) },
				],
				{ site: [link ?? ""] },
			);
			const counts: Record<string, number> = { marked: named.filter(({ mark }) => mark !== null).length };
			for (const { indicator, mark } of named) if (mark === null) counts[indicator.type] = (counts[indicator.type] ?? 0) + 1;
			expect(counts).toEqual(COUNTS[beginning]);
			return;
		}
		expect.unreachable("the advisory is not there");
	});
});
