import { z } from "zod";
import { canonicalise } from "@/lib/domain/canonical";
import { CATEGORIES, type Category } from "@/lib/domain/category";
import { type CanonicalValue, type Expectation, INDICATOR_TYPES, type IndicatorType, TYPE_NUMBERS, typeFromNumber } from "@/lib/domain/indicator";
import { indicatorId } from "@/lib/indicators/identity";
import { parseWords, wordCondition } from "@/lib/indicators/words";
import { type Database, lit } from "@/lib/platform";
import { sourceNames } from "@/lib/sources";
import { defineTracker, type Restriction } from "../define";
import { dateRange, flagParameter, listParameter, numberListParameter, portParameter, type QueryOf, textParameter, upperParameter, wordsParameter } from "../parameters";
import { type RecordSourceName, raw as read, recordSource, rollUps } from "../record-tracker";
import { reputationPage } from "./page";

export interface ReputationRow {
	/** 32 hex */
	id: string;
	indicator: { id: string; type: IndicatorType; value: CanonicalValue; warning: string | null };
	source: RecordSourceName;
	category: Category;
	description: string | null;
	referrer: string | null;
	country: string | null;
	/** `443` or `53/udp` */
	ports: string[];
	tags: string[];
	confidence: number | null;
	/** first listed: the feed's own date where it gives one */
	seenAt: Date;
	/** the feed's own last date, else the newest run that confirmed it, else when it left */
	lastSeen: Date;
	/** when we first saw it */
	observedAt: Date;
	/** still counts as listed */
	listed: boolean;
	/** in the newest good body of its source */
	present: boolean;
}

const parameters = {
	search: wordsParameter("search", { description: "words, every one of which the value must hold; ^ and $ tie a word to its start and end", example: "paypal login" }),
	source: numberListParameter("source", sourceNames, {
		right: "the number of a source (see /api/reputation/sources)",
		description: "numbers of sources, listed by /api/reputation/sources; their names are understood as well",
		example: "241",
	}),
	type: listParameter("type", INDICATOR_TYPES, { description: "types of indicators", example: "domain,url" }),
	category: listParameter("category", CATEGORIES, { description: "what the sources say it is", example: "phishing" }),
	country: upperParameter("country", { pattern: { is: /^[A-Za-z]{2}$/, right: "two letters, such as JP" }, description: "country of the address, ISO 3166", example: "JP" }),
	listed: flagParameter("listed", { description: "whether its source still lists it", example: "true" }),
	...dateRange("datetime", "first seen"),
	ip: textParameter("ip", { description: "exactly this address or block, defanged or not", example: "192.0.2.1" }),
	domain: textParameter("domain", { description: "exactly this domain, defanged or not", example: "evil.example.org" }),
	url: textParameter("url", { description: "exactly this URL, defanged or not", example: "http://evil.example/a" }),
	port: portParameter("port", { description: "port that was seen with the address", example: "443" }),
};

export type ReputationQuery = QueryOf<typeof parameters>;

type Raw = Record<string, unknown>;

export const REPUTATION_FROM = "sighting s JOIN indicator i ON i.id = s.indicator_id LEFT JOIN source_state st ON st.source = s.source";
export const REPUTATION_SELECT =
	"s.id, s.indicator_id, i.type, i.value, i.warning, s.source, s.category, s.description, s.referrer, s.country, s.ports, s.tags, s.confidence, s.seen_at, s.feed_last, s.observed_at, s.left_at, s.listed, s.present, st.last_ok_at, st.name AS source_name, st.slug AS source_slug";

/** When a listing was seen last: the feed's own date, else the newest run that confirmed it, else when it left. `last_ok_at`: of its source. */
export function lastSeen(raw: Raw): Date {
	const observed = raw.observed_at as Date;
	const confirmed = raw.present === 1 || raw.present === true ? (raw.last_ok_at as Date | null) : (raw.left_at as Date | null);
	const feed = raw.feed_last as Date | null;
	return feed ?? (confirmed !== null && confirmed > observed ? confirmed : observed);
}

/** A database row of `REPUTATION_SELECT` to the shape every door uses. */
export function toReputationRow(raw: Raw): ReputationRow {
	const ports = read.text(raw.ports);
	return {
		id: read.hex(raw.id),
		indicator: {
			id: read.hex(raw.indicator_id),
			type: typeFromNumber(Number(raw.type)),
			value: raw.value as CanonicalValue,
			warning: read.text(raw.warning),
		},
		source: recordSource(raw.source, { name: raw.source_name, slug: raw.source_slug }),
		category: raw.category as Category,
		description: read.text(raw.description),
		referrer: read.text(raw.referrer),
		country: read.text(raw.country),
		ports: ports === null ? [] : ports.split(","),
		tags: read.json<string[]>(raw.tags, []),
		confidence: read.number(raw.confidence),
		seenAt: raw.seen_at as Date,
		lastSeen: lastSeen(raw),
		observedAt: raw.observed_at as Date,
		listed: Number(raw.listed) === 1,
		present: Number(raw.present) === 1,
	};
}

/** The condition that selects one exact value, or null where it cannot be one (then nothing matches). */
function exact(value: string, as: Expectation): string | null {
	const result = canonicalise(value, as);
	return result.ok ? `s.indicator_id = ${lit(indicatorId(result.indicator))}` : null;
}

function filterConditions(query: ReputationQuery): string[] | null {
	const conditions: string[] = [];
	for (const [value, as] of [
		[query.ip, "network"],
		[query.domain, "domain"],
		[query.url, "url"],
	] as const) {
		if (value === undefined) continue;
		const condition = exact(value, as);
		if (condition === null) return null;
		conditions.push(condition);
	}
	if (query.source !== undefined && query.source.length > 0) {
		conditions.push(query.source.length === 1 ? `s.source = ${query.source[0]}` : `s.source IN (${query.source.join(",")})`);
	}
	if (query.type !== undefined && query.type.length > 0) conditions.push(`s.type IN (${query.type.map((type) => TYPE_NUMBERS[type]).join(",")})`);
	if (query.category !== undefined && query.category.length > 0) conditions.push(`s.category IN (${query.category.map((name) => lit(name)).join(",")})`);
	if (query.country !== undefined) conditions.push(`s.country = ${lit(query.country)}`);
	if (query.listed !== undefined) conditions.push(`s.listed = ${query.listed ? 1 : 0}`);
	if (query.port !== undefined) conditions.push(`FIND_IN_SET(${lit(query.port)}, s.ports) > 0`);
	if (query.after !== undefined) conditions.push(`s.seen_at >= ${lit(query.after)}`);
	if (query.before !== undefined) conditions.push(`s.seen_at <= ${lit(query.before)}`);
	return conditions;
}

async function restrict(query: ReputationQuery, db: Database): Promise<Restriction> {
	const conditions = filterConditions(query);
	if (conditions === null) return { joins: [], conditions: [], nothing: true };
	const words = query.search === undefined ? [] : parseWords(query.search);
	if (words.length === 0) return { joins: [], conditions, ...rollUps({ tracker: "reputation" }, query) };
	const found = await wordCondition(db, words, true);
	return {
		joins: ["JOIN search_text t ON t.indicator_id = s.indicator_id"],
		conditions: [...conditions, ...(found.match === null ? [] : [found.match]), ...found.conditions],
	};
}

const ADDRESSES: ReadonlySet<IndicatorType> = new Set(["ipv4", "ipv6", "cidr"]);

const item = z.object({
	id: z.string().regex(/^[0-9a-f]{32}$/),
	ip: z.string().nullable().describe("address or block, null for other types"),
	domain: z.string().describe("empty for other types"),
	url: z.string().describe("empty for other types"),
	source: z.string().describe("name of the source"),
	description: z.string(),
	referrer: z.string().describe("where the source says more, empty where it does not"),
	countrycode: z.string().describe("ISO 3166, empty where it is not known"),
	datetime: z.iso.datetime().describe("first seen"),
	indicator: z.string().describe("the value in canonical form, whatever its type"),
	type: z.enum(INDICATOR_TYPES),
	category: z.enum(CATEGORIES),
	ports: z.array(z.string()).describe("as 443 or 53/udp"),
	tags: z.array(z.string()),
	first_seen: z.iso.datetime(),
	last_seen: z.iso.datetime(),
	listed: z.boolean().describe("whether its source still lists it"),
	warning: z.string().nullable().describe("name of the list of benign values it is on"),
});

/** The original's fields of a reputation record, then ours. A hash stands in none of its three value fields, but in `indicator`. */
function toApi(row: ReputationRow): z.output<typeof item> {
	const { type, value } = row.indicator;
	return {
		id: row.id,
		ip: ADDRESSES.has(type) ? value : null,
		domain: type === "domain" ? value : "",
		url: type === "url" ? value : "",
		source: row.source.name,
		description: row.description ?? "",
		referrer: row.referrer ?? "",
		countrycode: row.country ?? "",
		datetime: row.seenAt.toISOString(),
		indicator: value,
		type,
		category: row.category,
		ports: row.ports,
		tags: row.tags,
		first_seen: row.seenAt.toISOString(),
		last_seen: row.lastSeen.toISOString(),
		listed: row.listed,
		warning: row.indicator.warning,
	};
}

export const reputation = defineTracker({
	name: "reputation",
	resource: "reputation",
	title: "Reputation",
	path: "/reputation",
	isSighting: true,
	counted: { table: "sighting", at: "seen_at", present: "SUM(present)" },
	from: REPUTATION_FROM,
	matchedIn: "sighting s",
	select: REPUTATION_SELECT,
	order: { time: "s.seen_at", id: "s.id", timeOf: (row) => row.seenAt },
	parameters,
	item,
	restrict,
	toRow: toReputationRow,
	toApi,
	csv: [
		{ header: "indicator", value: (row) => row.indicator.value },
		{ header: "type", value: (row) => row.indicator.type },
		{ header: "source", value: (row) => row.source.name },
		{ header: "category", value: (row) => row.category },
		{ header: "description", value: (row) => row.description },
		{ header: "tags", value: (row) => row.tags.join(" ") },
		{ header: "country", value: (row) => row.country },
		{ header: "ports", value: (row) => row.ports.join(" ") },
		{ header: "first_seen", value: (row) => row.seenAt.toISOString() },
		{ header: "last_seen", value: (row) => row.lastSeen.toISOString() },
		{ header: "listed", value: (row) => row.listed },
		{ header: "warning", value: (row) => row.indicator.warning },
		{ header: "referrer", value: (row) => row.referrer },
		{ header: "id", value: (row) => row.id },
	],
	page: reputationPage,
});
