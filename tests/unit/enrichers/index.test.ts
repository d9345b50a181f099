import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { enricherById, enrichers } from "@/lib/enrichers";
import { LOOKUP_VARIABLES } from "@/lib/env";

const FOLDER = "lib/enrichers";
const defining = readdirSync(FOLDER).filter((file) => file !== "define.ts" && /= defineEnricher\(/.test(readFileSync(join(FOLDER, file), "utf8")));
/** Rows of a table in `docs/enrichers.md` whose first cell is the enricher's slug. */
const documented = new Map(
	[...(readFileSync("docs/enrichers.md", "utf8").split(/^\| slug +\|/m)[1] ?? "").matchAll(/^\| `([a-z0-9-]+)` +\| (.+) \|$/gm)].map(
		([, id = "", rest = ""]) => [id, rest.split("|").map((cell) => cell.trim())] as const,
	),
);

describe("the list of enrichers", () => {
	it("holds every file of the folder, once", () => {
		expect(enrichers.map(({ id }) => `${id}.ts`).sort()).toEqual(defining.sort());
		expect(enricherById("rdap")?.name).toBe("RDAP");
		expect(enricherById("constructor")).toBeUndefined();
	});

	it("is documented: what each supports, who sees the value, which key it needs", () => {
		expect([...documented.keys()].sort()).toEqual(enrichers.map(({ id }) => id).sort());
		for (const { id, name, supports, exposure, secret } of enrichers) {
			const key = secret === undefined ? "none" : `\`${LOOKUP_VARIABLES[secret.name]}\`${secret.required ? "" : " (optional)"}`;
			expect([id, documented.get(id)]).toEqual([id, [name, supports.join(", "), exposure, key]]);
		}
	});

	it.each(enrichers)("$id is sound", (enricher) => {
		expect(enricher.id).toMatch(/^[a-z0-9-]{2,30}$/);
		expect(new URL(enricher.homepage).protocol).toBe("https:");
		expect(enricher.supports.length).toBeGreaterThan(0);
		expect(enricher.keeps.unknown).toBeLessThanOrEqual(enricher.keeps.found);
		expect(enricher.timeoutMs).toBeLessThanOrEqual(30_000);
		for (const { calls, seconds } of [...enricher.quota, ...(enricher.quotaWithoutKey ?? [])]) expect(calls > 0 && seconds > 0).toBe(true);
		// Whoever sends a value out counts it, or asks many.
		expect(enricher.exposure === "nobody" || enricher.quota.length > 0 || enricher.manyServers === true).toBe(true);
		for (const other of enrichers) if (enricher.account !== undefined && other.account === enricher.account) expect(other.quota).toEqual(enricher.quota);
	});

	it("stays small: what is peculiar to a provider, and no more", () => {
		for (const file of defining) expect([file, readFileSync(join(FOLDER, file), "utf8").split("\n").length < 200]).toEqual([file, true]);
	});
});
