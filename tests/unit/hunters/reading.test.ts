import { describe, expect, it } from "vitest";
import { huntPath } from "@/components/hunters/hunt-path";
import { knownKind, readQuery, soundQuery } from "@/lib/hunters/reading";

const vuln = knownKind("vuln");

describe("what is said of a query", () => {
	it("names what each term is taken for, clause by clause", () => {
		const reading = readQuery(vuln, 'tomcat "use after free" -test, 192.0.2.0/24 score:>=9, kev:yes title:sql');
		expect(reading.ok && reading.reads).toEqual([
			{
				all: [
					{ text: "tomcat", as: "anywhere in a text" },
					{ text: '"use after free"', as: "as words of their own" },
				],
				none: [{ text: "test", as: "anywhere in a text" }],
			},
			{
				all: [
					{ text: "192.0.2.0/24", as: "block, all within it, blocks that hold it" },
					{ text: "score:>=9", as: "number of score" },
				],
				none: [],
			},
			{
				all: [
					{ text: "kev:yes", as: "kev is yes" },
					{ text: "title:sql", as: "anywhere in title" },
				],
				none: [],
			},
		]);
	});

	it("says that a port decides nothing, and what asks for it", () => {
		const said = (kind: string, query: string) => {
			const reading = readQuery(knownKind(kind), query);
			return reading.ok ? reading.reads.flatMap(({ all }) => all.map(({ as }) => as)) : reading.faults;
		};
		const address = "address, blocks that hold it, URLs on it";
		expect(said("news", "192.0.2.1:8080, [2001:db8::1]:443, 192.0.2.1")).toEqual([`${address}, whatever its port`, `${address}, whatever its port`, address]);
		expect(said("reputation", "evil.example:8080, indicator:192.0.2.1:80")).toEqual([
			"domain, hosts below it, URLs on them, whatever its port (port:8080 asks for that)",
			`${address} in indicator, whatever its port (port:80 asks for that)`,
		]);
		expect(said("reputation", "http://evil.example:8080/a")).toEqual(["this URL"]);
	});

	it("says where the first fault is to callers that cannot show it", () => {
		expect(() => soundQuery(vuln, "good, colour:red")).toThrow(/^query, character 7: There is no field "colour"/);
		expect(() => knownKind("tracker\u0000")).toThrow(/There is no kind of hunter "tracker\ufffd"\. Kinds are twitter, threat/);
	});
});

describe("the form for a value", () => {
	const asked = (value: string) => Object.fromEntries(new URLSearchParams(huntPath(value).split("?")[1]));
	it.each([
		["192.0.2.1", "reputation"],
		["evil.example.org", "reputation"],
		["http://evil.example/a,b?c=d e", "reputation"],
		["http://evil.example/-x:y", "reputation"],
		["http://evil.example/*", "reputation"],
		["2001:db8::/32", "reputation"],
		["d41d8cd98f00b204e9800998ecf8427e", "reputation"],
		["CVE-2025-53770", "vuln"],
	])("asks for %s as an indicator", (value, kind) => {
		const { kind: given = "", query = "" } = asked(value);
		expect(given).toBe(kind);
		const { clauses } = soundQuery(knownKind(given), query);
		expect(clauses.map(({ all }) => all.map(({ test }) => test.kind))).toEqual([["indicator"]]);
	});

	it("is called by the host of a URL, and by any other value itself", () => {
		expect(asked(`http://login.evil.example:8080/${"a".repeat(300)}?b=c`).name).toBe("login.evil.example");
		expect(asked("hxxps://evil[.]example/a").name).toBe("evil.example");
		expect(asked("http://[2001:db8::1]/a").name).toBe("[2001:db8::1]");
		expect(asked("198.51.100.0/24").name).toBe("198.51.100.0/24");
		// Half of a pair is no text.
		expect(asked(`${"a".repeat(99)}😀😀`).name).toBe(`${"a".repeat(99)}😀`);
	});

	it("asks news for words", () => {
		expect(asked("Emotet is back")).toEqual({ kind: "news", query: "Emotet is back", name: "Emotet is back" });
	});

	it("says what X cannot be asked, in the words and at the place of the query", () => {
		const twitter = knownKind("twitter");
		expect(readQuery(twitter, "emotet, 203.0.113.0/24")).toMatchObject({ ok: false, faults: [{ from: 8, to: 22 }] });
		const long = Array.from({ length: 80 }, (_, at) => `word${at}`).join(",");
		const reading = readQuery(twitter, long);
		expect(reading.ok ? "" : reading.faults[0]?.message).toMatch(/X takes 512/);
		expect(readQuery(knownKind("news"), long).ok).toBe(true);
	});
});
