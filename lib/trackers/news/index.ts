import { z } from "zod";
import { sourcesOf } from "@/lib/sources";
import { defineTracker } from "../define";
import { flagParameter, type QueryOf } from "../parameters";
import { cveParameter, type RecordSourceName, raw, recordParameters, recordSource, recordsNamingCve, restrictRecords } from "../record-tracker";
import type { RecordView, Section } from "../view";

export interface NewsRow {
	/** 32 hex */
	id: string;
	source: RecordSourceName;
	guid: string;
	title: string;
	publishedAt: Date;
	/** false: the feed gives no date, and this is when it was first read */
	isDated: boolean;
	link: string | null;
	/** sanitised HTML */
	content: string;
	author: string | null;
	categories: string[];
	/** of the feed, as it names itself */
	sourceTitle: string;
	sourceUrl: string;
	/** other entries that tell the same story */
	alsoIn: Array<{ id: string; source: RecordSourceName }>;
}

const parameters = {
	...recordParameters("news", { field: "datetime", dated: "published", words: "words, every one of which title or content must hold" }),
	cve: cveParameter("cve", { description: "entries that name this CVE", example: "CVE-2026-1234" }),
	repeats: flagParameter("repeats", { description: "entries that tell a story which another one told before are given as well; they are wherever sources or words are asked for", example: "true" }),
};

const item = z.object({
	id: z.string().regex(/^[0-9a-f]{32}$/),
	title: z.string(),
	datetime: z.iso.datetime().describe("published; of an entry without date, when it was first read"),
	referrer: z.string().describe("the article, empty where the feed links none"),
	content: z.string().describe("sanitised HTML"),
	source_title: z.string().describe("the feed as it names itself"),
	source_url: z.string().describe("page of the feed"),
	source: z.string().describe("name of the source"),
	author: z.string().nullable(),
	categories: z.array(z.string()),
	also_in: z.array(z.object({ id: z.string(), source: z.string() })).describe("other entries that tell the same story"),
});

/** A feed that somebody added by hand is known by its name in the database. */
function sourceOf(number: number, name: unknown = null): RecordSourceName {
	return recordSource(number, { name, slug: `feed-${number}` });
}

/** `1402:0f8f… 1403:…`, as the query below puts them together; the last may be cut off by the server. */
function alsoIn(text: string | null): NewsRow["alsoIn"] {
	return [...(text ?? "").matchAll(/(\d+):([0-9a-f]{32})/g)].map(([, number, id]) => ({ id: id as string, source: sourceOf(Number(number)) }));
}

const DERIVED = `(SELECT GROUP_CONCAT(o.source, ':', LOWER(HEX(o.id)) ORDER BY o.created_at SEPARATOR ' ') FROM news o WHERE o.story = x.story AND o.id <> x.id) AS also_in, (SELECT f.name FROM custom_feed f WHERE f.number = x.source) AS custom_name`;

function toRow(record: Record<string, unknown>): NewsRow {
	return {
		id: raw.hex(record.id),
		source: sourceOf(Number(record.source), record.custom_name),
		guid: raw.text(record.guid) ?? "",
		title: String(record.title),
		publishedAt: record.published_at as Date,
		isDated: raw.flag(record.is_dated) === true,
		link: raw.text(record.link),
		content: raw.text(record.content) ?? "",
		author: raw.text(record.author),
		categories: raw.json<string[]>(record.categories, []),
		sourceTitle: String(record.source_title),
		sourceUrl: String(record.source_url),
		alsoIn: alsoIn(raw.text(record.also_in)),
	};
}

/** Names of the other sources of a story, each once. */
function others(row: NewsRow): string[] {
	return [...new Set(row.alsoIn.map(({ source }) => source.name))];
}

function view(row: NewsRow): RecordView {
	const sections: Section[] = [];
	if (row.content !== "") sections.push({ kind: "html", title: "Article", html: row.content });
	sections.push({
		kind: "fields",
		title: "About it",
		fields: [
			{ name: "Published", cell: { kind: "time", at: row.isDated ? row.publishedAt : null, as: "date" } },
			{ name: "Author", cell: { kind: "text", text: row.author } },
			{ name: "Feed", cell: { kind: "link", href: row.sourceUrl, text: row.sourceTitle, outside: true } },
			{ name: "Source", cell: { kind: "link", href: `/sources/${row.source.slug}`, text: row.source.name } },
			{ name: "Categories", cell: { kind: "badges", badges: row.categories.map((text) => ({ text })) } },
			{ name: "Also in", cell: { kind: "badges", badges: row.alsoIn.map(({ id, source }) => ({ text: source.name, href: `/news/${id}` })) } },
		],
	});
	return {
		title: row.title,
		said: [
			{ kind: "text", text: row.source.name },
			{ kind: "time", at: row.publishedAt },
		],
		badges: row.isDated ? [] : [{ text: "no date given", title: "The feed gives no date: this is when it was first read" }],
		links: row.link === null ? [] : [{ label: "Article", href: row.link }],
		sections,
	};
}

export const news = defineTracker({
	name: "news",
	resource: "news",
	title: "News",
	path: "/news",
	counted: { table: "news", at: "published_at" },
	from: "news x",
	select: `x.*, ${DERIVED}`,
	light: `x.id, x.source, x.title, x.published_at, x.is_dated, x.link, x.source_title, x.source_url, ${DERIVED}`,
	order: { time: "x.published_at", id: "x.id", timeOf: (row) => row.publishedAt },
	parameters,
	item,
	restrict: async (query: QueryOf<typeof parameters>, db) => {
		// One telling of a story is enough, unless somebody asks for a source, words or a CVE: then each that fits is an answer.
		const isEvery = query.repeats === true || query.search !== undefined || query.cve !== undefined || (query.source !== undefined && query.source.length > 0);
		const { repeats: _repeats, ...asked } = query;
		const conditions = [...(isEvery ? [] : ["x.is_lead = 1"]), ...(query.cve === undefined ? [] : [`x.id IN (${recordsNamingCve("news", query.cve)})`])];
		const { count, chart, ...restriction } = await restrictRecords({ tracker: "news", alias: "x", time: "x.published_at" }, asked, conditions, db);
		// The roll-ups count every entry, so they answer only where every entry is asked for.
		return isEvery && count !== undefined && chart !== undefined ? { ...restriction, count, chart } : restriction;
	},
	toRow,
	toApi: (row) => ({
		id: row.id,
		title: row.title,
		datetime: row.publishedAt.toISOString(),
		referrer: row.link ?? "",
		content: row.content,
		source_title: row.sourceTitle,
		source_url: row.sourceUrl,
		source: row.source.name,
		author: row.author,
		categories: row.categories,
		also_in: row.alsoIn.map(({ id, source }) => ({ id, source: source.name })),
	}),
	csv: [
		{ header: "title", value: (row) => row.title },
		{ header: "published", value: (row) => row.publishedAt.toISOString() },
		{ header: "source", value: (row) => row.source.name },
		{ header: "link", value: (row) => row.link },
		{ header: "author", value: (row) => row.author },
		{ header: "categories", value: (row) => row.categories.join(", ") },
		{ header: "also_in", value: (row) => others(row).join(", ") },
		{ header: "id", value: (row) => row.id },
	],
	page: {
		columns: [
			{ header: "Title", cell: (row) => ({ kind: "record", text: row.title, ...(row.alsoIn.length === 0 ? {} : { note: `also in ${others(row).join(", ")}` }) }) },
			{ header: "Source", cell: (row) => ({ kind: "text", text: row.source.name }), hide: "phone" },
			{ header: "Published", cell: (row) => ({ kind: "time", at: row.publishedAt }), align: "right" },
		],
		filters: [
			{ kind: "words", name: "search", label: "Words in title and content", placeholder: "words in title or text" },
			{ kind: "choice", name: "source", label: "Source", options: async () => sourcesOf("news").map(({ number, name }) => [String(number), name] as const) },
			{ kind: "text", name: "cve", label: "CVE id", placeholder: "CVE-2026-1234", width: "w-[10rem]", upper: true },
			{ kind: "since", name: "datetime_after", label: "Published" },
			{ kind: "flag", name: "repeats", label: "Every telling" },
		],
		view,
	},
});
