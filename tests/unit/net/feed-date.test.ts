import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { feedDate } from "@/lib/net";

describe("dates of feeds", () => {
	test.each([
		["Thu, 24 Jul 2025 20:52:55 EDT", "2025-07-25T00:52:55.000Z"],
		["Thu, 24 Jul 2025 17:34:13 -0400", "2025-07-24T21:34:13.000Z"],
		["Jul 23, 2025 00:00:00-0500", "2025-07-23T05:00:00.000Z"],
		["2023-11-02T11:57+09:00", "2023-11-02T02:57:00.000Z"],
		["2023-11-02T11:57:03.123456Z", "2023-11-02T11:57:03.000Z"],
		["2023-11-02 11:57:03", "2023-11-02T11:57:03.000Z"],
		["2023-11-02", "2023-11-02T00:00:00.000Z"],
		["20231102", "2023-11-02T00:00:00.000Z"],
		["2023-11", "2023-11-01T00:00:00.000Z"],
		["Wed, 21 Dec 2016 00:00:00 GMT", "2016-12-21T00:00:00.000Z"],
		["Mon, 21 Jul 25 10:11:24 EST", "2025-07-21T15:11:24.000Z"],
		["21 Jul 2025 10:11 JST", "2025-07-21T01:11:00.000Z"],
		["Monday, 21-Jul-2025 10:11:24 +0200 (CEST)", "2025-07-21T08:11:24.000Z"],
		["July 3rd, 2025", "2025-07-03T00:00:00.000Z"],
		["Wednesday, July 23, 2025 - 2:05 pm", "2025-07-23T14:05:00.000Z"],
		["Thu Jan  1 12:00:00 UTC 2026", "2026-01-01T12:00:00.000Z"],
		["Thu Jan  1 12:00:00 2026", "2026-01-01T12:00:00.000Z"],
		["Sun, 29 Feb 2004 12:00:00 GMT+0200", "2004-02-29T10:00:00.000Z"],
		["1 Jul 2025 10:00 -500", "2025-07-01T15:00:00.000Z"],
		["  Tue,  1 Jul   2025 10:00:00   +0000 ", "2025-07-01T10:00:00.000Z"],
		["Tue, 1 Jul 2025 12:30:00 AM GMT", "2025-07-01T00:30:00.000Z"],
		["Tue, 1 Jul 2025 10:00:00 XYZ", "2025-07-01T10:00:00.000Z"],
	])("%s", (text, expected) => {
		expect(feedDate(text)?.toISOString()).toBe(expected);
	});

	test.each([undefined, "", "yesterday", "Mon, 31 Feb 2025 00:00:00 GMT", "2025-13-01", "2025-07-01T25:00", "Foo 1, 2025", "0000-00-00 00:00:00", "1.7.2025", "2025", "2025x", `${"1".repeat(81)}`])(
		"%s is none",
		(text) => {
			expect(feedDate(text)).toBeUndefined();
		},
	);

	test("ISO and RFC 822 forms of any time agree", () => {
		fc.assert(
			fc.property(fc.date({ min: new Date("1971-01-01"), max: new Date("2099-12-31"), noInvalidDate: true }), (date) => {
				const whole = new Date(Math.floor(date.getTime() / 1000) * 1000);
				expect(feedDate(whole.toUTCString())?.getTime()).toBe(whole.getTime());
				expect(feedDate(whole.toISOString())?.getTime()).toBe(whole.getTime());
			}),
		);
	});
});
