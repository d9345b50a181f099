import { describe, expect, it } from "vitest";
import { SuspectBody } from "@/lib/net";
import type { ThreatItem } from "@/lib/sources/threat/event";
import { readEvents } from "@/lib/sources/threat/misp/document";

const EVENT = "5a3c2fcd-8328-42bb-a95e-4f4402de0b81";
const uuidOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

function attribute(number: number, members: Record<string, unknown> = {}): Record<string, unknown> {
	return { uuid: uuidOf(number), type: "domain", category: "Network activity", value: `host${number}.example.com`, to_ids: true, timestamp: "1500000000", ...members };
}

function event(members: Record<string, unknown> = {}): Record<string, unknown> {
	return { uuid: EVENT, info: "an event", date: "2026-11-01", timestamp: "1793491200", Attribute: [], ...members };
}

function read(root: unknown): { events: ThreatItem[]; aside: Array<[string, string]> } {
	const items = [...readEvents(root)];
	return { events: items.flatMap((item) => (item.ok ? [item.item] : [])), aside: items.flatMap((item) => (item.ok ? [] : [[item.where, item.reason] as [string, string]])) };
}

function one(members: Record<string, unknown>): ThreatItem {
	const [found] = read({ Event: event(members) }).events;
	if (found === undefined) throw new Error("the event was set aside");
	return found;
}

describe("documents", () => {
	it.each<[string, unknown, number]>([
		["a server's answer", { response: [{ Event: event() }, { Event: event({ uuid: uuidOf(9) }) }] }, 2],
		["an answer with one event", { response: { Event: event() } }, 1],
		["an empty answer", { response: [] }, 0],
		["a list", [{ Event: event() }, event({ uuid: uuidOf(9) })], 2],
		["a feed's file", { Event: event() }, 1],
		["the members alone", event(), 1],
	])("%s", (_name, root, count) => {
		expect(read(root)).toMatchObject({ aside: [], events: { length: count } });
	});

	it.each<[string, unknown, RegExp]>([
		["a refusal", { name: "Authentication failed.", message: "Authentication failed. Please make sure you pass the API key.", url: "/events/restSearch" }, /It says "Authentication failed/],
		["text", "events", /a string/],
		["null", null, /null/],
		["a manifest", { [EVENT]: { info: "x" } }, /neither "Event" nor "response"/],
		["an answer without a list", { response: "Invalid" }, /no list under "response"/],
	])("%s is no document of events", (_name, root, message) => {
		expect(() => read(root)).toThrow(SuspectBody);
		expect(() => read(root)).toThrow(message);
	});
});

describe("malformed events", () => {
	it("sets aside what has no identity or no time, and reads the others", () => {
		const { events, aside } = read([
			{ Event: event({ uuid: "12" }) },
			{ Event: event({ uuid: undefined }) },
			7,
			{ Event: event({ uuid: uuidOf(3), timestamp: "0", date: "soon" }) },
			{ Event: event() },
		]);
		expect(events.map(({ uuid }) => uuid)).toEqual([EVENT]);
		expect(aside).toEqual([
			["event 12", "its uuid is no UUID"],
			["event 2", "it has no uuid"],
			["event 3", "it is no object"],
			[`event ${uuidOf(3)}`, "it has neither timestamp nor date"],
		]);
	});

	it("does without org, title, level and galaxies", () => {
		expect(one({ info: " ", Org: null, Orgc: [], threat_level_id: "9", analysis: "x", Tag: "tlp:white", Galaxy: { a: 1 }, RelatedEvent: [{}, null, { Event: { uuid: "x" } }] })).toMatchObject({
			info: "(without a title)",
			threatLevel: 4,
			analysis: 0,
			published: false,
			tags: [],
			galaxies: [],
			related: [],
		});
		expect(one({ Org: null })).not.toHaveProperty("org");
	});

	it("reads what old servers write: names of orgs as text, flags and numbers as text or number", () => {
		expect(one({ orgc: "CIRCL", org: "NCSC", published: "1", threat_level_id: 2, analysis: 1, id: 12, timestamp: 1793491200, publish_timestamp: "1793491201" })).toMatchObject({
			orgc: { name: "CIRCL" },
			org: { name: "NCSC" },
			published: true,
			threatLevel: 2,
			analysis: 1,
			serverId: 12,
			modifiedAt: new Date("2026-11-01T00:00:00Z"),
			publishedAt: new Date("2026-11-01T00:00:01Z"),
		});
	});

	it("falls back to the day where an event has no timestamp, and takes no impossible day", () => {
		expect(one({ timestamp: "0", date: "2026-02-28" })).toMatchObject({ modifiedAt: new Date("2026-02-28T00:00:00Z"), date: "2026-02-28" });
		expect(one({ date: "2026-02-30" }).date).toBe("2026-11-01");
	});

	it("drops hostile colours and keeps the tags", () => {
		const tags = [
			{ name: "good", colour: "#AABBCC" },
			{ name: "short", colour: "#0f0" },
			{ name: "style", colour: "red;background:url(//evil.example)" },
			{ name: "markup", colour: '"><script>' },
			{ name: "number", colour: 16777215 },
			{ name: "\u0000bell\u0007", colour: "#12" },
			{ name: "good", colour: "#000000" },
			{ colour: "#ffffff" },
		];
		expect(one({ Tag: tags }).tags).toEqual([
			{ name: "good", colour: "#aabbcc" },
			{ name: "short", colour: "#00ff00" },
			{ name: "style" },
			{ name: "markup" },
			{ name: "number" },
			{ name: "\ufffdbell\ufffd" },
		]);
	});

	it("does not take members of Object.prototype for members of an event", () => {
		const root = JSON.parse(`{"Event": {"uuid": "${EVENT}", "date": "2026-11-01", "__proto__": {"info": "polluted"}, "Attribute": []}}`);
		expect(read(root).events[0]?.info).toBe("(without a title)");
		expect(({} as Record<string, unknown>).info).toBeUndefined();
	});
});

describe("malformed attributes", () => {
	it("sets each aside with its reason; the event stays and is incomplete", () => {
		const attributes = [
			attribute(1),
			attribute(2, { value: "" }),
			attribute(3, { value: null }),
			attribute(4, { type: undefined }),
			attribute(5, { value: { nested: true } }),
			attribute(6, { uuid: "six" }),
			"text",
			attribute(1, { value: "other.example.com" }),
			attribute(7, { value: "x".repeat(400_001) }),
		];
		const { events, aside } = read({ Event: event({ Attribute: attributes }) });
		expect(events[0]).toMatchObject({ incomplete: true, attributes: [{ value: "host1.example.com" }] });
		expect(aside.map(([where, reason]) => [where.replace(`event ${EVENT}, `, ""), reason])).toEqual([
			["attribute 2", "it has no value"],
			["attribute 3", "it has no value"],
			["attribute 4", "it has no type"],
			["attribute 5", "it has no value"],
			["attribute 6", "its uuid is no UUID"],
			["attribute 7", "it is no object"],
			["attribute 8", `its UUID ${uuidOf(1)} stands twice in the event`],
			["attribute 9", "its value has 400,001 characters, at most 400,000 are kept"],
		]);
	});

	it("keeps unknown types, odd values and missing members", () => {
		const [number, flag, odd] = one({
			Attribute: [attribute(1, { type: "port", value: 443 }), attribute(2, { type: "boolean", value: false }), { type: "never-heard-of", value: "x", uuid: uuidOf(3) }],
		}).attributes;
		expect([number?.value, flag?.value]).toEqual(["443", "false"]);
		expect(odd).toMatchObject({ type: "never-heard-of", category: "Other", toIds: false, deleted: false, modifiedAt: new Date("2026-11-01T00:00:00Z"), tags: [] });
	});

	it("gives an attribute without UUID the same one each time, by what it says", () => {
		const members = { Attribute: [attribute(1, { uuid: undefined }), attribute(2, { uuid: "" })] };
		const first = one(members).attributes.map(({ uuid }) => uuid);
		expect(first).toEqual(one(members).attributes.map(({ uuid }) => uuid));
		expect(new Set(first).size).toBe(2);
		expect(first[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
	});

	it("respects deletions, of an attribute and of the object around it", () => {
		const members = {
			Attribute: [attribute(1, { deleted: true }), attribute(2, { deleted: "1" }), attribute(3, { deleted: "0" })],
			Object: [{ uuid: uuidOf(4), name: "file", deleted: true, Attribute: [attribute(5)] }],
		};
		const found = one(members);
		expect(found.attributes.map(({ deleted }) => deleted)).toEqual([true, true, false]);
		expect(found.objects[0]).toMatchObject({ deleted: true, attributes: [{ deleted: true }] });
	});

	it.each([
		["2018-04-10T14:41:38.123456+02:00", "2018-04-10T12:41:38.123Z"],
		["2018-04-10T14:41:38+0000", "2018-04-10T14:41:38.000Z"],
		["2018-04-10 14:41:38", "2018-04-10T14:41:38.000Z"],
		["2018-04-10", "2018-04-10T00:00:00.000Z"],
		["1523371298000000", "2018-04-10T14:41:38.000Z"],
		[1523371298, "2018-04-10T14:41:38.000Z"],
		["yesterday", undefined],
		["9999-99-99", undefined],
		[null, undefined],
	])("first seen %s", (value, wanted) => {
		expect(one({ Attribute: [attribute(1, { first_seen: value })] }).attributes[0]?.firstSeen?.toISOString()).toBe(wanted);
	});

	it("cleans text of control characters and half surrogates", () => {
		expect(one({ Attribute: [attribute(1, { type: "text", value: " a\u0000b\ud800c\r\nd ", comment: "\u001b[31mred" })] }).attributes[0]).toMatchObject({
			value: "a\ufffdb\ufffdc\nd",
			comment: "\ufffd[31mred",
		});
	});
});

describe("objects", () => {
	it("keeps cyclic references, also to itself and to what is not there", () => {
		const reference = (from: number, to: number): Record<string, unknown> => ({ uuid: uuidOf(100 + from), referenced_uuid: uuidOf(to), relationship_type: "drops" });
		const object = (number: number, to: number): Record<string, unknown> => ({ uuid: uuidOf(number), name: "file", "meta-category": "file", Attribute: [], ObjectReference: [reference(number, to)] });
		const { objects } = one({ Object: [object(1, 2), object(2, 1), object(3, 3), object(4, 99)] });
		expect(objects.map(({ references }) => references.map(({ toUuid }) => toUuid))).toEqual([[uuidOf(2)], [uuidOf(1)], [uuidOf(3)], [uuidOf(99)]]);
	});

	it("sets aside what has no name or identity, and references that lead nowhere", () => {
		const objects = [
			{ uuid: uuidOf(1) },
			{ name: "file" },
			{ uuid: uuidOf(3), name: "file", Attribute: "none", ObjectReference: [{ relationship_type: "drops" }, { Attribute: { uuid: uuidOf(9) } }] },
		];
		const { events, aside } = read({ Event: event({ Object: objects }) });
		expect(aside.map(([where, reason]) => [where.replace(`event ${EVENT}, `, ""), reason])).toEqual([
			["object 1", "it has no name"],
			["object 2", "it has no UUID"],
			["object 3, attribute", "object 3, attribute is no list"],
			["object 3, reference 1", "it does not say what it refers to"],
		]);
		expect(events[0]?.objects[0]?.references).toMatchObject([{ toUuid: uuidOf(9), relationship: "related-to" }]);
	});
});
