import { describe, expect, it } from "vitest";
import type { HuntField } from "@/lib/hunters/define";
import { fold, foldWithPlaces } from "@/lib/hunters/query/fold";
import { MAX_TERMS, parseQuery } from "@/lib/hunters/query/parse";
import { xQueryOf } from "@/lib/hunters/query/x-query";
import { fixtureJson } from "../net/helpers";

const field = (name: string, kind: HuntField["kind"], example: string, bare = false): HuntField => ({ name, kind, bare, says: name, example });
const FIELDS = [
	field("title", "text", "title:breach", true),
	field("source", "word", "source:nvd"),
	field("score", "number", "score:>=9"),
	field("kev", "flag", "kev:yes"),
	field("indicator", "indicator", "indicator:evil.com"),
	field("from", "word", "from:ann"),
	field("lang", "word", "lang:en"),
	field("link", "text", "link:evil.com"),
];

/** Clauses as text: `+word:emotet -phrase:a b`. */
function said(text: string): string[] | string {
	const parsed = parseQuery(text, FIELDS);
	if (!parsed.ok) return parsed.faults.map(({ from, to, message }) => `${from}-${to} ${message}`).join("\n");
	return parsed.query.clauses.map(({ all, none }) =>
		[...all.map((term) => ["+", term] as const), ...none.map((term) => ["-", term] as const)]
			.map(([sign, { field: of, test }]) => {
				const value =
					test.kind === "indicator"
						? `${test.indicator.type} ${test.indicator.value}`
						: test.kind === "number"
							? `${test.compare}${test.value}`
							: test.kind === "flag"
								? String(test.value)
								: test.folded;
				return `${sign}${of === null ? "" : `${of}/`}${test.kind}:${value}`;
			})
			.join(" "),
	);
}

describe("the query language", () => {
	it.each([
		["emotet", ["+word:emotet"]],
		["Emotet qakbot, c2 -crypto", ["+word:emotet +word:qakbot", "+word:c2 -word:crypto"]],
		["emotet,qakbot、雷、ｃ２", ["+word:emotet", "+word:qakbot", "+word:雷", "+word:c2"]],
		['"remote code" -"proof of"', ["+phrase:remote code -phrase:proof of"]],
		["\u201cremote code\u201d", ["+phrase:remote code"]],
		["hxxps://evil[.]com/A?b=1", ["+indicator:url https://evil.com/A?b=1"]],
		['"hxxp://evil[.]com/a,b"', ["+indicator:url http://evil.com/a,b"]],
		["1.2.3.0/24 1[.]2[.]3[.]4", ["+indicator:cidr 1.2.3.0/24 +indicator:ipv4 1.2.3.4"]],
		["fe80::1, cafe:babe::1", ["+indicator:ipv6 fe80::1", "+indicator:ipv6 cafe:babe::1"]],
		["CVE-2026-1234 cve-2026-1", ["+indicator:cve CVE-2026-1234 +word:cve-2026-1"]],
		["0x7f 3232235777", ["+word:0x7f +word:3232235777"]],
		["title:breach -source:NVD score:>=9.5 score:7 kev:yes", ["+title/word:breach +score/number:>=9.5 +score/number:=7 +kev/flag:true -source/is:nvd"]],
		['TITLE:"data breach" indicator:1.2.3.4', ["+title/phrase:data breach +indicator/indicator:ipv4 1.2.3.4"]],
		['"title:x" "and"', ["+phrase:title:x +phrase:and"]],
		["C++ (a)b %_ a'--", ["+word:c++ +word:(a)b +word:%_ +word:a'--"]],
		["x86 e-mail", ["+word:x86 +word:e-mail"]],
		["evil[.]com evil(.)com evil(dot)com", ["+indicator:domain evil.com +indicator:domain evil.com +indicator:domain evil.com"]],
		["http://evil.com/(a) hxxp://evil[.]com/a(1)", ["+indicator:url http://evil.com/(a) +indicator:url http://evil.com/a(1)"]],
		["[2001:db8::1]:443, [2001:db8::1]", ["+indicator:ipv6 2001:db8::1", "+indicator:ipv6 2001:db8::1"]],
		["*.evil.com ann@evil.com o'neil@evil.com", ["+indicator:domain evil.com +indicator:email ann@evil.com +indicator:email o'neil@evil.com"]],
		["indicator:*.evil.com indicator:3405803783", ["+indicator/indicator:domain evil.com +indicator/indicator:ipv4 203.0.113.7"]],
		["d41d8cd98f00b204e9800998ecf8427e AS64496", ["+indicator:md5 d41d8cd98f00b204e9800998ecf8427e +word:as64496"]],
		["@abuse_ch #opendir -#ad", ["+word:@abuse_ch +word:#opendir -word:#ad"]],
		["c++ c# .net AT&T a=1&b=2 main() [phish]", ["+word:c++ +word:c# +word:.net +word:at&t +word:a=1&b=2 +word:main() +word:[phish]"]],
		["a'-- o'reilly l\u2019attaque %_", ["+word:a'-- +word:o'reilly +word:l\u2019attaque +word:%_"]],
		["フィッシング 警察庁（NPA）　-広告", ["+word:フィッシング +word:警察庁(npa) -word:広告"]],
		["注意：重要 「偽サイト」", ["+word:注意:重要 +word:「偽サイト」"]],
		["emotet －crypto –spam —ad −job", ["+word:emotet -word:crypto -word:spam -word:ad -word:job"]],
		["title：breach score：＞＝9 ｔ１０５９", ["+title/word:breach +score/number:>=9 +word:t1059"]],
		["雷 の ガ 한 🦠 яд", ["+word:雷 +word:の +word:ガ +word:한 +word:🦠 +word:яд"]],
		["http://evil.com/a,http://evil.com/b,1.2.3.4", ["+indicator:url http://evil.com/a", "+indicator:url http://evil.com/b", "+indicator:ipv4 1.2.3.4"]],
		['http://evil.com/a, bcd,"c d"', ["+indicator:url http://evil.com/a", "+word:bcd", "+phrase:c d"]],
		["evil.com,emotet http://evil.com/、qakbot", ["+indicator:domain evil.com", "+word:emotet +indicator:url http://evil.com/", "+word:qakbot"]],
		['"c:\\windows" \\windows', ["+phrase:c:\\windows +word:\\windows"]],
		["APT：北朝鮮 https：//evil[.]com/a", ["+word:apt:北朝鮮 +indicator:url https://evil.com/a"]],
		["and", ["+word:and"]],
		['emotet -or "not"', ["+word:emotet +phrase:not -word:or"]],
		['"emotet*" "(a" "||" "\'x\'"', ["+phrase:emotet* +phrase:(a +phrase:|| +phrase:'x'"]],
		["source:filename|md5 http://evil.com/a*b http://evil.com/a'", ["+source/is:filename|md5 +indicator:url http://evil.com/a*b +indicator:url http://evil.com/a'"]],
		["вымогатель, программа-шифровальщик -реклама", ["+word:вымогатель", "+word:программа-шифровальщик -word:реклама"]],
	])("reads %s", (text, clauses) => expect(said(text)).toEqual(clauses));

	it.each([
		["", /^0-0 The query is empty/],
		["  \n ", /^0-4 The query is empty/],
		["a", /^0-1 "a" is too short/],
		["я", /^0-1 "я" is too short/],
		["\u00e9, e\u0301", /^0-1 "\u00e9" is too short[^\n]+\n3-5 "e\u0301" is too short/],
		["title:ü", /^0-7 "ü" is too short/],
		['"ß" ก ー', /^0-3 "ß" is too short[^\n]+\n4-5 "ก" is too short[^\n]+\n6-7 "ー" is too short/],
		["http://evil.com/a,bcd", /^0-21 The comma ends the address. Put all of it in quotes/],
		["emotet -evil.com/a,b,c1", /^7-20 The comma ends the address[^\n]+\n?[^\n]*$/],
		["title:hxxp://evil[.]com/a,b=1 c2", /^0-29 The comma ends the address[^\n]+$/],
		["c:\\windows\\temp", /^0-15 "c:\\windows\\temp" is a path: put it in quotes to find it.$/],
		["emotet D:/tools", /^7-15 "D:\/tools" is a path/],
		["emotet, b", /^8-9 "b" is too short/],
		["emotet,,qakbot", /^6-7 Nothing stands between/],
		["emotet,", /^6-7 Nothing stands/],
		[",emotet", /^0-1 Nothing stands/],
		['emotet "open', /^7-12 The quotes that begin here are not closed/],
		['""', /^0-2 The quotes hold nothing/],
		["-crypto", /^0-7 This only says what must not/],
		["emotet - qakbot", /^7-8 A - stands alone/],
		["title:", /^0-6 title: says nothing to look for/],
		["titel:x1", /^0-8 There is no field "titel" here. Did you mean title: \?/],
		["scor:9", /Did you mean score: \?/],
		["colour:red", /^0-10 There is no field "colour" here. The fields are title, source/],
		["port:80", /^0-7 There is no field "port" here. The fields are title, source/],
		["zzz:x1", /^0-6 There is no field "zzz" here. The fields are title, source/],
		["score:high", /^0-10 score is a number/],
		["kev:maybe", /^0-9 kev is yes or no/],
		["indicator:hello", /^0-15 indicator wants an indicator, and "hello" is none/],
		["emotet AND qakbot", /^7-10 A blank is AND; write "AND" in quotes/],
		["emotet OR qakbot", /^7-9 A comma is OR/],
		['emotet" c2', /^0-7 Quotes stand at both ends of a phrase/],
		['foo"bar baz"', /^0-7 Quotes stand[^\n]+\n8-12 Quotes stand/],
		['http://evil.com/a"', /^0-18 Quotes stand/],
		["\u00abremote code\u00bb", /^0-7 Quotes stand[^\n]+\n8-13 Quotes stand/],
		['title:breach"', /^0-13 Quotes stand/],
		["'remote code'", /^0-7 Only " makes a phrase: write "remote code"[^\n]+\n8-13 Only "/],
		["'evil.com'", /^0-10 Only " makes/],
		["\u2018emotet\u2019", /^0-8 Only " makes/],
		["(emotet, qakbot) c2", /^0-7 Parentheses group nothing here[^\n]+Put it in quotes to find it literally.\n9-16 Parentheses/],
		["(emotet)", /^0-8 Parentheses group nothing/],
		["emotet -(spam", /^7-13 Parentheses group nothing/],
		["（emotet、 qakbot）", /^0-7 Parentheses group nothing[^\n]+\n9-16 Parentheses/],
		["(http://evil.com/a)", /^0-19 Parentheses group nothing/],
		["log4j*", /^0-6 \* stands for nothing here, and words are found inside longer ones anyway: leave it out. Put it in quotes/],
		["*mote ev*l ＊", /^0-5 \* stands[^\n]+\n6-10 \* stands[^\n]+\n11-12 \* stands/],
		["(a|b)*", /^0-6 \* stands/],
		["source:url*", /^0-11 \* stands for nothing here: the value is compared as a whole/],
		["203.0.113.*", /^0-11 \* stands for nothing here: write the block, such as 1.2.3.0\/24/],
		["http://evil.com/*", /^0-17 \* stands for nothing in an address. evil.com alone finds all on it/],
		["*@evil.com", /^0-10 \* stands for nothing in an address. evil.com alone finds/],
		["emotet || c2", /^7-9 A comma is OR: write one instead of \|/],
		["emotet|qakbot", /^0-13 A comma is OR: write one instead of \|/],
		["emotet && c2", /^7-9 A blank is AND: leave it out/],
		["emotet or qakbot", /^7-9 A comma is OR; write "or" in quotes/],
		["emotet And qakbot", /^7-10 A blank is AND; write "And" in quotes/],
		["emotet, not spam", /^8-11 A - before a term is NOT; write "not" in quotes/],
		["emotet --spam", /^7-13 One - is NOT. Put it in quotes/],
		["emotet – qakbot", /^7-8 A - stands alone/],
		["titel：breach", /^0-12 There is no field "titel" here. Did you mean title: \?/],
		["emo\u0000tet", /^3-4 Here stands a control character/],
		["emo\ud800tet", /^3-4 Here stands half a character/],
		["x".repeat(5000), /^2000-5000 The query has 5,000 characters/],
		[Array.from({ length: MAX_TERMS + 1 }, (_, at) => `w${at}`).join(" "), /^0-\d+ The query has 101 terms/],
	])("says what is wrong with %j", (text, fault) => expect(said(text)).toMatch(fault));

	it("reads or refuses every hostile string, and a refusal points into it", () => {
		const { entries, blns } = fixtureJson<{ entries: Array<{ value?: string }>; blns: string[] }>("security/naughty-strings.json");
		const strings = [...blns, ...entries.flatMap(({ value }) => (value === undefined ? [] : [value]))];
		let read = 0;
		for (const text of strings) {
			const parsed = parseQuery(text, FIELDS);
			if (parsed.ok) {
				read++;
				for (const { from, to } of parsed.query.clauses.flatMap(({ all, none }) => [...all, ...none])) expect(to).toBeGreaterThan(from);
			} else for (const { from, to, message } of parsed.faults) expect([from >= 0 && to <= Math.max(text.length, 1), message.length > 10]).toEqual([true, true]);
		}
		expect(read).toBeGreaterThan(strings.length / 3);
	});
});

describe("folding", () => {
	it("makes one of what reads the same", () => {
		expect(fold("Ｅｍｏｔｅｔ ﬁle\u200b ＣＶＥ")).toBe("emotet file cve");
		expect(fold("e\u0301")).toBe(fold("\u00e9"));
		expect(fold("ΟΔΟΣ")).toBe(fold("οδος"));
		expect(fold("a \n\t b")).toBe("a b");
		expect(fold("pass\u00adword")).toBe("password");
		expect(fold("ｶﾞ")).toBe("ガ");
	});
	it("takes time by the length of a text, however it is written, and is the same with places", () => {
		const long = { lines: "mov eax ; byte\n".repeat(70_000), marks: `e${"\u0315\u0316".repeat(500_000)}x`, wide: "Ａ\u3000b ".repeat(200_000) };
		for (const text of Object.values(long)) expect(foldWithPlaces(text).folded === fold(text)).toBe(true);
		expect(fold(long.marks).length).toBe(32);
		expect(fold("e\u0301\u0323")).toBe(fold("\u1eb9\u0301"));
	});
	it("knows where each character came from", () => {
		const text = "x \ufb01le e\u0301 👨‍👩‍👧 ｶﾞ end";
		const { folded, begin, end } = foldWithPlaces(text);
		expect(folded).toBe(fold(text));
		for (const word of ["file", "\u00e9", "ガ", "end"]) {
			const at = folded.indexOf(word);
			expect(fold(text.slice(begin(at), end(at + word.length)))).toBe(word);
		}
	});
});

describe("a query for X", () => {
	const x = (text: string) => {
		const parsed = parseQuery(text, FIELDS);
		if (!parsed.ok) throw new Error("not read");
		const made = xQueryOf(parsed.query);
		return made.ok ? made.query : made.faults.map(({ from, to, message }) => `${from}-${to} ${message}`).join("\n");
	};
	it.each([
		["emotet", "emotet"],
		["emotet c2 -crypto, #opendir", "(emotet c2 -crypto) OR #opendir"],
		['"remote code", from:@Ann_C2 malware -lang:ja', '"remote code" OR (from:ann_c2 malware -lang:ja)'],
		["evil[.]com", '("evil.com" OR url:"evil.com")'],
		["hxxp://evil[.]com/a", 'url:"evil.com/a"'],
		["1.2.3.4 CVE-2026-1234", '"1.2.3.4" "CVE-2026-1234"'],
		["d41d8cd98f00b204e9800998ecf8427e", "d41d8cd98f00b204e9800998ecf8427e"],
		["link:paste, link:evil[.]com -link:good, link:hxxp://evil[.]com/a", 'url:"paste" OR (url:"evil.com") OR url:"evil.com/a"'],
		// Of what must not be there, only what X understands as we do.
		["emotet -evil.com", "emotet"],
		['emotet -"proof of" -foo.bar -d41d8cd98f00b204e9800998ecf8427e -link:good -1.2.3.4', "emotet"],
		["emotet -job -#ad -from:spam -lang:ja -реклама", "emotet -job -#ad -from:spam -lang:ja -реклама"],
		["link:10.0.0.0/8 link:/? emotet", "emotet"],
		['"or" e-mail', '"or" "e-mail"'],
		// What X cannot say is left to our own matcher.
		["emotet 1.2.3.0/24 -10.0.0.0/8", "emotet"],
		["title:breach emotet", "emotet"],
	])("says %s as %s", (text, query) => expect(x(text)).toBe(query));
	it("says what X cannot search for, and what is too long", () => {
		expect(x("emotet, 1.2.3.0/24")).toMatch(/^8-18 X can search for none of this/);
		expect(x("lang:en")).toMatch(/^0-7 X can search for none/);
		expect(x(Array.from({ length: 80 }, (_, at) => `word${at}`).join(","))).toMatch(/^0-\d+ For X the query becomes \d+ characters long, and X takes 512/);
	});
});
