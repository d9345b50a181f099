import { describe, expect, it } from "vitest";
import { emptyResult, storedResult } from "@/lib/capture/result";

describe("a stored result", () => {
	const whole = emptyResult("http://shop.example.com/", "rendered", null);

	it("is read as it was written", () => {
		const written = { ...whole, popups: ["http://a.example/"], more: { ...whole.more, popups: 950 }, fullPage: { height: 9_000, shown: 8_000, lost: null } };
		expect(storedResult(JSON.stringify(written))).toEqual(written);
	});

	it("of early days has nothing beyond its lists but requests, and says nothing of its long picture", () => {
		const { more: _more, fullPage: _fullPage, ...early } = whole;
		expect(storedResult(JSON.stringify({ ...early, requestsMore: 12 }))).toEqual({ ...whole, more: { ...whole.more, requests: 12 } });
	});

	it("that knows fewer lists than we do has nothing beyond the others", () => {
		expect(storedResult(JSON.stringify({ ...whole, more: { console: 3 } })).more).toEqual({ ...whole.more, console: 3 });
	});
});
