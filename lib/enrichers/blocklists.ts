import { defineEnricher, type Fact, type FactTable, type Listing, type Tone } from "./define";
import { counted, indicatorFact, tagsFact, textFact, timeFact } from "./facts";

const MAX_ROWS = 60;

function tableOf(listings: readonly Listing[]): FactTable {
	const rows = listings
		.slice(0, MAX_ROWS)
		.map(({ source, value, category, listed, since, until }) => [
			{ kind: "text", text: source } as const,
			{ kind: "indicator", indicator: value } as const,
			{ kind: "text", text: category } as const,
			{ kind: "text", text: listed ? "listed" : "was listed", ...(listed ? { tone: "bad" as const } : {}) } as const,
			{ kind: "time", at: since.toISOString() } as const,
			{ kind: "time", at: until.toISOString() } as const,
		]);
	return { title: "Sources", columns: ["Source", "Listed as", "Category", "State", "Since", "Last seen"], rows, more: listings.length - rows.length };
}

function sources(listings: readonly Listing[]): string[] {
	return [...new Set(listings.map(({ source }) => source))];
}

/**
 * How many of our own sources list the value, and the blocks around an address: the index asked as IPVoid was. Sources that left
 * it are said apart. Being on no list is nothing known; a value on a warning list is listed by mistake more often than not.
 */
export const blocklists = defineEnricher({
	id: "blocklists",
	name: "Blocklists",
	homepage: "https://github.com/nict-csl/exist",
	supports: ["ipv4", "ipv6", "cidr", "domain", "url", "md5", "sha1", "sha256", "email"],
	exposure: "nobody",
	quota: [],
	keeps: { found: 120, unknown: 60 },
	timeoutMs: 5_000,
	async ask(indicator, tools) {
		const { listings, more, warning } = await tools.listings(indicator);
		if (listings.length === 0) return null;
		const itself = sources(listings.filter(({ value, listed }) => listed && value.value === indicator.value));
		const around = listings.filter(({ value, listed }) => listed && value.value !== indicator.value);
		const former = sources(listings.filter(({ listed }) => !listed)).filter((source) => !itself.includes(source));
		const tone: Tone = itself.length > 0 ? (warning === null ? "bad" : "warn") : around.length > 0 ? "warn" : "none";
		const facts: Fact[] = [
			{ label: "Sources that list it", kind: "number", value: itself.length, tone },
			...tagsFact("Listed by", itself, tone),
			...indicatorFact("Listed blocks around it", [...new Map(around.map(({ value }) => [value.value, value])).values()]),
			...tagsFact("Blocks listed by", sources(around)),
			...tagsFact("Was listed by", former),
			...textFact("On a warning list", warning, "warn"),
			...timeFact("First listed", new Date(Math.min(...listings.map(({ since }) => since.getTime())))),
		];
		const summary = [
			itself.length === 0 ? "No source lists it now" : `${counted(itself.length, "source")} ${itself.length === 1 ? "lists" : "list"} it`,
			...(around.length === 0 ? [] : [`${counted(sources(around).length, "source")} a block around it`]),
			...(former.length === 0 ? [] : [`${counted(former.length, "source")} did before`]),
		].join(", ");
		const table = tableOf(listings);
		return { enrichment: { summary, tone, facts, tables: [{ ...table, more: table.more + more }] }, raw: { warning, listings: listings.map((one) => ({ ...one, value: one.value.value })) } };
	},
});
