import { z } from "zod";
import { parseWords, type Word, wordCondition } from "@/lib/indicators/words";
import { type Database, lit } from "@/lib/platform";
import { sourcesOf } from "@/lib/sources";
import type { ThreatTag } from "@/lib/sources/threat/event";
import { defineTracker, type Restriction } from "../define";
import { listParameter, type QueryOf, textParameter, wordsParameter } from "../parameters";
import { type RecordSourceName, raw, recordParameters, recordSource, restrictRecords } from "../record-tracker";
import { eventId, isUuid, NO_DIGEST } from "./identity";
import { eventPage } from "./page";
import { ANALYSES, analysisName, DENSE_EVENTS, eventsHolding, eventsWithWords, ID_PATTERN, idCondition, LEVELS, levelName } from "./words";

/** An event that MISP itself relates to another one. */
export interface RelatedEvent {
	uuid: string;
	number: number;
	info: string;
	date?: string;
	orgc?: string;
}

export interface EventGalaxy {
	type: string;
	name: string;
	clusters: Array<{ value: string; tag?: string; description?: string }>;
}

export interface EventRow {
	/** 32 hex */
	id: string;
	/** the API's `id` */
	number: number;
	uuid: string;
	source: RecordSourceName;
	info: string;
	day: string;
	level: number;
	analysis: number;
	published: boolean;
	publishedAt: Date;
	modifiedAt: Date;
	org: string | null;
	orgc: string | null;
	tags: ThreatTag[];
	galaxies: EventGalaxy[];
	related: RelatedEvent[];
	attributeCount: number;
	objectCount: number;
	deletedAt: Date | null;
	/** false while a part of it is still to be written */
	whole: boolean;
}

const base = recordParameters("threat", { field: "publish_timestamp", dated: "published", words: "words, every one of which the event's info must hold" });
const parameters = {
	...base,
	id: textParameter("id", { description: "number or UUID of the event", example: "1204", pattern: ID_PATTERN }),
	level: listParameter("threat_level_id", ["1", "2", "3", "4"], { description: "1 high, 2 medium, 3 low, 4 undefined", example: "1" }),
	attr: textParameter("attr", { description: "text that the value of one of its attributes holds", example: "evil.example" }),
	keyword: wordsParameter("keyword", {
		description: "words, every one of which info, organisation, tags, galaxies or the value of an attribute must hold",
		example: "apt28",
	}),
	tag: textParameter("tag", { description: "name of a tag of the event", example: "tlp:white" }),
	org: textParameter("org", { description: "name of the organisation that made the event", example: "CIRCL" }),
};

type EventQuery = QueryOf<typeof parameters>;

const item = z.object({
	id: z.int().describe("the server's number where one gave it, else derived from the UUID"),
	info: z.string(),
	org: z.string().describe("name of the owning organisation, empty where there is none"),
	orgc: z.string().describe("name of the organisation that made it"),
	threat_level: z.enum(LEVELS),
	tags: z.array(z.string()),
	date: z.string().describe("UTC day"),
	analysis: z.enum(ANALYSES),
	published: z.boolean(),
	publish_timestamp: z.iso.datetime().describe("when it was published, else when it was changed last"),
	timestamp: z.iso.datetime().describe("when it was changed last"),
	attribute_count: z.int(),
	relatedevents: z.array(z.int()).describe("ids of events that MISP relates to it"),
	uuid: z.uuid(),
	galaxies: z.array(z.string()).describe("clusters of galaxies it names"),
	source: z.string().describe("name of the source"),
	deleted: z.boolean().describe("gone at its source; such events are in no list"),
	whole: z.boolean().describe("false while parts of a large event are still to be stored: its attributes are some of all, and the source's next run goes on (a file has to be imported again)"),
});

function toRow(record: Record<string, unknown>): EventRow {
	return {
		id: raw.hex(record.id),
		number: Number(record.number),
		uuid: String(record.uuid),
		source: recordSource(record.source),
		info: String(record.info),
		day: String(record.day),
		level: Number(record.level),
		analysis: Number(record.analysis),
		published: raw.flag(record.published) === true,
		publishedAt: record.published_at as Date,
		modifiedAt: record.modified_at as Date,
		org: raw.text(record.org),
		orgc: raw.text(record.orgc),
		tags: raw.json<ThreatTag[]>(record.tags, []),
		galaxies: raw.json<EventGalaxy[]>(record.galaxies, []),
		related: raw.json<RelatedEvent[]>(record.related, []),
		attributeCount: Number(record.attribute_count),
		objectCount: Number(record.object_count),
		deletedAt: raw.date(record.deleted_at),
		whole: record.deleted_at instanceof Date || !(record.digest as Buffer).equals(NO_DIGEST),
	};
}

async function conditions(query: EventQuery, db: Database): Promise<string[]> {
	const found: string[] = ["e.deleted_at IS NULL"];
	if (query.id !== undefined) found.push(idCondition(query.id, { number: "e.number", id: "e.id", bytes: eventId }));
	if (query.level !== undefined && query.level.length > 0) found.push(`e.level IN (${query.level.join(",")})`);
	if (query.attr !== undefined) found.push(...(await eventsHolding(query.attr, db)));
	if (query.tag !== undefined) found.push(`e.id IN (SELECT et.event_id FROM threat_event_tag et JOIN threat_tag tag ON tag.id = et.tag_id WHERE tag.name = ${lit(query.tag)})`);
	if (query.org !== undefined) found.push(`e.orgc_id IN (SELECT o.id FROM threat_org o WHERE o.name = ${lit(query.org)})`);
	return found;
}

/** `search` looks at the info alone, as the original does; `keyword` at everything that is searched of an event and at all its values. */
async function restrict(query: EventQuery, db: Database): Promise<Restriction> {
	const { search, ...others } = query;
	const restriction = await restrictRecords({ tracker: "threat", alias: "e", time: "e.published_at" }, others, await conditions(query, db), db);
	const [inInfo, anywhere] = [parseWords(search ?? ""), parseWords(query.keyword ?? "")];
	if (inInfo.length === 0 && anywhere.length === 0) return restriction;
	const found = await eventsWithWords(anywhere, db);
	const result = { joins: anywhere.length > 0 && found.dense ? [newestEvents(), ...found.joins] : found.joins, conditions: [...restriction.conditions, ...found.conditions] };
	if (inInfo.length === 0) return result;
	const { match, conditions: info } = await wordCondition(db, inInfo, true, "records");
	return { joins: ["JOIN record_text t ON t.record_id = e.id", ...result.joins], conditions: [...result.conditions, ...(match === null ? [] : [match]), ...info] };
}

/** Joins the events that are looked at one by one. */
function newestEvents(): string {
	return `JOIN (SELECT n.id FROM threat_event n WHERE n.deleted_at IS NULL ORDER BY n.published_at DESC LIMIT ${DENSE_EVENTS}) newest ON newest.id = e.id`;
}

/** Cross search finds an event by any of its values, too: they are in an index of their own. */
async function holding(words: readonly Word[], db: Database): Promise<Restriction> {
	const { joins, conditions: found, dense } = await eventsWithWords(words, db);
	return { joins: dense ? [newestEvents(), ...joins] : joins, conditions: ["e.deleted_at IS NULL", ...found] };
}

async function idOf(text: string, db: Database): Promise<string | null> {
	if (isUuid(text)) return eventId(text.toLowerCase()).toString("hex");
	if (!/^\d{1,16}$/.test(text)) return null;
	const [row] = await db.query<{ id: Buffer }>(`SELECT id FROM threat_event WHERE number = ${text} LIMIT 1`);
	return row === undefined ? null : row.id.toString("hex");
}

/** MISP events, whichever way they came. */
export const threatEvent = defineTracker({
	name: "threat",
	resource: "threatEvent",
	title: "Threat events",
	path: "/threat/event",
	counted: { table: "threat_event", at: "published_at", where: "deleted_at IS NULL" },
	from: "threat_event e",
	select: "e.*",
	light:
		"e.id, e.number, e.uuid, e.source, e.info, e.day, e.level, e.analysis, e.published, e.published_at, e.modified_at, e.org, e.orgc, e.tags, e.attribute_count, e.object_count, e.deleted_at, e.digest",
	order: { time: "e.published_at", id: "e.id", timeOf: (row) => row.publishedAt },
	parameters,
	item,
	restrict,
	holding,
	toRow,
	idOf,
	toApi: (row) => ({
		id: row.number,
		info: row.info,
		org: row.org ?? "",
		orgc: row.orgc ?? "",
		threat_level: levelName(row.level),
		tags: row.tags.map(({ name }) => name),
		date: row.day,
		analysis: analysisName(row.analysis),
		published: row.published,
		publish_timestamp: row.publishedAt.toISOString(),
		timestamp: row.modifiedAt.toISOString(),
		attribute_count: row.attributeCount,
		relatedevents: row.related.map(({ number }) => number),
		uuid: row.uuid,
		galaxies: row.galaxies.flatMap(({ clusters }) => clusters.map(({ value }) => value)),
		source: row.source.name,
		deleted: row.deletedAt !== null,
		whole: row.whole,
	}),
	csv: [
		{ header: "id", value: (row) => row.number },
		{ header: "uuid", value: (row) => row.uuid },
		{ header: "info", value: (row) => row.info },
		{ header: "date", value: (row) => row.day },
		{ header: "threat_level", value: (row) => levelName(row.level) },
		{ header: "analysis", value: (row) => analysisName(row.analysis) },
		{ header: "org", value: (row) => row.org },
		{ header: "orgc", value: (row) => row.orgc },
		{ header: "tags", value: (row) => row.tags.map(({ name }) => name).join("; ") },
		{ header: "attributes", value: (row) => row.attributeCount },
		{ header: "published", value: (row) => row.publishedAt.toISOString() },
		{ header: "changed", value: (row) => row.modifiedAt.toISOString() },
		{ header: "source", value: (row) => row.source.name },
	],
	page: eventPage(async () => sourcesOf("threat").map(({ number, name }) => [String(number), name] as const)),
});
