import { boolean, datetime, index, int, mysqlTable } from "drizzle-orm/mysql-core";
import { binary8, binary16, exactText, jsonText, longText } from "./columns";

const time = (name: string) => datetime(name, { mode: "date", fsp: 3 });

/** Entries of news feeds, one row each. Those that tell one story share `story`, the id of the one that was stored first. */
export const news = mysqlTable(
	"news",
	{
		id: binary16("id").primaryKey(),
		source: int("source").notNull(),
		/** the feed's own id of it */
		guid: longText("guid").notNull(),
		title: longText("title").notNull(),
		/** as the feed dates it, else when it was first read */
		publishedAt: time("published_at").notNull(),
		/** the feed gave the date */
		isDated: boolean("is_dated").notNull(),
		link: longText("link"),
		/** sanitised HTML */
		content: longText("content").notNull(),
		author: exactText("author", { length: 255 }),
		categories: jsonText<string[]>()("categories").notNull(),
		/** of the feed, as it names itself */
		sourceTitle: exactText("source_title", { length: 500 }).notNull(),
		sourceUrl: longText("source_url").notNull(),
		/** hashes of what entries of one story share, null where it says too little */
		linkKey: binary16("link_key"),
		titleKey: binary16("title_key"),
		story: binary16("story").notNull(),
		/** the first of its story: lists show this one */
		isLead: boolean("is_lead").notNull(),
		digest: binary8("digest").notNull(),
		createdAt: time("created_at").notNull(),
		updatedAt: time("updated_at").notNull(),
	},
	(t) => [
		index("news_published").on(t.publishedAt, t.id),
		index("news_lead").on(t.isLead, t.publishedAt, t.id),
		index("news_source").on(t.source, t.publishedAt),
		index("news_link").on(t.linkKey),
		index("news_title").on(t.titleKey, t.publishedAt),
		index("news_story").on(t.story),
	],
);
