import { expandedText } from "@/lib/sources/x-tweets";
import { raw } from "@/lib/trackers/record-tracker";
import { defineHunterKind, type HuntDocument } from "../define";
import { xQueryOf } from "../query/x-query";
import { commonFields, field, oneLine } from "../read/columns";
import { tableReaders } from "../read/table";

type Links = Array<{ short: string; expanded?: string }>;
type Followed = Record<string, { to?: string }>;

/** Where a tweet's links lead, as far as X or a look at them has told. */
function leading(links: Links, followed: Followed): string[] {
	const places = links.flatMap(({ short, expanded }) => [expanded ?? short, followed[expanded ?? short]?.to ?? ""]);
	return [...new Set(places.filter((place) => place !== ""))];
}

function document(row: Record<string, unknown>): Omit<HuntDocument, "record" | "source" | "indicators"> {
	const links = raw.json<Links>(row.links, []);
	const text = expandedText({ text: String(row.text), links });
	const screenName = String(row.screen_name);
	const user = String(row.user);
	return {
		at: row.published_at as Date,
		arrived: row.created_at as Date,
		title: oneLine(`@${screenName}: ${text}`, `@${screenName}`),
		path: `/twitter/${(row.id as Buffer).toString("hex")}`,
		fields: {
			text,
			user: [user, `@${screenName}`],
			from: [screenName, `@${screenName}`, String(row.user_id)],
			link: leading(links, raw.json<Followed>(row.followed, {})),
			lang: field.text(row.language),
		},
	};
}

/** Tweets of the timelines that are read, and those that X's search finds for the hunters themselves. */
export const twitterHunter = defineHunterKind({
	id: "twitter",
	tracker: "twitter",
	title: "X / Twitter",
	says: "Looks into tweets: text, where their links lead, and who wrote them.",
	icon: ":bird:",
	sender: "EXIST Twitter hunter",
	fields: [
		{ name: "text", kind: "text", bare: true, says: "the tweet, short links replaced by where they lead", example: "text:emotet" },
		{ name: "from", kind: "word", bare: false, says: "the account that wrote it, or its number", example: "from:abuse_ch" },
		{ name: "user", kind: "text", bare: true, says: "name and account of who wrote it", example: "user:cert phishing" },
		{ name: "link", kind: "text", bare: true, says: "where its links lead", example: "link:pastebin.com" },
		{ name: "lang", kind: "word", bare: false, says: "its language, as X tells it", example: "lang:ja malware" },
		// What X cannot be asked by itself stands with a word.
		...commonFields("x-home malware", "203.0.113.7"),
	],
	examples: [
		{ query: "from:abuse_ch", says: "everything an account writes" },
		{ query: "emotet, trickbot -job", says: "tweets that name either, the second without the word job" },
	],
	// X itself is searched for it: what it cannot be asked is said to whoever writes it.
	refuses: (query) => {
		const asked = xQueryOf(query);
		return asked.ok ? [] : asked.faults;
	},
	...tableReaders({
		tracker: "twitter",
		from: "tweet t",
		alias: "t",
		time: "published_at",
		long: ["text"],
		select: "t.text, t.published_at, t.user, t.screen_name, t.user_id, t.links, t.language, t.followed, t.created_at",
		document: (row, indicators) => ({ ...document(row), indicators }),
	}),
});
