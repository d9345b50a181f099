import { describe, expect, it } from "vitest";
import { canonicalise, type Indicator } from "@/lib/domain";
import type { FieldValue, HuntDocument, HuntField } from "@/lib/hunters/define";
import { compileMatcher } from "@/lib/hunters/match";
import { Automaton } from "@/lib/hunters/match/automaton";
import { fold } from "@/lib/hunters/query/fold";
import { parseQuery } from "@/lib/hunters/query/parse";
import type { HuntQuery, Term } from "@/lib/hunters/query/query";
import { fixtureJson } from "../net/helpers";

const field = (name: string, kind: HuntField["kind"], bare = false): HuntField => ({ name, kind, bare, says: name, example: `${name}:x` });
const FIELDS = [
	field("title", "text", true),
	field("text", "text", true),
	field("comment", "text"),
	field("source", "word"),
	field("tag", "word"),
	field("score", "number"),
	field("kev", "flag"),
	field("indicator", "indicator"),
];

function indicator(text: string): Indicator {
	const result = canonicalise(text);
	if (!result.ok) throw new Error(result.reason);
	return result.indicator;
}

function query(text: string): HuntQuery {
	const parsed = parseQuery(text, FIELDS);
	if (!parsed.ok) throw new Error(`${text}: ${JSON.stringify(parsed.faults)}`);
	return parsed.query;
}

function document(fields: Record<string, FieldValue>, indicators: readonly string[] = []): HuntDocument {
	return { record: Buffer.alloc(16), source: 1, at: new Date(0), title: "t", path: "/x", fields, indicators: indicators.map(indicator) };
}

const finds = (text: string, doc: HuntDocument): boolean =>
	compileMatcher([{ id: "a", query: query(text) }], FIELDS)
		.match(doc)
		.has("a");
const matches = (text: string, doc: HuntDocument) =>
	compileMatcher([{ id: "a", query: query(text) }], FIELDS)
		.match(doc)
		.get("a") ?? [];

describe("a document is found", () => {
	const doc = document({ title: "New Emotet wave", text: "C2 at 11.2.3.41 and www.evil-host.com, again", comment: "hidden", source: "URLhaus", tag: ["Botnet C2", "exe"], score: 9.8, kev: true }, [
		"203.0.113.7",
		"198.51.100.0/24",
		"https://a.b.evil.com/x",
		"1.2.3.4",
	]);
	it.each([
		["emotet", true],
		["MOTE", true],
		['"emotet"', true],
		['"mote"', false],
		['"emotet wave"', true],
		["emotet -wave", false],
		["emotet nowhere", false],
		["nowhere, wave", true],
		["hidden", false],
		["comment:hidden", true],
		["title:again", false],
		["source:urlhaus wave", true],
		["source:url", false],
		['tag:"botnet c2"', true],
		["score:>=9", true],
		["score:<9", false],
		["score:9.8 kev:yes", true],
		["kev:no", false],
		["-kev:no wave", true],
		// The value of its own, not a part of a longer one.
		["1.2.3.4", true],
		["title:1.2.3.4", false],
		["11.2.3.4", false],
		["11.2.3.41", true],
		["evil-host.com", true],
		["host.com", false],
		["203.0.113.0/24", true],
		["203.0.114.0/24", false],
		["198.51.100.9", true],
		["198.51.100.0/23", true],
		["198.51.100.0/25", true],
		["198.51.100.64/26 indicator:198.51.100.128/25", true],
		["198.51.101.0/24", false],
		["198.51.99.0/24", false],
		["evil.com", true],
		["b.evil.com", true],
		["indicator:evil.com", true],
		["indicator:evil-host.com", false],
		["https://a.b.evil.com/x", true],
		["https://a.b.evil.com/", false],
	])("%s: %s", (text, expected) => expect(finds(text, doc)).toBe(expected));

	it("by phrases next to each other over line breaks and invisible characters, in any script", () => {
		const wide = document({ title: "ランサムウェア攻撃が増加", text: "zero\u200bday\n  in  the wild. Crème brûlée" });
		for (const text of ["ランサム", '"ランサムウェア"', '"in the wild"', "zeroday", "ＣＲÈＭＥ", "cre\u0300me"]) expect([text, finds(text, wide)]).toEqual([text, true]);
		expect(finds('"day in"', wide)).toBe(false);
	});

	it("not by an address, a name or a hash inside a longer one", () => {
		const hash = "d41d8cd98f00b204e9800998ecf8427e";
		const text = (value: string) => document({ text: value });
		for (const [term, inside] of [
			["1.2.3.4", "1.2.3.45"],
			["1.2.3.4", "1.2.3.4.5"],
			["evil.com", "notevil.com"],
			["evil.com", "not-evil.com"],
			["evil.com", "evil.com.au"],
			[hash, `${hash}00`],
			["http://evil.com/a", "http://evil.com/ab"],
			["CVE-2026-1234", "CVE-2026-12345"],
			["ann@evil.com", "joann@evil.com"],
		] as const)
			expect([term, inside, finds(term, text(`see ${inside} there`))]).toEqual([term, inside, false]);
		for (const [term, written] of [
			["1.2.3.4", "1.2.3.4:80"],
			["1.2.3.4", "(1.2.3.4)."],
			["evil.com", "www.evil.com."],
			["evil.com", "ann@evil.com"],
			["http://evil.com/a", "<http://evil.com/a>"],
			[hash, hash.toUpperCase()],
		] as const)
			expect([term, written, finds(term, text(`see ${written} there`))]).toEqual([term, written, true]);
	});
});

describe("what is said of a match", () => {
	it("is a flag or a number as a query would write it", () => {
		expect(matches("kev:yes score:>9", document({ title: "t", kev: true, score: 9.8 }))).toEqual([
			{ term: "kev:yes", place: "kev", excerpt: "yes", from: 0, to: 3 },
			{ term: "score:>9", place: "score", excerpt: "9.8", from: 0, to: 3 },
		]);
	});

	it("is the one value of a list that matched, behind what stands in texts", () => {
		const doc = document({ title: "Emotet", source: ["urlhaus", "URLhaus", "101"], tag: ["443/tcp", "443"], score: 9 }, ["1.2.3.4"]);
		expect(matches("source:101 tag:443 score:>1 emotet 1.2.3.4", doc).map(({ place, excerpt, from, to }) => `${place} ${excerpt} ${from}-${to}`)).toEqual([
			"title Emotet 0-6",
			"indicator 1.2.3.4 0-7",
			"source 101 0-3",
			"tag 443 0-3",
			"score 9 0-1",
		]);
		expect(matches("source:URLHAUS", doc)[0]?.excerpt).toBe("urlhaus");
	});

	it("is the term, the field and the words round it, as they were written", () => {
		const text = `${"before ".repeat(40)}the Ｅｍｏｔｅｔ ﬁle${" after".repeat(40)}`;
		const [match] = matches("emotet", document({ text }));
		expect(match).toMatchObject({ term: "emotet", place: "text" });
		expect(match?.excerpt.slice(match.from, match.to)).toBe("Ｅｍｏｔｅｔ");
		expect(match?.excerpt.length).toBeLessThanOrEqual(160);
		const [ligature] = matches("file", document({ text }));
		expect(ligature?.excerpt.slice(ligature.from, ligature.to)).toBe("ﬁle");
		expect(matches("evil.com", document({ title: "nothing" }, ["https://evil.com/a"]))).toEqual(
			[{ term: "evil.com", place: "indicator", excerpt: "https://evil.com/a", from: 0, to: 8 + 8 }].map((one) => ({ ...one, from: 8 })),
		);
	});
	it("halves no character", () => {
		const [match] = matches("needle", document({ text: `${"😀".repeat(300)}needle${"😀".repeat(300)}` }));
		expect(match?.excerpt.isWellFormed()).toBe(true);
		expect(match?.excerpt.slice(match.from, match.to)).toBe("needle");
	});
	it("is bounded", () => {
		const words = Array.from({ length: 60 }, (_, at) => `word${at}x`);
		const found = matches(words.join(" "), document({ title: words.join(" "), text: words.join(" again ") }));
		expect(found.length).toBe(20);
	});
});

describe("many hunters", () => {
	it("fail alone", () => {
		const matcher = compileMatcher(
			[
				{ id: "good", query: query("emotet") },
				{ id: "gone", query: { text: "old:x", clauses: [{ all: [{ from: 0, to: 5, text: "old:x", field: "old", test: { kind: "is", folded: "x" } }], none: [] }] } },
				{ id: "empty", query: { text: "", clauses: [{ all: [], none: [] }] } },
			],
			FIELDS,
		);
		expect(matcher.failed.map(({ id }) => id)).toEqual(["gone", "empty"]);
		expect([...matcher.match(document({ title: "emotet" })).keys()]).toEqual(["good"]);
	});

	/** The same, slowly and plainly. */
	function plain(text: HuntQuery, doc: HuntDocument): boolean {
		const one = ({ field: name, test }: Term): boolean => {
			if (test.kind === "is") return [doc.fields[name ?? ""]].flat().some((value) => typeof value === "string" && fold(value) === test.folded);
			if (test.kind === "number") return doc.fields[name ?? ""] === test.value;
			if (test.kind !== "word") return false;
			const texts = name === null ? [doc.fields.title, doc.fields.text] : [doc.fields[name]];
			return texts.some((value) => typeof value === "string" && fold(value).includes(test.folded));
		};
		return text.clauses.some(({ all, none }) => all.every(one) && !none.some(one));
	}

	it("find what a plain reading of each finds", () => {
		let seed = 7;
		const random = (below: number): number => {
			seed = (seed * 1103515245 + 12345) % 2147483648;
			return Math.floor((seed / 2147483648) * below);
		};
		const words = ["ab", "abc", "bc", "bca", "cab", "aab", "éa", "雷神", "x.y", "zz"];
		const word = () => words[random(words.length)] as string;
		const term = () => [word(), word(), `title:${word()}`, `source:${word()}`, `score:${random(3)}`][random(5)] as string;
		const clause = () => [term(), ...Array.from({ length: random(3) }, () => `${random(3) === 0 ? "-" : ""}${term()}`)].join(" ");
		const hunters = Array.from({ length: 300 }, (_, at) => ({ id: String(at), query: query(Array.from({ length: 1 + random(3) }, clause).join(",")) }));
		const matcher = compileMatcher(hunters, FIELDS);
		let found = 0;
		for (let at = 0; at < 300; at++) {
			const doc = document({
				title: Array.from({ length: random(5) }, word).join(random(2) === 0 ? " " : ""),
				text: Array.from({ length: random(8) }, word)
					.join(" ")
					.toUpperCase(),
				source: word(),
				score: random(3),
			});
			const expected = hunters.filter(({ query: asked }) => plain(asked, doc)).map(({ id }) => id);
			found += expected.length;
			expect([...matcher.match(doc).keys()].sort()).toEqual(expected.sort());
		}
		expect(found).toBeGreaterThan(1000);
	});

	it("every hostile string that is a query finds itself", () => {
		const { entries, blns } = fixtureJson<{ entries: Array<{ value?: string }>; blns: string[] }>("security/naughty-strings.json");
		const strings = [...blns, ...entries.flatMap(({ value }) => (value === undefined ? [] : [value]))];
		let asked = 0;
		for (const text of strings) {
			const parsed = parseQuery(`"${text.replaceAll(/["\u201c-\u201f\uff02]/g, "")}"`, FIELDS);
			if (!parsed.ok) continue;
			asked++;
			expect([
				text,
				compileMatcher([{ id: "a", query: parsed.query }], FIELDS)
					.match(document({ text: text.replaceAll(/["\u201c-\u201f\uff02]/g, "") }))
					.has("a"),
			]).toEqual([text, true]);
		}
		expect(asked).toBeGreaterThan(400);
	});
});

describe("the automaton", () => {
	it("tells every place, overlapping and nested ones too", () => {
		const found: string[] = [];
		const patterns = ["he", "she", "his", "hers", "", "e"];
		new Automaton(patterns).scan("ushers", (pattern, from, to) => found.push(`${patterns[pattern]}@${from}-${to}`));
		expect(found.sort()).toEqual(["e@3-4", "he@2-4", "hers@2-6", "she@1-4"]);
	});
});
