import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { gunzipSync } from "node:zlib";
import { newsSources } from "@/lib/sources/news";
import type { FeedReading } from "@/lib/sources/record";
import { fixturePath } from "./fixtures";

/**
 * News feeds of the demonstration: publishers' own bodies where there is a sample, else a few entries written for it, with dates
 * of these days, in the format the publisher uses. They name values of the other samples, so that something can be found.
 */

const DAY_MS = 86_400_000;

interface Sample {
	title: string;
	text: string;
	/** days ago */
	age: number;
	/** another publisher's article: the same story */
	link?: string;
}

const SHAREPOINT = "https://www.bleepingcomputer.com/news/security/law-enforcement-seizes-blacksuit-ransomware-leak-sites/";
const SAMPLES: readonly Sample[] = [
	{
		title: "Sample: loaders are served from a rented server",
		text: "<p>The <b>loader</b> asks 216.126.225[.]121 for hxxp://216.126.225[.]121/bins/arm7 and sends what it finds to 62.84.75[.]50. Patches for CVE-2025-53770 are out.</p>",
		age: 0,
	},
	{
		title: "Sample: card holders of a bank are sent to a page that is not its own",
		text: "<p>Mails lead to <code>resona-card.qmyz88[.]com</code>. The page asks for a password and a one-time code.</p>",
		age: 1,
	},
	{ title: "Sample: extortion sites of a ransomware group were seized", text: "<p>What others have told as well.</p>", age: 2, link: `${SHAREPOINT}?utm_source=rss` },
	{ title: "Sample: weekly notes", text: "<p>Nothing to be blocked, something to be read: <a href='/notes'>the notes</a>.</p>", age: 4 },
];

function escaped(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

type Entry = Sample & { date: Date };

const FORMATS: Readonly<Record<string, (name: string, home: string, entries: readonly Entry[]) => string>> = {
	rss: (name, home, entries) =>
		`<?xml version="1.0"?><rss version="2.0"><channel><title>${escaped(name)}</title><link>${home}</link>${entries
			.map(
				({ title, text, date, link }, at) =>
					`<item><title>${escaped(title)}</title><link>${escaped(link ?? `${home}sample/${at}`)}</link><pubDate>${date.toUTCString()}</pubDate><description>${escaped(text)}</description></item>`,
			)
			.join("")}</channel></rss>`,
	atom: (name, home, entries) =>
		`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="${home}"><title>${escaped(name)}</title><link href="${home}"/>${entries
			.map(
				({ title, text, date, link }, at) =>
					`<entry><id>sample:${at}</id><title>${escaped(title)}</title><link rel="alternate" href="${escaped(link ?? `sample/${at}`)}"/><updated>${date.toISOString()}</updated><content type="html">${escaped(text)}</content></entry>`,
			)
			.join("")}</feed>`,
	rdf: (name, home, entries) =>
		`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="${home}"><title>${escaped(name)}</title><link>${home}</link></channel>${entries
			.map(
				({ title, text, date }, at) =>
					`<item rdf:about="${home}sample/${at}"><title>見本: ${escaped(title)}</title><link>${home}sample/${at}</link><dc:date>${date.toISOString().slice(0, 16)}+09:00</dc:date><description>${escaped(text)}</description></item>`,
			)
			.join("")}</rdf:RDF>`,
};

const FORMAT_OF: Readonly<Record<string, keyof typeof FORMATS>> = { jpcert: "rdf", schneier: "atom", "google-security": "atom" };

/** Each publisher tells some of the samples, on days of its own; a day's body stays the same. */
function written(id: string, name: string, home: string, turn: number, now: number): Buffer {
	const midnight = Math.floor(now / DAY_MS) * DAY_MS;
	const entries = SAMPLES.filter((_, at) => (at + turn) % 4 < 1 + (turn % 2)).map((sample) => ({
		...sample,
		title: sample.link === undefined ? `${sample.title} (${name})` : sample.title,
		date: new Date(midnight - (sample.age + (turn % 9)) * DAY_MS + (turn % 7) * 600_000),
	}));
	const format = FORMATS[FORMAT_OF[id] ?? "rss"] as (typeof FORMATS)[string];
	return Buffer.from(format(name, home.endsWith("/") ? home : `${home}/`, entries));
}

const BY_PATH = new Map<string, { source: (typeof newsSources)[number]; turn: number }>(
	newsSources.map((source, turn) => {
		const url = new URL((source.reading as FeedReading<unknown>).url as string);
		return [`/${url.host}${url.pathname}`, { source, turn }] as const;
	}),
);

/** Answers where the path is that of a news feed. */
export function answerNews(request: IncomingMessage, response: ServerResponse): boolean {
	const found = BY_PATH.get(new URL(request.url ?? "/", "http://upstream").pathname);
	if (found === undefined) return false;
	const { source, turn } = found;
	const path = fixturePath(source.id);
	const stored = path === undefined ? written(source.id, source.name, source.homepage, turn, Date.now()) : readFileSync(path);
	const bytes = path?.endsWith(".gz") === true ? gunzipSync(stored) : stored;
	const etag = `"${createHash("sha256").update(bytes).digest("hex").slice(0, 24)}"`;
	if (request.headers["if-none-match"] === etag) response.writeHead(304, { etag }).end();
	else response.writeHead(200, { etag, "content-type": "application/xml; charset=utf-8" }).end(bytes);
	return true;
}
