import { bigint, boolean, date, datetime, index, int, mysqlTable, primaryKey, tinyint } from "drizzle-orm/mysql-core";
import { asciiText, binary8, binary16, exactText, jsonText, longText, tokenText } from "./columns";

const time = (name: string) => datetime(name, { mode: "date", fsp: 3 });

/** A tag as lists show it; a colour is `#rrggbb`. */
export interface StoredTag {
	name: string;
	colour?: string;
}

/**
 * MISP events. `id` is a hash of the event's UUID, so the same event from a feed, a server and a file is one row. Everything of an
 * event carries the event's id first and lies beside it, and shards by it.
 */
export const threatEvent = mysqlTable(
	"threat_event",
	{
		id: binary16("id").primaryKey(),
		/** the API's `id`: the server's where one gave it, else derived from the UUID (53 bits). Never changed afterwards */
		number: bigint("number", { mode: "number" }).notNull(),
		uuid: asciiText("uuid", { length: 36 }).notNull(),
		/** of the source it came from first; that source's word counts */
		source: int("source").notNull(),
		info: longText("info").notNull(),
		day: date("day", { mode: "string" }).notNull(),
		/** 1 high, 2 medium, 3 low, 4 undefined */
		level: tinyint("level").notNull(),
		/** 0 initial, 1 ongoing, 2 complete */
		analysis: tinyint("analysis").notNull(),
		published: boolean("published").notNull(),
		/** when it was published, else when it was changed: lists and charts go by it */
		publishedAt: time("published_at").notNull(),
		modifiedAt: time("modified_at").notNull(),
		orgId: binary16("org_id"),
		orgcId: binary16("orgc_id"),
		org: exactText("org", { length: 255 }),
		orgc: exactText("orgc", { length: 255 }),
		tags: jsonText<StoredTag[]>()("tags").notNull(),
		galaxies: jsonText<Array<{ type: string; name: string; clusters: Array<{ value: string; tag?: string; description?: string }> }>>()("galaxies").notNull(),
		/** events MISP itself relates to it */
		related: jsonText<Array<{ uuid: string; number: number; info: string; date?: string; orgc?: string }>>()("related").notNull(),
		/** that are not deleted */
		attributeCount: int("attribute_count").notNull(),
		objectCount: int("object_count").notNull(),
		/** gone at its source: kept, shown as such, names nothing any more */
		deletedAt: time("deleted_at"),
		/** of the event and its parts; zeros while it is not whole: it is written in portions, or that was interrupted */
		digest: binary8("digest").notNull(),
		createdAt: time("created_at").notNull(),
		updatedAt: time("updated_at").notNull(),
	},
	(t) => [
		index("threat_event_number").on(t.number),
		index("threat_event_published").on(t.publishedAt, t.id),
		index("threat_event_modified").on(t.modifiedAt, t.id),
		index("threat_event_level").on(t.level, t.publishedAt, t.id),
		index("threat_event_orgc").on(t.orgcId, t.publishedAt, t.id),
		index("threat_event_source").on(t.source, t.publishedAt, t.id),
		/** how many attributes there are in all */
		index("threat_event_attributes").on(t.deletedAt, t.attributeCount),
	],
);

/** Attributes, those of objects included. The rows of one event lie together, so that one of 20,000 opens by one range. */
export const threatAttribute = mysqlTable(
	"threat_attribute",
	{
		eventId: binary16("event_id").notNull(),
		/** the attribute's UUID, 16 bytes */
		id: binary16("id").notNull(),
		number: bigint("number", { mode: "number" }).notNull(),
		objectId: binary16("object_id"),
		type: exactText("type", { length: 100 }).notNull(),
		category: exactText("category", { length: 255 }).notNull(),
		value: longText("value").notNull(),
		/** hash of the value in lower case: exact look-up whatever its length */
		valueKey: binary8("value_key").notNull(),
		comment: longText("comment"),
		toIds: boolean("to_ids").notNull(),
		relation: exactText("relation", { length: 255 }),
		modifiedAt: time("modified_at").notNull(),
		firstSeen: time("first_seen"),
		lastSeen: time("last_seen"),
		tags: jsonText<StoredTag[]>()("tags"),
		deleted: boolean("deleted").notNull(),
		digest: binary8("digest").notNull(),
	},
	(t) => [
		primaryKey({ columns: [t.eventId, t.id] }),
		index("threat_attribute_id").on(t.id),
		index("threat_attribute_number").on(t.number),
		index("threat_attribute_group").on(t.eventId, t.deleted, t.category, t.type, t.id),
		index("threat_attribute_modified").on(t.deleted, t.modifiedAt, t.id),
		index("threat_attribute_type").on(t.type, t.deleted, t.modifiedAt, t.id),
		index("threat_attribute_category").on(t.category, t.deleted, t.modifiedAt, t.id),
		index("threat_attribute_object").on(t.eventId, t.objectId),
		index("threat_attribute_value").on(t.valueKey),
	],
);

/**
 * What word search reads of attributes: their values in lower case, and trigrams as hex words. Apart from the records' own text,
 * which a few large events would drown. The FULLTEXT index is in the migration.
 */
export const threatAttributeText = mysqlTable(
	"threat_attribute_text",
	{
		eventId: binary16("event_id").notNull(),
		id: binary16("id").notNull(),
		text: longText("text").notNull(),
		grams: tokenText("grams").notNull(),
	},
	(t) => [primaryKey({ columns: [t.eventId, t.id] })],
);

/** Objects: attributes that belong together (a file with its hashes, a mail with its headers). */
export const threatObject = mysqlTable(
	"threat_object",
	{
		eventId: binary16("event_id").notNull(),
		/** the object's UUID, 16 bytes */
		id: binary16("id").notNull(),
		number: bigint("number", { mode: "number" }).notNull(),
		name: exactText("name", { length: 255 }).notNull(),
		metaCategory: exactText("meta_category", { length: 255 }),
		description: longText("description"),
		comment: longText("comment"),
		modifiedAt: time("modified_at").notNull(),
		deleted: boolean("deleted").notNull(),
		digest: binary8("digest").notNull(),
	},
	(t) => [primaryKey({ columns: [t.eventId, t.id] })],
);

/** What an object says of another object or attribute of its event. May be cyclic, and may lead to what is not there. */
export const threatReference = mysqlTable(
	"threat_reference",
	{
		eventId: binary16("event_id").notNull(),
		/** the reference's UUID, 16 bytes */
		id: binary16("id").notNull(),
		objectId: binary16("object_id").notNull(),
		/** UUID of an object or attribute */
		toId: binary16("to_id").notNull(),
		relationship: exactText("relationship", { length: 255 }).notNull(),
		comment: longText("comment"),
		deleted: boolean("deleted").notNull(),
		digest: binary8("digest").notNull(),
	},
	(t) => [primaryKey({ columns: [t.eventId, t.id] }), index("threat_reference_object").on(t.eventId, t.objectId)],
);

/** Names of tags with the colour that was seen last. `id` is a hash of the name. */
export const threatTag = mysqlTable("threat_tag", {
	id: binary16("id").primaryKey(),
	name: exactText("name", { length: 255 }).notNull(),
	colour: asciiText("colour", { length: 7 }),
});

/** Which events carry a tag, with the date lists go by. */
export const threatEventTag = mysqlTable(
	"threat_event_tag",
	{
		tagId: binary16("tag_id").notNull(),
		eventId: binary16("event_id").notNull(),
		publishedAt: time("published_at").notNull(),
	},
	(t) => [primaryKey({ columns: [t.tagId, t.eventId] }), index("threat_event_tag_event").on(t.eventId), index("threat_event_tag_published").on(t.tagId, t.publishedAt, t.eventId)],
);

/** Organisations that own or made events. `id` is a hash of its UUID, of its name where it has none. */
export const threatOrg = mysqlTable("threat_org", {
	id: binary16("id").primaryKey(),
	uuid: asciiText("uuid", { length: 36 }),
	name: exactText("name", { length: 255 }).notNull(),
});
