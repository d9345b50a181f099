import { readNewsFeed } from "@/lib/net";
import type { SourceBasics } from "./define";
import { defineRecordSource, type FeedReading, type NewsItem, type ReadItem, type RecordBody, type RecordSource } from "./record";

/** How far ahead of us a publisher's clock, or a date without zone, may be. Beyond it the date is a slip, or bait to stay on top. */
const AHEAD_MS = 26 * 60 * 60 * 1000;

/** Entries of a news feed as news items. `named` is what the source is called where the feed does not say. */
export async function* readNews(body: RecordBody, named: { title: string; url: string }): AsyncGenerator<ReadItem<NewsItem>> {
	const options = { url: body.url, ...(body.contentType === undefined ? {} : { contentType: body.contentType }) };
	for await (const read of readNewsFeed(body.bytes, options)) {
		if (!read.ok) {
			yield read;
			continue;
		}
		const { entry, where } = read;
		const published = entry.published ?? entry.updated;
		const dated = published !== undefined && published.getTime() <= body.now.getTime() + AHEAD_MS;
		yield {
			ok: true,
			where,
			item: {
				guid: entry.id,
				title: entry.title,
				...(dated ? { published } : {}),
				...(entry.link === undefined ? {} : { link: entry.link }),
				content: entry.content,
				contentKind: entry.contentKind,
				...(entry.cut ? { cut: true } : {}),
				...(entry.base === undefined ? {} : { base: entry.base }),
				...(entry.author === undefined ? {} : { author: entry.author }),
				...(entry.categories.length === 0 ? {} : { categories: entry.categories }),
				sourceTitle: entry.feed.title ?? named.title,
				sourceUrl: entry.feed.link ?? named.url,
			},
		};
	}
}

/** A source that is one feed: RSS, RDF, Atom or JSON Feed, told apart when it is read. */
export function newsFeed(source: SourceBasics & { url: string; fallbackUrls?: readonly string[]; headers?: FeedReading<NewsItem>["headers"] }): RecordSource<"news"> {
	const { url, fallbackUrls, headers, ...basics } = source;
	const named = { title: source.name, url: source.homepage };
	return defineRecordSource<"news">({
		...basics,
		tracker: "news",
		reading: { mode: "feed", url, ...(fallbackUrls === undefined ? {} : { fallbackUrls }), ...(headers === undefined ? {} : { headers }), parse: (body) => readNews(body, named) },
	});
}
