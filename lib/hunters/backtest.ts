import type { StoredMatch } from "@/drizzle/schema";
import { database, type Queryable } from "@/lib/platform";
import type { HuntDocument, HunterKind } from "./define";
import type { BacktestLine } from "./hunter";
import { compileMatcher } from "./match";
import type { HuntQuery } from "./query/query";
import { sourceName, sourcesWithRecords } from "./read/sources";

const DAYS = 30;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const SAMPLES = 20;
/** A serverless function ends after a minute. */
const MILLISECONDS = 50_000;
/** Between two lines of progress within a day. */
const PROGRESS_MS = 500;
/** The one hunter of the matcher. */
const ID = "backtest";

export interface BacktestOptions {
	/** more hits than this at a time are told in one message */
	digestOver: number;
	now?: Date;
	signal?: AbortSignal;
	/** how long it may take */
	milliseconds?: number;
}

type Matcher = Pick<ReturnType<typeof compileMatcher>, "match">;

function dayOf(date: Date): string {
	return date.toISOString().slice(0, 10);
}

/**
 * Numbers of the sources that a query can be about, where each of its clauses names some; undefined where it may be any. The matcher
 * itself says which a term means.
 */
async function sourcesOf(kind: HunterKind, query: HuntQuery, db: Queryable): Promise<number[] | undefined> {
	const clauses = query.clauses.map(({ all }) => ({ all: all.filter(({ field }) => field === "source"), none: [] }));
	if (clauses.some(({ all }) => all.length === 0)) return undefined;
	const matcher = compileMatcher([{ id: ID, query: { ...query, clauses } }], kind.fields);
	const nothing = { record: Buffer.alloc(16), at: new Date(0), title: "", path: "", indicators: [] };
	const sources = await sourcesWithRecords(db, kind.tracker);
	return [...sources].flatMap(([source, names]) => (matcher.match({ ...nothing, source, fields: { source: names } }).size > 0 ? [source] : []));
}

/** What a backtest has found so far. */
class Findings {
	looked = 0;
	hits = 0;
	/** the oldest day that has been looked into */
	day: string;
	readonly #days = new Map<string, number>();
	readonly #minutes = new Map<number, number>();
	readonly #records = new Set<string>();
	readonly #stories = new Set<string>();
	readonly #matcher: Matcher;

	constructor(matcher: Matcher, today: string) {
		this.#matcher = matcher;
		this.day = today;
	}

	/** Holds a document against the query; the matches of a record that is found for the first time. */
	look(document: HuntDocument): readonly StoredMatch[] | null {
		const day = dayOf(document.at);
		if (day < this.day) this.day = day;
		if (document.isPart !== true) this.looked++;
		const matches = this.#matcher.match(document).get(ID);
		const record = document.record.toString("latin1");
		if (matches === undefined || this.#records.has(record)) return null;
		this.#records.add(record);
		this.hits++;
		this.#days.set(day, (this.#days.get(day) ?? 0) + 1);
		if (!this.#isTold(document)) return matches;
		const minute = Math.floor(comingOf(document) / MINUTE_MS);
		this.#minutes.set(minute, (this.#minutes.get(minute) ?? 0) + 1);
		return matches;
	}

	/** Whether a hit would be told: of a story that several records tell only one is. */
	#isTold({ story }: HuntDocument): boolean {
		const key = story?.toString("latin1");
		if (key === undefined) return true;
		return !this.#stories.has(key) && this.#stories.add(key) !== undefined;
	}

	messages(digestOver: number): number {
		return [...this.#minutes.values()].reduce((sum, hits) => sum + (hits > digestOver ? 1 : hits), 0);
	}

	/** Hits of each day from `to` back to `from`, days without any included. */
	days(from: string, to: string): Array<{ day: string; hits: number }> {
		const days: Array<{ day: string; hits: number }> = [];
		for (let at = Date.parse(to); at >= Date.parse(from); at -= DAY_MS) {
			const day = dayOf(new Date(at));
			days.push({ day, hits: this.#days.get(day) ?? 0 });
		}
		return days;
	}
}

/** When a record came, as far as can be told; see `backtest`. */
function comingOf({ at, arrived }: HuntDocument): number {
	const came = arrived?.getTime() ?? at.getTime();
	return came - at.getTime() > DAY_MS ? at.getTime() : came;
}

async function sampleOf(document: HuntDocument, matches: readonly StoredMatch[], db: Queryable): Promise<BacktestLine> {
	const { record, at, source, title, path } = document;
	return { kind: "sample", hit: { record: record.toString("hex"), recordAt: at, source: { number: source, name: await sourceName(db, source) }, title, path, matches } };
}

/** What of a batch is told while it goes on: samples, and where it has come to. */
async function* looking(
	batches: AsyncIterable<readonly HuntDocument[]>,
	findings: Findings,
	until: number,
	signal: AbortSignal | undefined,
	db: Queryable,
): AsyncGenerator<BacktestLine, "end" | "late" | "aborted"> {
	let told = { day: findings.day, at: Date.now() };
	for await (const documents of batches) {
		if (signal?.aborted === true) return "aborted";
		for (const document of documents) {
			const matches = findings.look(document);
			if (matches !== null && findings.hits <= SAMPLES) yield await sampleOf(document, matches, db);
		}
		const now = Date.now();
		if (findings.day !== told.day || now - told.at >= PROGRESS_MS) {
			told = { day: findings.day, at: now };
			yield { kind: "progress", day: findings.day, looked: findings.looked, hits: findings.hits };
		}
		if (now >= until) return "late";
	}
	return "end";
}

/** The day of the newest record that is older than all that were looked at: why an empty answer is empty. Reads one batch. */
async function newestBefore(to: Date, kind: HunterKind, sources: readonly number[] | undefined, db: Queryable): Promise<string | null> {
	for await (const documents of kind.window(db, new Date(0), to, sources)) {
		const newest = Math.max(...documents.map(({ at }) => at.getTime()));
		if (Number.isFinite(newest)) return dayOf(new Date(newest));
	}
	return null;
}

/**
 * Holds a query against the records of a kind that are dated within the last 30 UTC days, today included, newest first, and tells
 * what it finds as it goes. Ends early after `milliseconds` (50 seconds), and says in `cut` how far it came; when `signal` says so it
 * just ends.
 *
 * How many messages the hits would have been is an estimate: hits of one story count once, and hits that came within one minute, more than `digestOver` of them, would
 * have been one message, others one each. A record came when it was first stored here; one that was stored more than a day after its
 * own date (when its source was first read, or imported) is counted as if it had come at its own date, as the next ones will.
 */
export async function* backtest(kind: HunterKind, query: HuntQuery, options: BacktestOptions, db: Queryable = database()): AsyncGenerator<BacktestLine> {
	const began = Date.now();
	const { digestOver, signal, milliseconds = MILLISECONDS } = options;
	const today = dayOf(options.now ?? new Date());
	const to = new Date(Date.parse(today) + DAY_MS);
	const from = new Date(to.getTime() - DAYS * DAY_MS);
	const findings = new Findings(compileMatcher([{ id: ID, query }], kind.fields), today);
	const sources = await sourcesOf(kind, query, db);
	const batches = kind.window(db, from, to, sources);
	const ended = yield* looking(batches, findings, began + milliseconds, signal, db);
	if (ended === "aborted") return;
	const late = ended === "late" && findings.day > dayOf(from);
	const cut =
		ended === "late"
			? `It was stopped after ${Math.round(milliseconds / 1000)} seconds: ${late ? `days before ${findings.day} were not looked at, and that day not to its end` : "the oldest day was not looked at to its end"}.`
			: null;
	const { looked, hits } = findings;
	const newest = looked === 0 && ended === "end" ? await newestBefore(from, kind, sources, db) : null;
	yield { kind: "done", days: findings.days(late ? findings.day : dayOf(from), today), looked, hits, messages: findings.messages(digestOver), cut, newest };
}
