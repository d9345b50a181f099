import { describe, expect, it } from "vitest";
import { fitEnrichment, fitRaw, masker, shownReason } from "@/lib/lookup/fit";

const KEY = "canary/key+1234567890";
const mask = masker([KEY, "token-abc organisation-def"]);

describe("what an enricher said, fit to be shown", () => {
	it("holds no key, however it is written", () => {
		const said = JSON.stringify([
			fitRaw({ [KEY]: [`x ${KEY}`, encodeURIComponent(KEY)], deep: { deeper: `token-abc` } }, mask),
			fitEnrichment(
				{
					summary: KEY,
					tone: "none",
					facts: [
						{ label: KEY, kind: "text", text: KEY },
						{ label: "l", kind: "link", text: KEY, href: `https://a.example/?k=${encodeURIComponent(KEY)}` },
					],
					link: `https://a.example/${KEY}`,
					tables: [{ title: KEY, columns: [KEY], rows: [[{ kind: "text", text: KEY }]], more: 0 }],
					downloads: [{ label: KEY, id: KEY }],
				},
				mask,
			),
			shownReason(`failed at https://api.example/x?apikey=${KEY} organisation-def`, mask),
		]);
		expect(said).not.toMatch(/canary|token-abc|organisation-def|1234567890/);
	});

	it("is small, and says what was left out", () => {
		const huge = fitRaw({ rows: Array.from({ length: 5000 }, (_, at) => ({ at, text: "x".repeat(5000) })) }, mask);
		expect(JSON.stringify(huge).length).toBeLessThanOrEqual(100_000);
		expect(JSON.stringify(huge)).toMatch(/… \d+ more/);
		let deep: unknown = "end";
		for (let at = 0; at < 10_000; at++) deep = [deep];
		expect(JSON.stringify(fitRaw(deep, mask)).length).toBeLessThan(200);
		const many = fitEnrichment({ summary: "s", tone: "none", facts: [], tables: [{ title: "t", columns: ["c"], rows: Array.from({ length: 500 }, () => []), more: 3 }] }, mask);
		expect([many.tables?.[0]?.rows.length, many.tables?.[0]?.more]).toEqual([200, 303]);
	});

	it("is plain: no script, no control characters, no link but to the web, no number that is none", () => {
		const fitted = fitEnrichment(
			{
				summary: "a\u0000b\u202ec",
				tone: "none",
				facts: [
					{ label: "x", kind: "link", text: "go", href: "javascript:alert(1)" },
					{ label: "t", kind: "time", at: "yesterday" },
					{ label: "n", kind: "number", value: Number.NaN },
					{ label: "n", kind: "share", part: 1, of: Number.POSITIVE_INFINITY },
				],
				link: "data:text/html,x",
			},
			mask,
		);
		expect(fitted).toEqual({ summary: "a\ufffdbc", tone: "none", facts: [{ label: "x", kind: "text", text: "go" }] });
		expect(JSON.stringify(fitRaw(JSON.parse('{"__proto__": {"a": 1}, "b": null}'), mask))).toBe('{"__proto__":{"a":1},"b":null}');
	});
});
