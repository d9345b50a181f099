import { describe, expect, it } from "vitest";
import { excerptOf, foldedOnce } from "@/lib/hunters/match/excerpt";
import type { Term } from "@/lib/hunters/query/query";

const word = (text: string): Term => ({ from: 0, to: text.length, text, field: null, test: { kind: "word", folded: text } });
const of = (text: string, term = "emotet") => excerptOf(word(term), "text", text, foldedOnce());

describe("what stands round a match", () => {
	it("is the whole of a short text", () => {
		expect(of("Then Emotet\ncame back")).toEqual({ term: "emotet", place: "text", excerpt: "Then Emotet came back", from: 5, to: 11 });
	});

	it("begins and ends with whole words, and says where the text goes on", () => {
		const words = Array.from({ length: 80 }, (_, at) => `word${at}`);
		for (const at of [0, 1, 20, 40, 78, 80]) {
			const text = [...words.slice(0, at), "Emotet", ...words.slice(at)].join(" ");
			const { excerpt, from, to } = of(text);
			expect([at, excerpt.slice(from, to), excerpt.length <= 160]).toEqual([at, "Emotet", true]);
			const inner = excerpt.replaceAll("…", "").split(" ");
			expect([at, inner.filter((one) => !["Emotet", ...words].includes(one))]).toEqual([at, []]);
			expect([at, excerpt.startsWith("…"), excerpt.endsWith("…")]).toEqual([at, !text.startsWith(excerpt.slice(0, 9)), !text.endsWith(excerpt.slice(-9))]);
		}
	});

	it.each(["漢字".repeat(100), "🦠".repeat(200), "x".repeat(400)])("stays in place where there are no blanks: %s", (filler) => {
		for (const text of [`${filler}Emotet${filler}`, `Emotet${filler}`, `${filler}Emotet`]) {
			const { excerpt, from, to } = of(text);
			expect([excerpt.slice(from, to), excerpt.length <= 160, excerpt.isWellFormed()]).toEqual(["Emotet", true, true]);
		}
	});
});
