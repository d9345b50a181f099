import { datetime, index, int, mysqlTable, primaryKey } from "drizzle-orm/mysql-core";
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
		/** of the URL, as it is dialled */
		host: asciiText("host", { length: 255 }).notNull(),
		profile: asciiText("profile", { length: 16 }).notNull(),
		state: asciiText("state", { length: 16 }).notNull(),
		outcome: asciiText("outcome", { length: 16 }),
		/** why there is nothing to see, in words */
		reason: exactText("reason", { length: 500 }),
		/** of the last answer */
		status: int("status"),
		requestedBy: exactText("requested_by", { length: 254 }).notNull(),
		requestedAt: time("requested_at").notNull(),
		startedAt: time("started_at"),
		finishedAt: time("finished_at"),
		/** until when the attempt under way counts as alive */
		leaseUntil: time("lease_until"),
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
		/** who keeps it beyond its time */
		pinnedBy: exactText("pinned_by", { length: 254 }),
	},
	(t) => [
		index("capture_url").on(t.indicatorId, t.profile, t.requestedAt),
		index("capture_host").on(t.host, t.requestedAt, t.id),
		index("capture_requested").on(t.requestedAt, t.id),
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
		/** `gzip`, or nothing: how the pieces, put together, are packed */
		coding: asciiText("coding", { length: 8 }).notNull(),
		/** of the whole part, unpacked */
		size: int("size").notNull(),
		/** how many there are of this part */
		pieces: int("pieces").notNull(),
		bytes: mediumBlob("bytes").notNull(),
	},
	(t) => [primaryKey({ columns: [t.captureId, t.kind, t.number, t.fence, t.piece] })],
);

/** The newest capture of a URL as one of the profiles: whoever asks for the same within minutes gets it. Its row is the lock of those who ask at once. */
export const captureClaim = mysqlTable(
	"capture_claim",
	{
		indicatorId: binary16("indicator_id").notNull(),
		profile: asciiText("profile", { length: 16 }).notNull(),
		captureId: binary16("capture_id").notNull(),
		claimedAt: time("claimed_at").notNull(),
	},
	(t) => [primaryKey({ columns: [t.indicatorId, t.profile] }), index("capture_claim_at").on(t.claimedAt)],
);
