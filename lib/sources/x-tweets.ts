import type { ApiV2Includes, TweetV2 } from "twitter-api-v2";
import { cleanText, webLink } from "@/lib/net";
import type { ReadItem, TweetItem } from "./record";
import { decodeEntities } from "./text";

/** A page of tweets as version 2 of the API answers. `errors` beside data are about what is missing from `includes`. */
export interface TweetPage {
	data?: TweetV2[];
	includes?: ApiV2Includes;
	meta?: { next_token?: string; newest_id?: string; result_count?: number };
	errors?: ReadonlyArray<{ title?: string; detail?: string; message?: string }>;
}

/** Fields every request asks for. */
export const TWEET_QUERY = {
	expansions: "author_id,referenced_tweets.id,referenced_tweets.id.author_id",
	"tweet.fields": "created_at,entities,lang,note_tweet,public_metrics,referenced_tweets",
	"user.fields": "name,username",
} as const;

const LARGEST_ID = 2n ** 63n - 1n;
const MAX_TEXT = 30_000;
const EPOCH_MS = 1_288_834_974_657n;

/** An id as X gives it: 64 bits, signed. */
export function isTweetId(id: unknown): id is string {
	return typeof id === "string" && /^[1-9]\d{0,18}$/.test(id) && BigInt(id) <= LARGEST_ID;
}

/** Ids since November 2010 carry their time. */
function timeOfId(id: string): Date | undefined {
	const milliseconds = BigInt(id) >> 22n;
	return milliseconds < 1_000_000_000n ? undefined : new Date(Number(milliseconds + EPOCH_MS));
}

/** The id that a tweet of this moment would have, before any other of it. */
export function idOfTime(time: Date): string {
	const since = BigInt(time.getTime()) - EPOCH_MS;
	return String((since > 0n ? since : 1n) << 22n);
}

function timeOf({ created_at, id }: TweetV2): Date | undefined {
	const told = typeof created_at === "string" ? new Date(created_at) : undefined;
	return told === undefined || Number.isNaN(told.getTime()) ? timeOfId(id) : told;
}

/** The whole text: long posts have it beside the beginning. X escapes `&`, `<` and `>` and nothing else. */
function wholeText({ text, note_tweet }: TweetV2): string {
	return cleanText(decodeEntities(note_tweet?.text ?? text));
}

function linksOf({ entities, note_tweet }: TweetV2): TweetItem["links"] {
	const links = new Map<string, { short: string; expanded?: string; shown?: string }>();
	for (const { url, expanded_url, unwound_url, display_url } of [...(entities?.urls ?? []), ...(note_tweet?.entities?.urls ?? [])]) {
		const short = webLink(url);
		if (short === undefined || links.has(short)) continue;
		const expanded = webLink(unwound_url) ?? webLink(expanded_url);
		links.set(short, { short, ...(expanded === undefined ? {} : { expanded }), ...(typeof display_url === "string" ? { shown: cleanText(display_url).slice(0, 300) } : {}) });
	}
	return [...links.values()];
}

function countsOf({ public_metrics: metrics }: TweetV2): TweetItem["counts"] {
	if (metrics === undefined) return undefined;
	const counts = { likes: metrics.like_count, retweets: metrics.retweet_count, replies: metrics.reply_count, quotes: metrics.quote_count };
	return Object.fromEntries(Object.entries(counts).filter(([, count]) => Number.isSafeInteger(count) && count >= 0));
}

/** Users and tweets that a page brings along, by id. */
class Includes {
	readonly #users: ReadonlyMap<string, { name: string; username: string }>;
	readonly #tweets: ReadonlyMap<string, TweetV2>;

	constructor(includes: ApiV2Includes = {}) {
		this.#users = new Map((includes.users ?? []).map((user) => [user.id, user]));
		this.#tweets = new Map((includes.tweets ?? []).map((tweet) => [tweet.id, tweet]));
	}

	/** Name and handle; of an account that X does not show (suspended, protected) its number. */
	author(id: string): { user: string; screenName: string } {
		const user = this.#users.get(id);
		return user === undefined ? { user: id, screenName: id } : { user: cleanText(user.name).slice(0, 200), screenName: cleanText(user.username).slice(0, 50) };
	}

	/** The tweet itself, or what it repeats: a retweet's own text is cut after 140 characters, and has the links cut off. */
	spoken(tweet: TweetV2): { text: string; links: TweetItem["links"] } {
		const repeated = tweet.referenced_tweets?.find(({ type }) => type === "retweeted");
		const original = repeated === undefined ? undefined : this.#tweets.get(repeated.id);
		if (original === undefined) return { text: wholeText(tweet), links: linksOf(tweet) };
		const by = original.author_id === undefined ? undefined : this.author(original.author_id).screenName;
		return { text: `RT ${by === undefined ? "" : `@${by}: `}${wholeText(original)}`, links: linksOf(original) };
	}
}

function item(tweet: TweetV2, includes: Includes): TweetItem | string {
	if (!isTweetId(tweet.id)) return "its id is no 64-bit number";
	if (typeof tweet.text !== "string") return "it has no text";
	if (typeof tweet.author_id !== "string") return "it has no author";
	const published = timeOf(tweet);
	if (published === undefined) return "it has no date";
	const { text, links } = includes.spoken(tweet);
	if (text.length > MAX_TEXT) return `it has ${text.length} characters, at most ${MAX_TEXT.toLocaleString("en")} are read`;
	const counts = countsOf(tweet);
	const refersTo = tweet.referenced_tweets?.filter(({ id }) => isTweetId(id)).map(({ type, id }) => ({ kind: type, id }));
	return {
		id: tweet.id,
		text,
		published,
		...includes.author(tweet.author_id),
		userId: tweet.author_id,
		links,
		...(typeof tweet.lang === "string" && /^[\w-]{2,10}$/.test(tweet.lang) && tweet.lang !== "und" ? { language: tweet.lang } : {}),
		...(refersTo === undefined || refersTo.length === 0 ? {} : { refersTo }),
		...(counts === undefined || Object.keys(counts).length === 0 ? {} : { counts }),
	};
}

/** The tweets of a page; one that cannot be used is set aside alone. */
export function readTweets(page: TweetPage): Array<ReadItem<TweetItem>> {
	const includes = new Includes(page.includes);
	return (page.data ?? []).map((tweet, at) => {
		const where = typeof tweet?.id === "string" ? `tweet ${tweet.id.slice(0, 30)}` : `tweet ${at + 1} of the page`;
		const read = typeof tweet === "object" && tweet !== null ? item(tweet, includes) : "it is no tweet";
		return typeof read === "string" ? { ok: false, where, reason: read, excerpt: JSON.stringify(tweet)?.slice(0, 300) ?? "" } : { ok: true, where, item: read };
	});
}

/** The text with its short links replaced by where they lead: what indicators are looked for in. */
export function expandedText({ text, links }: Pick<TweetItem, "text" | "links">): string {
	return links.reduce((out, { short, expanded }) => (expanded === undefined ? out : out.replaceAll(short, expanded)), text);
}
