import { boolean, datetime, index, int, mysqlTable, primaryKey } from "drizzle-orm/mysql-core";
import { asciiText, binary16, binary32, exactText, jsonText, longText, mediumBlob } from "./columns";

const time = (name: string) => datetime(name, { mode: "date", fsp: 3 });

/** Visits to URLs on somebody's behalf. They go after the retention time, with everything they left. */
export const capture = mysqlTable(
	"capture",
	{
		id: binary16("id").primaryKey(),
		/** of the canonical URL: the indicator's id */
		indicatorId: binary16("indicator_id").notNull(),
		url: longText("url").notNull(),
		profile: asciiText("profile", { length: 16 }).notNull(),
		state: asciiText("state", { length: 16 }).notNull(),
		outcome: asciiText("outcome", { length: 16 }),
		requestedBy: exactText("requested_by", { length: 254 }).notNull(),
		requestedAt: time("requested_at").notNull(),
		startedAt: time("started_at"),
		finishedAt: time("finished_at"),
		expiresAt: time("expires_at").notNull(),
		/** raised by every attempt; what an earlier one still writes no longer counts */
		fence: int("fence").notNull().default(0),
		/** the newest finished capture of the same URL and profile before this one */
		previous: binary16("previous"),
		/** of the content, for "the same again" and the look-up of the hash */
		contentSha256: binary32("content_sha256"),
		title: exactText("title", { length: 1000 }),
		finalUrl: longText("final_url"),
		/** `CaptureResult` */
		result: jsonText<Record<string, unknown>>()("result"),
		pinned: boolean("pinned").notNull().default(false),
	},
	(t) => [
		index("capture_url").on(t.indicatorId, t.profile, t.requestedAt),
		index("capture_requested").on(t.requestedAt),
		index("capture_expires").on(t.expiresAt),
		index("capture_state").on(t.state, t.requestedAt),
	],
);

/** Bytes of a capture, in pieces: there is no file system on serverless, and one statement carries a megabyte at most. */
export const capturePart = mysqlTable(
	"capture_part",
	{
		captureId: binary16("capture_id").notNull(),
		kind: asciiText("kind", { length: 16 }).notNull(),
		number: int("number").notNull(),
		piece: int("piece").notNull(),
		fence: int("fence").notNull(),
		mediaType: asciiText("media_type", { length: 128 }).notNull(),
		bytes: mediumBlob("bytes").notNull(),
	},
	(t) => [primaryKey({ columns: [t.captureId, t.kind, t.number, t.fence, t.piece] })],
);
