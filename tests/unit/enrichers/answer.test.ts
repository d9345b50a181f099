import { describe, expect, it } from "vitest";
import { z } from "zod";
import { amount, flag, indicatorCell, listOf, membersOf, newest, utc, word, words } from "@/lib/enrichers/answer";

const shape = z.looseObject({ text: word, count: amount, is: flag, list: words, items: listOf(z.looseObject({ id: z.number() })), members: membersOf(z.number()) });
const NOTHING = { text: null, count: null, is: false, list: [], items: [], members: [] };

describe("members of answers", () => {
	it("are read as they are", () => {
		expect(shape.parse({ text: "a", count: "27.5", is: "true", list: ["b"], items: [{ id: 1 }], members: { c: 2 } })).toEqual({
			...{ text: "a", count: 27.5, is: true, list: ["b"] },
			...{ items: [{ id: 1 }], members: [["c", 2]] },
		});
	});

	it.each([{}, { text: null, count: null, is: null, list: null, items: null, members: null }, { text: [], count: "many", is: 1, list: "b", items: { id: 1 }, members: [1] }])(
		"are nothing where they are missing or of another type: %j",
		(given) => {
			expect(shape.parse(given)).toEqual(NOTHING);
		},
	);

	it("lose an item that cannot be read, not the list", () => {
		expect(shape.parse({ list: ["a", 1, null, "b"], items: [{ id: "x" }, { id: 2 }], members: { a: 1, b: "x" } })).toMatchObject({ list: ["a", "b"], items: [{ id: 2 }], members: [["a", 1]] });
	});
});

describe("times", () => {
	it.each([
		["2026-08-15 16:39:51", "2026-08-15T16:39:51.000Z"],
		["2019-01-19 01:33:26 UTC", "2019-01-19T01:33:26.000Z"],
		["2019-01-19", "2019-01-19T00:00:00.000Z"],
		["2023-03-17T16:26:38.016", "2023-03-17T16:26:38.000Z"],
		["2018-12-20T20:55:14+00:00", "2018-12-20T20:55:14.000Z"],
		["2025-12-01T04:37:13Z", "2025-12-01T04:37:13.000Z"],
	])("%s is UTC", (text, at) => expect(utc(text)).toBe(at));

	it.each(["", "None", "yesterday", "2026-13-40 00:00:00", "2026-08-15 16:39:51+09:00", null, undefined])("%s is none", (text) => expect(utc(text)).toBeNull());

	it("are compared as they are", () => {
		expect(newest([null, "2025-01-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z"])).toBe("2026-01-01T00:00:00.000Z");
		expect(newest([])).toBeNull();
	});
});

it("a cell links an indicator and shows everything else as text", () => {
	expect(indicatorCell("EVIL-domain.co.uk", "host")).toEqual({ kind: "indicator", indicator: { type: "domain", value: "evil-domain.co.uk" } });
	expect(indicatorCell("<b>", "host")).toEqual({ kind: "text", text: "<b>" });
	expect(indicatorCell(null)).toEqual({ kind: "text", text: "" });
});
