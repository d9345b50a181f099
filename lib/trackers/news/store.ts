import { hash } from "node:crypto";
import { STORY_DAYS, storyKeys } from "@/lib/domain/story";
import { cleanText, htmlToText, sanitiseHtml } from "@/lib/net/html";
import { lit, type Queryable } from "@/lib/platform";
import { checkedLink, namedIn, type PreparedRecord, plainText, type RecordStore, readByIds, recordId, type SetAsideItem, type StoreContext, UnusableItem, writeRecords } from "@/lib/records";
import type { NewsItem } from "@/lib/sources/record";

const MAX_GUID = 2048;
const MAX_CONTENT = 1_000_000;
const OLDEST = Date.UTC(1990, 0, 1);
const STORY_MS = STORY_DAYS * 86_400_000;

/** What of a stored entry decides about others, and must not change when it is read again. */
interface Known {
	id: Buffer;
	source: number;
	at: Date;
	story: Buffer;
	linkKey: Buffer | null;
	titleKey: Buffer | null;
}

interface Candidate {
	item: NewsItem;
	id: Buffer;
	linkKey: Buffer | null;
	titleKey: Buffer | null;
}

function keyOf(text: string | null): Buffer | null {
	return text === null ? null : hash("sha256", text, "buffer").subarray(0, 16);
}

function candidate(item: NewsItem, context: StoreContext): Candidate {
	if (item.guid.trim() === "" || item.guid.length > MAX_GUID) throw new UnusableItem(`its id is empty or longer than ${MAX_GUID.toLocaleString("en")} characters`);
	if (plainText(item.title) === null) throw new UnusableItem("it has no title");
	const keys = storyKeys({ title: item.title, link: item.link });
	return { item, id: recordId(context.source.number, item.guid), linkKey: keyOf(keys.link), titleKey: keyOf(keys.title) };
}

const COLUMNS = "id, source, published_at, story, link_key, title_key";

function toKnown(row: Record<string, unknown>): Known {
	return {
		id: row.id as Buffer,
		source: Number(row.source),
		at: row.published_at as Date,
		story: row.story as Buffer,
		linkKey: (row.link_key as Buffer | null) ?? null,
		titleKey: (row.title_key as Buffer | null) ?? null,
	};
}

const present = (keys: ReadonlyArray<Buffer | null>): Buffer[] => [...new Map(keys.filter((key) => key !== null).map((key) => [key.toString("hex"), key])).values()];

/** Entries stored so far, by what finds them again. */
class Stories {
	readonly byId = new Map<string, Known>();
	readonly #byLink = new Map<string, Known>();
	readonly #byTitle = new Map<string, Known[]>();

	add(known: Known): void {
		this.byId.set(known.id.toString("hex"), known);
		const link = known.linkKey?.toString("hex");
		if (link !== undefined && !this.#byLink.has(link)) this.#byLink.set(link, known);
		const title = known.titleKey?.toString("hex");
		if (title !== undefined) this.#byTitle.set(title, [...(this.#byTitle.get(title) ?? []), known]);
	}

	/**
	 * The story an entry belongs to, null where it is the first of its own. One address is one story. One title is, only among
	 * different publishers and within days: a publisher that uses it again has something new to say.
	 */
	of({ linkKey, titleKey }: Candidate, source: number, at: Date): Buffer | null {
		const same = linkKey === null ? undefined : this.#byLink.get(linkKey.toString("hex"));
		if (same !== undefined) return same.story;
		const alike = titleKey === null ? [] : (this.#byTitle.get(titleKey.toString("hex")) ?? []).filter((one) => Math.abs(one.at.getTime() - at.getTime()) <= STORY_MS);
		return alike.some((one) => one.source === source) ? null : (alike[0]?.story ?? null);
	}
}

/**
 * Whose turn it is to decide who leads a story: runs of two feeds that bring the same one at once come one after the other, until
 * the first has committed. One row for all, as a story has no key that both could know beforehand: it is an address or a title.
 */
async function takeTurn(tx: Queryable, at: Date): Promise<void> {
	await tx.execute(`INSERT INTO setting (name, value, updated_at) VALUES ('news-stories', '{}', ${lit(at)}) ON DUPLICATE KEY UPDATE updated_at = VALUES(updated_at)`);
}

async function readStories(tx: Queryable, candidates: readonly Candidate[], at: Date): Promise<Stories> {
	const stories = new Stories();
	await takeTurn(tx, at);
	// Locking reads see what is committed now; a plain one sees what was when this transaction first read anything.
	const read = (column: string, keys: readonly Buffer[]) =>
		readByIds<Record<string, unknown>>(tx, keys, (list) => `SELECT ${COLUMNS} FROM news WHERE ${column} IN (${list}) ORDER BY created_at, id FOR UPDATE`);
	const own = await read(
		"id",
		candidates.map(({ id }) => id),
	);
	const byLink = await read("link_key", present(candidates.map(({ linkKey }) => linkKey)));
	const byTitle = await read("title_key", present(candidates.map(({ titleKey }) => titleKey)));
	const seen = new Set<string>();
	for (const row of [...byLink, ...byTitle, ...own].map(toKnown)) {
		const id = row.id.toString("hex");
		if (!seen.has(id)) stories.add(row);
		seen.add(id);
	}
	return stories;
}

function dateOf(item: NewsItem): Date | null {
	const time = item.published?.getTime() ?? Number.NaN;
	return Number.isNaN(time) || time < OLDEST ? null : new Date(time);
}

function prepare({ item, id, linkKey, titleKey }: Candidate, stories: Stories, context: StoreContext): PreparedRecord {
	const known = stories.byId.get(id.toString("hex"));
	const dated = dateOf(item);
	const at = dated ?? known?.at ?? context.at;
	const story = known?.story ?? stories.of({ item, id, linkKey, titleKey }, context.source.number, at) ?? id;
	if (known === undefined) stories.add({ id, source: context.source.number, at, story, linkKey, titleKey });
	const title = plainText(item.title, 1000) ?? "";
	const html = item.contentKind === "html" ? sanitiseHtml(item.content, item.base) : sanitiseHtml(escaped(item.content));
	const content = html.length > MAX_CONTENT ? sanitiseHtml(html.slice(0, MAX_CONTENT)) : html;
	const text = htmlToText(content);
	const author = plainText(item.author, 255);
	const link = checkedLink(item.link);
	const categories = (item.categories ?? []).map((category) => plainText(category, 100)).filter((category) => category !== null);
	return {
		id,
		at,
		columns: {
			guid: cleanText(item.guid),
			title,
			published_at: at,
			is_dated: dated !== null,
			link,
			content: item.cut === true || content !== html ? `${content}\n<p><em>The text goes on at its publisher.</em></p>` : content,
			author,
			categories: JSON.stringify(categories),
			source_title: plainText(item.sourceTitle, 500) ?? context.source.name,
			source_url: checkedLink(item.sourceUrl) ?? context.source.homepage,
			link_key: linkKey,
			title_key: titleKey,
			story,
			is_lead: story.equals(id),
		},
		text: [title, author ?? "", categories.join(" "), text],
		mentions: namedIn(
			[
				{ place: "title", text: title },
				{ place: "text", text },
			],
			context.ownDomains,
			{ site: [item.link, item.sourceUrl, context.source.homepage].filter((site) => site !== undefined) },
		),
	};
}

/** Text as HTML: its lines and paragraphs stay. */
function escaped(text: string): string {
	const html = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").trim();
	return html === ""
		? ""
		: html
				.split(/\n\s*\n/)
				.map((paragraph) => `<p>${paragraph.trim().replaceAll("\n", "<br>")}</p>`)
				.join("\n");
}

/** News as they are stored: one row an entry of a feed, entries that tell one story tied together. */
export const newsStore: RecordStore<NewsItem> = {
	async store(tx, items, context) {
		const candidates: Candidate[] = [];
		const setAside: SetAsideItem[] = [];
		for (const { item, where } of items) {
			try {
				candidates.push(candidate(item, context));
			} catch (error) {
				if (!(error instanceof UnusableItem)) throw error;
				setAside.push({ where, reason: error.message, excerpt: JSON.stringify(item).slice(0, 480) });
			}
		}
		const stories = await readStories(tx, candidates, context.at);
		const records = candidates.map((one) => prepare(one, stories, context));
		return { ...(await writeRecords(tx, { tracker: "news", table: "news" }, records, context)), setAside };
	},
};
