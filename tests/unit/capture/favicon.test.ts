import { describe, expect, test } from "vitest";
import { faviconHash, murmur3 } from "@/lib/capture/favicon";

describe("the hash of icons that Shodan and others index", () => {
	// Vectors of the reference implementation (SMHasher, x86 32 bit, seed 0), as signed numbers.
	test.each([
		["", 0],
		["test", 0xba6bd213 | 0],
		["Hello, world!", 0xc0363e43 | 0],
		["The quick brown fox jumps over the lazy dog", 0x2e4ff723],
		["foo", -156908512],
	])("murmur3 of %j", (text, hash) => {
		expect(murmur3(Buffer.from(text))).toBe(hash);
	});

	test("is of Base64 in lines of 76 characters, each ended", () => {
		const icon = Buffer.alloc(60, 1);
		const base64 = icon.toString("base64");
		expect(base64).toHaveLength(80);
		expect(faviconHash(icon)).toBe(murmur3(Buffer.from(`${base64.slice(0, 76)}\n${base64.slice(76)}\n`)));
		expect(faviconHash(Buffer.alloc(57, 1))).toBe(murmur3(Buffer.from(`${Buffer.alloc(57, 1).toString("base64")}\n`)));
	});
});
