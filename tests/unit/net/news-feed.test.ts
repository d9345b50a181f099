import { readdirSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type FeedEntry, readNewsFeed, SuspectBody } from "@/lib/net";
import { FIXTURES, fixture, fixtureJson, pieces } from "./helpers";

interface Feed {
	entries: FeedEntry[];
	aside: string[];
	refused: string | null;
}

async function read(body: string | Uint8Array, options: { size?: number; contentType?: string; url?: string } = {}): Promise<Feed> {
	const { size, ...rest } = options;
	const bytes = typeof body === "string" ? Buffer.from(body) : body;
	const feed: Feed = { entries: [], aside: [], refused: null };
	try {
		for await (const one of readNewsFeed(pieces(bytes, size), rest)) {
			if (one.ok) feed.entries.push(one.entry);
			else feed.aside.push(one.reason);
		}
	} catch (error) {
		if (!(error instanceof SuspectBody)) throw error;
		feed.refused = error.message;
	}
	return feed;
}

const feeds = (name: string): Buffer => (name.endsWith(".gz") ? gunzipSync(fixture(`feeds/${name}`)) : fixture(`feeds/${name}`));
const rss = (item: string, head = "<title>Feed</title><link>https://feed.example/</link>", root = ""): string =>
	`<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" ${root}><channel>${head}<item>${item}</item></channel></rss>`;
const atom = (entry: string, attributes = ""): string =>
	`<feed xmlns="http://www.w3.org/2005/Atom" ${attributes}><title>Feed</title><link rel="self" href="https://feed.example/atom"/><link href="https://feed.example/"/><entry>${entry}</entry></feed>`;
const first = async (body: string, options = {}): Promise<FeedEntry> => {
	const { entries, refused } = await read(body, options);
	expect(refused).toBeNull();
	return entries[0] as FeedEntry;
};

describe("feeds of publishers", () => {
	test.each([
		["bleepingcomputer.xml", 12, "BleepingComputer", "BlackSuit ransomware extortion sites seized in Operation Checkmate", "2025-07-24T21:34:13.000Z", 213],
		["crowdstrike.xml", 10, "Blog", "CrowdStrike Named a Leader and Fast Mover in GigaOm ISPM Radar", "2025-07-23T05:00:00.000Z", 0],
		["databreaches.xml", 10, "DataBreaches.Net", "The day after XSS.is forum was seized, it struggles to come back online — but is it really them?", "2025-07-25T00:21:44.000Z", 955],
		["cisa-advisories.xml.gz", 10, "CISA Cybersecurity Advisories", "#StopRansomware: Interlock", "2025-07-21T14:11:24.000Z", 67_168],
		["microsoft-security.xml.gz", 10, "Microsoft Security Blog", "Disrupting active exploitation of on-premises SharePoint vulnerabilities", "2025-07-22T13:00:00.000Z", 59_653],
		["jvndb-new.rdf", 2, "JVNDB RSS Feed - New Entry", "resumebuilder の WordPress 用 resume builder におけるクロスサイトスクリプティングの脆弱性", "2023-11-02T02:57:00.000Z", 71],
	])("%s", async (name, count, feedTitle, title, published, length) => {
		const { entries, aside, refused } = await read(feeds(name));
		expect([refused, aside, entries.length]).toEqual([null, [], count]);
		expect(entries[0]).toMatchObject({ title, feed: { title: feedTitle }, contentKind: length === 0 ? "text" : "html", cut: false });
		expect([entries[0]?.published?.toISOString(), entries[0]?.content.length]).toEqual([published, length]);
		expect(new Set(entries.map(({ id }) => id)).size).toBe(count);
		for (const { link, published: date } of entries) {
			expect(link).toMatch(/^https:\/\//);
			expect(date).toBeInstanceOf(Date);
		}
		// However it arrives, it is the same.
		if (length < 1000) expect(await read(feeds(name), { size: 61 })).toEqual({ entries, aside, refused });
	});

	test("titles that are escaped twice", async () => {
		const { entries } = await read(feeds("crowdstrike.xml"));
		expect(entries[2]?.title).toBe("CrowdStrike Ranked #1 in 2025 Frost Radar™ for MDR");
	});

	test("relative links stand under what the feed says, else under the article", async () => {
		expect((await read(feeds("cisa-advisories.xml.gz"))).entries[0]?.base).toBe("https://www.cisa.gov/");
		const [article] = (await read(feeds("microsoft-security.xml.gz"))).entries;
		expect(article?.base).toBe(article?.link);
	});
});

describe("feedparser's cases", () => {
	const expected: Readonly<Record<string, Partial<FeedEntry> | "aside" | "none">> = {
		"encoding__euc-kr-attribute.xml": { title: "Untitled", content: '<img alt="년" />' },
		"illformed__geo__georss_point_no_coords.xml": "aside",
		"wellformed__atom10__entry_content_inline_markup_2.xml": { title: "History of the <blink> tag", content: '<div xmlns="http://www.w3.org/1999/xhtml">History of the &lt;blink&gt; tag</div>' },
		"wellformed__atom10__entry_link_alternate_map_link_3.xml": { link: "http://www.example.com/alternate" },
		"wellformed__atom10__entry_rights_inline_markup.xml": "aside",
		"wellformed__atom10__entry_source_generator_name.xml": "aside",
		"wellformed__atom10__entry_source_rights_content_type_text.xml": "aside",
		"wellformed__atom10__entry_source_title_inline_markup_2.xml": "aside",
		"wellformed__rss__item_category.xml": "aside",
		"wellformed__rss__item_dc_rights.xml": "aside",
		"wellformed__rss__item_enclosure_url.xml": { link: "http://example.com/", id: "http://example.com/" },
		"wellformed__rss__item_madeup_tags_element.xml": "aside",
	};
	test.each(readdirSync(`${FIXTURES}/feedparser`).filter((name) => name.endsWith(".xml")))("%s", async (name) => {
		const { entries, aside, refused } = await read(fixture(`feedparser/${name}`));
		const wanted = expected[name] ?? "none";
		expect(refused).toBeNull();
		if (wanted === "aside") expect(aside).toEqual(["it has neither title, text nor link"]);
		else if (wanted === "none") expect([entries, aside]).toEqual([[], []]);
		else expect(entries).toMatchObject([wanted]);
	});
});

describe("what feeds do", () => {
	test("the whole text goes before the summary", async () => {
		const entry = await first(rss("<title>T</title><description>short</description><content:encoded><![CDATA[<p>long</p>]]></content:encoded>"));
		expect(entry).toMatchObject({ content: "<p>long</p>", contentKind: "html" });
		expect(await first(rss("<title>T</title><description>short</description><content:encoded></content:encoded>"))).toMatchObject({ content: "short" });
	});

	test("tags that nobody escaped stay in order with the words between them", async () => {
		const entry = await first(rss("<title>A <b>bold</b> one</title><description>one <b>two</b> three<br/>four <img src='/x'/></description>"));
		expect(entry).toMatchObject({ title: "A bold one", content: 'one <b>two</b> three<br>four <img src="/x">' });
	});

	test("XHTML keeps its characters", async () => {
		const entry = await first(
			atom(
				'<title type="xhtml"><x:div xmlns:x="http://www.w3.org/1999/xhtml">1 &lt; <x:em>2</x:em></x:div></title><id>urn:1</id><content type="xhtml"><div>a &lt;b&gt; &amp;amp; <br/><a href="x?a=1&amp;b=2">l</a></div></content>',
			),
		);
		expect(entry).toMatchObject({ title: "1 < 2", content: '<div>a &lt;b&gt; &amp;amp; <br><a href="x?a=1&amp;b=2">l</a></div>', id: "urn:1" });
	});

	test("titles of every type", async () => {
		expect((await first(atom('<title type="html">&lt;b&gt;A&lt;/b&gt; &amp;amp; B</title>'))).title).toBe("A & B");
		expect((await first(atom("<title>A &amp;lt;b&amp;gt;</title>"))).title).toBe("A <b>");
		expect((await first(atom('<title type="text">A &lt;b&gt; &amp;amp;</title>'))).title).toBe("A <b> &amp;");
		expect((await first(rss("<title>How &lt;iframe&gt; attacks &lt;i&gt;work&lt;/i&gt;</title>"))).title).toBe("How <iframe> attacks work");
		expect((await first(rss("<title>\n  two\n\tlines </title>"))).title).toBe("two lines");
		expect((await first(rss(`<title>${"x".repeat(1200)}</title>`))).title).toMatch(/^x{999}…$/);
		expect((await first(rss("<description>&lt;p&gt;No title here.&lt;/p&gt;</description>"))).title).toBe("No title here.");
		expect((await first(rss("<link>https://feed.example/1</link>"))).title).toBe("https://feed.example/1");
	});

	test("a guid that is missing, a link, no link, or long", async () => {
		expect(await first(rss("<title>T</title><link>/1</link>"))).toMatchObject({ id: "https://feed.example/1", link: "https://feed.example/1" });
		expect(await first(rss("<title>T</title><guid>https://feed.example/2</guid>"))).toMatchObject({ id: "https://feed.example/2", link: "https://feed.example/2" });
		expect(await first(rss('<title>T</title><guid isPermaLink="false">https://feed.example/2</guid>'))).not.toHaveProperty("link");
		expect((await first(rss("<title>T</title><pubDate>Tue, 01 Jul 2025 10:00:00 GMT</pubDate>"))).id).toBe("T 2025-07-01T10:00:00.000Z");
		expect((await read(rss(`<title>T</title><guid>${"g".repeat(2049)}</guid>`))).aside).toEqual(["its id has 2049 characters, at most 2,048 are read"]);
	});

	test("links: only http and https, under what the feed says", async () => {
		expect(await first(rss("<title>T</title><link>javascript:alert(1)</link><guid>x</guid>"))).not.toHaveProperty("link");
		expect((await first(rss("<title>T</title><link>a/b</link>", "<title>F</title>", 'xml:base="https://base.example/x/"'))).link).toBe("https://base.example/x/a/b");
		expect((await first(rss("<title>T</title><link>a/b</link>", "<title>F</title>"), { url: "https://place.example/feed/rss" })).link).toBe("https://place.example/feed/a/b");
		expect(
			(
				await first(
					atom(
						'<title>T</title><link rel="enclosure" href="/e.mp3"/><link rel="alternate" type="application/pdf" href="/p.pdf"/><link rel="alternate" type="text/html" href="p"/>',
						'xml:base="https://b.example/q/"',
					),
				)
			).link,
		).toBe("https://b.example/q/p");
		expect((await first(rss("<title>T</title><link>https://feedproxy.example/~r/x</link><feedburner:origLink>https://real.example/a</feedburner:origLink>"))).link).toBe("https://real.example/a");
		expect((await first(rss("<title>T</title><link>https://user:secret@feed.example/1</link>"))).link).toBe("https://feed.example/1");
	});

	test("the feed's own title and page, whatever stands around them", async () => {
		const head =
			'<image><title>Logo</title><link>https://logo.example/</link></image><atom:link rel="self" href="https://feed.example/rss"/><textInput><title>Search</title></textInput><title>Feed &amp;amp; Co</title><link>https://feed.example/</link>';
		expect((await first(rss("<title>T</title>", head))).feed).toEqual({ title: "Feed & Co", link: "https://feed.example/" });
		expect((await first(atom("<title>T</title>"))).feed).toEqual({ title: "Feed", link: "https://feed.example/" });
	});

	test("authors and categories", async () => {
		const entry = await first(
			rss("<title>T</title><author>a@b.example (Ann &amp;amp; Bob)</author><dc:creator><![CDATA[Cy]]></dc:creator><category>x</category><category>x</category><category><![CDATA[y & z]]></category>"),
		);
		expect(entry).toMatchObject({ author: "Ann & Bob, Cy", categories: ["x", "y & z"] });
		const other = await first(atom('<title>T</title><author><name>Dee</name><email>d@e.example</email></author><category term="t" label="Label"/><category term="u"/>'));
		expect(other).toMatchObject({ author: "Dee", categories: ["Label", "u"] });
	});

	test("dates of every vocabulary, or none", async () => {
		expect((await first(atom("<title>T</title><updated>2025-07-01T10:00Z</updated>"))).updated?.toISOString()).toBe("2025-07-01T10:00:00.000Z");
		expect((await first(rss("<title>T</title><dc:date>2025-07-01</dc:date>"))).published?.toISOString()).toBe("2025-07-01T00:00:00.000Z");
		expect(await first(rss("<title>T</title><pubDate>soon</pubDate>"))).not.toHaveProperty("published");
	});

	test("a text beyond the cap is cut and says so", async () => {
		const entry = await first(rss(`<title>T</title><description>${"a".repeat(600_000)}</description>`));
		expect([entry.cut, entry.content.length]).toEqual([true, 512 * 1024]);
	});

	test("prefixed vocabularies", async () => {
		const body = '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><atom:entry><atom:title>T</atom:title><atom:link href="https://x.example/1"/></atom:entry></a:feed>';
		expect((await first(body)).link).toBe("https://x.example/1");
	});
});

describe("JSON Feed", () => {
	const feed = (...items: unknown[]): string => JSON.stringify({ version: "https://jsonfeed.org/version/1.1", title: "Feed", home_page_url: "https://feed.example/", items });

	test("entries", async () => {
		const { entries, aside } = await read(
			feed(
				{ id: 9007199254740992, url: "/1", title: "One", content_html: "<p>x</p>", date_published: "2025-07-01T10:00:00+02:00", authors: [{ name: "Ann" }, { name: "Ann" }], tags: ["a", 1, "a"] },
				{ id: "2", content_text: "only text", external_url: "https://other.example/" },
				"nothing",
				null,
				{},
			).replace('"id":9007199254740992', '"id":9007199254740993'),
		);
		expect(entries).toMatchObject([
			{
				id: "9007199254740993",
				link: "https://feed.example/1",
				title: "One",
				content: "<p>x</p>",
				contentKind: "html",
				author: "Ann",
				categories: ["a"],
				feed: { title: "Feed", link: "https://feed.example/" },
			},
			{ id: "2", title: "only text", content: "only text", contentKind: "text", link: "https://other.example/" },
		]);
		expect(entries[0]?.published?.toISOString()).toBe("2025-07-01T08:00:00.000Z");
		expect(aside).toEqual(["it is no entry", "it is no entry", "it has neither title, text nor link"]);
	});

	test.each([
		["{}", /"items" is missing/],
		["[]", /"items" is missing/],
		['{"items":', /JSON is broken/],
		["[".repeat(5000), /nested deeper/],
	])("%s is refused", async (body, said) => {
		expect((await read(body)).refused).toMatch(said);
	});

	test("its members are no prototypes", async () => {
		await read('{"items":[{"__proto__":{"polluted":1},"title":"T"}]}');
		expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
	});
});

describe("what is no feed", () => {
	test.each([
		["", /empty/],
		["  \n ", /empty/],
		[" ".repeat(200_000), /empty/],
		["<!doctype html><html><body>Sign in</body></html>", /web page/],
		["<opml version='2.0'><body/></opml>", /<opml>/],
		["plain text", /broken/],
		[`${rss("<title>T</title>").slice(0, -8)}`, /broken/],
		['<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel><item><title>&a;</title></item></channel></rss>', /internal subset/],
		["<rss><channel><item><title>&file;</title></item></channel></rss>", /broken/],
	])("%j", async (body, said) => {
		expect((await read(body)).refused).toMatch(said);
	});

	test.each(Object.entries(fixtureJson<{ files: Record<string, { verdict: string }> }>("xml-bombs/expected.json").files))("hostile XML: %s", async (file, { verdict }) => {
		const { entries, refused } = await read(fixture(`xml-bombs/${file}`), { size: 4096 });
		if (verdict === "reject") expect(refused).not.toBeNull();
		expect(JSON.stringify(entries)).not.toContain("root:");
		expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
	});
});

describe("entries made to take for ever", () => {
	test.each([
		["an author of brackets", `<author>${"@(".repeat(100_000)}</author><title>t</title>`],
		["an author of addresses", `<author>${"@".repeat(400_000)}</author><title>t</title>`],
		["a title of tags that never end", `<title>${"&lt;b ".repeat(80_000)}</title>`],
		["categories of a megabyte", `<category>${"x ".repeat(200_000)}</category><title>t</title>`],
	])("%s are read in one pass", async (_, inside) => {
		const { entries } = await read(`<rss version="2.0"><channel><title>f</title><item><guid>1</guid>${inside}<link>https://example.com/1</link></item></channel></rss>`);
		expect(entries).toHaveLength(1);
	});
});
