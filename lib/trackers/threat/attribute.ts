import { z } from "zod";
import { type Database, lit } from "@/lib/platform";
import type { ThreatTag } from "@/lib/sources/threat/event";
import { attributeIndicators } from "@/lib/sources/threat/indicators";
import { defineTracker, type Restriction } from "../define";
import { dateRange, flagParameter, type QueryOf, textParameter, wordsParameter } from "../parameters";
import { raw } from "../record-tracker";
import { derivedNumber, eventId, isUuid, uuidBytes, uuidText, valueKey } from "./identity";
import { tagBadges } from "./page";
import { attributesHolding, ID_PATTERN, idCondition } from "./words";

/** The object an attribute stands in. */
export interface AttributeObject {
	number: number;
	name: string;
	metaCategory: string | null;
	description: string | null;
	modifiedAt: Date;
	comment: string | null;
	/** numbers of its attributes and references */
	attributes: number[];
	references: number[];
}

export interface AttributeRow {
	/** 32 hex: its UUID */
	id: string;
	number: number;
	type: string;
	category: string;
	value: string;
	comment: string | null;
	toIds: boolean;
	relation: string | null;
	modifiedAt: Date;
	firstSeen: Date | null;
	lastSeen: Date | null;
	tags: ThreatTag[];
	deleted: boolean;
	event: { id: string; number: number; info: string; orgc: string | null; day: string };
	object: AttributeObject | null;
}

const { after, before } = dateRange("timestamp", "changed");
const parameters = {
	search: wordsParameter("search", { description: "words, every one of which the value must hold", example: "evil.example" }),
	id: textParameter("id", { description: "number or UUID of the attribute", example: "96642", pattern: ID_PATTERN }),
	after,
	before,
	event: textParameter("event__id", { description: "number or UUID of its event", example: "1204", pattern: ID_PATTERN }),
	value: textParameter("value", { description: "the whole value, without regard to case", example: "evil.example.org" }),
	type: textParameter("type", { description: "type as MISP names it", example: "ip-dst" }),
	category: textParameter("category", { description: "category as MISP names it", example: "Network activity" }),
	toIds: flagParameter("to_ids", { description: "whether it is meant for detection", example: "true" }),
};

type AttributeQuery = QueryOf<typeof parameters>;

const item = z.object({
	id: z.int(),
	type: z.string(),
	category: z.string(),
	timestamp: z.iso.datetime().describe("when it was changed last"),
	comment: z.string(),
	object_relation: z.string().nullable().describe("what it is within its object"),
	value: z.string(),
	Event: z.object({ id: z.int(), info: z.string(), orgc: z.string(), date: z.string() }),
	Object: z
		.object({
			id: z.int(),
			name: z.string(),
			meta_category: z.string(),
			description: z.string(),
			timestamp: z.iso.datetime(),
			comment: z.string(),
			event: z.int(),
			attributes: z.array(z.int()).describe("ids of its attributes"),
			objectreferences: z.array(z.int()).describe("ids of its references"),
		})
		.nullable(),
	tags: z.array(z.string()),
	uuid: z.uuid(),
	to_ids: z.boolean().describe("meant for detection"),
	first_seen: z.iso.datetime().nullable(),
	last_seen: z.iso.datetime().nullable(),
	deleted: z.boolean().describe("gone from its event; such attributes are in no list"),
});

function toObject(record: Record<string, unknown>): AttributeObject | null {
	if (record.object_name === null || record.object_name === undefined) return null;
	return {
		number: Number(record.object_number),
		name: String(record.object_name),
		metaCategory: raw.text(record.object_meta),
		description: raw.text(record.object_description),
		modifiedAt: record.object_modified as Date,
		comment: raw.text(record.object_comment),
		attributes: raw.json<number[]>(record.object_attributes, []).map(Number),
		references: raw.json<string[]>(record.object_references, []).map((hex) => derivedNumber(uuidText(Buffer.from(hex, "hex")))),
	};
}

function toRow(record: Record<string, unknown>): AttributeRow {
	return {
		id: raw.hex(record.id),
		number: Number(record.number),
		type: String(record.type),
		category: String(record.category),
		value: String(record.value),
		comment: raw.text(record.comment),
		toIds: raw.flag(record.to_ids) === true,
		relation: raw.text(record.relation),
		modifiedAt: record.modified_at as Date,
		firstSeen: raw.date(record.first_seen),
		lastSeen: raw.date(record.last_seen),
		tags: raw.json<ThreatTag[]>(record.tags, []),
		deleted: raw.flag(record.deleted) === true,
		event: { id: raw.hex(record.event_id), number: Number(record.event_number), info: String(record.event_info), orgc: raw.text(record.event_orgc), day: String(record.event_day) },
		object: toObject(record),
	};
}

function eventCondition(text: string): string {
	if (/^\d{1,16}$/.test(text)) return `a.event_id IN (SELECT x.id FROM threat_event x WHERE x.number = ${text})`;
	return idCondition(text, { number: "", id: "a.event_id", bytes: eventId });
}

async function restrict(query: AttributeQuery, db: Database): Promise<Restriction> {
	const conditions = ["a.deleted = 0"];
	if (query.id !== undefined) conditions.push(idCondition(query.id, { number: "a.number", id: "a.id", bytes: uuidBytes }));
	if (query.after !== undefined) conditions.push(`a.modified_at >= ${lit(query.after)}`);
	if (query.before !== undefined) conditions.push(`a.modified_at <= ${lit(query.before)}`);
	if (query.event !== undefined) conditions.push(eventCondition(query.event));
	if (query.value !== undefined) conditions.push(`a.value_key = ${lit(valueKey(query.value))}`);
	if (query.type !== undefined) conditions.push(`a.type = ${lit(query.type)}`);
	if (query.category !== undefined) conditions.push(`a.category = ${lit(query.category)}`);
	if (query.toIds !== undefined) conditions.push(`a.to_ids = ${query.toIds ? 1 : 0}`);
	const words = query.search === undefined ? { joins: [], conditions: [] } : await attributesHolding(query.search, db);
	const all = [...conditions, ...words.conditions];
	if (all.length > 1) return { joins: words.joins, conditions: all };
	return {
		joins: [],
		conditions: all,
		count: async (database) => Number((await database.query<{ n: number | null }>("SELECT SUM(attribute_count) AS n FROM threat_event WHERE deleted_at IS NULL"))[0]?.n ?? 0),
	};
}

/** Types or categories that attributes have, by the index that begins with each. */
async function valuesInUse(column: "type" | "category", db: Database): Promise<ReadonlyArray<readonly [string, string]>> {
	const rows = await db.query<{ value: string }>(`SELECT DISTINCT ${column} AS value FROM threat_attribute ORDER BY ${column} LIMIT 300`);
	return rows.map(({ value }) => [value, value] as const);
}

async function idOf(text: string, db: Database): Promise<string | null> {
	if (isUuid(text)) return uuidBytes(text.toLowerCase()).toString("hex");
	if (!/^\d{1,16}$/.test(text)) return null;
	const [row] = await db.query<{ id: Buffer }>(`SELECT id FROM threat_attribute WHERE number = ${text} ORDER BY deleted LIMIT 1`);
	return row === undefined ? null : row.id.toString("hex");
}

const EVENT_COLUMNS = "e.number AS event_number, e.info AS event_info, e.orgc AS event_orgc, e.day AS event_day";
/** Each object's parts by their own index: an optimiser without statistics reads the whole event for every row. */
const OBJECT_COLUMNS = `o.number AS object_number, o.name AS object_name, o.meta_category AS object_meta, o.description AS object_description, o.modified_at AS object_modified, o.comment AS object_comment,
CASE WHEN a.object_id IS NULL THEN NULL ELSE (SELECT CAST(JSON_ARRAYAGG(x.number) AS CHAR) FROM threat_attribute x FORCE INDEX (threat_attribute_object) WHERE x.event_id = a.event_id AND x.object_id = a.object_id AND x.deleted = 0) END AS object_attributes,
CASE WHEN a.object_id IS NULL THEN NULL ELSE (SELECT CAST(JSON_ARRAYAGG(LOWER(HEX(r.id))) AS CHAR) FROM threat_reference r FORCE INDEX (threat_reference_object) WHERE r.event_id = a.event_id AND r.object_id = a.object_id AND r.deleted = 0) END AS object_references`;

/** Attributes of all events. An attribute's page is its event's, at the place where it stands. */
export const threatAttribute = defineTracker({
	name: "threatAttribute",
	resource: "threatAttribute",
	title: "Attributes of threat events",
	isPart: true,
	path: "/threat/attribute",
	// Outer joins, so that no optimiser begins with the few events and sorts all attributes.
	from: "threat_attribute a LEFT JOIN threat_event e ON e.id = a.event_id LEFT JOIN threat_object o ON o.event_id = a.event_id AND o.id = a.object_id",
	matchedIn: "threat_attribute a",
	select: `a.*, ${EVENT_COLUMNS}, ${OBJECT_COLUMNS}`,
	light: `a.event_id, a.id, a.number, a.type, a.category, LEFT(a.value, 1000) AS value, LEFT(a.comment, 400) AS comment, a.to_ids, a.relation, a.modified_at, a.tags, a.deleted, ${EVENT_COLUMNS}`,
	order: { time: "a.modified_at", id: "a.id", timeOf: (row) => row.modifiedAt },
	within: { column: "a.event_id", of: (row) => row.event.id, first: "a.deleted" },
	parameters,
	item,
	restrict,
	toRow,
	idOf,
	toApi: (row) => ({
		id: row.number,
		type: row.type,
		category: row.category,
		timestamp: row.modifiedAt.toISOString(),
		comment: row.comment ?? "",
		object_relation: row.relation,
		value: row.value,
		Event: { id: row.event.number, info: row.event.info, orgc: row.event.orgc ?? "", date: row.event.day },
		Object:
			row.object === null
				? null
				: {
						id: row.object.number,
						name: row.object.name,
						meta_category: row.object.metaCategory ?? "",
						description: row.object.description ?? "",
						timestamp: row.object.modifiedAt.toISOString(),
						comment: row.object.comment ?? "",
						event: row.event.number,
						attributes: row.object.attributes,
						objectreferences: row.object.references,
					},
		tags: row.tags.map(({ name }) => name),
		uuid: uuidText(Buffer.from(row.id, "hex")),
		to_ids: row.toIds,
		first_seen: row.firstSeen?.toISOString() ?? null,
		last_seen: row.lastSeen?.toISOString() ?? null,
		deleted: row.deleted,
	}),
	csv: [
		{ header: "value", value: (row) => row.value },
		{ header: "type", value: (row) => row.type },
		{ header: "category", value: (row) => row.category },
		{ header: "to_ids", value: (row) => row.toIds },
		{ header: "comment", value: (row) => row.comment },
		{ header: "changed", value: (row) => row.modifiedAt.toISOString() },
		{ header: "event", value: (row) => row.event.number },
		{ header: "event_info", value: (row) => row.event.info },
		{ header: "orgc", value: (row) => row.event.orgc },
		{ header: "tags", value: (row) => row.tags.map(({ name }) => name).join("; ") },
		{ header: "id", value: (row) => row.number },
	],
	page: {
		columns: [
			{
				header: "Value",
				cell: (row) => {
					const indicators = attributeIndicators(row.type, row.value).map(({ indicator }) => indicator);
					return indicators.length === 0
						? { kind: "text", text: row.value.length > 200 ? `${row.value.slice(0, 200)} …` : row.value, mono: true, title: row.value }
						: { kind: "indicators", indicators };
				},
			},
			{ header: "Type", cell: (row) => ({ kind: "badges", badges: [{ text: row.type, href: `/threat/attribute?type=${encodeURIComponent(row.type)}` }] }), hide: "phone" },
			{ header: "Category", cell: (row) => ({ kind: "text", text: row.category }), hide: "narrow" },
			{ header: "Event", cell: (row) => ({ kind: "link", href: `/threat/event/${row.event.id}`, text: row.event.info, aside: true }) },
			{ header: "Tags", cell: (row) => ({ kind: "badges", badges: tagBadges(row.tags) }), hide: "narrow" },
			{ header: "Changed", cell: (row) => ({ kind: "time", at: row.modifiedAt, as: "date" }), align: "right", hide: "phone" },
		],
		filters: [
			{ kind: "words", name: "search", label: "Words in values", placeholder: "words in values" },
			{ kind: "text", name: "value", label: "The whole value", placeholder: "whole value" },
			{
				kind: "choice",
				name: "type",
				label: "Type",
				options: (db) => valuesInUse("type", db),
			},
			{ kind: "choice", name: "category", label: "Category", options: (db) => valuesInUse("category", db) },
			{ kind: "text", name: "event__id", label: "Number or UUID of the event", placeholder: "event: number or UUID", width: "w-[12.5rem]" },
			{ kind: "since", name: "timestamp_after", label: "Changed" },
			{ kind: "flag", name: "to_ids", label: "For detection" },
		],
		view: (row) => ({ title: row.value.slice(0, 200), said: [{ kind: "text", text: row.type }], badges: [], links: [], sections: [] }),
		siblings: [
			{ href: "/threat/event", label: "Events" },
			{ href: "/threat/org", label: "Organisations" },
			{ href: "/threat/tag", label: "Tags" },
		],
	},
});
