import { boolean, datetime, index, int, mysqlTable, primaryKey, uniqueIndex } from "drizzle-orm/mysql-core";
import { asciiText, binary16, exactText, jsonText, longText, mediumBlob } from "./columns";

const time = (name: string) => datetime(name, { mode: "date", fsp: 3 });

/**
 * Records that are new or changed and have not been shown to the hunters yet: one row a batch of a run, written in the
 * transaction of its records and gone when every hunter has seen them.
 */
export const recordChange = mysqlTable(
	"record_change",
	{
		id: binary16("id").primaryKey(),
		tracker: asciiText("tracker", { length: 16 }).notNull(),
		at: time("at").notNull(),
		/** ids of the records, 16 bytes each */
		records: mediumBlob("records").notNull(),
		/** the part of each (an attribute of an event), 16 bytes each, zeros for the record as a whole; null where no record has parts */
		parts: mediumBlob("parts"),
		/** how many of them have been looked at, where a batch is more than one step can do */
		cursor: int("cursor").notNull(),
		/** tries that did not come to their end, why the last one did not, and when it is tried again */
		attempts: int("attempts").notNull(),
		reason: longText("reason"),
		nextAt: time("next_at").notNull(),
		/** every hunter that is well has seen it; it is kept for those that are not (`hunter_arrear`) */
		judgedAt: time("judged_at"),
	},
	(t) => [index("record_change_due").on(t.judgedAt, t.tracker, t.at)],
);

/** What a hunter that fails has not seen and the others have: gone when it has caught up. */
export const hunterArrear = mysqlTable(
	"hunter_arrear",
	{
		changeId: binary16("change_id").notNull(),
		hunterId: binary16("hunter_id").notNull(),
		/** tries that did not come to their end, why the last one did not, and when it is tried again */
		attempts: int("attempts").notNull(),
		reason: longText("reason"),
		nextAt: time("next_at").notNull(),
	},
	(t) => [primaryKey({ columns: [t.changeId, t.hunterId] }), index("hunter_arrear_hunter").on(t.hunterId), index("hunter_arrear_next").on(t.nextAt)],
);

/** Saved queries that new and changed records are held against. */
export const hunter = mysqlTable(
	"hunter",
	{
		id: binary16("id").primaryKey(),
		/** a kind of `lib/hunters/kinds`: `twitter`, `threat`, `news`, `exploit`, `vuln`, `reputation` */
		kind: asciiText("kind", { length: 16 }).notNull(),
		name: exactText("name", { length: 100 }).notNull(),
		query: longText("query").notNull(),
		enabled: boolean("enabled").notNull(),
		/** hits are told to Slack */
		slack: boolean("slack").notNull(),
		/** without `#`; null: made of the name */
		channel: exactText("channel", { length: 80 }),
		/** sealed `{url, secret}` of a webhook, null without */
		webhook: longText("webhook"),
		/** host of the webhook, to be shown */
		webhookHost: exactText("webhook_host", { length: 255 }),
		/** more hits than this at a time are told in one message */
		digestOver: int("digest_over").notNull(),
		/** until then hits are kept and not told */
		mutedUntil: time("muted_until"),
		/** goes up by one with every change of a person */
		revision: int("revision").notNull(),
		/** records that were noted before are none of its business: when it was made or switched on again */
		since: time("since").notNull(),
		/** `new`, `ok` or `failing` */
		state: asciiText("state", { length: 16 }).notNull(),
		reason: longText("reason"),
		/** up to then it has seen what came, for people to read: of one that fails it is where that began. What it still has to see is in `hunter_arrear` */
		seenTo: time("seen_to").notNull(),
		lastRunAt: time("last_run_at"),
		lastHitAt: time("last_hit_at"),
		hitCount: int("hit_count").notNull(),
		createdBy: exactText("created_by", { length: 320 }).notNull(),
		createdAt: time("created_at").notNull(),
		updatedAt: time("updated_at").notNull(),
	},
	(t) => [uniqueIndex("hunter_name").on(t.kind, t.name), index("hunter_kind").on(t.kind, t.enabled)],
);

/** A term of a query and where the record has it. */
export interface StoredMatch {
	term: string;
	/** field of the record: `title`, `text`, `attribute` … */
	place: string;
	/** around the match, as it stands in the record */
	excerpt: string;
	/** where the match is in the excerpt, in UTF-16 units */
	from: number;
	to: number;
}

/** A record that a hunter found: one row for ever, so that it is said once. */
export const hunterHit = mysqlTable(
	"hunter_hit",
	{
		hunterId: binary16("hunter_id").notNull(),
		recordId: binary16("record_id").notNull(),
		/** when it was found */
		at: time("at").notNull(),
		/** the record's own date */
		recordAt: time("record_at").notNull(),
		source: int("source").notNull(),
		/** what it tells, where other records may tell the same; null where none can */
		story: binary16("story"),
		/** as it was when it was found */
		title: longText("title").notNull(),
		/** page of the record, from the root */
		path: exactText("path", { length: 500 }).notNull(),
		matches: jsonText<StoredMatch[]>()("matches").notNull(),
	},
	(t) => [primaryKey({ columns: [t.hunterId, t.recordId] }), index("hunter_hit_at").on(t.hunterId, t.at, t.recordId), index("hunter_hit_story").on(t.hunterId, t.story)],
);

/**
 * What is to be told, in the transaction of what it tells (an outbox). `id` is a hash of hunter, records and target, so that the same
 * cause asks once; it travels in the message, so that an answer that was lost can be looked for.
 */
export const alert = mysqlTable(
	"alert",
	{
		id: binary16("id").primaryKey(),
		/** null for what concerns the installation: a source that fails */
		hunterId: binary16("hunter_id"),
		/** `hit`, `digest`, `operation` or `test` */
		kind: asciiText("kind", { length: 16 }).notNull(),
		/** `slack` or `webhook` */
		via: asciiText("via", { length: 16 }).notNull(),
		/** name of the channel; empty for a webhook, whose address the hunter holds */
		target: exactText("target", { length: 80 }).notNull(),
		content: jsonText<Record<string, unknown>>()("content").notNull(),
		/** `pending`, `sending`, `sent`, `unknown`, `failed`, `dropped` (its hunter is gone, or a person said so) */
		state: asciiText("state", { length: 16 }).notNull(),
		reason: longText("reason"),
		attempts: int("attempts").notNull(),
		nextAt: time("next_at").notNull(),
		/** who is at it, and until when without a sign of life */
		claim: binary16("claim"),
		claimUntil: time("claim_until"),
		/** first time a request may have reached the receiver: from there its answer is looked for */
		postedAt: time("posted_at"),
		/** requests whose answer was lost, each of which may have become a message */
		unsure: int("unsure").notNull().default(0),
		/** the alert in whose message this one was told, where several became one */
		toldIn: binary16("told_in"),
		/** Slack's own id of channel and message */
		channelId: asciiText("channel_id", { length: 40 }),
		messageTs: asciiText("message_ts", { length: 40 }),
		createdAt: time("created_at").notNull(),
		sentAt: time("sent_at"),
	},
	(t) => [
		index("alert_state").on(t.state, t.nextAt),
		index("alert_lane").on(t.via, t.target, t.state, t.createdAt),
		index("alert_sent").on(t.via, t.target, t.sentAt),
		index("alert_told").on(t.toldIn),
		index("alert_hunter").on(t.hunterId, t.createdAt, t.id),
		index("alert_created").on(t.createdAt),
	],
);
