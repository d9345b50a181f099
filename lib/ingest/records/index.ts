import { ExistError } from "@/lib/errors";
import type { RecordStore } from "@/lib/records";
import type { AnyRecordSource, FeedReading, Json, PullReading } from "@/lib/sources/record";
import type { IngestContext } from "../context";
import type { RunRow } from "../run-store";
import { advanceFeed } from "./feed-run";
import { advancePull } from "./pull-run";

/** Goes on with a run of a source of records until it is over or the time is. */
export async function advanceRecords(run: RunRow, source: AnyRecordSource, context: IngestContext, options: { deadline: number; file: string | undefined }): Promise<void> {
	const store = context.stores[source.tracker] as RecordStore<unknown> | undefined;
	if (store === undefined) throw new ExistError("unavailable", `Records of the tracker "${source.tracker}" cannot be stored by this release.`);
	const reading = source.reading as FeedReading<unknown> | PullReading<unknown, Json>;
	if (reading.mode === "feed") return advanceFeed(run, source, reading, store, context, options);
	if (options.file === undefined) return advancePull(run, source, reading, store, context, options.deadline);
	const { parse } = reading;
	if (parse === undefined) throw new ExistError("invalid", `${source.name} is asked in many small requests; a file cannot stand in for them.`, { field: "file" });
	return advanceFeed(run, source, { mode: "feed", url: "", parse }, store, context, options);
}
