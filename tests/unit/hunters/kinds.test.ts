import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hunterKinds, kindOf } from "@/lib/hunters/kinds";
import { trackers } from "@/lib/trackers";

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
});
