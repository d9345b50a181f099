import type { Queryable } from "@/lib/platform";
import { checkedDate, namedIn, type PreparedRecord, plainText, type RecordStore, readByIds, recordId, type SetAsideItem, type StoreContext, UnusableItem, writeRecords } from "@/lib/records";
import type { TweetItem } from "@/lib/sources/record";
import { expandedText, isTweetId } from "@/lib/sources/x-tweets";
import type { Followed } from "./links";

/** Number that every tweet's identity is made with, whatever timeline it came by: one tweet is one record. */
const X = 1301;
/** Where tweets stand: their own links are no finds. */
const SITES = ["x.com", "twitter.com", "t.co", "pic.twitter.com"];

/** Identity of a tweet's record, by X's number. */
export function tweetRecordId(id: string): Buffer {
	return recordId(X, id);
}

/** What a tweet names: its links where they lead, as far as X or a look at them has told. */
export function tweetMentions(item: Pick<TweetItem, "text" | "links">, followed: Followed, ownDomains: readonly string[]) {
	const links = item.links.map((link) => {
		const to = followed[link.expanded ?? link.short]?.to ?? link.expanded;
		return to === undefined ? link : { ...link, expanded: to };
	});
	// A short link that X has expanded may lead on: both places are named.
	const passed = item.links.flatMap(({ expanded }) => (expanded !== undefined && followed[expanded]?.to !== undefined ? [expanded] : []));
	return namedIn(
		[
			{ place: "text", text: expandedText({ text: item.text, links }) },
			{ place: "link", text: passed.join(" ") },
		],
		ownDomains,
		{ site: SITES },
	);
}

function prepare(item: TweetItem, followed: Followed, context: StoreContext): PreparedRecord {
	if (!isTweetId(item.id)) throw new UnusableItem("its id is no 64-bit number");
	const text = plainText(item.text, 40_000);
	if (text === null) throw new UnusableItem("it has no text");
	const at = checkedDate(item.published, context.at);
	const user = plainText(item.user, 200) ?? item.screenName;
	const screenName = plainText(item.screenName, 50) ?? item.userId;
	return {
		id: tweetRecordId(item.id),
		at,
		columns: {
			tweet_id: item.id,
			text,
			published_at: at,
			user,
			screen_name: screenName,
			user_id: /^\d{1,20}$/.test(item.userId) ? item.userId : "0",
			links: JSON.stringify(item.links),
			language: item.language ?? null,
			refers_to: JSON.stringify(item.refersTo ?? []),
			counts: item.counts === undefined ? null : JSON.stringify(item.counts),
		},
		text: [text, user, `@${screenName}`, item.links.map(({ expanded }) => expanded ?? "").join(" ")],
		mentions: tweetMentions({ text, links: item.links }, followed, context.ownDomains),
	};
}

/** What was found out about the links of tweets that are stored already. */
async function readFollowed(tx: Queryable, ids: readonly Buffer[]): Promise<ReadonlyMap<string, Followed>> {
	const rows = await readByIds<{ id: Buffer; followed: string }>(tx, ids, (list) => `SELECT id, followed FROM tweet WHERE id IN (${list}) AND followed IS NOT NULL`);
	return new Map(rows.map((row) => [row.id.toString("hex"), JSON.parse(row.followed) as Followed]));
}

/** Tweets as they are stored: one row each, by X's own number. */
export const twitterStore: RecordStore<TweetItem> = {
	async store(tx, items, context) {
		const followed = await readFollowed(
			tx,
			items.map(({ item }) => tweetRecordId(item.id)),
		);
		const records: PreparedRecord[] = [];
		const setAside: SetAsideItem[] = [];
		for (const { item, where } of items) {
			try {
				records.push(prepare(item, followed.get(tweetRecordId(item.id).toString("hex")) ?? {}, context));
			} catch (error) {
				if (!(error instanceof UnusableItem)) throw error;
				setAside.push({ where, reason: error.message, excerpt: JSON.stringify(item).slice(0, 480) });
			}
		}
		return { ...(await writeRecords(tx, { tracker: "twitter", table: "tweet" }, records, context)), setAside };
	},
};
