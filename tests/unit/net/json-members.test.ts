import { describe, expect, it } from "vitest";
import { type JsonMember, readJsonMembers } from "@/lib/net";

async function* pieces(text: string | Buffer, size: number): AsyncGenerator<Uint8Array> {
	const all = typeof text === "string" ? Buffer.from(text, "utf8") : text;
	for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
}

async function members(text: string | Buffer, size = 4096, options: { maxMember?: number } = {}): Promise<JsonMember[]> {
	const found: JsonMember[] = [];
	for await (const member of readJsonMembers(pieces(text, size), options)) found.push(member);
	return found;
}

const TRICKY = {
	'a"b\\': { text: "ends in a backslash \\", brace: "}{][,:" },
	"": null,
	列車: ["}", { deep: [[[{}]]] }, -1.5e3, true],
	last: "x,y",
	number: 12,
	__proto__: { polluted: true },
};

describe("members of a large JSON object", () => {
	it.each([1, 2, 3, 7, 64, 4096])("are the same whatever the chunks (%i bytes)", async (size) => {
		for (const text of [JSON.stringify(TRICKY), JSON.stringify(TRICKY, null, "\t"), `\ufeff ${JSON.stringify(TRICKY)}\r\n`]) {
			const found = await members(text, size);
			expect(found.every(({ ok }) => ok)).toBe(true);
			expect(found.map((member) => [member.key, member.ok ? member.value : null])).toEqual(Object.entries(JSON.parse(text.trim()) as object));
		}
	});

	it("keeps the digits of long integers", async () => {
		expect(await members('{"id":12345678901234567890}')).toEqual([{ ok: true, number: 1, key: "id", value: "12345678901234567890" }]);
	});

	it("sets a member aside that is broken, too large or too deep, and reads the next", async () => {
		const deep = `${"[".repeat(150)}${"]".repeat(150)}`;
		const found = await members(`{"a":tru,"b":,"c":"${"x".repeat(3000)}","d":${deep},"e":1}`, 11, { maxMember: 1000 });
		expect(found.map((member) => [member.key, member.ok ? member.value : member.reason])).toEqual([
			["a", "it is no JSON"],
			["b", "it is no JSON"],
			["c", "it is larger than 1,000 bytes"],
			["d", "it is nested deeper than 100 levels"],
			["e", 1],
		]);
	});

	it("is empty where the object is", async () => {
		expect(await members(" { } ")).toEqual([]);
	});

	it.each([
		["", /empty/],
		["[1]", /an object was expected, it begins with "\[1\]"/],
		['{"a":1', /cut short/],
		['{"a":1,', /cut short/],
		['{"a":1,}', /behind record 1 stands "}"/],
		['{"a" 1}', /behind record 0 stands "1"/],
		["{a:1}", /behind record 0 stands "a"/],
		['{"a":1}{"b":2}', /behind record 1 stands "{"/],
		['{"a":1]', /never opened/],
		[`{"${"k".repeat(2000)}":1}`, /longer than 1024 bytes/],
		["<html>", /an object was expected, it begins with "<html>"/],
	])("doubts %j", async (text, reason) => {
		await expect(members(text)).rejects.toThrow(reason);
	});

	it("holds one member at a time, however large the document", async () => {
		const member = Buffer.from(`"key":{"text":"${"x".repeat(60_000)}"},`);
		async function* endless(): AsyncGenerator<Uint8Array> {
			yield Buffer.from("{");
			for (let at = 0; at < 1500; at++) yield member;
			yield Buffer.from('"end":0}');
		}
		let count = 0;
		globalThis.gc?.();
		const before = process.memoryUsage().rss;
		for await (const { ok } of readJsonMembers(endless())) count += ok ? 1 : 0;
		expect(count).toBe(1501);
		expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
	});
});
