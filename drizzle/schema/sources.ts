import { bigint, boolean, datetime, index, int, mysqlTable, primaryKey, tinyint } from "drizzle-orm/mysql-core";
import { asciiText, binary16, binary32, exactText, jsonText, longText, mediumBlob } from "./columns";

const time = (name: string) => datetime(name, { mode: "date", fsp: 3 });

/**
 * What is known about each source between runs. The definition is code (`lib/sources`); this is its state.
 * A source without a row has never run.
 */
export const sourceState = mysqlTable("source_state", {
	source: int("source").primaryKey(),
	slug: asciiText("slug", { length: 64 }).notNull(),
	/** as it is called now; for feeds that people added, which no release knows */
	name: exactText("name", { length: 200 }),
	enabled: boolean("enabled").notNull(),
	/** `ok`, `unchanged`, `suspect`, `failing`, `disabled`, `no-key` or `new` */
	state: asciiText("state", { length: 16 }).notNull(),
	reason: longText("reason"),
	/** consecutive runs that brought nothing good */
	failures: int("failures").notNull(),
	/** the trouble people were told of last (`failing`, `suspect`, `stale`) and have not been told the end of; null: none */
	toldState: asciiText("told_state", { length: 16 }),
	lastRunAt: time("last_run_at"),
	/** the newest run that confirmed the set (changed or not): last seen of everything present */
	lastOkAt: time("last_ok_at"),
	lastChangeAt: time("last_change_at"),
	nextRunAt: time("next_run_at"),
	etag: exactText("etag", { length: 512 }),
	lastModified: exactText("last_modified", { length: 128 }),
	/** SHA-256 over parser revision and body of the last run that was applied whole */
	bodyDigest: binary32("body_digest"),
	/** rows present in the newest good body */
	presentCount: int("present_count").notNull(),
	/** all sightings ever, listed or not */
	sightingCount: int("sighting_count").notNull(),
	/** one run at a time: who holds the source, and until when without a sign of life */
	leaseRun: binary16("lease_run"),
	leaseUntil: time("lease_until"),
	/** a staged run that waits for an operator's yes */
	heldRun: binary16("held_run"),
	/** where a source that is read in slices goes on; committed with the records up to it */
	mark: jsonText<unknown>()("mark"),
	/** what the provider grants each of the source's credentials (`CredentialLimit` of `lib/sources/record.ts`) */
	limits: jsonText<readonly unknown[]>()("limits"),
});

/** One run of one source, and where it stands: every step continues from `phase` and `cursor`. */
export const sourceRun = mysqlTable(
	"source_run",
	{
		id: binary16("id").primaryKey(),
		source: int("source").notNull(),
		trigger: asciiText("trigger", { length: 16 }).notNull(),
		startedAt: time("started_at").notNull(),
		finishedAt: time("finished_at"),
		/** `running`, `ok`, `unchanged`, `suspect`, `failed`, `rejected` (an operator kept the old rows), `abandoned` */
		state: asciiText("state", { length: 16 }).notNull(),
		/** `fetch`, `apply`, `leave`, `text`, `done` */
		phase: asciiText("phase", { length: 16 }).notNull(),
		cursor: int("cursor").notNull(),
		blocks: int("blocks").notNull(),
		/** changes with every takeover, so that a holder that was presumed dead can no longer write */
		fence: int("fence").notNull(),
		httpStatus: int("http_status"),
		bytes: bigint("bytes", { mode: "number" }).notNull(),
		rowsRead: int("rows_read").notNull(),
		rowsNew: int("rows_new").notNull(),
		rowsUpdated: int("rows_updated").notNull(),
		rowsUnchanged: int("rows_unchanged").notNull(),
		rowsRelisted: int("rows_relisted").notNull(),
		rowsDelisted: int("rows_delisted").notNull(),
		rowsDuplicate: int("rows_duplicate").notNull(),
		rowsSetAside: int("rows_set_aside").notNull(),
		/** the shape that was seen (columns, newest date, types), to notice drift */
		shape: jsonText<Record<string, unknown>>()("shape"),
		/** what a finished run leaves in the source's state */
		outcome: jsonText<{ etag?: string; lastModified?: string; bodyDigest?: string }>()("outcome"),
		reason: longText("reason"),
	},
	(t) => [index("source_run_source").on(t.source, t.startedAt), index("source_run_started").on(t.startedAt)],
);

/** Canonical rows of a run between parsing and applying, in blocks; gone when the run is done. */
export const runBlock = mysqlTable(
	"run_block",
	{
		run: binary16("run").notNull(),
		/** from 0; -1 holds rows that repeat an earlier one with other content, to be merged into it */
		seq: int("seq").notNull(),
		rows: int("row_count").notNull(),
		/** sighting ids of the block, 16 bytes each */
		ids: mediumBlob("ids").notNull(),
		/** the rows, raw-deflated JSON */
		data: mediumBlob("data").notNull(),
		/** indexes of rows whose text must be indexed anew, 2 bytes each; set by apply */
		changed: mediumBlob("changed"),
	},
	(t) => [primaryKey({ columns: [t.run, t.seq] })],
);

/** Rows a run could not use, with reason. The first 1,000 of a run are kept, the count is exact. */
export const setAside = mysqlTable(
	"set_aside",
	{
		run: binary16("run").notNull(),
		seq: int("seq").notNull(),
		source: int("source").notNull(),
		/** line (or record number) in the body, from 1 */
		line: int("line").notNull(),
		reason: exactText("reason", { length: 500 }).notNull(),
		/** how the row began, cut for display */
		excerpt: exactText("excerpt", { length: 500 }).notNull(),
	},
	(t) => [primaryKey({ columns: [t.run, t.seq] })],
);

/** Small named values of the installation. */
export const setting = mysqlTable("setting", {
	name: asciiText("name", { length: 64 }).primaryKey(),
	value: jsonText<unknown>()("value").notNull(),
	updatedAt: time("updated_at").notNull(),
});

/** Health of a source per UTC day, for the one-cell-a-day picture. */
export const sourceDay = mysqlTable(
	"source_day",
	{
		source: int("source").notNull(),
		day: asciiText("day", { length: 10 }).notNull(),
		/** worst state of the day: 0 none, 1 well, 2 suspect, 3 failing */
		worst: tinyint("worst").notNull(),
		runs: int("runs").notNull(),
		rowsNew: int("rows_new").notNull(),
	},
	(t) => [primaryKey({ columns: [t.source, t.day] })],
);
