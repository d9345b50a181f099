import { boolean, date, datetime, index, int, mysqlTable, primaryKey, tinyint } from "drizzle-orm/mysql-core";
import { asciiText, binary8, binary16, exactText, jsonText, longText, tokenText } from "./columns";

const time = (name: string) => datetime(name, { mode: "date", fsp: 3 });

/**
 * One row per canonical value. `id` is the first 16 bytes of SHA-256 over type, a zero byte and the value, so ingest is
 * idempotent and shards by id as it stands. `hostKey` is the host with its labels reversed (`com.evil.www`), so that
 * "everything under this domain" is one index range; for a URL on an address it is the address itself.
 */
export const indicator = mysqlTable(
	"indicator",
	{
		id: binary16("id").primaryKey(),
		/** number of the type, see `TYPE_NUMBERS` in `lib/domain/indicator.ts` */
		type: tinyint("type").notNull(),
		value: exactText("value", { length: 8192 }).notNull(),
		hostKey: asciiText("host_key", { length: 255 }),
		/** first and last address, IPv4 mapped into IPv6; equal for a single address, null for what is not an address */
		ipFrom: binary16("ip_from"),
		ipTo: binary16("ip_to"),
		/** slug of the warning list that names it (benign, reserved, ours); such values are never exported to block lists */
		warning: asciiText("warning", { length: 64 }),
		createdAt: time("created_at").notNull(),
	},
	(t) => [index("indicator_host").on(t.hostKey, t.type), index("indicator_ip").on(t.ipFrom)],
);

/**
 * "Source S lists indicator I." One row per (source, indicator); `id` is a hash of both and the API's 32 hex.
 * The presence interval that is still open is (`presentSince`, now); closed ones are in `presence`.
 */
export const sighting = mysqlTable(
	"sighting",
	{
		id: binary16("id").primaryKey(),
		indicatorId: binary16("indicator_id").notNull(),
		source: int("source").notNull(),
		type: tinyint("type").notNull(),
		/** when it was first listed: the feed's own date where it gives one, else when we first saw it (API: `datetime`) */
		seenAt: time("seen_at").notNull(),
		/** the feed's own last date, where it gives one */
		feedLast: time("feed_last"),
		/** when we first saw it, whatever the feed says */
		observedAt: time("observed_at").notNull(),
		/** in the newest good body of its source */
		present: boolean("present").notNull(),
		/** still counts as listed: present, or gone from a window feed and not yet expired, or of an append feed */
		listed: boolean("listed").notNull(),
		presentSince: time("present_since").notNull(),
		/** when we noticed it gone; null while present */
		leftAt: time("left_at"),
		category: asciiText("category", { length: 24 }).notNull(),
		country: asciiText("country", { length: 2 }),
		/** ports the source gave for an address, `443` or `53/udp`, comma separated, ascending; honeypots list thousands */
		ports: tokenText("ports"),
		description: longText("description"),
		referrer: longText("referrer"),
		tags: jsonText<string[]>()("tags"),
		/** 0-100 as the source states it */
		confidence: tinyint("confidence"),
		/** of the fields that the feed decides; equal means nothing to write */
		digest: binary8("digest").notNull(),
	},
	(t) => [index("sighting_indicator").on(t.indicatorId, t.seenAt), index("sighting_seen").on(t.seenAt), index("sighting_source").on(t.source, t.seenAt, t.present)],
);

/** Closed presence intervals: written once when a source stops listing an indicator, never changed afterwards. */
export const presence = mysqlTable(
	"presence",
	{
		indicatorId: binary16("indicator_id").notNull(),
		source: int("source").notNull(),
		fromAt: time("from_at").notNull(),
		toAt: time("to_at").notNull(),
	},
	(t) => [primaryKey({ columns: [t.indicatorId, t.source, t.fromAt] })],
);

/** Hashes of one file, as one source gave them together. Written in both directions. */
export const hashSibling = mysqlTable(
	"hash_sibling",
	{
		indicatorId: binary16("indicator_id").notNull(),
		siblingId: binary16("sibling_id").notNull(),
	},
	(t) => [primaryKey({ columns: [t.indicatorId, t.siblingId] })],
);

/**
 * What "contains" and word search read. `text` is the value and the distinct labels its sources gave, lower case;
 * `grams` its trigrams as hex words for FULLTEXT. Filled after ingest, so it may lag by moments: exact kinds never use it.
 * The FULLTEXT index itself is in the migration (Drizzle has no builder for it).
 */
export const searchText = mysqlTable("search_text", {
	indicatorId: binary16("indicator_id").primaryKey(),
	text: longText("text").notNull(),
	grams: tokenText("grams").notNull(),
});

/** Daily roll-up per tracker and source, kept in the transaction of the rows and recomputed by housekeeping. */
export const dailyCount = mysqlTable(
	"daily_count",
	{
		tracker: asciiText("tracker", { length: 16 }).notNull(),
		source: int("source").notNull(),
		/** UTC day of the record's own date */
		day: date("day", { mode: "string" }).notNull(),
		records: int("records").notNull(),
		/** indicators that these records were the first to name */
		indicators: int("indicators").notNull(),
	},
	(t) => [primaryKey({ columns: [t.tracker, t.source, t.day] })],
);
