import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ReadItem } from "@/lib/sources/record";
import { threatSources } from "@/lib/sources/threat";
import type { ThreatItem } from "@/lib/sources/threat/event";
import { attributeIndicators } from "@/lib/sources/threat/indicators";
import { readEventBody } from "@/lib/sources/threat/misp/document";
import { readManifest } from "@/lib/sources/threat/misp/feed";
import { mispBytes, mispJson, mispNames } from "@/tests/fakes/misp";

async function readFile(folder: "misp-events" | "misp-feed", name: string): Promise<Array<ReadItem<ThreatItem>>> {
	const bytes = mispBytes(folder, name);
	const body = {
		bytes: (async function* () {
			yield bytes;
		})(),
		contentType: "application/json",
		url: name,
		now: new Date("2026-11-24T00:00:00Z"),
	};
	const items: Array<ReadItem<ThreatItem>> = [];
	for await (const item of readEventBody(body)) items.push(item);
	return items;
}

async function readOne(name: string): Promise<ThreatItem> {
	const [item] = await readFile("misp-events", name);
	if (item?.ok !== true) throw new Error(`${name} was set aside`);
	return item.item;
}

function allAttributes(event: ThreatItem): ThreatItem["attributes"] {
	return [...event.attributes, ...event.objects.flatMap(({ attributes }) => attributes)];
}

/** attributes outside objects, objects, attributes in them, references, tags (with those of clusters), galaxies, related events, indicators */
const COUNTS: Readonly<Record<string, readonly number[]>> = {
	"eset_2018-11-20_Zebrocy.json": [32, 0, 0, 0, 1, 1, 1, 28],
	"eset_cloudmensis.misp.json": [0, 8, 22, 9, 13, 0, 0, 9],
	"eset_endor.json": [31, 0, 0, 0, 1, 0, 0, 12],
	"eset_misp-badiis.json": [244, 0, 0, 0, 34, 2, 0, 136],
	"eset_misp-dukes-operation-ghost-event.json": [101, 0, 0, 0, 31, 2, 0, 88],
	"eset_misp-powerpool.json": [18, 0, 0, 0, 5, 1, 0, 11],
	"eset_misp-ramsay.json": [81, 0, 0, 0, 1, 0, 0, 53],
	"eset_misp-turla-lightneuron-event.json": [36, 0, 0, 0, 14, 2, 0, 25],
	"eset_misp-wintervivern.event.json": [0, 10, 24, 9, 11, 1, 0, 12],
	"eset_misp-xdspy-event.json": [71, 0, 0, 0, 0, 0, 0, 46],
	"eset_oceanlotus.misp.event.json": [111, 0, 0, 0, 2, 1, 0, 95],
	"eset_stantinko.misp-event.json": [263, 0, 0, 0, 1, 0, 0, 294],
	"misp_server_events_add_response.json": [1, 0, 0, 0, 1, 0, 15, 1],
	"misp_tests_event.json": [38, 0, 0, 0, 1, 0, 6, 28],
	"pymisp_57c4445b.json": [9, 0, 0, 0, 4, 0, 0, 5],
	"pymisp_existing_event.json": [9, 49, 113, 20, 18, 4, 20, 69],
	"pymisp_galaxy_1.json": [4, 2, 6, 1, 12, 3, 8, 6],
	"pymisp_japanese_test.json": [1, 0, 0, 0, 4, 2, 0, 0],
	"pymisp_mainly_objects_1.json": [0, 17, 74, 10, 3, 0, 0, 26],
	"pymisp_search_index_result.json": [0, 0, 0, 0, 3, 0, 0, 0],
};

describe("real MISP events", () => {
	it.each(mispNames("misp-events"))("%s is read whole", async (name) => {
		const items = await readFile("misp-events", name);
		expect(items.map(({ ok }) => ok)).toEqual([true]);
		const event = await readOne(name);
		const all = allAttributes(event);
		const references = event.objects.reduce((sum, object) => sum + object.references.length, 0);
		const indicators = all.reduce((sum, { type, value }) => sum + attributeIndicators(type, value).length, 0);
		expect([event.attributes.length, event.objects.length, all.length - event.attributes.length, references, event.tags.length, event.galaxies.length, event.related.length, indicators]).toEqual(
			COUNTS[name],
		);
	});

	it("loses no attribute of a static feed, and none is set aside", async () => {
		let attributes = 0;
		let links = 0;
		for (const name of mispNames("misp-feed")) {
			if (!/^[0-9a-f]{8}-/.test(name)) continue;
			const items = await readFile("misp-feed", name);
			expect(items).toHaveLength(1);
			const item = items[0];
			if (item?.ok !== true) throw new Error(`${name} was set aside`);
			expect(item.item.uuid).toBe(name.replace(".json", ""));
			attributes += item.item.attributes.length;
			links += item.item.attributes.flatMap(({ type, value }) => attributeIndicators(type, value)).filter(({ indicator }) => indicator.type === "url").length;
		}
		// Counted outside of this project over the same files: attributes, and those of type url or link.
		expect([attributes, links]).toEqual([1692, 874]);
	});

	it("names an indicator for every attribute whose type says that it is one", async () => {
		const kinds = new Set([
			"ip-src",
			"ip-dst",
			"domain",
			"hostname",
			"url",
			"link",
			"md5",
			"sha1",
			"sha256",
			"email-src",
			"email-dst",
			"vulnerability",
			"domain|ip",
			"filename|md5",
			"filename|sha1",
			"filename|sha256",
		]);
		const without: string[] = [];
		for (const name of mispNames("misp-events")) {
			for (const { type, value } of allAttributes(await readOne(name)))
				if (kinds.has(type) && attributeIndicators(type, value).length < (type === "domain|ip" ? 2 : 1)) without.push(`${type} ${value}`);
		}
		expect(without).toEqual([]);
	});

	it("reads what a server says of an event", async () => {
		const event = await readOne("misp_tests_event.json");
		expect(event).toMatchObject({
			uuid: "54884656-2da8-4625-bf07-43ef950d210b",
			serverId: 750,
			date: "2014-12-10",
			threatLevel: 1,
			analysis: 2,
			published: true,
			publishedAt: new Date("2014-12-10T13:20:47Z"),
			modifiedAt: new Date("2014-12-10T13:20:25Z"),
			orgc: { name: "CIRCL", uuid: "55f6ea5e-2c60-40e5-964f-47a8950d210f" },
		});
		expect(event.related[0]).toEqual({
			uuid: "55df7369-7d68-428b-aa03-4f5d950d210b",
			serverId: 2006,
			info: "OSINT - Regin: Top-tier espionage tool enables stealthy surveillance by Symantec",
			date: "2015-08-27",
			orgc: "CIRCL",
		});
		expect(event.incomplete).toBeUndefined();
	});

	it("keeps objects with their references", async () => {
		const event = await readOne("pymisp_galaxy_1.json");
		expect(event.objects.map(({ name, metaCategory, attributes }) => [name, metaCategory, attributes.length])).toEqual([
			["file", "file", 3],
			["virustotal-report", "misc", 3],
		]);
		expect(event.objects[0]?.references).toEqual([{ uuid: "5acd1ad7-df04-4155-bc1c-464602de0b81", toUuid: "eefb6d88-9cc1-4d65-b266-b2e82a2464b9", relationship: "analysed-with", deleted: false }]);
		expect(event.objects[0]?.attributes[0]?.tags).toContainEqual({ name: 'misp-galaxy:mitre-enterprise-attack-attack-pattern="Account Manipulation - T1098"', colour: "#0088cc" });
	});

	it("takes a line of a listing for what it is: nothing of the event is gone", async () => {
		expect(await readOne("pymisp_search_index_result.json")).toMatchObject({
			incomplete: true,
			tags: [{ name: "TLP:GREEN", colour: "#33822d" }, { name: expect.any(String) }, { name: expect.any(String) }],
		});
	});

	it("reads a manifest", () => {
		const { entries, faults } = readManifest(mispJson("misp-feed", "manifest.json"));
		expect([entries.length, faults.length]).toEqual([79, 0]);
		expect(entries[0]).toEqual(["f947d4ae-77a5-547a-b541-6cb74add70fd", 1780091866]);
	});
});

describe("the catalogue of events", () => {
	it("lists every file of the folder once", () => {
		const shared = ["event", "index", "indicators", "misp"];
		const files = readdirSync(join(process.cwd(), "lib/sources/threat")).map((file) => file.replace(/\.ts$/, ""));
		expect(threatSources.map(({ id }) => id).sort()).toEqual(files.filter((name) => !shared.includes(name)).sort());
	});

	it("has numbers of its own, names terms, and asks by https", () => {
		expect(threatSources.map(({ number }) => number)).toEqual([1201, 1202, 1203, 1204, 1205]);
		for (const { homepage, licence, everyMinutes } of threatSources) {
			expect(homepage).toMatch(/^https:\/\//);
			expect(licence.name).not.toBe("");
			expect(everyMinutes).toBeGreaterThanOrEqual(5);
		}
	});
});
