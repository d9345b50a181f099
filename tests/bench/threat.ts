import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { advanceRun, startRun } from "@/lib/ingest";
import type { Database } from "@/lib/platform";
import { mispUpload } from "@/lib/sources/threat/misp-upload";
import { attributeGroups, attributePage, correlatedEvents, get, list, mispRelated, objectPage, stream, threatAttribute, threatEvent } from "@/lib/trackers";
import { testContext } from "../harness/ingest";
import { percentile, round, seeded } from "./random";
import { benchServer } from "./server";

/** One event is as large as real ones get; the others share what is left. */
const LARGE = 20_000;
const SMALL = 500;
const OBJECTS = 400;
const ROUNDS = 80;
const WARM_UP = 10;

type Random = () => number;

function hex(random: Random, digits: number): string {
	let text = "";
	while (text.length < digits)
		text += Math.floor(random() * 2 ** 32)
			.toString(16)
			.padStart(8, "0");
	return text.slice(0, digits);
}

function uuid(random: Random): string {
	const text = hex(random, 32);
	return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-a${text.slice(17, 20)}-${text.slice(20)}`;
}

/** The mix of an ordinary event: addresses with ports, URLs, domains, hashes with file names, some text. One value in thirty is shared with other events. */
function attribute(random: Random): Record<string, unknown> {
	const shared = random() < 1 / 30;
	const name = shared ? `shared${Math.floor(random() * 200)}` : hex(random, 12);
	const kinds: ReadonlyArray<readonly [string, string, () => string]> = [
		["ip-dst|port", "Network activity", () => `${5 + Math.floor(random() * 180)}.${Math.floor(random() * 250)}.${Math.floor(random() * 250)}.${1 + Math.floor(random() * 250)}|443`],
		["domain", "Network activity", () => `${name}.example.org`],
		["url", "Network activity", () => `http://${name}.example.org/${hex(random, 8)}/gate.php?id=${hex(random, 6)}`],
		["sha256", "Payload delivery", () => hex(random, 64)],
		["filename|sha256", "Payload installation", () => `${name}.exe|${hex(random, 64)}`],
		["md5", "Payload delivery", () => hex(random, 32)],
		["mutex", "Artifacts dropped", () => `Global\\${name}`],
		["text", "External analysis", () => `Sample ${name} was seen by an analyst`],
	];
	const [type, category, value] = kinds[Math.floor(random() * kinds.length)] as (typeof kinds)[number];
	return {
		uuid: uuid(random),
		type,
		category,
		value: value(),
		to_ids: random() < 0.8,
		timestamp: String(1_790_000_000 + Math.floor(random() * 1e6)),
		comment: random() < 0.3 ? `confidence ${Math.floor(random() * 100)}` : "",
	};
}

function event(random: Random, attributes: number, objects: number): Record<string, unknown> {
	const inObjects = objects * 4;
	return {
		uuid: uuid(random),
		info: `Bench event ${hex(random, 8)}`,
		date: "2026-11-01",
		timestamp: "1793491200",
		threat_level_id: "2",
		analysis: "2",
		Orgc: { uuid: "55f6ea5e-2c60-40e5-964f-47a8950d210f", name: "CIRCL" },
		Tag: [{ name: "tlp:white", colour: "#ffffff" }],
		Attribute: Array.from({ length: attributes - inObjects }, () => attribute(random)),
		Object: Array.from({ length: objects }, () => ({
			uuid: uuid(random),
			name: "file",
			"meta-category": "file",
			timestamp: "1793491200",
			Attribute: Array.from({ length: 4 }, () => ({ ...attribute(random), object_relation: "part" })),
		})),
	};
}

async function importDocument(database: Database, document: unknown, folder: string): Promise<number> {
	const file = join(folder, "events.json");
	await writeFile(file, JSON.stringify(document));
	const context = testContext(database, [mispUpload]);
	const begun = performance.now();
	const started = await startRun(mispUpload.number, { trigger: "cli", withFile: true }, context);
	if (!started.started) throw new Error(started.message);
	while (!(await advanceRun(started.run, { milliseconds: 40_000, file }, context)).done);
	return (performance.now() - begun) / 1000;
}

/** Everything an event's page reads before it is sent: the event, groups, a page of attributes, a page of objects, relations. */
async function open(database: Database, id: string): Promise<void> {
	const row = await get(threatEvent, id, database);
	if (row === null) throw new Error(`the event ${id} is gone`);
	await Promise.all([
		attributeGroups(row.id, false, database),
		attributeGroups(row.id, true, database),
		attributePage(row.id, {}, database),
		objectPage(row.id, undefined, database),
		mispRelated(row.related, database),
	]);
}

async function timed(work: (turn: number) => Promise<unknown>): Promise<number> {
	const times: number[] = [];
	for (let turn = 0; turn < WARM_UP + ROUNDS; turn++) {
		const begun = performance.now();
		await work(turn);
		if (turn >= WARM_UP) times.push(performance.now() - begun);
	}
	return round(percentile(times, 0.95));
}

/** Events with `rows` attributes in all, one of them with 20,000: how quickly they are stored, stored again, and opened. */
export async function threatBench(rows: number, say: (text: string) => void): Promise<Record<string, unknown>> {
	const folder = await mkdtemp(join(tmpdir(), "exist-bench-threat-"));
	const server = await benchServer();
	try {
		const database = await server.database("bench_threat");
		const random = seeded(5);
		const large = event(random, Math.min(LARGE, rows), OBJECTS);
		const small = Array.from({ length: Math.max(0, Math.round((rows - LARGE) / SMALL)) }, () => event(random, SMALL, 10));
		const document = { response: [large, ...small].map((one) => ({ Event: one })) };
		const seconds = await importDocument(database, document, folder);
		say(`${rows.toLocaleString("en")} attributes of ${small.length + 1} events stored in ${seconds.toFixed(1)} s.`);
		// The same events with one attribute more in the large one: what a daily update looks like.
		(large.Attribute as unknown[]).push(attribute(random));
		large.timestamp = "1793491300";
		const again = await importDocument(database, document, folder);
		await database.execute("ANALYZE TABLE threat_event, threat_attribute, threat_object, mention, indicator");
		const id = String(large.uuid);
		const key = String((await get(threatEvent, id, database))?.id);
		const exporting = performance.now();
		let exported = 0;
		for await (const _ of stream(threatAttribute, { limit: 1 }, null, database)) exported++;
		const result = {
			bench: "threat",
			attributes: rows,
			events: small.length + 1,
			seconds: round(seconds),
			attributesPerSecond: Math.round(rows / seconds),
			updateSeconds: round(again),
			exportedPerSecond: Math.round((exported / (performance.now() - exporting)) * 1000),
			openEventP95Ms: await timed(() => open(database, id)),
			filterEventP95Ms: await timed(() => attributePage(key, { holds: "gate.php" }, database)),
			correlateP95Ms: await timed(() => correlatedEvents(key, database)),
			listAttributesP95Ms: await timed(() => list(threatAttribute, { limit: 50 }, database)),
			searchAttributesP95Ms: await timed((turn) => list(threatAttribute, threatAttribute.parse(new URLSearchParams(`search=shared${turn}`)), database)),
			keywordEventsP95Ms: await timed((turn) => list(threatEvent, threatEvent.parse(new URLSearchParams(`keyword=shared${turn}`)), database)),
			valueP95Ms: await timed((turn) => list(threatAttribute, threatAttribute.parse(new URLSearchParams(`value=shared${turn}.example.org`)), database)),
		};
		say(JSON.stringify(result));
		return result;
	} finally {
		await server.stop();
		await rm(folder, { recursive: true, force: true });
	}
}
