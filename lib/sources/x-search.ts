import { createHash } from "node:crypto";
import type { PullReading, PullTools, Search, TweetItem } from "./record";
import { readAccess } from "./x-client";
import { newer, Round, step, type Timeline, type XMark } from "./x-timeline";
import { idOfTime, TWEET_QUERY, type TweetPage } from "./x-tweets";

/** Characters of a query that every plan takes. */
export const MAX_X_QUERY = 512;
/** X searches the last seven days, and refuses a `since_id` before them. */
const SEARCHED_MS = 7 * 86_400_000 - 3_600_000;
const BETWEEN = " OR ";

/** Several searches as one question. */
interface Pack {
	searches: readonly Search[];
	query: string;
}

/** Each in parentheses: a blank binds closer than `OR`, and a `-` concerns its own search only. */
function together(searches: readonly Search[]): string {
	return searches.length === 1 ? (searches[0] as Search).query : searches.map(({ query }) => `(${query})`).join(BETWEEN);
}

/**
 * Few questions out of many searches, none longer than `most` characters: the first question that has room takes the next search.
 * Those of `alone` get one each.
 */
export function packSearches(searches: readonly Search[], alone: ReadonlySet<string> = new Set(), most = MAX_X_QUERY): Pack[] {
	const packs: Search[][] = [];
	for (const search of searches.filter(({ key }) => !alone.has(key))) {
		const room = packs.find((pack) => together([...pack, search]).length <= most);
		if (room === undefined) packs.push([search]);
		else room.push(search);
	}
	return [...packs, ...searches.filter(({ key }) => alone.has(key)).map((search) => [search])].map((pack) => ({ searches: pack, query: together(pack) }));
}

/**
 * The tweet up to which a search has been read, undefined where it never was. One that was changed goes on where its owner's newest was
 * left: what X was searched for before is not news because somebody mends a word.
 */
function placeOf({ key, owner, since }: Search, reached: Readonly<Record<string, string>>): string | undefined {
	const own = reached[key];
	if (own !== undefined || owner === undefined) return own;
	const before = Object.entries(reached).filter(([other]) => other.startsWith(`${owner} `));
	// Its owner may have been switched on again since.
	return before.length === 0 ? undefined : before.reduce((newest, [, place]) => newer(newest, place), idOfTime(since));
}

function timelineOf({ searches, query }: Pack, mark: XMark | null, now: Date): Timeline {
	const places = searches.map((search) => placeOf(search, mark?.reached ?? {}) ?? idOfTime(search.since));
	const from = places.reduce((oldest, place) => (newer(oldest, place) === place ? oldest : place));
	const [first] = searches;
	return {
		// With other searches beside it, a place on the way back means nothing.
		key: `search ${createHash("sha256").update(query).digest("hex").slice(0, 24)}`,
		label: searches.length === 1 && first !== undefined ? `search of ${first.label}` : `${searches.length} searches`,
		account: null,
		page: (client, at) =>
			client.ask<TweetPage>("tweets/search/recent", {
				...TWEET_QUERY,
				query,
				max_results: 100,
				sort_order: "recency",
				...(at.token === undefined ? {} : { next_token: at.token }),
				since_id: at.since,
			}),
		search: { keys: searches.map(({ key }) => key), from, oldest: idOfTime(new Date(now.getTime() - SEARCHED_MS)) },
	};
}

/** What is remembered of searches that nobody makes any more goes; those that come after them keep the place. */
function forget(mark: XMark, searches: readonly Search[], timelines: readonly Timeline[]): void {
	const keys = new Set(searches.map(({ key }) => key));
	const walks = new Set(timelines.map(({ key }) => key));
	const reached = mark.reached ?? {};
	mark.reached = Object.fromEntries(
		searches.flatMap((search) => {
			const place = placeOf(search, reached);
			return place === undefined ? [] : [[search.key, place]];
		}),
	);
	mark.alone = (mark.alone ?? []).filter((key) => keys.has(key));
	mark.walks = Object.fromEntries(Object.entries(mark.walks).filter(([key]) => walks.has(key)));
}

async function next(mark: XMark | null, tools: PullTools): ReturnType<PullReading<TweetItem, XMark>["next"]> {
	const access = readAccess(tools.secret);
	const searches = (await tools.searches?.()) ?? [];
	const timelines = packSearches(searches, new Set(mark?.alone)).map((pack) => timelineOf(pack, mark, tools.now));
	const round = new Round(mark, access, timelines, tools);
	const { state } = round;
	const keys = timelines.map(({ key }) => key).join(" ");
	// Somebody changed what is searched for, or a question was taken apart: the round begins anew, each search where it was left.
	if (state.keys !== keys) state.at = 0;
	state.keys = keys;
	forget(state, searches, timelines);
	if (searches.length === 0) return round.slice([], true, "Nobody searches X at present.");
	return step(round, timelines);
}

/**
 * X's search over the last seven days, for what is searched for: few questions, read from the tweet where each search was left.
 * What X finds is stored like any tweet; who searched for it, X does not say, and hunters find out themselves.
 */
export const xSearching: PullReading<TweetItem, XMark> = { mode: "pull", next };
