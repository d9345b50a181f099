import { describe, expect, it } from "vitest";
import { asIndicator, defanged, marked, markedDefanged } from "@/components/hunters/defanged";

describe("texts of hits", () => {
	it("are cut where something is marked, each place once, nothing lost", () => {
		const places = [
			{ from: 6, to: 9 },
			{ from: 0, to: 2 },
			{ from: 1, to: 4 },
			{ from: 7, to: 8 },
			{ from: 5, to: 5 },
		];
		expect(marked("abcdefghij", places)).toEqual([
			{ text: "ab", marked: true },
			{ text: "cd", marked: true },
			{ text: "ef", marked: false },
			{ text: "ghi", marked: true },
			{ text: "j", marked: false },
		]);
		expect(marked("", [])).toEqual([]);
	});

	it("are known as indicators only where they are nothing else", () => {
		expect(["192.0.2.7", "evil.example", "http://evil.example/a", "CVE-2025-53770", "see evil.example", "@cert: http://evil.example/a", ""].map((text) => asIndicator(text)?.type ?? null)).toEqual([
			"ipv4",
			"domain",
			"url",
			"cve",
			null,
			null,
			null,
		]);
	});

	it.each([
		"192.0.2.7",
		"secure-paypal.example.org",
		"http://evil.example/a.php?b=c.d",
		"https://evil.example/",
		"http://evil.example/SS_Paypal/X/a.PHP",
		"2001:db8::1",
		"198.51.100.0/24",
		"d41d8cd98f00b204e9800998ecf8427e",
		"plain words. And more",
	])("keep %s defanged, whatever is marked in it", (text) => {
		for (const places of [[], [{ from: 3, to: 6 }], [{ from: 0, to: text.length }]]) {
			expect(
				markedDefanged(text, places)
					.map((piece) => piece.text)
					.join(""),
			).toBe(defanged(text));
		}
	});

	it("mark what was found in the path of an address, whatever its case", () => {
		const text = "http://evil.example/SS_Paypal/x.php";
		expect(markedDefanged(text, [{ from: 23, to: 29 }])).toEqual([
			{ text: "hxxp://evil[.]example/SS_", marked: false },
			{ text: "Paypal", marked: true },
			{ text: "/x.php", marked: false },
		]);
	});

	it("mark what was found in a name that is defanged", () => {
		expect(markedDefanged("a.paypal.example", [{ from: 2, to: 8 }])).toEqual([
			{ text: "a[.]", marked: false },
			{ text: "paypal", marked: true },
			{ text: "[.]example", marked: false },
		]);
	});
});
