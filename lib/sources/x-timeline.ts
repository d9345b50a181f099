import { type CredentialLimit, PullFailure, type PullReading, type PullTools, type ReadItem, type Slice, type TweetItem } from "./record";
import { credentialsOf, rateLimitOf, readAccess, type XAccess, XClient, type XCredential, type XRateLimit } from "./x-client";
import { readTweets, TWEET_QUERY, type TweetPage } from "./x-tweets";

/** One timeline that is read: a list, an account's home, or what a search finds. */
export interface Timeline {
	/** stays the same over runs */
	key: string;
	label: string;
	/** the only account that can read it; null: any credential can */
	account: XCredential | null;
	page: (client: XClient, at: { since?: string; token?: string }, userId: string | null) => Promise<{ data: TweetPage; rateLimit: XRateLimit | undefined }>;
	/** of a search: nothing of it is left out, what a run does not reach the next one does */
	search?: {
		/** the searches that are asked together */
		keys: readonly string[];
		/** tweets up to this one are none of its business */
		from: string;
		/** X refuses to search from further back */
		oldest: string;
	};
}

/** How far a timeline has been read. `token` and `newest` while older pages of it are still to come. */
type Walk = { since?: string; newest?: string; token?: string; pages?: number };

export type XMark = {
	/** start of the run that is under way: with another one the round begins anew */
	run: string;
	/** the timeline whose turn it is */
	at: number;
	/** requests so far, so that credentials take turns */
	turn: number;
	walks: Record<string, Walk>;
	/** credentials at their limit, and until when */
	resting: Record<string, string>;
	/** credentials that X refused in this run, and what it said */
	refused: Record<string, string>;
	/** since when X refuses a credential, over runs: each asks it again, as people mend their accounts */
	refusedSince?: Record<string, string>;
	/** what X last granted each credential */
	windows?: Record<string, NonNullable<CredentialLimit["window"]>>;
	/** account numbers by credential: X wants one to give a home timeline */
	users: Record<string, string>;
	/** the newest tweet up to which each search has been read, whatever it was asked together with */
	reached?: Record<string, string>;
	/** searches that stood in a question that X refused: each is asked alone, so that one does not silence the others */
	alone?: string[];
	/** the timelines of the round, where these may change within a run */
	keys?: string;
};

/** Pages of the first run; later ones read until they meet what is known. */
const FIRST_PAGES = 2;
const MOST_PAGES = 40;
/** Pages of a search in one run: a word that everybody writes must not use up a month's posts in a minute. */
const SEARCH_PAGES = 10;
/** X's windows are 15 minutes long. */
const WINDOW_MS = 15 * 60 * 1000;
const LEAST_REST_MS = 60 * 1000;

/** The newer of two tweets. */
export const newer = (a: string | undefined, b: string): string => (a === undefined || BigInt(b) > BigInt(a) ? b : a);

/** A round over timelines: which is next, with whose credentials, and what is remembered of it. */
export class Round {
	readonly state: XMark;
	readonly #tools: PullTools;
	readonly #access: XAccess;
	readonly #credentials: readonly XCredential[];
	readonly #timelines: readonly Timeline[];

	constructor(mark: XMark | null, access: XAccess, timelines: readonly Timeline[], tools: PullTools) {
		const run = tools.now.toISOString();
		const { walks = {}, resting = {}, users = {}, refusedSince = {}, windows = {}, turn = 0, reached, alone } = mark ?? {};
		const kept = structuredClone({ walks, resting, users, refusedSince, windows, ...(reached === undefined ? {} : { reached }), ...(alone === undefined ? {} : { alone }) });
		this.state = mark?.run === run ? structuredClone(mark) : { run, at: 0, turn, refused: {}, ...kept };
		this.#timelines = timelines;
		this.#tools = tools;
		this.#access = access;
		this.#credentials = credentialsOf(access);
	}

	#able(timeline: Timeline): XCredential[] {
		return timeline.account === null ? [...this.#credentials] : [timeline.account];
	}

	/** The next credential that may ask, or null. */
	pick(timeline: Timeline): XCredential | null {
		const now = this.#now();
		const free = this.#able(timeline).filter(({ key }) => this.state.refused[key] === undefined && !(Date.parse(this.state.resting[key] ?? "") > now));
		return free[this.state.turn % Math.max(1, free.length)] ?? null;
	}

	/** When the first of those at their limit may ask again; null where all were refused. */
	freeAt(timeline: Timeline): Date | null {
		const times = this.#able(timeline)
			.filter(({ key }) => this.state.refused[key] === undefined)
			.map(({ key }) => Date.parse(this.state.resting[key] ?? ""));
		return times.length === 0 ? null : new Date(Math.min(...times));
	}

	refusals(timelines: readonly Timeline[]): string {
		const all = new Map(timelines.flatMap((timeline) => this.#able(timeline)).map(({ key, label }) => [key, `${label}: ${this.state.refused[key] ?? "at its limit"}`]));
		return [...all.values()].join("; ");
	}

	slice(items: ReadonlyArray<ReadItem<TweetItem>>, done: boolean, note: string): Slice<TweetItem, XMark> {
		return { items, mark: this.state, done, note, limits: this.#limits() };
	}

	/** Keeps what X said of a credential's limit. */
	granted({ key }: Pick<XCredential, "key">, said: XRateLimit | undefined): void {
		if (said === undefined) return;
		this.state.windows = { ...this.state.windows, [key]: { remaining: said.remaining, limit: said.limit, resetAt: said.resetAt.toISOString() } };
	}

	refuse({ key }: XCredential, words: string): void {
		this.state.refused[key] = words;
		this.state.refusedSince = { [key]: new Date(this.#now()).toISOString(), ...this.state.refusedSince };
	}

	/** X gave a credential what it asked for. */
	served({ key }: XCredential, said: XRateLimit | undefined): void {
		const { [key]: _since, ...others } = this.state.refusedSince ?? {};
		this.state.refusedSince = others;
		this.granted({ key }, said);
	}

	/** Every credential that reads something here, in the order they are set. */
	#limits(): CredentialLimit[] {
		const used = new Set(this.#timelines.flatMap((timeline) => this.#able(timeline)).map(({ key }) => key));
		const now = this.#now();
		return this.#credentials
			.filter(({ key }) => used.has(key))
			.map(({ key, label }): CredentialLimit => {
				const window = this.state.windows?.[key];
				const since = this.state.refusedSince?.[key];
				const until = this.state.resting[key];
				const about = window === undefined ? { label } : { label, window };
				if (since !== undefined) return { ...about, state: "refused", since };
				return until !== undefined && Date.parse(until) > now ? { ...about, state: "resting", until } : { ...about, state: "free" };
			});
	}

	#now(): number {
		return Math.max(this.#tools.now.getTime(), Date.now());
	}

	client({ tokens }: XCredential): XClient {
		return new XClient(tokens, this.#tools, this.#access.api);
	}

	/** The number of the account a credential speaks for; asked once and remembered. */
	async userId(credential: XCredential, client: XClient): Promise<string> {
		const known = this.state.users[credential.key];
		if (known !== undefined) return known;
		const { data } = await client.ask<{ data?: { id?: unknown } }>("users/me", {});
		const id = data.data?.id;
		if (typeof id !== "string" || !/^\d{1,20}$/.test(id)) throw new PullFailure(`X does not say whose ${credential.label} is.`);
		this.state.users[credential.key] = id;
		return id;
	}
}

/** What a page means for the place reached: nothing more, or where to go on. */
function advance(walk: Walk, page: TweetPage, isSearch: boolean): { next: Walk; isOver: boolean; fresh: (id: string) => boolean } {
	const ids = (page.data ?? []).map(({ id }) => id).filter((id) => typeof id === "string" && /^\d{1,20}$/.test(id));
	const newest = ids.reduce<string | undefined>(newer, walk.newest);
	const { since } = walk;
	const met = since !== undefined && ids.some((id) => BigInt(id) <= BigInt(since));
	const pages = (walk.pages ?? 0) + 1;
	const token = page.meta?.next_token;
	const fresh = (id: string): boolean => since === undefined || BigInt(id) > BigInt(since);
	const isLong = pages >= (since === undefined ? FIRST_PAGES : MOST_PAGES);
	if (token === undefined || met || (isLong && !isSearch)) {
		const reached = newest === undefined ? since : newer(since, newest);
		return { next: reached === undefined ? {} : { since: reached }, isOver: true, fresh };
	}
	return { next: { ...(since === undefined ? {} : { since }), ...(newest === undefined ? {} : { newest }), token, pages }, isOver: false, fresh };
}

/** The provider's own words in a refusal, without our credentials, which it never repeats. */
function said(failure: PullFailure): string {
	return `${failure.status ?? "no answer"} ${failure.message}`.slice(0, 200);
}

/**
 * A refusal that concerns one credential or one timeline: the round goes on without it. Everything else is thrown on, and the
 * run ends there with what it has.
 */
function afterRefusal(round: Round, timeline: Timeline, credential: XCredential, walk: Walk, failure: PullFailure): Slice<TweetItem, XMark> {
	const { state } = round;
	if (failure.status === 429) {
		const limit = rateLimitOf(failure.headers);
		const wait = failure.retryAfter === undefined ? WINDOW_MS : failure.retryAfter * 1000;
		const now = Math.max(Date.now(), Date.parse(state.run));
		// Clocks differ: a time that has passed here would be asked again at once, and again.
		const until = new Date(Math.max(limit?.resetAt.getTime() ?? now + wait, now + LEAST_REST_MS));
		state.resting[credential.key] = until.toISOString();
		round.granted(credential, limit);
		return round.slice([], false, `${credential.label} is at its limit until ${until.toISOString().slice(11, 16)} UTC`);
	}
	if (failure.status === 401 || failure.status === 402 || failure.status === 403) {
		round.refuse(credential, said(failure));
		return round.slice([], false, `${credential.label} was refused: ${said(failure)}`);
	}
	if (failure.status === 400 && walk.token !== undefined) {
		// The place on the way back is no longer known there: begin at the top again, nothing that is stored is stored twice.
		state.walks[timeline.key] = walk.since === undefined ? {} : { since: walk.since };
		return round.slice([], false, `${timeline.label}: X no longer knows the page; reading from the top`);
	}
	if ((failure.status === 400 || failure.status === 404) && timeline.search !== undefined && timeline.search.keys.length > 1) {
		state.alone = [...new Set([...(state.alone ?? []), ...timeline.search.keys])];
		return round.slice([], false, `${timeline.label}: X refuses them together; each is asked alone`);
	}
	if (failure.status === 400 || failure.status === 404) {
		state.at++;
		return round.slice([{ ok: false, where: timeline.label, reason: `X refuses it: ${said(failure)}`, excerpt: "" }], false, `${timeline.label} was refused`);
	}
	throw failure;
}

/** A timeline whose credentials all rest or were refused. Throws `PullFailure` where nothing is left to be read at all. */
function unread(round: Round, timeline: Timeline, timelines: readonly Timeline[]): Slice<TweetItem, XMark> {
	const { state } = round;
	const free = round.freeAt(timeline);
	if (free === null && timelines.every((one) => round.freeAt(one) === null)) throw new PullFailure(`X refused every credential (${round.refusals(timelines)}).`, 403);
	state.at++;
	const done = state.at >= timelines.length;
	if (free === null) return round.slice([{ ok: false, where: timeline.label, reason: `X refuses it (${round.refusals([timeline])})`, excerpt: "" }], done, timeline.label);
	const ends = done || timeline.account === null;
	return { ...round.slice([], ends, `${timeline.label}: at the limit until ${free.toISOString().slice(11, 16)} UTC`), ...(ends ? { waitUntil: free } : {}) };
}

/** Where a timeline goes on. A search that begins does so where the last of its parts was left. */
function walkOf(state: XMark, { key, search }: Timeline): Walk {
	const walk = state.walks[key] ?? {};
	if (search === undefined || walk.token !== undefined) return walk;
	return { ...walk, since: newer(search.oldest, walk.since ?? search.from) };
}

/** Keeps the place reached in a timeline, and turns to the next one where this one is over, or long enough for one run. */
function note(state: XMark, { key, search }: Timeline, next: Walk, isOver: boolean): void {
	state.walks[key] = next;
	if (search === undefined) {
		if (isOver) state.at++;
		return;
	}
	if (isOver) {
		// The place is each search's own: the next round may ask them in other company.
		delete state.walks[key];
		const { since } = next;
		if (since !== undefined) state.reached = { ...state.reached, ...Object.fromEntries(search.keys.map((one) => [one, newer(state.reached?.[one], since)])) };
		state.at++;
	} else if ((next.pages ?? 0) >= SEARCH_PAGES) {
		state.walks[key] = { ...next, pages: 0 };
		state.at++;
	}
}

/** One request of a round. */
export async function step(round: Round, timelines: readonly Timeline[]): Promise<Slice<TweetItem, XMark>> {
	const { state } = round;
	const timeline = timelines[state.at];
	if (timeline === undefined) return round.slice([], true, "");
	const credential = round.pick(timeline);
	if (credential === null) return unread(round, timeline, timelines);
	state.turn = (state.turn + 1) % 1_000_000;
	const walk = walkOf(state, timeline);
	const client = round.client(credential);
	try {
		const userId = timeline.account === null ? null : await round.userId(credential, client);
		const { data: page, rateLimit } = await timeline.page(client, walk, userId);
		round.served(credential, rateLimit);
		if (page.data === undefined && page.errors !== undefined && page.errors.length > 0) {
			const [error] = page.errors;
			state.at++;
			const reason = `X says: ${(error?.detail ?? error?.title ?? error?.message ?? "an error without words").slice(0, 200)}`;
			return round.slice([{ ok: false, where: timeline.label, reason, excerpt: "" }], state.at >= timelines.length, timeline.label);
		}
		const { next, isOver, fresh } = advance(walk, page, timeline.search !== undefined);
		note(state, timeline, next, isOver);
		const items = readTweets(page).filter((read) => !read.ok || fresh(read.item.id));
		return round.slice(items, state.at >= timelines.length, `${timeline.label}: ${items.length} new`);
	} catch (error) {
		if (error instanceof PullFailure) return afterRefusal(round, timeline, credential, walk, error);
		throw error;
	}
}

/** Reads timelines page by page, newest first, until each meets what is known; credentials take turns, those at their limit rest. */
export function readTimelines(timelines: (access: XAccess) => readonly Timeline[]): PullReading<TweetItem, XMark> {
	return {
		mode: "pull",
		next: (mark, tools) => {
			const access = readAccess(tools.secret);
			const all = timelines(access);
			return step(new Round(mark, access, all, tools), all);
		},
	};
}

/** Query for one page of a timeline. */
export function pageQuery(most: number, at: { since?: string; token?: string }, withSince: boolean): Record<string, string | number | undefined> {
	return { ...TWEET_QUERY, max_results: most, pagination_token: at.token, since_id: withSince ? at.since : undefined };
}
