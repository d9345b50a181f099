import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkInput } from "@/lib/hunters/input";
import { hunterKinds, kindOf } from "@/lib/hunters/kinds";
import { parseQuery } from "@/lib/hunters/query/parse";
import { trackers } from "@/lib/trackers";
import { SAMPLE_HUNTERS } from "../../fakes/sample-hunters";

const named = { name: "Example", enabled: true, slack: true, channel: null, digestOver: 10 };

describe("the list of kinds of hunters", () => {
	it("holds every file of the folder, once", () => {
		const files = readdirSync("lib/hunters/kinds").filter((name) => name !== "index.ts");
		expect(hunterKinds.map(({ id }) => `${id}.ts`).sort()).toEqual(files.sort());
		expect(kindOf("news")?.title).toBe("News");
		expect(kindOf("constructor")).toBeUndefined();
	});

	it.each(hunterKinds)("$id is sound", ({ id, tracker, icon, sender, fields, examples }) => {
		expect(id).toMatch(/^[a-z]{1,16}$/);
		expect(trackers.map(({ name }) => name)).toContain(tracker);
		expect(icon).toMatch(/^:[a-z_]+:$/);
		expect(sender.length).toBeLessThanOrEqual(80);
		expect(new Set(fields.map(({ name }) => name)).size).toBe(fields.length);
		for (const { name, kind, bare, example } of fields) {
			expect(name).toMatch(/^[a-z]+$/);
			expect(example.startsWith(`${name}:`)).toBe(true);
			// Bare words are looked for in texts only.
			expect(bare && kind !== "text").toBe(false);
		}
		expect(fields.filter(({ bare }) => bare).length).toBeGreaterThan(0);
		expect(examples.length).toBeGreaterThan(0);
	});

	it.each(hunterKinds)("$id takes its own examples, each by itself", (kind) => {
		for (const query of [...kind.examples.map((one) => one.query), ...kind.fields.map(({ example }) => example)])
			expect(() => checkInput({ ...named, kind: kind.id, query }, { kinds: hunterKinds, parse: parseQuery })).not.toThrow();
	});

	it("takes the hunters of the demonstration, one of each kind at least", () => {
		for (const sample of SAMPLE_HUNTERS) expect(() => checkInput(sample, { kinds: hunterKinds, parse: parseQuery })).not.toThrow();
		expect(new Set(SAMPLE_HUNTERS.map(({ kind }) => kind)).size).toBe(hunterKinds.length);
	});
});
