import { z } from "zod";
import { CATEGORIES } from "@/lib/domain/category";
import { INDICATOR_TYPES } from "@/lib/domain/indicator";
import { hasUserinfo } from "./address";

/**
 * A feed without code, as a person describes it. What the catalogue's sources say in a file, this says in a form; both become
 * the same kind of source.
 */

export const FEED_FORMATS = ["lines", "csv", "json", "ndjson", "news", "misp"] as const;
export type FeedFormatName = (typeof FEED_FORMATS)[number];

export const EXPECTATIONS = ["any", "ip", "network", "host", "hash", ...INDICATOR_TYPES.filter((type) => type !== "cve")] as const;

/** Fields of a listing that a column can give. */
export const FIELDS = ["value", "firstSeen", "lastSeen", "description", "referrer", "tags", "country", "port", "confidence"] as const;
export type FeedField = (typeof FIELDS)[number];

/** Not below five minutes: nobody's terms allow more. */
export const MIN_MINUTES = 5;
export const MAX_MINUTES = 7 * 1440;

const column = z.string().trim().max(200);

const listing = z.object({
	category: z.enum(CATEGORIES, "one of the categories"),
	/** what a value is; `any` lets its own shape decide */
	as: z.enum(EXPECTATIONS, "a type of indicator").default("any"),
	lists: z.enum(["snapshot", "window", "append"], "snapshot, window or append").default("snapshot"),
	/** of a window: days after which what is no longer repeated counts as gone */
	windowDays: z.coerce.number().int().min(1).max(3650).default(30),
	marker: z.string().max(200).default(""),
});

const columns = z.partialRecord(z.enum(FIELDS), column);

export const feedConfig = z.discriminatedUnion("format", [
	listing.extend({
		format: z.literal("lines"),
		/** from this text on a line is cut */
		trailingComment: z.string().max(20).default(""),
	}),
	listing.extend({
		format: z.literal("csv"),
		header: z.enum(["row", "comment", "none"]).default("row"),
		delimiter: z.enum([",", "\t", ";", "|"]).default(","),
		/** names of the header; without a header numbers, the first column is 1 */
		columns,
	}),
	listing.extend({
		format: z.literal("json"),
		/** keys to the array, separated by dots; empty: the document is the array; `*`: an object of arrays */
		path: z.string().trim().max(300).default(""),
		/** keys within a record, separated by dots; empty `value`: the records are plain text */
		columns,
	}),
	listing.extend({ format: z.literal("ndjson"), columns }),
	z.object({ format: z.literal("news") }),
	z.object({ format: z.literal("misp") }),
]);
export type FeedConfig = z.infer<typeof feedConfig>;

const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
/** Headers that decide how a request travels; they are ours. */
const OUR_HEADERS = new Set(["host", "connection", "content-length", "transfer-encoding", "accept-encoding", "cookie", "if-none-match", "if-modified-since", "upgrade", "te", "expect"]);

/** What is kept sealed: a key that stands in for `{key}` in address and headers, and headers as they are sent. */
export const feedSecrets = z.object({
	key: z.string().max(2000).default(""),
	headers: z
		.record(
			z
				.string()
				.regex(HEADER_NAME, "the name of a header")
				.refine((name) => !OUR_HEADERS.has(name.toLowerCase()), "a header that may be set"),
			z
				.string()
				.max(4000)
				.regex(/^[\t\u0020-\u007e\u00a0-\u00ff]*$/, "a header's value in one line"),
		)
		.refine((headers) => Object.keys(headers).length <= 10, "ten headers at most")
		.default({}),
});
export type FeedSecrets = z.infer<typeof feedSecrets>;

export const feedDraft = z.object({
	name: z.string().trim().min(1, "a name").max(100, "a name of at most 100 characters"),
	url: z
		.string()
		.trim()
		.max(4000, "an address of at most 4,000 characters")
		.refine((url) => URL.canParse(url.replaceAll("{key}", "key")) && /^https?:\/\//i.test(url), "an address that begins with http:// or https://")
		.refine((url) => !hasUserinfo(url), "an address without name or password before its host. They belong under Key, as a header (Authorization: Basic …), where they are kept sealed"),
	everyMinutes: z.coerce.number("a number of minutes").int("whole minutes").min(MIN_MINUTES, `at least ${MIN_MINUTES} minutes`).max(MAX_MINUTES, "at most a week"),
	/** what the provider asks of those who use it, for the credits */
	terms: z.string().trim().max(200).default(""),
	redistributable: z.boolean().default(false),
	config: feedConfig,
	secrets: feedSecrets,
});
export type FeedDraft = z.infer<typeof feedDraft>;

/** Which tracker a format feeds. */
export function trackerOf(format: FeedFormatName): "reputation" | "news" | "threat" {
	if (format === "news") return "news";
	return format === "misp" ? "threat" : "reputation";
}
