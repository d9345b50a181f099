import { CATEGORIES, CATEGORY_TONES, categoryWords } from "@/lib/domain/category";
import { defang } from "@/lib/domain/defang";
import { INDICATOR_TYPES, TYPE_WORDS } from "@/lib/domain/indicator";
import { sourcesOf } from "@/lib/sources";
import type { TrackerPage } from "../define";
import type { CellBadge, RecordView } from "../view";
import type { ReputationRow } from "./index";

/** Red only for what is called malicious; a listing that ended is grey. */
function categoryBadge({ category, listed }: ReputationRow): CellBadge {
	return { text: categoryWords(category), tone: listed ? CATEGORY_TONES[category] : "none" };
}

function state({ listed, present }: ReputationRow): string {
	if (!listed) return "no longer listed";
	return present ? "in the newest list" : "gone from the list, still within the source's window";
}

/** One source's listing, whole: what the feed says, and what we observed. */
function view(row: ReputationRow): RecordView {
	const words = (name: string, text: string | null, mono = false) => ({ name, cell: { kind: "text", text, mono } as const });
	return {
		title: defang(row.indicator),
		subject: row.indicator,
		said: [],
		badges: [],
		links: [],
		sections: [
			{
				kind: "fields",
				title: `As ${row.source.name} lists it`,
				id: row.id,
				fields: [
					{ name: "Category", cell: { kind: "badges", badges: [categoryBadge(row)] } },
					words("State", state(row)),
					{ name: "First listed", cell: { kind: "time", at: row.seenAt, as: "date" } },
					{ name: "First read by us", cell: { kind: "time", at: row.observedAt, as: "date" } },
					words("Description", row.description),
					words("Country", row.country),
					words("Ports", row.ports.length === 0 ? null : row.ports.join(", "), true),
					words("Confidence", row.confidence === null ? null : `${row.confidence} of 100`),
					{ name: "Tags", cell: { kind: "badges", badges: row.tags.map((text) => ({ text })) } },
					{
						name: "Evidence at the provider",
						cell: row.referrer === null ? { kind: "text", text: null } : { kind: "link", href: row.referrer, text: "", outside: true },
					},
				],
			},
		],
	};
}

/** How sightings are shown. On a phone indicator, source and last seen remain. */
export const reputationPage: TrackerPage<ReputationRow> = {
	columns: [
		{ header: "Indicator", cell: ({ indicator, ports }) => ({ kind: "subject", indicator, ports, doubtful: indicator.warning !== null }) },
		{ header: "Type", cell: ({ indicator }) => ({ kind: "badges", badges: [{ text: TYPE_WORDS[indicator.type] }] }), hide: "narrow" },
		{ header: "Source", cell: ({ source }) => ({ kind: "text", text: source.name }) },
		{ header: "Category", cell: (row) => ({ kind: "badges", badges: [categoryBadge(row)] }), hide: "phone" },
		{ header: "Description", cell: ({ description }) => ({ kind: "text", text: description, aside: true }), hide: "narrow" },
		{ header: "Country", cell: ({ country }) => ({ kind: "text", text: country, mono: true }), hide: "narrow" },
		{ header: "First seen", cell: ({ seenAt }) => ({ kind: "time", at: seenAt, as: "date" }), align: "right", hide: "narrow" },
		{ header: "Last seen", cell: ({ lastSeen, listed }) => ({ kind: "time", at: lastSeen, ...(listed ? {} : { prefix: "left" }) }), align: "right" },
	],
	filters: [
		{ kind: "words", name: "search", label: "Words in the value", placeholder: "words in the value" },
		{ kind: "choice", name: "source", label: "Source", options: async () => sourcesOf("reputation").map(({ number, name }) => [String(number), name] as const) },
		{ kind: "choice", name: "type", label: "Type", options: INDICATOR_TYPES.filter((type) => type !== "cve").map((type) => [type, TYPE_WORDS[type]] as const) },
		{ kind: "choice", name: "category", label: "Category", options: CATEGORIES.map((category) => [category, categoryWords(category)] as const) },
		{ kind: "since", name: "datetime_after", label: "First seen" },
		{ kind: "text", name: "country", label: "Country, two letters", placeholder: "Country", width: "w-[5.5rem]", pattern: "[A-Za-z]{2}", longest: 2, upper: true },
		{ kind: "flag", name: "listed", label: "Still listed" },
	],
	view,
	said: ({ total, indicators }) => `${total.toLocaleString("en")} sightings of ${indicators.toLocaleString("en")} indicators`,
	nothing: "No source that is read here lists this. That is no verdict: it may be listed elsewhere.",
};
