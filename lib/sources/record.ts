import type { SourceBasics } from "./define";
import type { ThreatItem, ThreatRoster } from "./threat/event";

/**
 * Sources of records: events, exploits, tweets, news, vulnerabilities. What a source says of itself is data and one pure
 * function; fetching, storing, extraction of indicators, search text and health are the same for all (`lib/ingest/records`).
 */

/** A software weakness with working code or proof of use. */
export interface ExploitItem {
	/** the provider's own id, stable over runs: `52687`, `WLB-2026100012`, `exploit/windows/smb/ms17_010_eternalblue`, `CVE-2026-1234` */
	externalId: string;
	title: string;
	/** plain text */
	description?: string;
	published: Date;
	/** page for people, http or https */
	link?: string;
	/** the code or advisory itself, plain text, where the feed carries it */
	text?: string;
	author?: string;
	platform?: string;
	/** `remote`, `local`, `webapps`, `dos`, `module`, `known exploited` … as the provider says */
	kind?: string;
	port?: number;
	/** the provider tried it */
	verified?: boolean;
	/** CVE ids the provider names, any spelling */
	cves: readonly string[];
	tags?: readonly string[];
	/** what only this provider says, short values by plain names, shown as they are */
	extra?: Readonly<Record<string, string>>;
	/** says only a part of what the provider knows (its news feed, an old import): it fills gaps of a stored record and takes nothing away */
	partial?: boolean;
}

export interface NewsItem {
	/** as the feed gives it: `guid`, `id`, else the link */
	guid: string;
	/** plain text */
	title: string;
	published?: Date;
	link?: string;
	/** as it came, HTML or text; it is sanitised before it is stored */
	content: string;
	contentKind: "html" | "text";
	/** the content was longer than is read: the beginning is kept */
	cut?: boolean;
	/** address that relative links of the content stand under */
	base?: string;
	author?: string;
	categories?: readonly string[];
	/** of the feed, as it names itself */
	sourceTitle: string;
	/** page of the feed, http or https */
	sourceUrl: string;
}

export interface TweetItem {
	/** 64-bit number as text */
	id: string;
	/** plain text, entities decoded */
	text: string;
	published: Date;
	/** display name and handle */
	user: string;
	screenName: string;
	userId: string;
	/** links as they stand in the text (`https://t.co/…`) and where they lead, as far as the API says */
	links: ReadonlyArray<{ short: string; expanded?: string; shown?: string }>;
	language?: string;
	/** id of the tweet this one repeats, answers or quotes */
	refersTo?: ReadonlyArray<{ kind: "retweeted" | "replied_to" | "quoted"; id: string }>;
	counts?: { likes?: number; retweets?: number; replies?: number; quotes?: number };
}

export interface CvssScore {
	/** `2.0`, `3.0`, `3.1`, `4.0` */
	version: string;
	/** who scored: `nvd@nist.gov`, `IPA` */
	source: string;
	primary: boolean;
	vector: string;
	/** 0-10 */
	score: number;
	/** upper case: `CRITICAL` */
	severity?: string;
}

/** One vulnerability as one source describes it. */
export interface VulnItem {
	kind: "vulnerability";
	/** `CVE-2026-1234`, `JVNDB-2026-001234` */
	name: string;
	title: string;
	/** in English; empty where the source has none */
	description: string;
	/** in another language than English, where the source is */
	translatedDescription?: string;
	language?: string;
	published: Date;
	modified: Date;
	link?: string;
	solution?: string;
	/** how far the source is with it, in its own words: `Awaiting Analysis` */
	status?: string;
	/** CVE ids this record is about; of a CVE record its own */
	cves: readonly string[];
	cwes: ReadonlyArray<{ id: string; name?: string }>;
	cvss: readonly CvssScore[];
	products: ReadonlyArray<{ vendor: string; product: string; versions?: string; cpe?: string }>;
	references: ReadonlyArray<{ url: string; title?: string; kind?: string }>;
	tags?: readonly string[];
	/** the source took it back */
	rejected?: boolean;
	/** CISA lists it as exploited, as far as this source repeats that; days in UTC */
	knownExploited?: { added: string; due?: string; action?: string; name?: string };
	/** what was left out for its size, in words: `500 of 1,204 products` */
	cut?: readonly string[];
}

/** How likely a vulnerability is to be exploited within 30 days (EPSS). */
export interface EpssItem {
	kind: "epss";
	cve: string;
	/** 0-1 */
	score: number;
	/** 0-1; the files of 2021 have none */
	percentile?: number;
	/** UTC day of the model run */
	day: string;
}

/** What each tracker's sources give. */
export interface RecordItems {
	threat: ThreatItem | ThreatRoster;
	exploit: ExploitItem;
	news: NewsItem;
	twitter: TweetItem;
	vuln: VulnItem | EpssItem;
}
export type RecordTracker = keyof RecordItems;

/** One record read, or one that could not be and why; `where` is a line, a record number or an id. */
export type ReadItem<Item> = { readonly ok: true; readonly item: Item; readonly where: string } | { readonly ok: false; readonly where: string; readonly reason: string; readonly excerpt: string };

/** A body as it was fetched, unpacked (gzip, zip, bzip2), not yet decoded. */
export interface RecordBody {
	bytes: AsyncIterable<Uint8Array>;
	contentType: string | undefined;
	/** where it came from, or the file's path */
	url: string;
	/** start of the run: for feeds that give no date */
	now: Date;
}

/**
 * One document that is read whole at each run: fetched conditionally, an unchanged body costs nothing. `parse` streams and is
 * pure; it throws `SuspectBody` (from `lib/net`) where the body as a whole is something else.
 */
export interface FeedReading<Item> {
	mode: "feed";
	url: string | ((secret: string | undefined) => string);
	/** asked in turn where the one before refuses or fails */
	fallbackUrls?: readonly string[];
	headers?: (secret: string | undefined) => Record<string, string>;
	parse: (body: RecordBody) => AsyncIterable<ReadItem<Item>>;
	/** a good body can really have no record */
	mayBeEmpty?: boolean;
	/** items of one transaction, where a few hundred are too few: rows of some bytes, hundreds of thousands of them */
	batch?: number;
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

export interface PullRequest {
	url: string;
	method?: "GET" | "POST";
	headers?: Record<string, string>;
	/** sent as JSON */
	body?: Json;
	/** most bytes of the answer (default 64 MB) */
	maxBytes?: number;
	/** milliseconds (default 30,000) */
	timeoutMs?: number;
	/** conditional: gives `status` 304 and an empty text where the provider says so */
	etag?: string;
	lastModified?: string;
}

export interface PullAnswer {
	status: number;
	/** names in lower case */
	headers: Readonly<Record<string, string>>;
	/** decoded as UTF-8 unless the answer says otherwise */
	text: () => Promise<string>;
	/** throws `PullFailure` naming what came instead of JSON */
	json: () => Promise<unknown>;
	bytes: AsyncIterable<Uint8Array>;
}

/** What a pulling source may use. Everything goes through the guard, the secret is masked in every message. */
/** What somebody wants searched for, for sources that search. */
export interface Search {
	/** stays the same while the search does; begins with its owner and a blank where it has one */
	key: string;
	/** whose it is: another search of theirs goes on where the one before was left */
	owner?: string;
	/** for messages */
	label: string;
	/** in the provider's own syntax */
	query: string;
	/** from when on */
	since: Date;
}

export interface PullTools {
	/** Answers outside 200-299 (and 304) throw `PullFailure` with the status and what the provider wants us to wait. */
	fetch: (request: PullRequest) => Promise<PullAnswer>;
	secret: string | undefined;
	/** start of the run */
	now: Date;
	/** how far back an operator wants the source read; without it the source's own beginning counts */
	since?: Date;
	/** seconds that may still be spent in this slice; a slice that waits longer ends instead */
	secondsLeft: () => number;
	sleep: (milliseconds: number) => Promise<void>;
	/** what is searched for at present; left out where nobody can say */
	searches?: () => Promise<readonly Search[]>;
}

/** A request that brought nothing to read. The run ends as failing with this message; what was stored before stays, `mark` too. */
export class PullFailure extends Error {
	readonly status: number | null;
	/** seconds the provider wants us to wait */
	readonly retryAfter: number | undefined;
	/** of the refusal, names in lower case: some providers say there how much of their limit is left */
	readonly headers: Readonly<Record<string, string>>;
	constructor(message: string, status: number | null = null, retryAfter?: number, headers: Readonly<Record<string, string>> = {}) {
		super(message);
		this.name = "PullFailure";
		this.status = status;
		this.retryAfter = retryAfter;
		this.headers = headers;
	}
}

/** What a provider grants one of a source's credentials, as far as it said. */
export interface CredentialLimit {
	/** which credential: `account 2`, `API key`; never the credential or a part of it */
	label: string;
	/** `resting`: at its limit, not asked before `until`; `refused`: the provider wants it no more, seen first at `since` */
	state: "free" | "resting" | "refused";
	/** ISO 8601, of one that rests */
	until?: string;
	/** ISO 8601, of one that is refused */
	since?: string;
	/** requests left of those a window has, and when the next begins (ISO 8601) */
	window?: { remaining: number; limit: number; resetAt: string };
}

/** One slice of a pulling source: at most some thousand records, some seconds. Stored together with `mark`, in one transaction where it fits. */
export interface Slice<Item, Mark extends Json> {
	items: ReadonlyArray<ReadItem<Item>>;
	/** where the next slice goes on, be it in this run or in the next one */
	mark: Mark;
	/** nothing more in this run */
	done: boolean;
	/** in words for the run's history: `page 3 of 12`, `12 of 80 events changed` */
	note?: string;
	/** shown on the source's page: every credential there is, not only the one this slice was asked with */
	limits?: readonly CredentialLimit[];
	/** the run ends here although there is more, because the provider's limit is used up: the next run starts at this time */
	waitUntil?: Date;
}

/**
 * Many requests, in slices that are committed one by one with the place reached, so that a run that fails midway keeps what it
 * had and the next one goes on there.
 */
export interface PullReading<Item, Mark extends Json = Json> {
	mode: "pull";
	/** `mark` is null at the very first run */
	next: (mark: Mark | null, tools: PullTools) => Promise<Slice<Item, Mark>>;
	/** for `exist ingest <source> --file F`: the same records out of one saved answer */
	parse?: (body: RecordBody) => AsyncIterable<ReadItem<Item>>;
}

/**
 * Where the text of one record is, of a provider whose feed only names it. Asked for one record at a time, and only where
 * somebody wants it: thousands of requests for what nobody reads would be no politeness.
 */
export interface TextReading {
	/** null: this record has none */
	url: (record: { externalId: string; extra: Readonly<Record<string, string>> }) => string | null;
	/** the text out of the answer. Throws `SuspectBody` where it is something else (a challenge page). */
	read: (answer: { text: string; contentType: string | undefined }) => string;
}

export interface RecordSource<Tracker extends RecordTracker = RecordTracker> extends SourceBasics {
	tracker: Tracker;
	text?: TextReading;
	reading: FeedReading<RecordItems[Tracker]> | PullReading<RecordItems[Tracker], never>;
}

/** A source of any tracker's records. */
export type AnyRecordSource = { [Tracker in RecordTracker]: RecordSource<Tracker> }[RecordTracker];

/** Checks the shape of a source of records; the item type follows from its tracker. */
export function defineRecordSource<Tracker extends RecordTracker, Mark extends Json = Json>(
	source: Omit<RecordSource<Tracker>, "reading"> & { reading: FeedReading<RecordItems[Tracker]> | PullReading<RecordItems[Tracker], Mark> },
): RecordSource<Tracker> {
	return source as unknown as RecordSource<Tracker>;
}
