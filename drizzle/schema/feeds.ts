import { datetime, index, int, mysqlTable } from "drizzle-orm/mysql-core";
import { asciiText, exactText, jsonText, longText, mediumBlob } from "./columns";

const time = (name: string) => datetime(name, { mode: "date", fsp: 3 });

/** Feeds that people added without code. Each becomes a source like those of the catalogue; numbers start at 10001 and are never used again. */
export const customFeed = mysqlTable(
	"custom_feed",
	{
		number: int("number").primaryKey(),
		name: exactText("name", { length: 100 }).notNull(),
		tracker: asciiText("tracker", { length: 16 }).notNull(),
		/** without the key: `{key}` stands where it belongs */
		url: longText("url").notNull(),
		/** format, columns, interval: as `lib/feeds/config.ts` says */
		config: jsonText<Record<string, unknown>>()("config").notNull(),
		/** key and header values, sealed with a key derived from the installation's secret */
		sealed: mediumBlob("sealed"),
		/** raised by every change, so that an unchanged body is read again */
		revision: int("revision").notNull(),
		createdBy: exactText("created_by", { length: 254 }).notNull(),
		createdAt: time("created_at").notNull(),
		updatedAt: time("updated_at").notNull(),
	},
	(t) => [index("custom_feed_updated").on(t.updatedAt)],
);
