import { createReadStream } from "node:fs";
import { unpack } from "@/lib/net";
import { SuspectBody } from "@/lib/net/formats";
import { lit } from "@/lib/platform";
import type { RecordStore, StoreContext } from "@/lib/records";
import type { AnyRecordSource, FeedReading, ReadItem, RecordBody } from "@/lib/sources/record";
import type { IngestContext } from "../context";
import { type BodySource, bodyFromFile, type FetchedBody, fetchBody, SourceFailure } from "../fetch-body";
import { finishBad, finishOk, finishUnchanged } from "../finish-run";
import { type RunOutcome, type RunRow, readState, runLit, type StateRow, Superseded } from "../run-store";
import { claimRecords, measureTexts, type RecordRun, restartRecords, storeBatch, storePortions } from "./progress";

/** Items of one transaction where its source says nothing else, and characters: a news article weighs more than a row of a list. */
const BATCH_ITEMS = 400;
const BATCH_WEIGHT = 1_500_000;
const MAX_UNPACKED_BYTES = 512 * 1024 * 1024;
/** Of the records read, this share may be unusable before the body as a whole is doubted. */
const UNUSABLE_LIMIT = 0.9;

type Body = Extract<FetchedBody, { kind: "body" }>;

/** Roughly how many characters an item holds. */
function weigh(item: ReadItem<unknown>): number {
	return item.ok ? JSON.stringify(item.item).length : 200;
}

async function fetchFeed(source: AnyRecordSource, reading: FeedReading<unknown>, state: StateRow, context: IngestContext): Promise<FetchedBody> {
	const validators = { known: state.lastOkAt !== null, ...(state.lastOkAt === null ? {} : { etag: state.etag ?? undefined, lastModified: state.lastModified ?? undefined }) };
	const ask = (url: BodySource["url"], checked: typeof validators) => fetchBody({ ...source, url, ...(reading.headers === undefined ? {} : { headers: reading.headers }) }, context, checked);
	let failure: unknown;
	for (const [at, url] of [reading.url, ...(reading.fallbackUrls ?? [])].entries()) {
		try {
			// What the first address says of its versions means nothing to another one.
			return await ask(url, at === 0 ? validators : { known: false });
		} catch (error) {
			if (!(error instanceof SourceFailure)) throw error;
			failure ??= error;
		}
	}
	throw failure;
}

/** Parses a body and gives its items in batches. The first `skip` items were stored by an earlier step. */
async function* batches(reading: Pick<FeedReading<unknown>, "parse" | "batch">, body: Body, context: IngestContext, skip: number): AsyncGenerator<ReadItem<unknown>[]> {
	const bytes = createReadStream(body.path, { highWaterMark: 256 * 1024 });
	try {
		const plain = unpack(bytes, { name: body.name, maxBytes: MAX_UNPACKED_BYTES, ...(body.contentType === undefined ? {} : { contentType: body.contentType }) });
		const parsed: RecordBody = { bytes: plain, contentType: body.contentType, url: body.name, now: context.now() };
		let batch: ReadItem<unknown>[] = [];
		let weight = 0;
		let at = 0;
		for await (const item of reading.parse(parsed)) {
			if (at++ < skip) continue;
			batch.push(item);
			weight += weigh(item);
			if (batch.length >= (reading.batch ?? BATCH_ITEMS) || weight >= BATCH_WEIGHT) {
				yield batch;
				batch = [];
				weight = 0;
			}
		}
		if (batch.length > 0) yield batch;
	} finally {
		bytes.destroy();
	}
}

/** What a whole body looked like, where something about it is wrong. */
function doubt(run: RecordRun, reading: FeedReading<unknown>): string | null {
	if (run.read === 0 && reading.mayBeEmpty !== true) return "The body has no records. What was stored before stays.";
	if (run.read > 0 && run.setAside > run.read * UNUSABLE_LIMIT) return `${run.setAside.toLocaleString("en")} of ${run.read.toLocaleString("en")} records cannot be used. What was stored before stays.`;
	return null;
}

async function finish(run: RecordRun, source: AnyRecordSource, reading: FeedReading<unknown>, body: Body, context: IngestContext): Promise<void> {
	const wrong = doubt(run, reading);
	await context.database.execute(`UPDATE source_run SET http_status = ${body.status ?? "NULL"}, bytes = ${body.bytes} WHERE id = ${runLit(run.id)}`);
	if (wrong !== null) return finishBad(run, source, context, { state: "suspect", reason: wrong });
	const outcome: RunOutcome = { bodyDigest: body.digest.toString("hex") };
	if (body.etag !== undefined) outcome.etag = body.etag;
	if (body.lastModified !== undefined) outcome.lastModified = body.lastModified;
	await context.database.execute(`UPDATE source_run SET outcome = ${lit(JSON.stringify(outcome))} WHERE id = ${runLit(run.id)}`);
	await finishOk({ ...run, outcome }, source, context);
}

async function readBody(run: RunRow, source: AnyRecordSource, reading: FeedReading<unknown>, state: StateRow, context: IngestContext, file: string | undefined): Promise<FetchedBody | null> {
	try {
		if (file !== undefined) return await bodyFromFile({ ...source, url: "" }, file);
		return await fetchFeed(source, reading, state, context);
	} catch (error) {
		if (!(error instanceof SourceFailure)) throw error;
		const suspect = error.status === 204 || error.status === 206;
		await finishBad(run, source, context, { state: suspect ? "suspect" : "failing", reason: error.message, retryAfter: error.retryAfter, status: error.status });
		return null;
	}
}

/**
 * A run of a source whose body is read whole: fetch, compare with the last body, parse, store in batches. A step that runs out
 * of time leaves its place; the next one fetches again, and goes on there where the bytes are the same.
 */
export async function advanceFeed(
	run: RunRow,
	source: AnyRecordSource,
	reading: FeedReading<unknown>,
	store: RecordStore<unknown>,
	context: IngestContext,
	options: { deadline: number; file: string | undefined },
): Promise<void> {
	let current = await claimRecords(context, run);
	const state = await readState(context.database, run.source);
	if (state === null) throw new Superseded();
	const body = await readBody(current, source, reading, state, context, options.file);
	if (body === null) return;
	if (body.kind === "not-modified") {
		await context.database.execute(`UPDATE source_run SET http_status = 304 WHERE id = ${runLit(run.id)}`);
		return finishUnchanged(current, source, context, "Not modified since the last run.", null);
	}
	try {
		const digest = body.digest.toString("hex");
		if (state.lastOkAt !== null && state.bodyDigest?.equals(body.digest) === true) return await finishUnchanged(current, source, context, "The same bytes as at the last run.", null);
		if (current.outcome?.bodyDigest !== digest) current = await restartRecords(context, current, { bodyDigest: digest });
		const storeContext: StoreContext = { source, at: run.startedAt, ownDomains: context.ownDomains };
		for await (const batch of batches(reading, body, context, current.cursor)) {
			const portions = await storePortions(context, current, batch, store, storeContext, options.deadline);
			current = portions.run;
			if (!portions.done) return;
			current = await storeBatch(context, current, batch, store, storeContext);
			await context.onPoint?.("between-batches", run.id);
			if (Date.now() > options.deadline) return;
		}
		await context.onPoint?.("before-finish", run.id);
		await measureTexts(context, current, source.tracker);
		await finish(current, source, reading, body, context);
	} catch (error) {
		if (!(error instanceof SuspectBody)) throw error;
		await finishBad(current, source, context, { state: "suspect", reason: `${error.message} What was stored before stays.`, status: body.status });
	} finally {
		await body.dispose();
	}
}
