import { Parser } from "htmlparser2";
import { describe, expect, test } from "vitest";
import { htmlToText, sanitiseHtml, webLink } from "@/lib/net";
import { fixtureJson } from "./helpers";

const ALLOWED = new Set(
	"p br hr h3 h4 h5 h6 ul ol li dl dt dd blockquote pre code samp kbd var div span section article figure figcaption a b strong i em u s del ins mark small sub sup abbr q cite time table caption thead tbody tfoot tr th td".split(
		" ",
	),
);
const ATTRIBUTES = new Set(["href", "rel", "target", "colspan", "rowspan", "scope", "start", "datetime"]);

/** What a browser would find in it that it must not: told by another walk than the sanitiser's own list. */
function faults(html: string): string[] {
	const found: string[] = [];
	const parser = new Parser({
		onopentag(name, attributes) {
			if (!ALLOWED.has(name)) found.push(`<${name}>`);
			for (const [attribute, value] of Object.entries(attributes)) {
				if (!ATTRIBUTES.has(attribute)) found.push(`${name} ${attribute}`);
				if (attribute === "href" && !/^https?:\/\/[^/]/.test(value)) found.push(`href ${value}`);
			}
			if (name === "a" && attributes.href !== undefined && attributes.rel !== "noopener noreferrer nofollow") found.push(`rel ${attributes.rel}`);
		},
		oncomment: (text) => void found.push(`comment ${text}`),
		onprocessinginstruction: (name) => void found.push(name),
	});
	parser.write(html);
	parser.end();
	if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u202a-\u202e]/.test(html)) found.push("control character");
	if (!html.isWellFormed()) found.push("lone surrogate");
	return found;
}

interface Corpus {
	entries: Array<{ cat: string; value?: string; value_b64?: string }>;
	blns: string[];
}
const corpus = fixtureJson<Corpus>("security/naughty-strings.json");
const strings = [...corpus.entries.map(({ value, value_b64 }) => value ?? Buffer.from(value_b64 ?? "", "base64").toString("latin1")), ...corpus.blns];

/** Ways around allow-lists that have worked somewhere. */
const TRICKS = [
	'<a href="jav&#x09;ascript:alert(1)">x</a>',
	'<a href="&#1;javascript:alert(1)">x</a>',
	'<a href="//evil.example/x">x</a>',
	'<a href="https:evil.example">x</a>',
	'<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
	'<a href="https://a.example" onclick="alert(1)" style="position:fixed" target="_self" rel="opener">x</a>',
	"<img src=x onerror=alert(1)>",
	'<img src="https://tracker.example/p.gif" alt="a &quot;chart&quot;">',
	'<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
	'<math href="javascript:alert(1)">x</math>',
	'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
	'<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
	"<textarea></textarea><script>alert(1)</script>",
	"<template><script>alert(1)</script></template>",
	'<form action="https://evil.example"><input name=a><button formaction="javascript:alert(1)">x</button></form>',
	"<iframe srcdoc='<script>alert(1)</script>'></iframe>",
	'<object data="data:text/html,<script>alert(1)</script>"></object><embed src="x">',
	'<base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example"><link rel=stylesheet href="https://evil.example">',
	"<style>@import 'https://evil.example'</style>",
	"<div style=\"background:url('https://evil.example')\" class=x id=y data-x=1>x</div>",
	"<!--[if IE]><script>alert(1)</script><![endif]--><![CDATA[<script>alert(1)</script>]]>",
	"<scr<script>ipt>alert(1)</scr</script>ipt>",
	"<p/onclick=alert(1)>x",
	'<xmp><p title="</xmp><script>alert(1)</script>">',
	"<video><source onerror=alert(1)></video><audio src=x onerror=alert(1)>",
	"\u202eevil\u202c \u0000<b\u0000>x</b>",
];

describe("HTML of others", () => {
	test.each([...TRICKS, ...strings].map((text) => [text]))("%j is harmless", (text) => {
		for (const html of [text, `<p>${text}</p>`, `<a href="${text}">x</a>`, `<a href='${text}'>x</a>`, `<td colspan="${text}">x</td>`, `<time datetime="${text}">x</time>`]) {
			expect(faults(sanitiseHtml(html, "https://site.example/a/b"))).toEqual([]);
		}
	});

	test("cleaned twice is cleaned once", () => {
		for (const text of [...TRICKS, ...strings]) {
			const once = sanitiseHtml(`<div>${text}</div>`, "https://site.example/");
			expect(sanitiseHtml(once, "https://site.example/")).toBe(once);
		}
	});

	test("keeps words, structure and links", () => {
		const html = sanitiseHtml(
			'<h1>Head</h1><p class="x">See <a href="/a?b=1&amp;c=2#d">this</a>, <a href="#top">top</a> &amp; <a href="mailto:a@b.example">mail</a>.</p><table><tr><td colspan="2" style="x">1</td></tr></table><pre>a  &lt;b&gt;\n c</pre><img alt="a map">',
			"https://site.example/x/y",
		);
		expect(html).toBe(
			'<h3>Head</h3><p>See <a href="https://site.example/a?b=1&amp;c=2#d" rel="noopener noreferrer nofollow" target="_blank">this</a>, <a>top</a> &amp; <a>mail</a>.</p><table><tr><td colspan="2">1</td></tr></table><pre>a  &lt;b&gt;\n c</pre><em>[picture: a map]</em>',
		);
	});

	test("leaves nothing of tracking pictures and the links around them", () => {
		expect(sanitiseHtml('<p>Text</p><p><a href="https://t.example/"><img src="https://t.example/p.gif" width="1"></a></p>')).toBe("<p>Text</p>");
	});

	test("takes text as text", () => {
		expect(sanitiseHtml("a < b && c > d")).toBe("a &lt; b &amp;&amp; c &gt; d");
		expect(htmlToText("a < b && c > d")).toBe("a < b && c > d");
	});

	test.each([
		["nested deeply", "<div>".repeat(100_000)],
		["nested lists", "<ul><li>".repeat(50_000)],
		["unclosed quotes", '<a href="'.repeat(50_000)],
		["half tags", "<".repeat(200_000)],
		["entities", "&amp;".repeat(200_000)],
		["comments", "<!--".repeat(100_000)],
		["attributes", `<p ${"a ".repeat(100_000)}>x`],
	])("is not brought to its knees by %s", (_what, html) => {
		expect(faults(sanitiseHtml(html))).toEqual([]);
		expect(htmlToText(html).length).toBeLessThanOrEqual(html.length);
	});
});

describe("the text of HTML", () => {
	test.each([
		["<p>One<br>two</p><p>three &amp; four&nbsp;five</p>", "One\ntwo\n\nthree & four five"],
		["<ul><li>a</li><li>b</li></ul>", "a\n\nb"],
		["<table><tr><td>1.2.3.4</td><td>evil[.]example</td></tr><tr><td>x</td></tr></table>", "1.2.3.4\tevil[.]example\n\nx"],
		["a<script>no</script><style>no</style>b<noscript>no</noscript>", "ab"],
		["&lt;script&gt; &#x41;&trade;", "<script> A™"],
		["evil<b>.example</b><wbr>.net", "evil.example.net"],
		["", ""],
	])("%s", (html, expected) => {
		expect(htmlToText(html)).toBe(expected);
	});
});

describe("links", () => {
	test.each([
		["https://a.example/x", undefined, "https://a.example/x"],
		["/x", "https://a.example/y/z", "https://a.example/x"],
		["//b.example/x", "https://a.example/", "https://b.example/x"],
		["https://user:pass@a.example/", undefined, "https://a.example/"],
		["/x", undefined, undefined],
		["javascript:alert(1)", "https://a.example/", undefined],
		["data:text/html,x", "https://a.example/", undefined],
		["ftp://a.example/", undefined, undefined],
		["", "https://a.example/", undefined],
		[`https://a.example/${"x".repeat(5000)}`, undefined, undefined],
	])("%s under %s", (address, base, expected) => {
		expect(webLink(address, base)).toBe(expected);
	});
});

/** Each of these took minutes by an expression or a parser that goes back over what it has seen. */
describe("texts made to take for ever", () => {
	test.each([
		["blanks in a preformatted block", `<pre>${" ".repeat(500_000)}</pre>end`],
		["blanks as entities", `<p>${"&#32;".repeat(100_000)}end</p>`],
		["tabs and blanks by turns", `<pre>${" \t".repeat(250_000)}</pre>end`],
		["paragraphs in list items in paragraphs", `${"<p><li>".repeat(60_000)}end`],
		["tags that never end", `${"<b ".repeat(150_000)}end`],
	])("%s are read in one pass", (_, html) => {
		expect(htmlToText(html).length).toBeLessThan(html.length + 1);
		expect(sanitiseHtml(html)).not.toContain("<script");
	});
});
