import type { Indicator } from "@/lib/domain/indicator";
import { ExistError, shown } from "@/lib/errors";
import { type Database, database, lit } from "@/lib/platform";
import type { ThreatTag } from "@/lib/sources/threat/event";
import { attributeIndicators } from "@/lib/sources/threat/indicators";
import { raw } from "../record-tracker";
import type { CellBadge } from "../view";
import { uuidText } from "./identity";
import { shortBadge } from "./page";

/** What stands in one event, read by pages: an event of 20,000 attributes opens as quickly as one of twenty. */

/** An attribute as an event's page shows it. */
export interface EventAttribute {
	/** 32 hex: its UUID */
	id: string;
	objectId: string | null;
	type: string;
	category: string;
	/** at most `SHOWN_VALUE` characters; `cut` says that there is more */
	value: string;
	cut: boolean;
	/** what it names */
	indicators: Indicator[];
	/** what of the value is shown as text: all of it, a file's name beside its hash, or nothing where indicators say it all */
	text: string | null;
	comment: string | null;
	toIds: boolean;
	relation: string | null;
	modifiedAt: Date;
	tags: CellBadge[];
	deleted: boolean;
}

export interface AttributeGroup {
	category: string;
	type: string;
	count: number;
}

/** Which attributes of an event are shown. */
export interface ContentsQuery {
	category?: string | undefined;
	type?: string | undefined;
	/** text that value or comment hold */
	holds?: string | undefined;
	/** those that are gone, instead of those that are there */
	deleted?: boolean | undefined;
	cursor?: string | undefined;
}

const SHOWN_VALUE = 2000;
/** What a browser draws at once; more makes a page of a megabyte. */
const ATTRIBUTES_PAGE = 100;
const OBJECTS_PAGE = 12;

const COLUMNS = `id, object_id, type, category, LEFT(value, ${SHOWN_VALUE + 1}) AS value, LEFT(comment, 1000) AS comment, to_ids, relation, modified_at, tags, deleted`;

function shownText(type: string, value: string, indicators: readonly Indicator[]): string | null {
	if (indicators.length === 0) return value;
	const hasName = type === "malware-sample" || type.startsWith("filename|");
	return hasName ? value.slice(0, Math.max(0, value.lastIndexOf("|"))) : null;
}

function toAttribute(record: Record<string, unknown>): EventAttribute {
	const value = String(record.value);
	const indicators = attributeIndicators(String(record.type), value).map(({ indicator }) => indicator);
	return {
		indicators,
		text: shownText(String(record.type), value.slice(0, SHOWN_VALUE), indicators),
		id: raw.hex(record.id),
		objectId: record.object_id === null ? null : raw.hex(record.object_id),
		type: String(record.type),
		category: String(record.category),
		value: value.slice(0, SHOWN_VALUE),
		cut: value.length > SHOWN_VALUE,
		comment: raw.text(record.comment),
		toIds: raw.flag(record.to_ids) === true,
		relation: raw.text(record.relation),
		modifiedAt: record.modified_at as Date,
		tags: raw.json<ThreatTag[]>(record.tags, []).map(shortBadge),
		deleted: raw.flag(record.deleted) === true,
	};
}

function bytesOf(hex: string): string {
	return lit(Buffer.from(hex, "hex"));
}

/** How many attributes of each category and type an event has: from its index alone. */
export async function attributeGroups(event: string, deleted: boolean, db: Database = database()): Promise<AttributeGroup[]> {
	const rows = await db.query<{ category: string; type: string; n: number }>(
		`SELECT category, type, COUNT(*) AS n FROM threat_attribute WHERE event_id = ${bytesOf(event)} AND deleted = ${deleted ? 1 : 0} GROUP BY category, type ORDER BY category, type`,
	);
	return rows.map(({ category, type, n }) => ({ category, type, count: Number(n) }));
}

interface Place {
	category: string;
	type: string;
	id: string;
}

function decodePlace(cursor: string): Place {
	try {
		const [category, type, id] = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")) as unknown[];
		if (typeof category === "string" && typeof type === "string" && typeof id === "string" && /^[0-9a-f]{32}$/.test(id)) return { category, type, id };
	} catch {
		// said below
	}
	throw new ExistError("invalid", `The place "${shown(cursor, 40)}" is not one of ours. Open the event anew.`, { field: "after" });
}

function encodePlace({ category, type, id }: Place): string {
	return Buffer.from(JSON.stringify([category, type, id])).toString("base64url");
}

function like(text: string): string {
	return `LIKE ${lit(`%${text.toLowerCase().replace(/[!%_]/g, "!$&")}%`)} ESCAPE '!'`;
}

/** One page of an event's attributes by category and type, and where the next one begins. Throws `invalid` for a foreign cursor. */
export async function attributePage(event: string, query: ContentsQuery, db: Database = database()): Promise<{ rows: EventAttribute[]; next: string | null }> {
	const conditions = [`event_id = ${bytesOf(event)}`, `deleted = ${query.deleted === true ? 1 : 0}`];
	if (query.category !== undefined) conditions.push(`category = ${lit(query.category)}`);
	if (query.type !== undefined) conditions.push(`type = ${lit(query.type)}`);
	if (query.holds !== undefined && query.holds.trim() !== "") conditions.push(`(LOWER(value) ${like(query.holds.trim())} OR LOWER(comment) ${like(query.holds.trim())})`);
	if (query.cursor !== undefined) {
		const { category, type, id } = decodePlace(query.cursor);
		conditions.push(`(category > ${lit(category)} OR (category = ${lit(category)} AND (type > ${lit(type)} OR (type = ${lit(type)} AND id > ${bytesOf(id)}))))`);
	}
	const found = await db.query(`SELECT ${COLUMNS} FROM threat_attribute WHERE ${conditions.join(" AND ")} ORDER BY category, type, id LIMIT ${ATTRIBUTES_PAGE + 1}`);
	const rows = found.slice(0, ATTRIBUTES_PAGE).map(toAttribute);
	const last = rows.at(-1);
	return { rows, next: found.length > ATTRIBUTES_PAGE && last !== undefined ? encodePlace(last) : null };
}

/** What an object says of something: another object, an attribute, or something that is not there. */
export interface ObjectReference {
	relationship: string;
	comment: string | null;
	target: { id: string; uuid: string; kind: "object" | "attribute" | "missing"; name: string };
}

export interface EventObject {
	/** 32 hex: its UUID */
	id: string;
	name: string;
	metaCategory: string | null;
	description: string | null;
	comment: string | null;
	modifiedAt: Date;
	attributes: EventAttribute[];
	references: ObjectReference[];
	/** the same from the other side: which objects refer to this one */
	referredBy: Array<{ id: string; name: string; relationship: string }>;
}

interface ReferenceRow {
	object_id: Buffer;
	to_id: Buffer;
	relationship: string;
	comment: string | null;
}

/** Names of what references lead to, by id. */
async function targetsOf(event: string, ids: readonly Buffer[], db: Database): Promise<ReadonlyMap<string, { kind: "object" | "attribute"; name: string }>> {
	const found = new Map<string, { kind: "object" | "attribute"; name: string }>();
	if (ids.length === 0) return found;
	const list = ids.map((id) => lit(id)).join(",");
	const [objects, attributes] = await Promise.all([
		db.query<{ id: Buffer; name: string }>(`SELECT id, name FROM threat_object WHERE event_id = ${bytesOf(event)} AND id IN (${list})`),
		db.query<{ id: Buffer; type: string; value: string }>(`SELECT id, type, LEFT(value, 120) AS value FROM threat_attribute WHERE event_id = ${bytesOf(event)} AND id IN (${list})`),
	]);
	for (const { id, type, value } of attributes) found.set(raw.hex(id), { kind: "attribute", name: `${type} ${value}` });
	for (const { id, name } of objects) found.set(raw.hex(id), { kind: "object", name });
	return found;
}

/**
 * One page of an event's objects with their attributes and references in both directions. References are never followed, so
 * cycles cost nothing.
 */
export async function objectPage(event: string, after: string | undefined, db: Database = database()): Promise<{ objects: EventObject[]; next: string | null }> {
	if (after !== undefined && !/^[0-9a-f]{32}$/.test(after)) throw new ExistError("invalid", `The place "${shown(after, 40)}" is not one of ours. Open the event anew.`, { field: "objects" });
	const place = after === undefined ? "" : `AND id > ${bytesOf(after)}`;
	const found = await db.query(
		`SELECT id, name, meta_category, description, comment, modified_at FROM threat_object WHERE event_id = ${bytesOf(event)} AND deleted = 0 ${place} ORDER BY id LIMIT ${OBJECTS_PAGE + 1}`,
	);
	const page = found.slice(0, OBJECTS_PAGE);
	if (page.length === 0) return { objects: [], next: null };
	const list = page.map(({ id }) => lit(id as Buffer)).join(",");
	const [attributes, references] = await Promise.all([
		db.query(`SELECT ${COLUMNS} FROM threat_attribute WHERE event_id = ${bytesOf(event)} AND object_id IN (${list}) AND deleted = 0 ORDER BY relation, id LIMIT 4000`),
		db.query<ReferenceRow>(
			`SELECT object_id, to_id, relationship, comment FROM threat_reference WHERE event_id = ${bytesOf(event)} AND deleted = 0 AND (object_id IN (${list}) OR to_id IN (${list})) LIMIT 4000`,
		),
	]);
	const targets = await targetsOf(event, [...references.map(({ to_id }) => to_id), ...references.map(({ object_id }) => object_id)], db);
	const own = attributes.map(toAttribute);
	const objects = page.map((record): EventObject => {
		const id = raw.hex(record.id);
		return {
			id,
			name: String(record.name),
			metaCategory: raw.text(record.meta_category),
			description: raw.text(record.description),
			comment: raw.text(record.comment),
			modifiedAt: record.modified_at as Date,
			attributes: own.filter(({ objectId }) => objectId === id),
			references: references
				.filter(({ object_id }) => raw.hex(object_id) === id)
				.map(({ to_id, relationship, comment }) => {
					const target = targets.get(raw.hex(to_id));
					return { relationship, comment, target: { id: raw.hex(to_id), uuid: uuidText(to_id), kind: target?.kind ?? "missing", name: target?.name ?? uuidText(to_id) } };
				}),
			referredBy: references
				.filter(({ to_id, object_id }) => raw.hex(to_id) === id && raw.hex(object_id) !== id)
				.map(({ object_id, relationship }) => ({ id: raw.hex(object_id), name: targets.get(raw.hex(object_id))?.name ?? "object", relationship })),
		};
	});
	const last = objects.at(-1);
	return { objects, next: found.length > OBJECTS_PAGE && last !== undefined ? last.id : null };
}
