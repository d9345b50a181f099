import { FeedForm, type FeedStart } from "@/components/console/feed-form";
import { CATEGORIES, categoryWords } from "@/lib/domain/category";
import { TYPE_WORDS } from "@/lib/domain/indicator";
import { type CustomFeed, EXPECTATIONS, FEED_FORMATS } from "@/lib/feeds";
import { submitFeed } from "./(console)/feeds/actions";

const FORMAT_WORDS: Readonly<Record<string, string>> = {
	lines: "plain list, one value a line",
	csv: "CSV or another table of text",
	json: "JSON document",
	ndjson: "JSON, one record a line",
	news: "news: RSS, Atom or JSON Feed",
	misp: "MISP feed (manifest.json)",
};
const TYPE_CHOICES: Readonly<Record<string, string>> = { any: "whatever it looks like", ip: "an IP address", network: "an address or block", host: "an address or domain", hash: "a hash" };
const FIELD_WORDS = [
	["value", "Indicator"],
	["firstSeen", "First seen"],
	["lastSeen", "Last seen"],
	["description", "Description"],
	["referrer", "Link to evidence"],
	["tags", "Tags"],
	["country", "Country, two letters"],
	["port", "Port"],
	["confidence", "Confidence, 0-100"],
] as const;

const EMPTY: FeedStart = {
	values: { format: "lines", everyMinutes: "60", category: "suspicious", as: "any", lists: "snapshot", windowDays: "30", header: "row", delimiter: "," },
	redistributable: false,
	hasKey: false,
	headerNames: [],
};

/** A stored feed as the form shows it. Secrets stay here. */
function startOf(feed: CustomFeed): FeedStart {
	const { draft } = feed;
	const { config } = draft;
	const values: Record<string, string> = { ...EMPTY.values, name: draft.name, url: draft.url, everyMinutes: String(draft.everyMinutes), terms: draft.terms };
	for (const [name, value] of Object.entries(config)) if (typeof value === "string" || typeof value === "number") values[name] = value === "\t" ? "tab" : String(value);
	if ("columns" in config) for (const [field, name] of Object.entries(config.columns)) values[`column-${field}`] = name ?? "";
	return { values, redistributable: draft.redistributable, hasKey: draft.secrets.key !== "", headerNames: Object.keys(draft.secrets.headers) };
}

/** The form for a new feed, or for one that is there. */
export function FeedPage({ feed }: { feed: CustomFeed | null }) {
	return (
		<FeedForm
			action={submitFeed.bind(null, feed?.number ?? null)}
			start={feed === null ? EMPTY : startOf(feed)}
			saveLabel={feed === null ? "Add the feed" : "Save the changes"}
			choices={{
				formats: FEED_FORMATS.map((format) => [format, FORMAT_WORDS[format] ?? format] as const),
				categories: CATEGORIES.map((category) => [category, categoryWords(category)] as const),
				types: EXPECTATIONS.map((type) => [type, TYPE_CHOICES[type] ?? TYPE_WORDS[type as keyof typeof TYPE_WORDS]] as const),
				fields: FIELD_WORDS,
			}}
		/>
	);
}
