import { CATEGORIES, type Category, categoryWords } from "@/lib/domain/category";
import type { IndicatorType } from "@/lib/domain/indicator";
import { indicatorPath } from "@/lib/domain/path";
import { warningFor } from "@/lib/domain/warnings";
import { env } from "@/lib/env";
import { ExistError } from "@/lib/errors";
import { type Database, database } from "@/lib/platform";
import type { Around, Listing, Relation } from "./bulk-asked";
import { Facts } from "./bulk-facts";
import { echoOf, type Question, Questions, type Understood } from "./bulk-questions";
import { everyBlock, knownBlocks } from "./known-blocks";

/** Most values of one call. */
export const MAX_BULK = 10_000;

/** `listed`: a source lists it now. `known`: it was listed, something that contains it is, or a record names it. `not listed` is no verdict. */
export const BULK_KINDS = ["listed", "known", "not listed", "invalid"] as const;
export type BulkKind = (typeof BULK_KINDS)[number];

/** What the index says of one value. Times are ISO 8601. */
export interface BulkAnswer {
	/** as it was given; cut where it has more than 10,000 characters, which is no indicator */
	value: string;
	indicator: { type: IndicatorType; value: string; port: number | null } | null;
	kind: BulkKind;
	/** in words */
	reason: string;
	/** the worst that a source says of it, or else of what contains it, now */
	category: Category | null;
	sources: Array<{ number: number; name: string; category: Category; listed: boolean }>;
	firstSeen: string | null;
	lastSeen: string | null;
	/** what contains it and is listed now */
	containing: Array<{ relation: Relation; type: IndicatorType; value: string; category: Category; sources: Array<{ number: number; name: string }>; warning: string | null }>;
	/** records that name it, by tracker */
	records: Record<string, number>;
	/** list of well-known values it stands on */
	warning: string | null;
	/** path of its page */
	page: string | null;
}

/** Values that are asked for together, and how many such portions are under way while their answers are read. */
const SLICE = 1000;
const AHEAD = 3;
/** Up to so many values, blocks are asked for by id: nothing that was remembered is used. */
const FEW = 64;

function worst(listings: readonly Listing[]): Category | null {
	let found: Category | null = null;
	for (const { category } of listings) if (found === null || CATEGORIES.indexOf(category) < CATEGORIES.indexOf(found)) found = category;
	return found;
}

function names(listings: readonly Listing[]): string {
	const [first, second, ...others] = listings.map(({ source }) => source.name);
	if (second === undefined) return String(first);
	return others.length === 0 ? `${first} and ${second}` : `${first}, ${second} and ${others.length} more`;
}

const RELATION_WORDS: Readonly<Record<Relation, string>> = { host: "On", parent: "Under", block: "In" };

function reasonOf(listed: readonly Listing[], listings: readonly Listing[], containing: readonly ListedAround[], records: Readonly<Record<string, number>>): string {
	if (listed.length > 0) return `Listed by ${names(listed)} as ${categoryWords(worst(listed) as Category)}.`;
	const parts: string[] = [];
	const around = containing[0];
	if (around !== undefined) parts.push(`${RELATION_WORDS[around.relation]} ${around.asked.indicator.value}, listed by ${names(around.listed)} as ${categoryWords(worst(around.listed) as Category)}.`);
	if (listings.length > 0) parts.push(`No longer listed; it was by ${names(listings)}.`);
	const named = Object.values(records).reduce((sum, count) => sum + count, 0);
	if (named > 0) parts.push(`Named in ${named === 1 ? "one record" : `${named.toLocaleString("en")} records`}.`);
	return parts.join(" ");
}

interface ListedAround extends Around {
	listed: readonly Listing[];
}

function earliest(listings: readonly Listing[]): string | null {
	const [first, ...others] = listings;
	return first === undefined ? null : others.reduce((at, { firstSeen }) => (firstSeen < at ? firstSeen : at), first.firstSeen).toISOString();
}

function latest(listings: readonly Listing[]): string | null {
	const [first, ...others] = listings;
	return first === undefined ? null : others.reduce((at, { lastSeen }) => (lastSeen > at ? lastSeen : at), first.lastSeen).toISOString();
}

function isListed({ listed }: Listing): boolean {
	return listed;
}

/** What contains it and is listed now. */
function listedAround({ containing }: Question): ListedAround[] {
	const found: ListedAround[] = [];
	for (const { relation, asked } of containing) {
		if (asked.listings.length === 0) continue;
		const listed = asked.listings.filter(isListed);
		if (listed.length > 0) found.push({ relation, asked, listed });
	}
	return found;
}

function toContaining({ relation, asked: { indicator }, listed }: ListedAround, own: readonly string[]): BulkAnswer["containing"][number] {
	const { type, value } = indicator;
	return { relation, type, value, category: worst(listed) as Category, sources: listed.map(({ source }) => source), warning: warningFor(indicator, own)?.list ?? null };
}

type Said = Omit<BulkAnswer, "value" | "indicator" | "warning" | "page">;

const NOTHING = { category: null, sources: [], firstSeen: null, lastSeen: null, containing: [], records: {} };
const UNKNOWN: Said = { kind: "not listed", reason: "Not in the index. That is no verdict: no source that is read here lists it.", ...NOTHING };

/** Words and numbers of a value. */
function said(question: Question, own: readonly string[]): Said {
	const { listings, records = {} } = question.asked;
	const around = listedAround(question);
	if (listings.length === 0 && around.length === 0 && question.asked.records === undefined) return UNKNOWN;
	const listed = listings.filter(isListed);
	return {
		kind: listed.length > 0 ? "listed" : "known",
		reason: reasonOf(listed, listings, around, records),
		category: worst(listed) ?? worst(around.flatMap((one) => one.listed)),
		sources: listings.map(({ source, category, listed: now }) => ({ number: source.number, name: source.name, category, listed: now })),
		firstSeen: earliest(listings),
		lastSeen: latest(listings),
		containing: around.map((one) => toContaining(one, own)),
		records,
	};
}

/** Members one by one: of a spread object the engine makes each anew, and there are ten thousand. */
function answer(value: string, understood: Understood, own: readonly string[]): BulkAnswer {
	if (understood.question === null) return { value, indicator: null, kind: "invalid", reason: understood.reason, ...NOTHING, warning: null, page: null };
	const { question, port } = understood;
	const { indicator } = question.asked;
	const { kind, reason, category, sources, firstSeen, lastSeen, containing, records } = said(question, own);
	return {
		value,
		indicator: { type: indicator.type, value: indicator.value, port },
		kind,
		reason,
		category,
		sources,
		firstSeen,
		lastSeen,
		containing,
		records,
		warning: warningFor(indicator, own)?.list ?? null,
		page: indicatorPath(indicator),
	};
}

/**
 * What the index knows of each of up to 10,000 values, in their order, in portions: of the value itself, of the blocks around its
 * address, the listed domains above it, its host. Only ids are asked for, many a statement, so the work grows with the values
 * and not with the index. Throws `too_large` for more.
 */
export async function* bulkPortions(values: readonly string[], db: Database = database(), own: readonly string[] = env().ownDomains): AsyncGenerator<BulkAnswer[]> {
	if (values.length > MAX_BULK) {
		throw new ExistError("too_large", `${values.length.toLocaleString("en")} values were given; one call takes ${MAX_BULK.toLocaleString("en")}. Send them in several calls.`, { field: "values" });
	}
	const questions = new Questions(values.length <= FEW ? everyBlock : await knownBlocks(db));
	const facts = new Facts(db, (id) => questions.byId(id));
	const ask = (from: number): { understood: Array<readonly [string, Understood]>; done: Promise<void> } => {
		const understood = values.slice(from, from + SLICE).map((value) => [echoOf(value), questions.understand(value)] as const);
		const done = facts.ask(understood.flatMap(([, { question }]) => question ?? []));
		// It is awaited in its turn, or not at all where the reader has enough.
		done.catch(() => {});
		return { understood, done };
	};
	const under = [];
	for (let from = 0; from < values.length || under.length > 0; from += SLICE) {
		if (from < values.length) under.push(ask(from));
		if (from + SLICE < values.length && under.length < AHEAD) continue;
		const next = under.shift();
		await next?.done;
		yield (next?.understood ?? []).map(([value, understood]) => answer(value, understood, own));
	}
}

/** The same one by one. */
export async function* bulkLookup(values: readonly string[], db: Database = database(), own: readonly string[] = env().ownDomains): AsyncGenerator<BulkAnswer> {
	// `yield*` would wait anew for each.
	for await (const portion of bulkPortions(values, db, own)) for (const answer of portion) yield answer;
}
