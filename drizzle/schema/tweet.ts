import { datetime, index, int, mysqlTable } from "drizzle-orm/mysql-core";
import { asciiText, binary8, binary16, exactText, jsonText, longText } from "./columns";

const time = (name: string) => datetime(name, { mode: "date", fsp: 3 });

/** Tweets, one row each whatever timelines they stand in: `id` is a hash of X's own number. */
export const tweet = mysqlTable(
	"tweet",
	{
		id: binary16("id").primaryKey(),
		/** the first that gave it */
		source: int("source").notNull(),
		/** X's number: 64 bits, kept as digits because drivers round beyond 2^53 */
		tweetId: asciiText("tweet_id", { length: 20 }).notNull(),
		text: longText("text").notNull(),
		publishedAt: time("published_at").notNull(),
		/** display name and handle */
		user: exactText("user", { length: 200 }).notNull(),
		screenName: exactText("screen_name", { length: 50 }).notNull(),
		userId: asciiText("user_id", { length: 20 }).notNull(),
		links: jsonText<Array<{ short: string; expanded?: string; shown?: string }>>()("links").notNull(),
		language: asciiText("language", { length: 10 }),
		refersTo: jsonText<Array<{ kind: string; id: string }>>()("refers_to").notNull(),
		counts: jsonText<Record<string, number>>()("counts"),
		/** where links lead in the end, by the link that was followed: found on demand, never overwritten by ingest */
		followed: jsonText<Record<string, { to?: string; failure?: string; at: string }>>()("followed"),
		digest: binary8("digest").notNull(),
		createdAt: time("created_at").notNull(),
		updatedAt: time("updated_at").notNull(),
	},
	(t) => [index("tweet_published").on(t.publishedAt, t.id), index("tweet_source").on(t.source, t.publishedAt), index("tweet_screen_name").on(t.screenName, t.publishedAt)],
);
