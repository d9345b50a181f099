import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressBytes, addressText, canonicalise, cidrRange, containingCidrs, rangeToCidrs } from "@/lib/domain";
import { groups, quads } from "./arbitraries";

const big = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
const v4 = quads.map((quad) => quad.join("."));
const v6 = groups.map((parts) => addressText(addressBytes(parts.map((part) => part.toString(16)).join(":")))).filter((text) => text.includes(":"));
const address = fc.oneof(v4, v6);

/** First and last number of a block or of a single address. */
function span(block: string): { from: bigint; to: bigint } {
	if (!block.includes("/")) return { from: big(addressBytes(block)), to: big(addressBytes(block)) };
	const { from, to } = cidrRange(block);
	return { from: big(from), to: big(to) };
}

describe("ranges", () => {
	test.each([
		["1.2.3.0/24", "1.2.3.0", "1.2.3.255"],
		["0.0.0.0/0", "0.0.0.0", "255.255.255.255"],
		["1.2.3.4/31", "1.2.3.4", "1.2.3.5"],
		["2001:db8::/32", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"],
	])("%s runs from %s to %s", (block, from, to) => {
		const range = cidrRange(block);
		expect([addressText(range.from), addressText(range.to)]).toEqual([from, to]);
	});

	test.each<[string, string, string[]]>([
		["1.2.3.0", "1.2.3.255", ["1.2.3.0/24"]],
		["1.2.3.4", "1.2.3.4", ["1.2.3.4"]],
		["1.2.3.1", "1.2.3.4", ["1.2.3.1", "1.2.3.2/31", "1.2.3.4"]],
		["0.0.0.0", "255.255.255.255", ["0.0.0.0/0"]],
		["::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ["::/0"]],
		["::fffe:ffff:ffff", "::1:0:0:0", ["::fffe:ffff:ffff", "0.0.0.0/0", "::1:0:0:0"]],
	])("%s to %s is %j", (first, last, blocks) => {
		expect(rangeToCidrs(first, last)).toEqual(blocks);
	});

	test.each([
		["1.2.3.4", "1.2.3.3"],
		["1.2.3.4", "2001:db8::1"],
		["::", "1.2.3.4"],
		["1.2.3", "1.2.3.4"],
	])("there is no range from %s to %s", (first, last) => {
		expect(() => rangeToCidrs(first, last)).toThrow(RangeError);
	});

	test.each(["1.2.3.4", "1.2.3.4/33", "::/129", "/24", "1.2.3.4/", "1.2.3.4/a", "evil.com/24"])("%s is no block", (block) => {
		expect(() => cidrRange(block)).toThrow(RangeError);
	});

	test("text and bytes of an address turn into each other", () => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => void expect(addressBytes(addressText(bytes))).toEqual(bytes)),
			{ numRuns: 500 },
		);
	});

	test("the blocks of a range lie side by side and cover it exactly", () => {
		const pair = fc.oneof(fc.tuple(v4, v4), fc.tuple(v6, v6));
		fc.assert(
			fc.property(pair, ([one, other]) => {
				const [first, last] = big(addressBytes(one)) <= big(addressBytes(other)) ? [one, other] : [other, one];
				let next = big(addressBytes(first));
				for (const block of rangeToCidrs(first, last)) {
					const { from, to } = span(block);
					expect(from).toBe(next);
					expect(canonicalise(block, "network")).toMatchObject({ ok: true, indicator: { value: block } });
					next = to + 1n;
				}
				expect(next).toBe(big(addressBytes(last)) + 1n);
			}),
			{ numRuns: 300 },
		);
	});

	test("an address lies in a block exactly where the block is among those that contain it", () => {
		fc.assert(
			fc.property(address, address, fc.nat(128), (inside, other, length) => {
				const all = containingCidrs(inside);
				const block = all[length % all.length] as string;
				for (const at of [inside, other]) {
					const { from, to } = span(block);
					const number = big(addressBytes(at));
					expect(containingCidrs(at).includes(block)).toBe(number >= from && number <= to && at.includes(":") === inside.includes(":"));
				}
				expect(new Set(all).size).toBe(inside.includes(":") ? 128 : 32);
				for (const text of all) expect(canonicalise(text, "cidr")).toMatchObject({ ok: true, indicator: { value: text } });
			}),
			{ numRuns: 200 },
		);
	});
});
