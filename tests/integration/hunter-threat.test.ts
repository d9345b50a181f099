import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { HuntDocument, HunterKind } from "@/lib/hunters/define";
import { kindOf } from "@/lib/hunters/kinds";
import type { RecordChange, StoreContext } from "@/lib/records";
import type { ThreatItem, ThreatRoster } from "@/lib/sources/threat/event";
import { readEvents } from "@/lib/sources/threat/misp/document";
import { mispUpload } from "@/lib/sources/threat/misp-upload";
import { eventId, uuidBytes } from "@/lib/trackers/threat/identity";
import { EVENT_ALONE } from "@/lib/trackers/threat/news";
import { threatStoreOf } from "@/lib/trackers/threat/store";
import { DRIVERS, freshDatabase, type TestDatabase } from "../harness/database";
import { collected, huntedOf, notedChanges, takeChanges } from "../harness/hunted";
import { runSource, testContext } from "../harness/ingest";
import { largeEvent, uuidOf } from "../harness/large-events";

const threat = kindOf("threat") as HunterKind;
const EVENT = "5a3c2fcd-8328-42bb-a95e-4f4402de0b81";
const LONG_AGO = new Date("1990-01-01");
const FAR_AHEAD = new Date("2100-01-01");
const STAMP = 1_793_491_200;

const attribute = (number: number, members: Record<string, unknown> = {}): Record<string, unknown> => ({
	uuid: uuidOf(number),
	type: "domain",
	category: "Network activity",
	value: `host${number}.example-bad.top`,
	to_ids: true,
	timestamp: String(STAMP),
	...members,
});

/** `state` makes it newer. */
function event(members: Record<string, unknown> = {}, state = 0): ThreatItem {
	const [read] = [
		...readEvents({
			Event: {
				uuid: EVENT,
				info: "Campaign",
				date: "2026-11-01",
				timestamp: String(STAMP + state),
				threat_level_id: "1",
				analysis: "2",
				Orgc: { uuid: uuidOf(9), name: "CIRCL" },
				Attribute: [],
				...members,
			},
		}),
	];
	if (read?.ok !== true) throw new Error("the event was set aside");
	return read.item;
}

describe.each(DRIVERS)("what threat hunters read over %s", (driver) => {
	let fresh: TestDatabase;
	beforeAll(async () => {
		fresh = await freshDatabase(driver);
	});
	beforeEach(() => fresh.clear());
	afterAll(() => fresh.drop());

	const db = () => fresh.database;
	const context: StoreContext = { source: mispUpload, at: new Date("2026-11-24T12:00:00Z"), ownDomains: [] };
	const located = (items: ReadonlyArray<ThreatItem | ThreatRoster>) => items.map((item) => ({ item, where: "test" }));
	const store = (...items: Array<ThreatItem | ThreatRoster>) => db().transaction((tx) => threatStoreOf(5000).store(tx, located(items), context));
	const taken = async (): Promise<RecordChange[]> => (await takeChanges(db())).threat ?? [];
	const read = async (): Promise<HuntDocument[]> => huntedOf(threat, db(), await taken());
	const parts = (documents: readonly HuntDocument[]) => documents.map(({ fields }) => fields.attribute ?? null).sort();

	it("are an event alone and with each attribute that is not deleted", async () => {
		await store(
			event({
				info: "Bad at\nevil-host[.]top",
				Tag: [{ name: "tlp:green" }],
				Galaxy: [{ type: "threat-actor", name: "Threat Actor", GalaxyCluster: [{ value: "APT 28" }] }],
				Attribute: [
					attribute(1, { comment: "from 198.51.100.7 or worse-host[.]top", Tag: [{ name: "c2" }] }),
					attribute(2, { deleted: true }),
					attribute(3, { category: "External analysis", value: "www.google.com", to_ids: false }),
				],
			}),
		);
		const changes = await taken();
		expect(changes).toEqual([{ record: eventId(EVENT) }]);
		const documents = await huntedOf(threat, db(), changes);
		expect(documents.map(({ isPart }) => isPart ?? false)).toEqual([false, true, true]);
		const [alone, first, link] = documents;
		expect(alone).toMatchObject({ title: "Bad at evil-host[.]top", path: `/threat/event/${eventId(EVENT).toString("hex")}`, source: mispUpload.number });
		expect(alone?.fields).toEqual({
			info: "Bad at\nevil-host[.]top",
			org: ["CIRCL"],
			tag: ["tlp:green"],
			galaxy: ["Threat Actor", "APT 28"],
			level: "High",
			analysis: "Complete",
			source: expect.arrayContaining([mispUpload.id]),
		});
		expect(alone?.indicators.map(({ value }) => value)).toEqual(["evil-host.top"]);
		expect(first?.fields).toMatchObject({ info: "Bad at\nevil-host[.]top", attribute: "host1.example-bad.top", type: "domain", category: "Network activity", ids: true, tag: ["tlp:green", "c2"] });
		expect(first?.indicators.map(({ value }) => value).sort()).toEqual(["evil-host.top", "host1.example-bad.top", "worse-host.top"]);
		expect([link?.fields.ids, link?.indicators.map(({ value }) => value)]).toEqual([false, ["evil-host.top"]]);
	});

	it("are only what changed: attributes by themselves, all of an event that says something else of itself", async () => {
		const before = [attribute(1), attribute(2), attribute(3)];
		await store(event({ Attribute: before }));
		await taken();
		await store(event({ Attribute: before }));
		expect(await notedChanges(db())).toEqual({});
		// A newer time stamp alone is nobody's news.
		await store(event({ Attribute: before }, 1));
		expect(await notedChanges(db())).toEqual({});
		const after = [attribute(1, { value: "changed.example-bad.top" }), attribute(2), attribute(3, { deleted: true }), attribute(4)];
		await store(event({ Attribute: after }, 2));
		const changes = await taken();
		expect(changes.map(({ record, part }) => [record, part]).sort(([, a], [, b]) => (a as Buffer).compare(b as Buffer))).toEqual([
			[eventId(EVENT), uuidBytes(uuidOf(1))],
			[eventId(EVENT), uuidBytes(uuidOf(4))],
		]);
		expect(parts(await huntedOf(threat, db(), changes))).toEqual(["changed.example-bad.top", "host4.example-bad.top"]);
		for (const [at, members] of [{ info: "Other" }, { info: "Other", threat_level_id: "2" }, { info: "Other", threat_level_id: "2", Tag: [{ name: "x" }] }].entries()) {
			await store(event({ ...members, Attribute: after }, 10 + at));
			expect(parts(await read())).toEqual(["changed.example-bad.top", "host2.example-bad.top", "host4.example-bad.top", null]);
		}
	});

	it("are none of a deleted event, and all of one that comes back", async () => {
		await store(event({ Attribute: [attribute(1)] }));
		const changes = await taken();
		await store({ kind: "roster", uuids: [uuidOf(77)] });
		expect(await notedChanges(db())).toEqual({});
		expect(await huntedOf(threat, db(), changes)).toEqual([]);
		expect(await huntedOf(threat, db(), [{ record: eventId(EVENT), part: uuidBytes(uuidOf(1)) }, { record: eventId(EVENT), part: EVENT_ALONE }, { record: eventId(uuidOf(5)) }])).toEqual([]);
		expect((await collected(threat.window(db(), LONG_AGO, FAR_AHEAD))).documents).toEqual([]);
		await store(event({ Attribute: [attribute(1)] }, 5));
		expect(parts(await read())).toEqual(["host1.example-bad.top", null]);
	});

	it("of a large event are each attribute once, whichever portion brought it, and those that were rolled back never", async () => {
		const items = [largeEvent(uuidOf(1), { attributes: 1300 })];
		const large = threatStoreOf(500);
		for await (const portion of large.portions?.(db(), located(items), context) ?? []) {
			const failing = db().transaction(async (tx) => {
				await portion(tx);
				throw new Error("the power went");
			});
			await expect(failing).rejects.toThrow("the power went");
			break;
		}
		expect(await notedChanges(db())).toEqual({});
		let portions = 0;
		for await (const portion of large.portions?.(db(), located(items), context) ?? []) {
			await db().transaction(portion);
			// Somebody takes over after a crash, and plans anew.
			if (++portions === 3) break;
		}
		for await (const portion of large.portions?.(db(), located(items), context) ?? []) {
			await db().transaction(portion);
			portions++;
		}
		expect(portions).toBeGreaterThan(4);
		await db().transaction((tx) => large.store(tx, located(items), context));
		const changes = await taken();
		expect(changes.filter(({ part }) => part === undefined)).toEqual([]);
		const { documents, batches } = await collected(threat.documents(db(), changes));
		expect(documents.filter(({ isPart }) => isPart !== true)).toHaveLength(1);
		expect(documents).toHaveLength(1301);
		expect(new Set(documents.map(({ fields }) => `${fields.attribute} ${fields.comment}`)).size).toBeGreaterThan(1200);
		expect(Math.max(...batches)).toBeLessThanOrEqual(500);
		// The same by the event as a whole.
		expect(parts(await huntedOf(threat, db(), [{ record: eventId(uuidOf(1)) }]))).toEqual(parts(documents));
		expect(await large.store(db(), located(items), context)).toMatchObject({ unchanged: 1 });
		expect(await notedChanges(db())).toEqual({});
		// A later state: some values differ, its title does as well, so that all of it is read again, once.
		const later = [largeEvent(uuidOf(1), { attributes: 1300, state: 1 })];
		for await (const portion of large.portions?.(db(), located(later), context) ?? []) await db().transaction(portion);
		await db().transaction((tx) => large.store(tx, located(later), context));
		const all = await taken();
		expect(all.filter(({ part }) => part === undefined)).toEqual([{ record: eventId(uuidOf(1)) }]);
		const again = await huntedOf(threat, db(), all);
		expect(again.filter(({ isPart }) => isPart !== true)).toHaveLength(1);
		const { attributes, objects } = later[0] as ThreatItem;
		const standing = [...attributes, ...objects.flatMap((object) => object.attributes)].filter(({ deleted }) => !deleted);
		expect(again).toHaveLength(1 + standing.length);
	});

	it("of real events are the same by change and by window", async () => {
		const folder = join(process.cwd(), "tests/fixtures/feeds/misp-events");
		const files = ["eset_cloudmensis.misp.json.gz", "eset_endor.json.gz", "eset_misp-ramsay.json.gz"];
		for (const file of files) {
			await db().execute("UPDATE source_state SET next_run_at = NULL");
			expect(await runSource(testContext(db(), [mispUpload]), mispUpload, { file: join(folder, file) })).toMatchObject({ new: 1 });
		}
		const documents = await read();
		const [row] = await db().query<{ n: number }>("SELECT COUNT(*) AS n FROM threat_attribute WHERE deleted = 0");
		expect(documents).toHaveLength(3 + Number(row?.n));
		const named = new Set(documents.flatMap(({ indicators }) => indicators.map(({ type, value }) => `${type} ${value}`)));
		const [mentions] = await db().query<{ n: number }>("SELECT COUNT(DISTINCT indicator_id) AS n FROM mention WHERE tracker = 'threat' AND mark IS NULL");
		expect(named.size).toBe(Number(mentions?.n));
		const window = await collected(threat.window(db(), LONG_AGO, FAR_AHEAD));
		expect(parts(window.documents)).toEqual(parts(documents));
		expect((await collected(threat.window(db(), LONG_AGO, FAR_AHEAD, [1]))).documents).toEqual([]);
	});
});
