import { z } from "zod";
import { canonicaliseFeed } from "@/lib/domain/canonical";
import { type Database, lit } from "@/lib/platform";
import { sourcesOf } from "@/lib/sources";
import type { TweetItem } from "@/lib/sources/record";
import { defineTracker } from "../define";
import { type QueryOf, textParameter } from "../parameters";
import { cveParameter, type RecordSourceName, raw, recordParameters, recordSource, recordsNamingCve, restrictRecords } from "../record-tracker";
import type { Cell, RecordView, Section } from "../view";
import { type Followed, openLinks } from "./links";
import { tweetRecordId } from "./store";

export interface TweetRow {
	/** 32 hex, ours */
	id: string;
	/** X's own number, digits */
	tweetId: string;
	source: RecordSourceName;
	text: string;
	publishedAt: Date;
	user: string;
	screenName: string;
	userId: string;
	links: TweetItem["links"];
	language: string | null;
	refersTo: ReadonlyArray<{ kind: string; id: string }>;
	counts: Readonly<Record<string, number>>;
	followed: Followed;
}

const parameters = {
	...recordParameters("twitter", { field: "datetime", dated: "posted", words: "words, every one of which text, user or screen name must hold" }),
	screenName: textParameter("screen_name", { description: "handle of the author, without @", example: "TwitterDev", pattern: { is: /^@?\w{1,50}$/, right: "a handle such as TwitterDev" } }),
	cve: cveParameter("cve", { description: "tweets that name this CVE", example: "CVE-2026-1234" }),
};

const item = z.object({
	id: z.number().meta({ type: "integer", format: "int64", description: "X's number, 64 bits: parsers that round integers beyond 2^53 take id_str" }),
	text: z.string(),
	datetime: z.iso.datetime().describe("posted"),
	user: z.string().describe("display name"),
	screen_name: z.string(),
	id_str: z.string().describe("the same number as text"),
	user_id: z.string(),
	referrer: z.string().describe("the tweet on X"),
	language: z.string().nullable(),
	links: z
		.array(z.object({ short: z.string(), expanded: z.string().nullable(), followed: z.string().nullable() }))
		.describe("links, where X says they lead, and where they lead in the end as far as somebody had them followed"),
	refers_to: z.array(z.object({ kind: z.string(), id_str: z.string() })),
	source: z.string().describe("name of the source"),
});

/** Digits that `JSON.stringify` writes as they are: a JavaScript number would be rounded beyond 2^53. */
function digits(number: string): number {
	const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown };
	return rawJSON(number) as number;
}

function toRow(record: Record<string, unknown>): TweetRow {
	return {
		id: raw.hex(record.id),
		tweetId: String(record.tweet_id),
		source: recordSource(record.source),
		text: String(record.text),
		publishedAt: record.published_at as Date,
		user: String(record.user),
		screenName: String(record.screen_name),
		userId: String(record.user_id),
		links: raw.json<TweetItem["links"]>(record.links, []),
		language: raw.text(record.language),
		refersTo: raw.json<TweetRow["refersTo"]>(record.refers_to, []),
		counts: raw.json<Record<string, number>>(record.counts, {}),
		followed: raw.json<Followed>(record.followed, {}),
	};
}

/** The tweet on X. Accounts that X does not name are reached without their handle. */
function page(row: Pick<TweetRow, "screenName" | "tweetId">): string {
	return `https://x.com/${/^\w{1,50}$/.test(row.screenName) && !/^\d+$/.test(row.screenName) ? row.screenName : "i"}/status/${row.tweetId}`;
}

/** Text with links as people read them: `t.co` says nothing. */
function shownText(row: Pick<TweetRow, "text" | "links">): string {
	return row.links.reduce((text, { short, shown, expanded }) => text.replaceAll(short, shown ?? expanded ?? short), row.text);
}

/**
 * A handle as it is stored: handles have no case on X. Looked up first among the handles there are, which the index gives, because
 * a list that compares in lower case would read every tweet.
 */
async function spellings(handle: string, db: Database): Promise<string[]> {
	const text = handle.replace(/^@/, "");
	const rows = await db.query<{ name: string }>(`SELECT d.name FROM (SELECT DISTINCT screen_name AS name FROM tweet) d WHERE LOWER(d.name) = ${lit(text.toLowerCase())}`);
	return rows.length === 0 ? [text] : rows.map(({ name }) => name);
}

async function conditions(query: QueryOf<typeof parameters>, db: Database): Promise<string[]> {
	const found: string[] = [];
	if (query.screenName !== undefined) found.push(`x.screen_name IN (${(await spellings(query.screenName, db)).map(lit).join(",")})`);
	if (query.cve !== undefined) found.push(`x.id IN (${recordsNamingCve("twitter", query.cve)})`);
	return found;
}

/** An address as an indicator: shown defanged, leading to its own page here and not out. */
function address(text: string | undefined): Cell {
	const read = text === undefined ? null : canonicaliseFeed(text, "url");
	if (read?.ok !== true) return { kind: "text", text: text ?? null, mono: true };
	return { kind: "indicators", indicators: [read.indicator] };
}

function linkRows(row: TweetRow): Cell[][] {
	return row.links.map(({ short, expanded }) => {
		const result = row.followed[expanded ?? short];
		return [address(short), address(expanded), result?.failure === undefined ? address(result?.to) : { kind: "text", text: result.failure }];
	});
}

const KINDS: Readonly<Record<string, string>> = { retweeted: "Repeats", replied_to: "Answers", quoted: "Quotes" };

function view(row: TweetRow): RecordView {
	const sections: Section[] = [{ kind: "text", title: "Text", text: shownText(row) }];
	if (row.links.length > 0) sections.push({ kind: "table", title: "Links", headers: ["Link", "Leads to, says X", "Leads to in the end"], rows: linkRows(row) });
	sections.push({
		kind: "fields",
		title: "About it",
		fields: [
			{ name: "Posted", cell: { kind: "time", at: row.publishedAt } },
			{ name: "Account", cell: { kind: "link", href: `/twitter?screen_name=${encodeURIComponent(row.screenName)}`, text: `@${row.screenName}` } },
			{ name: "Language", cell: { kind: "text", text: row.language } },
			{ name: "Source", cell: { kind: "link", href: `/sources/${row.source.slug}`, text: row.source.name } },
			...row.refersTo.map(({ kind, id }): { name: string; cell: Cell } => ({ name: KINDS[kind] ?? kind, cell: { kind: "link", href: `https://x.com/i/status/${id}`, text: id, outside: true } })),
			...Object.entries(row.counts).map(([name, value]): { name: string; cell: Cell } => ({ name: `${name[0]?.toUpperCase() ?? ""}${name.slice(1)} when read`, cell: { kind: "number", value } })),
		],
	});
	const open = openLinks(row.links, row.followed);
	return {
		title: `${row.user} (@${row.screenName})`,
		said: [
			{ kind: "text", text: `post ${row.tweetId}`, mono: true },
			{ kind: "time", at: row.publishedAt },
		],
		badges: [],
		links: [{ label: "On X", href: page(row) }],
		...(open.length === 0 ? {} : { actions: [{ name: "follow-links", label: open.length === 1 ? "Follow the short link" : `Follow ${open.length} short links`, pendingLabel: "Following…" }] }),
		sections,
	};
}

export const twitter = defineTracker({
	name: "twitter",
	resource: "twitter",
	title: "Twitter",
	path: "/twitter",
	counted: { table: "tweet", at: "published_at" },
	from: "tweet x",
	select: "x.*",
	light: "x.id, x.tweet_id, x.source, x.text, x.published_at, x.user, x.screen_name, x.user_id, x.links",
	order: { time: "x.published_at", id: "x.id", timeOf: (row) => row.publishedAt },
	parameters,
	item,
	restrict: async (query, db) => restrictRecords({ tracker: "twitter", alias: "x", time: "x.published_at" }, query, await conditions(query, db), db),
	// X's own number is what the original's clients know.
	idOf: async (text) => (/^[1-9]\d{0,18}$/.test(text) ? tweetRecordId(text).toString("hex") : null),
	toRow,
	toApi: (row) => ({
		id: digits(row.tweetId),
		text: row.text,
		datetime: row.publishedAt.toISOString(),
		user: row.user,
		screen_name: row.screenName,
		id_str: row.tweetId,
		user_id: row.userId,
		referrer: page(row),
		language: row.language,
		links: row.links.map(({ short, expanded }) => ({ short, expanded: expanded ?? null, followed: row.followed[expanded ?? short]?.to ?? null })),
		refers_to: row.refersTo.map(({ kind, id }) => ({ kind, id_str: id })),
		source: row.source.name,
	}),
	csv: [
		{ header: "text", value: (row) => row.text },
		{ header: "posted", value: (row) => row.publishedAt.toISOString() },
		{ header: "user", value: (row) => row.user },
		{ header: "screen_name", value: (row) => row.screenName },
		{ header: "links", value: (row) => row.links.map(({ short, expanded }) => expanded ?? short).join(" ") },
		{ header: "source", value: (row) => row.source.name },
		{ header: "referrer", value: (row) => page(row) },
		{ header: "id_str", value: (row) => row.tweetId },
	],
	page: {
		columns: [
			{ header: "Text", cell: (row) => ({ kind: "record", text: shownText(row) }) },
			{ header: "Account", cell: (row) => ({ kind: "text", text: `@${row.screenName}`, title: row.user }), hide: "phone" },
			{ header: "Source", cell: (row) => ({ kind: "text", text: row.source.name }), hide: "narrow" },
			{ header: "Posted", cell: (row) => ({ kind: "time", at: row.publishedAt }), align: "right" },
		],
		filters: [
			{ kind: "words", name: "search", label: "Words in text and names", placeholder: "words in text or names" },
			{ kind: "choice", name: "source", label: "Source", options: sourcesOf("twitter").map(({ number, name }) => [String(number), name] as const) },
			{ kind: "text", name: "screen_name", label: "Account", placeholder: "@account", width: "w-[10rem]" },
			{ kind: "text", name: "cve", label: "CVE id", placeholder: "CVE-2026-1234", width: "w-[10rem]", upper: true },
			{ kind: "since", name: "datetime_after", label: "Posted" },
		],
		view,
	},
});
