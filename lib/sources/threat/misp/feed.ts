import { SuspectBody } from "@/lib/net";
import type { SourceBasics } from "../../define";
import { defineRecordSource, type Json, PullFailure, type PullReading, type PullTools, type ReadItem, type RecordSource, type Slice } from "../../record";
import type { ThreatItem, ThreatRoster } from "../event";
import { readEventBody, readEvents } from "./document";
import { isMembers, uuid, whole } from "./values";

/** Events are fetched one by one; a slice ends after so many events or attributes, or when its time is short. */
const SLICE_EVENTS = 25;
const SLICE_ATTRIBUTES = 8000;
const MIN_SECONDS = 15;
const PAUSE_MS = 200;
/** So many failures in a row mean the provider is in trouble, not the event. */
const MAX_FAILURES = 3;
/** A manifest that lost more than this share of its events at once is not believed. */
const MAX_LOST = 0.5;

/** An event and the timestamp (seconds) the manifest gave it. */
type Entry = [uuid: string, timestamp: number];

/** Where a static feed has been read to. */
interface FeedMark extends Record<string, Json> {
	/** start of the run that read the manifest last */
	run: string;
	etag: string | null;
	lastModified: string | null;
	/** timestamp by UUID of what was fetched */
	seen: { [uuid: string]: number };
	/** still to be fetched, newest first */
	pending: Entry[];
	/** could not be fetched: tried again at the next run */
	later: Entry[];
	/** events of the newest manifest */
	total: number;
	/** of those, changed */
	changed: number;
}

const START: FeedMark = { run: "", etag: null, lastModified: null, seen: {}, pending: [], later: [], total: 0, changed: 0 };

/** UUID and timestamp of every event of a manifest. Throws `SuspectBody` where it is none. */
export function readManifest(root: unknown): { entries: Entry[]; faults: Array<ReadItem<never>> } {
	if (!isMembers(root)) throw new SuspectBody(`The manifest is ${root === null ? "null" : Array.isArray(root) ? "a list" : `a ${typeof root}`}, an object of events by UUID was expected.`);
	const entries: Entry[] = [];
	const faults: Array<ReadItem<never>> = [];
	for (const [key, value] of Object.entries(root)) {
		const id = uuid(key);
		const timestamp = isMembers(value) ? whole(value.timestamp) : undefined;
		if (id !== undefined && timestamp !== undefined) entries.push([id, timestamp]);
		else
			faults.push({
				ok: false,
				where: `manifest, ${key.slice(0, 60)}`,
				reason: id === undefined ? "its name is no UUID" : "it has no timestamp",
				excerpt: (JSON.stringify(value) ?? "").slice(0, 300),
			});
	}
	if (entries.length === 0) throw new SuspectBody(faults.length === 0 ? "The manifest lists no event." : `None of the ${faults.length} entries of the manifest is an event.`);
	return { entries, faults };
}

interface Begun {
	mark: FeedMark;
	items: Array<ReadItem<ThreatItem | ThreatRoster>>;
}

/** Reads the manifest at the start of a run and works out what changed. What an earlier run left undone goes on. */
async function begin({ base, headers }: Place, before: FeedMark, tools: PullTools): Promise<Begun> {
	const run = tools.now.toISOString();
	const answer = await tools.fetch({
		url: `${base}/manifest.json`,
		headers,
		...(before.etag === null ? {} : { etag: before.etag }),
		...(before.lastModified === null ? {} : { lastModified: before.lastModified }),
	});
	if (answer.status === 304) {
		const pending = [...before.pending, ...before.later];
		return { mark: { ...before, run, pending, later: [], changed: pending.length }, items: [] };
	}
	const { entries, faults } = readManifest(await answer.json());
	const current = new Map(entries);
	const known = Object.keys(before.seen);
	const lost = known.filter((id) => !current.has(id));
	if (known.length >= 10 && lost.length > known.length * MAX_LOST) throw new SuspectBody(`The manifest lost ${lost.length} of ${known.length} events at once.`);
	const pending = entries.filter(([id, timestamp]) => timestamp > (before.seen[id] ?? -1)).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
	const seen = Object.fromEntries(known.filter((id) => current.has(id)).map((id) => [id, before.seen[id] as number]));
	return {
		mark: {
			run,
			etag: answer.headers.etag ?? null,
			lastModified: answer.headers["last-modified"] ?? null,
			seen,
			pending,
			later: [],
			total: entries.length,
			changed: pending.length,
		},
		items: [...faults, { ok: true, item: { kind: "roster", uuids: entries.map(([id]) => id) }, where: "manifest" }],
	};
}

/** One event file. A fault of this event alone becomes a set-aside item; trouble of the provider is thrown. */
async function fetchEvent({ base, headers }: Place, id: string, tools: PullTools): Promise<Array<ReadItem<ThreatItem>>> {
	const answer = await tools.fetch({ url: `${base}/${id}.json`, headers });
	const items = [...readEvents(await answer.json())];
	const strange = items.find((item) => item.ok && item.item.uuid !== id);
	if (strange !== undefined) return [{ ok: false, where: `event ${id}`, reason: `its file holds another event (${strange.ok ? strange.item.uuid : ""})`, excerpt: "" }];
	return items;
}

function attributesOf(items: ReadonlyArray<ReadItem<ThreatItem>>): number {
	let count = 0;
	for (const item of items) if (item.ok) count += item.item.attributes.length + item.item.objects.reduce((sum, object) => sum + object.attributes.length, 0);
	return count;
}

/** Whether a failure says something about the provider as a whole, so that going on would only press it. */
function isRefusal(error: unknown): boolean {
	return error instanceof PullFailure && (error.status === 429 || error.status === 401 || error.retryAfter !== undefined);
}

async function next(place: Place, markBefore: FeedMark | null, tools: PullTools): Promise<Slice<ThreatItem | ThreatRoster, FeedMark>> {
	const resumed = markBefore !== null && markBefore.run === tools.now.toISOString();
	const begun: Begun = resumed ? { mark: structuredClone(markBefore), items: [] } : await begin(place, markBefore ?? START, tools);
	const { mark, items } = begun;
	let attributes = 0;
	let failures = 0;
	for (let count = 0; count < SLICE_EVENTS && attributes < SLICE_ATTRIBUTES && mark.pending.length > 0; count++) {
		if (count > 0 && tools.secondsLeft() < MIN_SECONDS) break;
		const [id, timestamp] = mark.pending[0] as Entry;
		try {
			if (count > 0) await tools.sleep(PAUSE_MS);
			const read = await fetchEvent(place, id, tools);
			items.push(...read);
			attributes += attributesOf(read);
			if (read.some(({ ok }) => ok)) mark.seen[id] = timestamp;
			else mark.later.push([id, timestamp]);
			failures = 0;
		} catch (error) {
			if (!(error instanceof PullFailure || error instanceof SuspectBody)) throw error;
			const refused = isRefusal(error) || ++failures >= MAX_FAILURES;
			// What this slice already has is stored first; the next one meets the same failure at once and ends the run.
			if (refused && items.some(({ ok }) => ok)) break;
			if (refused) throw error;
			items.push({ ok: false, where: `event ${id}`, reason: `it could not be fetched: ${error.message}`.slice(0, 480), excerpt: "" });
			mark.later.push([id, timestamp]);
		}
		mark.pending.shift();
	}
	const done = mark.pending.length === 0;
	return { items, mark, done, note: `${mark.changed - mark.pending.length} of ${mark.changed} changed events read, ${mark.total} in the feed` };
}

/** A static MISP feed: `manifest.json` and one file an event. */
export interface MispFeedOptions extends SourceBasics {
	/** folder of the feed, or the address of its `manifest.json`; a key may be part of it */
	url: string | ((secret: string | undefined) => string);
	/** sent with every request */
	headers?: (secret: string | undefined) => Record<string, string>;
}

/** Where a feed is and what its provider wants with a request. */
interface Place {
	base: string;
	headers: Record<string, string>;
}

/** The folder of a feed: providers and people write it with and without slash or file name. */
export function feedFolder(url: string): string {
	return url.replace(/\/(?:manifest\.json|hashes\.csv)?$/, "").replace(/\/+$/, "");
}

/**
 * How a static MISP feed is read: the manifest conditionally at the start of a run, then only events whose timestamp grew, newest
 * first. `hashes.csv` is not needed: values of events are indexed anyway. Every manifest also says which events are gone.
 */
export function mispFeedReading({ url, headers }: Pick<MispFeedOptions, "url" | "headers">): PullReading<ThreatItem | ThreatRoster, FeedMark> {
	const place = (secret: string | undefined): Place => ({
		base: feedFolder(typeof url === "function" ? url(secret) : url),
		headers: { accept: "application/json", ...headers?.(secret) },
	});
	return { mode: "pull", next: (mark, tools) => next(place(tools.secret), mark, tools), parse: readEventBody };
}

/** A source that reads a static MISP feed. */
export function mispFeed({ url, headers, ...basics }: MispFeedOptions): RecordSource<"threat"> {
	return defineRecordSource<"threat", FeedMark>({ ...basics, tracker: "threat", reading: mispFeedReading({ url, ...(headers === undefined ? {} : { headers }) }) });
}
