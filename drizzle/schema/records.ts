import { datetime, index, int, mysqlTable, primaryKey } from "drizzle-orm/mysql-core";
import { asciiText, binary16, longText, tokenText } from "./columns";

const time = (name: string) => datetime(name, { mode: "date", fsp: 3 });

/**
 * "Record R names indicator I": what is extracted from the text of an exploit, a tweet, a news item, or stands as an attribute
 * of an event. Rewritten when its record changes.
 */
export const mention = mysqlTable(
	"mention",
	{
		indicatorId: binary16("indicator_id").notNull(),
		tracker: asciiText("tracker", { length: 16 }).notNull(),
		recordId: binary16("record_id").notNull(),
		/** id of the part of the record that names it (an event's attribute); zeros where the record has no parts */
		part: binary16("part").notNull(),
		source: int("source").notNull(),
		/** the record's own date */
		at: time("at").notNull(),
		/** where in the record: `title`, `text`, `cve`, `attribute` … */
		place: asciiText("place", { length: 32 }).notNull(),
		/** why it is no find: the article's own site, a well-known service, a documentation range; null where it may be one */
		mark: asciiText("mark", { length: 64 }),
	},
	(t) => [primaryKey({ columns: [t.indicatorId, t.tracker, t.recordId, t.part] }), index("mention_record").on(t.recordId, t.tracker), index("mention_at").on(t.indicatorId, t.at)],
);

/**
 * What word search reads of records: the first line is the title, lower case; `grams` its trigrams as hex words. The FULLTEXT
 * index itself is in the migration (Drizzle has no builder for it).
 */
export const recordText = mysqlTable(
	"record_text",
	{
		recordId: binary16("record_id").primaryKey(),
		tracker: asciiText("tracker", { length: 16 }).notNull(),
		at: time("at").notNull(),
		text: longText("text").notNull(),
		grams: tokenText("grams").notNull(),
	},
	(t) => [index("record_text_at").on(t.tracker, t.at)],
);
