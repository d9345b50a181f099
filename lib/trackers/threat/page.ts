import type { ThreatTag } from "@/lib/sources/threat/event";
import type { TrackerPage } from "../define";
import type { CellBadge, RecordView, Section } from "../view";
import type { EventRow } from "./index";
import { analysisName, LEVELS, levelName } from "./words";

/** Tags of a row that are shown, and characters of each; the record's page has all. */
const SHOWN_TAGS = 3;
const SHOWN_NAME = 26;

/** A tag in its own colour, leading to the events that carry it. */
export function tagBadge({ name, colour }: ThreatTag): CellBadge {
	return { text: name, title: name, href: `/threat/event?tag=${encodeURIComponent(name)}`, ...(colour === undefined ? {} : { colour }) };
}

/** High and medium say something; low and undefined do not. */
export function levelBadge(level: number): CellBadge {
	return { text: levelName(level), ...(level === 1 ? { tone: "bad" as const } : level === 2 ? { tone: "warn" as const } : {}) };
}

/** Names of taxonomies are long, and what tells them apart stands at their end. */
function shortName(name: string): string {
	const last = /"([^"]+)"$/.exec(name)?.[1] ?? name;
	return last.length <= SHOWN_NAME ? last : `${last.slice(0, SHOWN_NAME - 1)}…`;
}

/** A tag in few letters; the whole name is its title. */
export function shortBadge(tag: ThreatTag): CellBadge {
	return { ...tagBadge(tag), text: shortName(tag.name) };
}

/** The first tags of a row. */
export function tagBadges(tags: readonly ThreatTag[]): CellBadge[] {
	const shown = tags.slice(0, SHOWN_TAGS).map(shortBadge);
	return tags.length > SHOWN_TAGS ? [...shown, { text: `and ${tags.length - SHOWN_TAGS} more` }] : shown;
}

/** What stands above an event, and its own fields. Attributes and objects are read page by page beside it. */
export function eventView(row: EventRow): RecordView {
	const words = (name: string, text: string | null) => ({ name, cell: { kind: "text", text } as const });
	const fields: Section = {
		kind: "fields",
		title: "Event",
		id: row.uuid,
		fields: [
			{ name: "Level", cell: { kind: "badges", badges: [levelBadge(row.level)] } },
			words("Analysis", analysisName(row.analysis)),
			words("Made by", row.orgc),
			words("Owned by", row.org),
			words("Date", row.day),
			{ name: row.published ? "Published" : "Not published, changed", cell: { kind: "time", at: row.publishedAt, as: "date" } },
			{ name: "Changed", cell: { kind: "time", at: row.modifiedAt, as: "date" } },
			{ name: "Attributes", cell: { kind: "number", value: row.attributeCount } },
			{ name: "Objects", cell: { kind: "number", value: row.objectCount } },
			words("Number", String(row.number)),
			{ name: "Source", cell: { kind: "link", href: `/sources/${row.source.slug}`, text: row.source.name } },
		],
	};
	return {
		title: row.info,
		said: [
			{ kind: "text", text: row.orgc ?? row.org },
			{ kind: "time", at: row.publishedAt, as: "date" },
		],
		badges: [
			levelBadge(row.level),
			...(row.deletedAt === null ? [] : [{ text: "deleted at its source", tone: "warn" as const }]),
			...(row.whole ? [] : [{ text: "not whole yet", title: "Its parts are still being stored; the source's next run goes on, or the next import of the file", tone: "warn" as const }]),
		],
		links: [],
		sections: [fields],
	};
}

const SIBLINGS = [
	{ href: "/threat/attribute", label: "Attributes" },
	{ href: "/threat/org", label: "Organisations" },
	{ href: "/threat/tag", label: "Tags" },
	{ href: "/threat/import", label: "Import a file" },
] as const;

/** Columns and filters of the events' list. */
export function eventPage(sources: () => Promise<ReadonlyArray<readonly [string, string]>>): TrackerPage<EventRow> {
	return {
		columns: [
			{ header: "Event", cell: (row) => ({ kind: "record", text: row.info }) },
			{ header: "Level", cell: (row) => ({ kind: "badges", badges: [levelBadge(row.level)] }), hide: "phone" },
			{ header: "Tags", cell: (row) => ({ kind: "badges", badges: tagBadges(row.tags) }), hide: "narrow" },
			{ header: "Made by", cell: (row) => ({ kind: "text", text: row.orgc }), hide: "phone" },
			{ header: "Attributes", cell: (row) => ({ kind: "number", value: row.attributeCount }), hide: "narrow", align: "right" },
			{ header: "Published", cell: (row) => ({ kind: "time", at: row.publishedAt, as: "date" }), align: "right" },
		],
		filters: [
			{ kind: "words", name: "keyword", label: "Words in info, organisation, tags and values", placeholder: "words in title, tags, values" },
			{ kind: "choice", name: "threat_level_id", label: "Level", options: LEVELS.map((name, at) => [String(at + 1), name] as const) },
			{
				kind: "choice",
				name: "tag",
				label: "Tag",
				options: async (db) =>
					(await db.query<{ name: string }>("SELECT t.name, COUNT(*) AS n FROM threat_event_tag et JOIN threat_tag t ON t.id = et.tag_id GROUP BY t.id, t.name ORDER BY n DESC, t.name LIMIT 150")).map(
						({ name }) => [name, name] as const,
					),
			},
			{
				kind: "choice",
				name: "org",
				label: "Made by",
				options: async (db) =>
					(await db.query<{ name: string }>("SELECT DISTINCT o.name FROM threat_org o JOIN threat_event e ON e.orgc_id = o.id ORDER BY o.name LIMIT 300")).map(({ name }) => [name, name] as const),
			},
			{ kind: "choice", name: "source", label: "Source", options: sources },
			{ kind: "since", name: "publish_timestamp_after", label: "Published" },
		],
		view: eventView,
		siblings: SIBLINGS,
	};
}
