import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { channelOf, isOurChannel, plainChannel } from "@/lib/alerts/channel";
import { verifySlackRequest } from "@/lib/alerts/slack-request";
import { backOff, dueAt, LONGEST_WAIT_MS, limitWait } from "@/lib/alerts/waits";
import { NAUGHTY } from "../../e2e/naughty";

describe("the channel of a hunter", () => {
	it.each([
		["Ransomware in Japan", null, "th-ransomware-in-japan"],
		["  C2: Cobalt/Strike!! ", null, "th-c2-cobalt-strike"],
		["日本のランサムウェア", null, "th-日本のランサムウェア"],
		["ＡＢＣ", null, "th-abc"],
		["x", "#SOC Alerts", "soc-alerts"],
		["x", "   ", "th-x"],
		["x", "!!!", "th-x"],
		["a".repeat(200), null, `th-${"a".repeat(77)}`],
	])("%j, %j", (name, own, expected) => {
		expect(channelOf(name, own)).toBe(expected);
	});

	it("is one that Slack takes, whatever the name", () => {
		for (const name of NAUGHTY) {
			for (const own of [null, name]) {
				const channel = channelOf(name, own);
				expect([name, channel]).toEqual([name, expect.stringMatching(/^[\p{Ll}\p{Lo}\p{M}\p{N}_-]{1,80}$/u)]);
				expect(channel.length).toBeLessThanOrEqual(80);
				expect(channel.isWellFormed()).toBe(true);
			}
		}
		expect(channelOf("!!!", null)).toMatch(/^th-[0-9a-f]{8}$/);
		expect(channelOf("!!!", null)).not.toBe(channelOf("???", null));
	});

	it("has a plainer name where Slack refuses letters", () => {
		expect(plainChannel("th-été")).toBe("th-e-te");
		expect(plainChannel("th-日本")).toMatch(/^th-[0-9a-f]{8}$/);
		expect(plainChannel("th-plain")).toBeNull();
		expect(isOurChannel("th-x")).toBe(true);
		expect(isOurChannel("soc")).toBe(false);
	});
});

describe("requests of Slack", () => {
	const secret = "8f742231b10e8888abcd99yyyzzz85a5";
	const at = new Date("2026-11-24T12:00:00Z");
	const stamp = String(at.getTime() / 1000);
	const sign = (body: string, time = stamp) => `v0=${createHmac("sha256", secret).update(`v0:${time}:${body}`).digest("hex")}`;
	const headers = (signature: string, time = stamp) => new Headers({ "x-slack-signature": signature, "x-slack-request-timestamp": time });

	it("are taken with a fresh signature over their very body only", () => {
		expect(verifySlackRequest(headers(sign("a=1")), "a=1", secret, at)).toBe(true);
		expect(verifySlackRequest(headers(sign("a=1")), "a=2", secret, at)).toBe(false);
		expect(verifySlackRequest(headers(sign("a=1")), "a=1", `${secret}x`, at)).toBe(false);
		expect(verifySlackRequest(new Headers(), "a=1", secret, at)).toBe(false);
		for (const broken of ["v0=", "v0=zz", sign("a=1").slice(0, -1), sign("a=1").replace("v0", "v1"), `${sign("a=1")}0`]) expect(verifySlackRequest(headers(broken), "a=1", secret, at)).toBe(false);
	});

	it("are not taken later, earlier or with another time", () => {
		for (const off of [-301, 301]) expect(verifySlackRequest(headers(sign("a=1")), "a=1", secret, new Date(at.getTime() + off * 1000))).toBe(false);
		for (const off of [-299, 299]) expect(verifySlackRequest(headers(sign("a=1")), "a=1", secret, new Date(at.getTime() + off * 1000))).toBe(true);
		expect(verifySlackRequest(headers(sign("a=1"), String(Number(stamp) + 1)), "a=1", secret, at)).toBe(false);
		for (const time of ["", "NaN", "1e9", "-1", `${stamp}.0`]) expect(verifySlackRequest(headers(sign("a=1", time), time), "a=1", secret, at)).toBe(false);
	});
});

describe("waits", () => {
	it("grow, differ and end", () => {
		expect(backOff(0, () => 0)).toBe(2500);
		expect(backOff(0, () => 1)).toBe(5000);
		expect(backOff(3, () => 1)).toBe(40_000);
		expect(backOff(1000, () => 1)).toBe(15 * 60_000);
		expect(backOff(0, () => 0, 5000)).toBe(5000);
	});

	it("are never shorter than what Slack asks for, and never so long that a clock seems to have gone back", () => {
		for (const seconds of [0, 1, 30, 600]) for (const attempts of [0, 5, 500]) expect(limitWait(seconds, attempts, () => 0.5)).toBeGreaterThanOrEqual(seconds * 1000);
		expect(limitWait(1e9, 500, () => 1)).toBeLessThanOrEqual(LONGEST_WAIT_MS);
		expect(limitWait(null, 0, () => 0)).toBe(30_000);
		const now = new Date("2026-11-24T12:00:00Z");
		expect(dueAt(new Date(now.getTime() + LONGEST_WAIT_MS + 1), now)).toEqual(now);
		expect(dueAt(new Date(now.getTime() + 1000), now)).toEqual(new Date(now.getTime() + 1000));
	});
});
