import { describe, expect, it } from "vitest";
import { blocklists } from "@/lib/enrichers/blocklists";
import type { Listing } from "@/lib/enrichers/define";
import { enrich, indicator } from "../../harness/enrich";

const ADDRESS = "45.9.148.108";
const listing = (source: string, value = ADDRESS, more: Partial<Listing> = {}): Listing => ({
	source,
	value: indicator(value),
	category: "botnet control",
	listed: true,
	since: new Date("2026-11-01T00:00:00Z"),
	until: new Date("2026-11-24T00:00:00Z"),
	...more,
});
const ask = async (listings: readonly Listing[], warning: string | null = null, more = 0) =>
	(await enrich(blocklists, ADDRESS, "http://127.0.0.1:9", { listings: async () => ({ listings, more, warning }) }))?.enrichment;

describe("Blocklists", () => {
	it("counts sources, each once however often it lists the value", async () => {
		const found = await ask([listing("One"), listing("One", ADDRESS, { category: "scanner" }), listing("Two", ADDRESS, { since: new Date("2025-01-01T00:00:00Z") })]);
		expect(found).toMatchObject({ summary: "2 sources list it", tone: "bad" });
		expect(found?.facts).toEqual([
			{ label: "Sources that list it", kind: "number", value: 2, tone: "bad" },
			{ label: "Listed by", kind: "tags", tags: ["One", "Two"], tone: "bad" },
			{ label: "First listed", kind: "time", at: "2025-01-01T00:00:00.000Z" },
		]);
	});

	it("tells the value from the blocks around it, and what is listed from what was", async () => {
		const found = await ask([listing("Blocks", "45.9.148.0/24"), listing("Blocks", "45.9.0.0/16"), listing("Former", ADDRESS, { listed: false })]);
		expect(found).toMatchObject({ summary: "No source lists it now, 1 source a block around it, 1 source did before", tone: "warn" });
		expect(found?.facts).toContainEqual({
			label: "Listed blocks around it",
			kind: "indicators",
			indicators: [
				{ type: "cidr", value: "45.9.148.0/24" },
				{ type: "cidr", value: "45.9.0.0/16" },
			],
		});
		expect(found?.tables?.[0]?.rows.map((row) => row[3])).toMatchObject([{ text: "listed" }, { text: "listed" }, { text: "was listed" }]);
	});

	it("does not judge by lists that it left", async () => {
		expect(await ask([listing("Former", ADDRESS, { listed: false })])).toMatchObject({ summary: "No source lists it now, 1 source did before", tone: "none" });
	});

	it("asks for eyes where the value is on a warning list", async () => {
		const found = await ask([listing("One")], "public DNS resolver");
		expect(found).toMatchObject({ summary: "1 source lists it", tone: "warn" });
		expect(found?.facts).toContainEqual({ label: "On a warning list", kind: "text", text: "public DNS resolver", tone: "warn" });
	});

	it("says how many it does not show", async () => {
		const found = await ask(
			Array.from({ length: 100 }, (_, at) => listing(`Source ${at}`)),
			null,
			7,
		);
		expect(found?.tables?.[0]).toMatchObject({ more: 47 });
	});

	it("knows nothing of what no source ever listed, warning list or not", async () => {
		expect(await ask([], "public DNS resolver")).toBeUndefined();
	});
});
