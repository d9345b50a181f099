import { chain } from "./bytes";
import { feedDate } from "./feed-date";
import { SuspectBody } from "./formats";
import { cleanText, htmlToText, webLink } from "./html";
import { readJsonDocument } from "./json";
import { readXml, type XmlElement } from "./xml";

/** One entry of a news feed, whatever the feed's format. */
export interface FeedEntry {
	/** `guid` or `id`, else the link, else title and date */
	id: string;
	/** plain text, one line */
	title: string;
	/** http or https, absolute */
	link?: string;
	published?: Date;
	updated?: Date;
	/** as it came */
	content: string;
	contentKind: "html" | "text";
	/** the content was longer than is read */
	cut: boolean;
	author?: string;
	categories: readonly string[];
	/** what relative links of the content stand under */
	base?: string;
	/** of the feed, as far as it has said so by now */
	feed: FeedHead;
}

export interface FeedHead {
	title?: string;
	/** page for people */
	link?: string;
}

export type ReadEntry = { ok: true; entry: FeedEntry; where: string } | { ok: false; where: string; reason: string; excerpt: string };

export interface NewsFeedOptions {
	contentType?: string;
	/** where the feed came from: what relative links stand under where the feed says nothing else */
	url?: string;
}

const ENTRIES = ["item", "entry", "rss:item", "atom:entry"];
/** Elements of the feed itself that are read, or that hold others of the same names. */
const OF_FEED = ["title", "link", "atom:link", "rss:title", "rss:link", "image", "rss:image", "textInput", "textinput", "author"];
const MARKUP = new Set(["content", "summary", "title", "description", "content:encoded", "tagline", "rights"]);
const MAX_TEXT = 512 * 1024;
const MAX_ELEMENT = 2 * 1024 * 1024;
const MAX_TITLE = 1000;
/** Characters of what ends as one line (title, author, category) that are looked at: expressions must not meet a megabyte of them. */
const MAX_SHORT = 8192;
const MAX_ID = 2048;
/** Bytes that may pass before something shows. */
const MAX_BLANKS = 16 * 1024;

const plainName = (name: string): string => name.replace(/^(?:rss|atom|a):/, "").toLowerCase();

/** Names that hold markup: XHTML in Atom, unescaped tags in careless RSS. */
function markupOf(name: string, attributes: Readonly<Record<string, string>>): "escaped" | "as-is" | undefined {
	if (!MARKUP.has(plainName(name))) return undefined;
	return attributes.type === "xhtml" || attributes.mode === "xml" ? "escaped" : "as-is";
}

/** Tags that RSS titles carry although they should not; others (`<iframe>` in an article about them) are meant as words. */
const TITLE_TAGS = /<\/?(?:b|i|em|strong|u|span|sub|sup|br|code|a|font)(?:\s[^<>]{0,300})?\/?>/gi;

function oneLine(text: string, most: number): string {
	const line = text.replace(/\s+/g, " ").trim();
	return line.length > most ? `${line.slice(0, most - 1).toWellFormed()}…` : line;
}

/** A title as words. RSS does not say whether it is text or HTML: entities are decoded once more, as publishers escape twice. */
function titleText(element: XmlElement | undefined): string {
	if (element === undefined) return "";
	const { type } = element.attributes;
	if (type === "text") return oneLine(cleanText(element.text), MAX_TITLE);
	if (type === "html" || type === "xhtml" || type === "text/html") return oneLine(htmlToText(element.text), MAX_TITLE);
	const plain = element.text.replace(TITLE_TAGS, " ");
	// A `<` that is left is a character of the title.
	return oneLine(htmlToText(plain.replaceAll("<", "&lt;")), MAX_TITLE);
}

/** The children of an entry by name, prefixes of the feed's own vocabulary left out. */
class Children {
	readonly #by = new Map<string, XmlElement[]>();

	constructor(element: XmlElement) {
		for (const child of element.children) {
			const name = plainName(child.name);
			const known = this.#by.get(name);
			if (known === undefined) this.#by.set(name, [child]);
			else known.push(child);
		}
	}

	all(...names: string[]): XmlElement[] {
		return names.flatMap((name) => this.#by.get(name) ?? []);
	}

	/** The first that holds something. */
	first(...names: string[]): XmlElement | undefined {
		return this.all(...names).find(({ text }) => text !== "");
	}

	text(...names: string[]): string | undefined {
		return this.first(...names)?.text;
	}
}

/** The page an entry is about. */
function linkOf(children: Children, base: string | undefined): string | undefined {
	const links = children.all("link");
	const alternates = links.filter(({ attributes }) => attributes.href !== undefined && (attributes.rel === undefined || attributes.rel === "alternate"));
	const best = alternates.find(({ attributes }) => attributes.type === undefined || attributes.type.includes("html")) ?? alternates[0];
	const guid = children.first("guid");
	return (
		webLink(children.text("feedburner:origlink"), base) ??
		webLink(best?.attributes.href, best?.attributes["xml:base"] === undefined ? base : webLink(best.attributes["xml:base"], base)) ??
		webLink(links.find(({ text }) => text !== "")?.text, base) ??
		(guid?.attributes.ispermalink === "false" || guid?.attributes.isPermaLink === "false" || !/^https?:/i.test(guid?.text ?? "") ? undefined : webLink(guid?.text))
	);
}

function authorOf(children: Children): string | undefined {
	const names = children.all("author", "dc:creator").map((element) => {
		const name = (element.children.find((child) => plainName(child.name) === "name")?.text ?? element.text).slice(0, MAX_SHORT).trim();
		// RSS asks for an address with the name in brackets.
		const bracket = name.indexOf("(");
		return bracket > 0 && name.endsWith(")") && name.slice(0, bracket).includes("@") ? name.slice(bracket + 1, -1) : name;
	});
	const known = [...new Set(names.map((name) => oneLine(htmlToText(name), 200)).filter((name) => name !== ""))];
	return known.length === 0 ? undefined : oneLine(known.join(", "), 250);
}

function categoriesOf(children: Children): string[] {
	const words = children.all("category", "dc:subject").map(({ text, attributes }) => (text === "" ? (attributes.label ?? attributes.term ?? "") : text));
	return [...new Set(words.map((word) => oneLine(htmlToText(word.slice(0, MAX_SHORT)), 100)).filter((word) => word !== ""))].slice(0, 40);
}

function contentOf(children: Children): { content: string; contentKind: "html" | "text"; cut: boolean; base: string | undefined } {
	const element = children.first("content:encoded", "content", "xhtml:body", "description", "summary", "media:description");
	if (element === undefined) return { content: "", contentKind: "text", cut: false, base: undefined };
	const { type } = element.attributes;
	const isText = type === "text" || type === "text/plain" || (type === undefined && /^(?:summary|content)$/.test(plainName(element.name)));
	return { content: element.text, contentKind: isText ? "text" : "html", cut: element.cut, base: element.attributes["xml:base"] };
}

/** `stated` is an `xml:base` around the entry; links may also stand under the feed's own page, content rather under the entry's. */
function fromXml(element: XmlElement, feed: FeedHead, stated: string | undefined, place: string | undefined): Omit<FeedEntry, "id"> & { id: string | undefined } {
	const children = new Children(element);
	const base = webLink(element.attributes["xml:base"], stated) ?? stated;
	const link = linkOf(children, base ?? feed.link ?? place);
	const { base: contentBase, ...content } = contentOf(children);
	const published = feedDate(children.text("pubdate", "published", "dc:date", "dcterms:issued", "dcterms:created", "issued", "created"));
	const updated = feedDate(children.text("updated", "modified", "dcterms:modified"));
	const author = authorOf(children);
	const under = webLink(contentBase, base) ?? base ?? link ?? feed.link ?? place;
	return {
		id: children.text("guid", "id", "dc:identifier") ?? element.attributes["rdf:about"],
		title: titleText(children.first("title")),
		...(link === undefined ? {} : { link }),
		...(published === undefined ? {} : { published }),
		...(updated === undefined ? {} : { updated }),
		...content,
		...(author === undefined ? {} : { author }),
		categories: categoriesOf(children),
		...(under === undefined ? {} : { base: under }),
		feed: { ...feed },
	};
}

/** An entry that can be told from others and named to people, or why not. */
function judged(entry: Omit<FeedEntry, "id"> & { id: string | undefined }, where: string): ReadEntry {
	const said = oneLine(entry.contentKind === "html" ? htmlToText(entry.content, 20_000) : cleanText(entry.content.slice(0, 20_000)), 120);
	const title = entry.title !== "" ? entry.title : said !== "" ? said : (entry.link ?? (entry.content === "" ? "" : "Untitled"));
	if (title === "") return { ok: false, where, reason: "it has neither title, text nor link", excerpt: JSON.stringify(entry).slice(0, 300) };
	const id = cleanText(entry.id?.trim() ?? "");
	if (id.length > MAX_ID) return { ok: false, where, reason: `its id has ${id.length} characters, at most ${MAX_ID.toLocaleString("en")} are read`, excerpt: id.slice(0, 300) };
	return { ok: true, where, entry: { ...entry, title, id: id !== "" ? id : (entry.link ?? `${title} ${entry.published?.toISOString() ?? ""}`.trim()) } };
}

async function* readXmlFeed(bytes: AsyncIterable<Uint8Array>, options: NewsFeedOptions): AsyncGenerator<ReadEntry> {
	const feed: FeedHead = {};
	const place = webLink(options.url);
	let base: string | undefined;
	let number = 0;
	const elements = readXml(bytes, [...ENTRIES, ...OF_FEED], {
		...(options.contentType === undefined ? {} : { contentType: options.contentType }),
		maxText: MAX_TEXT,
		maxElement: MAX_ELEMENT,
		markup: markupOf,
		outside: (name, attributes, depth) => {
			if (depth === 1 && !/^(?:[\w-]+:)?(?:rss|rdf|feed)$/i.test(name)) throw new SuspectBody(`It is XML of another kind (<${name.slice(0, 40)}>), not a feed.`);
			if (attributes["xml:base"] !== undefined) base = webLink(attributes["xml:base"], base ?? place) ?? base;
		},
	});
	for await (const element of elements) {
		const name = plainName(element.name);
		if (name === "item" || name === "entry") yield judged(fromXml(element, feed, base, place), `entry ${++number}`);
		else if (name === "title" && feed.title === undefined) {
			const title = titleText(element);
			if (title !== "") feed.title = title;
		} else if (name === "link" && feed.link === undefined && !["self", "hub", "next"].includes(element.attributes.rel ?? "")) {
			const link = webLink(element.attributes.href ?? element.text, base ?? place);
			if (link !== undefined) feed.link = link;
		}
	}
}

type Fields = Readonly<Record<string, unknown>>;

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function fromJson(item: Fields, feed: FeedHead, outer: string | undefined): Omit<FeedEntry, "id"> & { id: string | undefined } {
	const link = webLink(text(item.url), outer) ?? webLink(text(item.external_url), outer);
	const html = text(item.content_html);
	const content = html ?? text(item.content_text) ?? text(item.summary) ?? "";
	const authors = [...list(item.authors), item.author].flatMap((author) => (typeof author === "object" && author !== null ? [text((author as Fields).name)] : []));
	const names = [...new Set(authors.filter((name) => name !== undefined && name.trim() !== ""))].join(", ");
	const [published, updated] = [feedDate(text(item.date_published)), feedDate(text(item.date_modified))];
	const base = link ?? outer;
	return {
		id: text(item.id),
		title: oneLine(cleanText(text(item.title) ?? ""), MAX_TITLE),
		...(link === undefined ? {} : { link }),
		...(published === undefined ? {} : { published }),
		...(updated === undefined ? {} : { updated }),
		content: content.slice(0, MAX_TEXT),
		contentKind: html === undefined ? "text" : "html",
		cut: content.length > MAX_TEXT,
		...(names === "" ? {} : { author: oneLine(cleanText(names), 250) }),
		categories: [...new Set(list(item.tags).flatMap((tag) => (typeof tag === "string" && tag.trim() !== "" ? [oneLine(cleanText(tag), 100)] : [])))].slice(0, 40),
		...(base === undefined ? {} : { base }),
		feed,
	};
}

async function* readJsonFeed(bytes: AsyncIterable<Uint8Array>, options: NewsFeedOptions): AsyncGenerator<ReadEntry> {
	const root = (await readJsonDocument(bytes, options.contentType)) as Fields | null;
	if (typeof root !== "object" || root === null || !Array.isArray(root.items)) throw new SuspectBody('It is JSON, but no JSON Feed: "items" is missing.');
	const title = oneLine(cleanText(text(root.title) ?? ""), MAX_TITLE);
	const link = webLink(text(root.home_page_url), webLink(options.url));
	const feed: FeedHead = { ...(title === "" ? {} : { title }), ...(link === undefined ? {} : { link }) };
	for (const [at, item] of root.items.entries()) {
		const where = `entry ${at + 1}`;
		if (typeof item === "object" && item !== null && !Array.isArray(item)) yield judged(fromJson(item as Fields, feed, link ?? webLink(options.url)), where);
		else yield { ok: false, where, reason: "it is no entry", excerpt: JSON.stringify(item)?.slice(0, 300) ?? "" };
	}
}

/**
 * Reads RSS 0.9x to 2.0, RSS 1.0 (RDF), Atom and JSON Feed. XML is streamed; entities of its own are refused (`readXml`). Throws
 * `SuspectBody` where the body is none of these or breaks off.
 */
export async function* readNewsFeed(bytes: AsyncIterable<Uint8Array>, options: NewsFeedOptions = {}): AsyncGenerator<ReadEntry> {
	const iterator = bytes[Symbol.asyncIterator]();
	const head: Uint8Array[] = [];
	let start = "";
	for (let have = 0; start === ""; ) {
		const { value, done } = await iterator.next();
		if (done === true || have > MAX_BLANKS) throw new SuspectBody("The body is empty.");
		head.push(value);
		have += value.length;
		start = Buffer.concat(head)
			.toString("latin1")
			.replace(/^(?:\u00ef\u00bb\u00bf|\u00ef\u00bb?)|[\s\u0000]+/g, "");
	}
	if (/^<(?:!doctypehtml|html|head|body)/i.test(start)) throw new SuspectBody("It is a web page, not a feed.");
	const all = chain(head, iterator);
	if (start.startsWith("{") || start.startsWith("[")) yield* readJsonFeed(all, options);
	else yield* readXmlFeed(all, options);
}
