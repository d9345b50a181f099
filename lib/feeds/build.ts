import type { FeedFormat, FeedRecord } from "@/lib/net/formats";
import type { AnySource } from "@/lib/sources";
import { type Listing, type ListingMode, type SourceBasics, type SourceDefinition, UnusableRow } from "@/lib/sources/define";
import { newsFeed } from "@/lib/sources/news-feed";
import { mispFeed } from "@/lib/sources/threat/misp/feed";
import { typedKeys } from "./address";
import type { FeedConfig, FeedDraft, FeedField, FeedSecrets } from "./config";

/** Columns of a body without a header that can be named by number. */
const MAX_COLUMNS = 60;

type ListingConfig = Exclude<FeedConfig, { format: "news" | "misp" }>;

function formatOf(config: ListingConfig): FeedFormat {
	switch (config.format) {
		case "lines":
			return { kind: "lines", ...(config.trailingComment === "" ? {} : { trailingComment: config.trailingComment }) };
		case "csv": {
			const named = Object.values(config.columns).filter((name) => name !== undefined && name !== "");
			const numbered = Array.from({ length: MAX_COLUMNS }, (_, at) => String(at + 1));
			return {
				kind: "csv",
				delimiter: config.delimiter,
				header: config.header,
				columns: config.header === "none" ? numbered : [...new Set(named.map((name) => name.toLowerCase()))],
				skipInitialSpace: true,
				...(config.header === "none" ? { ragged: true, restInLast: true } : {}),
			};
		}
		case "json":
			return { kind: "json", root: config.path === "" ? "array" : config.path === "*" ? "object-of-arrays" : config.path.split(".") };
		case "ndjson":
			return { kind: "ndjson" };
	}
}

function atPath(value: unknown, path: string): unknown {
	let at = value;
	for (const key of path.split(".")) {
		if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
		at = (at as Record<string, unknown>)[key];
	}
	return at;
}

/** The text of a field in a record; undefined where there is none. */
function textOf(config: ListingConfig, record: FeedRecord, field: FeedField): string | undefined {
	if (config.format === "lines") return field === "value" ? record.text : undefined;
	const name = config.columns[field] ?? "";
	if (name === "") return field === "value" && record.text !== "" ? record.text : undefined;
	const found = config.format === "csv" ? record.cells[name.toLowerCase()] : atPath(record.json, name);
	if (found === undefined || found === null) return undefined;
	const text = Array.isArray(found) ? found.filter((part) => typeof part !== "object").join(",") : typeof found === "object" ? undefined : String(found);
	const trimmed = text?.trim();
	return trimmed === undefined || trimmed === "" || trimmed === "None" || trimmed === "null" || trimmed === "-" ? undefined : trimmed;
}

/** A date in any of the spellings feeds use: ISO 8601 (UTC without a zone), seconds or milliseconds since 1970, RFC 822. */
export function anyDate(text: string | undefined): Date | undefined {
	if (text === undefined) return undefined;
	if (/^\d{9,10}(?:\.\d+)?$/.test(text)) return new Date(Math.round(Number(text) * 1000));
	if (/^\d{12,13}$/.test(text)) return new Date(Number(text));
	const iso = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i.exec(text);
	const zone = iso?.[3] === undefined || /^(?:z|utc)$/i.test(iso[3]) ? "Z" : iso[3].replace(/^([+-]\d{2})(\d{2})$/, "$1:$2");
	const date = iso === null ? new Date(text) : new Date(`${iso[1]}T${iso[2] ?? "00:00"}${zone}`);
	if (Number.isNaN(date.getTime())) throw new UnusableRow(`date "${text.slice(0, 40)}" is in no spelling that is understood`);
	return date;
}

function rowOf(config: ListingConfig, record: FeedRecord): Listing {
	const field = (name: FeedField): string | undefined => textOf(config, record, name);
	const value = field("value");
	if (value === undefined) throw new UnusableRow("it has no value");
	const listing: Listing = { value, as: config.as };
	const [firstSeen, lastSeen, description, referrer, tags, country, port, confidence] = [
		anyDate(field("firstSeen")),
		anyDate(field("lastSeen")),
		field("description"),
		field("referrer"),
		field("tags"),
		field("country"),
		field("port"),
		field("confidence"),
	];
	if (firstSeen !== undefined) listing.firstSeen = firstSeen;
	if (lastSeen !== undefined) listing.lastSeen = lastSeen;
	if (description !== undefined) listing.description = description;
	if (referrer !== undefined) listing.referrer = referrer;
	if (country !== undefined) listing.country = country;
	if (port !== undefined && /^\d{1,5}$/.test(port)) listing.port = Number(port);
	if (confidence !== undefined && /^\d{1,3}(?:\.\d+)?$/.test(confidence)) listing.confidence = Number(confidence);
	if (tags !== undefined) {
		listing.tags = tags
			.split(/[,;|]/)
			.map((tag) => tag.trim())
			.filter((tag) => tag !== "");
	}
	return listing;
}

function modeOf(config: ListingConfig): ListingMode {
	return config.lists === "window" ? { mode: "window", expiresAfterDays: config.windowDays } : { mode: config.lists };
}

/** An address with the key in its place, encoded as its part of the address asks. */
function filledUrl(url: string, key: string): string {
	return url.replaceAll("{key}", encodeURIComponent(key));
}

function headersOf(secrets: FeedSecrets): Record<string, string> {
	return Object.fromEntries(Object.entries(secrets.headers).map(([name, value]) => [name.toLowerCase(), value.replaceAll("{key}", secrets.key)]));
}

/** The source that a description makes. Its number and revision are the stored feed's. */
export function buildFeed(draft: FeedDraft, identity: { number: number; revision: number }): AnySource {
	const { config, secrets } = draft;
	const home = new URL(draft.url.replaceAll("{key}", "key"));
	const own = [secrets.key, ...Object.values(headersOf(secrets)), ...typedKeys(draft.url)].filter((text) => text !== "");
	const basics: SourceBasics = {
		id: `feed-${identity.number}`,
		name: draft.name,
		number: identity.number,
		homepage: home.origin,
		everyMinutes: draft.everyMinutes,
		licence: { name: draft.terms === "" ? "not stated" : draft.terms, redistributable: draft.redistributable },
		revision: identity.revision,
		ownSecrets: own,
	};
	const url = filledUrl(draft.url, secrets.key);
	const headers = () => headersOf(secrets);
	if (config.format === "news") return newsFeed({ ...basics, url, headers });
	if (config.format === "misp") return mispFeed({ ...basics, url, headers });
	const source: SourceDefinition = {
		...basics,
		tracker: "reputation",
		url,
		headers,
		lists: modeOf(config),
		category: config.category,
		format: formatOf(config),
		row: (record) => rowOf(config, record),
		...(config.marker === "" ? {} : { marker: config.marker }),
	};
	return source;
}
