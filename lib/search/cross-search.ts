import { type Classification, classify } from "@/lib/domain/classify";
import { hostIndicator, hostKey, hostOf, hostsAbove } from "@/lib/domain/host";
import { type CanonicalValue, type Indicator, TYPE_NUMBERS } from "@/lib/domain/indicator";
import { cidrRange, cidrsAround, containingCidrs } from "@/lib/domain/range";
import { ExistError, shown } from "@/lib/errors";
import { indicatorId } from "@/lib/indicators/identity";
import { MAX_SEARCH_LENGTH, parseWords, wordCondition } from "@/lib/indicators/words";
import { type Database, database, lit } from "@/lib/platform";
import { REPUTATION_FROM, REPUTATION_SELECT, type ReputationRow, toReputationRow } from "@/lib/trackers/reputation";
import { type RecordGroup, recordsNaming, recordsWith } from "./records";

export type GroupKind = "exact" | "subdomains" | "above" | "urls" | "containing" | "inside" | "siblings" | "contains" | "hash-prefix";

export interface ResultGroup {
	kind: GroupKind;
	title: string;
	/** sightings found; a floor where `more` is set */
	total: number;
	more: boolean;
	rows: ReputationRow[];
}

export interface CrossResult {
	query: Classification;
	groups: ResultGroup[];
	/** records of the other trackers that name it, or hold the words */
	records: RecordGroup[];
	/** per tracker, as in the original */
	counts: Array<{ tracker: string; count: number; more: boolean }>;
	/** what was understood or left out, in words */
	notes: string[];
	tookMs: number;
}

/** Sightings a group reads at most; a group with more says so. */
const GROUP_CAP = 500;
/** Rows of the text index that are looked at when a word is too common for any index. */
const SAMPLE_ROWS = 30_000;

export interface Selection {
	kind: GroupKind;
	title: string;
	/** conditions over the aliases `i` (indicator), `s` (sighting) and `t` (search text) */
	where: string;
	/** tables, where the default order of joining would be wrong */
	from?: string;
	/** finding the rows is what costs, so it is done once */
	costly?: boolean;
}

const STATE_JOIN = " LEFT JOIN source_state st ON st.source = s.source";

function newestFirst(a: { seenAt: Date; id: string }, b: { seenAt: Date; id: string }): number {
	return b.seenAt.getTime() - a.seenAt.getTime() || (a.id < b.id ? 1 : -1);
}

async function readRows(db: Database, from: string, where: string, limit: number): Promise<ReputationRow[]> {
	return (await db.query(`SELECT ${REPUTATION_SELECT} FROM ${from} WHERE ${where} LIMIT ${limit}`)).map(toReputationRow);
}

/** A group that is larger than what is shown: counted and sorted by ids and dates alone, then only the newest are read whole. */
async function readLargeGroup(db: Database, selection: Selection, limit: number): Promise<ResultGroup> {
	const light = (selection.from ?? REPUTATION_FROM).replace(STATE_JOIN, "");
	const found = await db.query<{ id: Buffer; seen_at: Date }>(`SELECT s.id, s.seen_at FROM ${light} WHERE ${selection.where} LIMIT ${GROUP_CAP + 1}`);
	const more = found.length > GROUP_CAP;
	const newest = found
		.map((row) => ({ id: row.id.toString("hex"), seenAt: row.seen_at }))
		.sort(newestFirst)
		.slice(0, limit);
	const rows = newest.length === 0 ? [] : await readRows(db, REPUTATION_FROM, `s.id IN (${newest.map(({ id }) => lit(Buffer.from(id, "hex"))).join(",")})`, limit);
	return { kind: selection.kind, title: selection.title, total: Math.min(found.length, GROUP_CAP), more, rows: rows.sort(newestFirst) };
}

/** Whether more indicators than are counted satisfy a condition over `i` alone; answered by the index over hosts or addresses. */
async function manyIndicators(db: Database, where: string): Promise<boolean> {
	const [row] = await db.query<{ n: number }>(`SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM indicator i WHERE ${where} LIMIT ${GROUP_CAP + 1}) c`);
	return Number(row?.n ?? 0) > GROUP_CAP;
}

/** Reads one group, newest first; `limit` rows are given back, up to `GROUP_CAP` counted. Mostly one query: most groups are small. */
export async function readGroup(db: Database, selection: Selection, limit: number): Promise<ResultGroup> {
	if (selection.costly === true) return readLargeGroup(db, selection, limit);
	const rows = await readRows(db, selection.from ?? REPUTATION_FROM, selection.where, limit + 1);
	if (rows.length > limit) {
		// Beyond the cap "the newest" would be the newest of an arbitrary part: the first ones are as good, and cost nothing.
		if (selection.from === FROM_INDICATOR && (await manyIndicators(db, selection.where))) {
			return { kind: selection.kind, title: selection.title, total: GROUP_CAP, more: true, rows: rows.slice(0, limit).sort(newestFirst) };
		}
		return readLargeGroup(db, selection, limit);
	}
	return { kind: selection.kind, title: selection.title, total: rows.length, more: false, rows: rows.sort(newestFirst) };
}

/** From an index over `indicator`: the order of tables is fixed, so that the planner never starts from the sightings. */
const FROM_INDICATOR = "indicator i STRAIGHT_JOIN sighting s ON s.indicator_id = i.id LEFT JOIN source_state st ON st.source = s.source";

function exactly(indicator: Indicator, port: number | undefined): Selection {
	const condition = port === undefined ? "" : ` AND (FIND_IN_SET('${port}', s.ports) > 0 OR FIND_IN_SET('${port}/udp', s.ports) > 0)`;
	return { kind: "exact", title: port === undefined ? "Exactly this" : `Exactly this, port ${port}`, where: `s.indicator_id = ${lit(indicatorId(indicator))}${condition}` };
}

function inIds(ids: readonly Buffer[]): string {
	return `s.indicator_id IN (${ids.map((id) => lit(id)).join(",")})`;
}

function blockIds(blocks: readonly string[]): Buffer[] {
	return blocks.map((value) => indicatorId({ type: "cidr", value: value as CanonicalValue }));
}

function forAddress(indicator: Indicator, key: string): Selection[] {
	return [
		{ kind: "containing", title: "Blocks that contain it", where: inIds(blockIds(containingCidrs(indicator.value))) },
		{ kind: "urls", title: "URLs on it", from: FROM_INDICATOR, where: `i.host_key = ${lit(key)} AND i.type = ${TYPE_NUMBERS.url}` },
	];
}

function forBlock(indicator: Indicator): Selection[] {
	const { from, to } = cidrRange(indicator.value);
	const blocks = blockIds(cidrsAround(indicator.value));
	const inside: Selection = {
		kind: "inside",
		title: "Inside it",
		from: FROM_INDICATOR,
		where: `i.ip_from BETWEEN ${lit(from)} AND ${lit(to)} AND i.ip_to <= ${lit(to)} AND i.id <> ${lit(indicatorId(indicator))}`,
	};
	return blocks.length === 0 ? [inside] : [inside, { kind: "containing", title: "Blocks that contain it", where: inIds(blocks) }];
}

/** The host of a URL and the domains above it: a listing of those says something of what stands on them. */
function forHostOf(indicator: Indicator): Selection[] {
	const host = hostOf(indicator);
	if (host === null) return [];
	const on = hostIndicator(host);
	const own = indicator.type === "domain" ? [] : [on];
	const above = on.type === "domain" ? hostsAbove(host).map((value): Indicator => ({ type: "domain", value: value as CanonicalValue })) : [];
	const hosts = [...own, ...above].map(indicatorId);
	const title = own.length === 0 ? "Domains above it" : above.length === 0 ? "Its host" : "Its host and the domains above it";
	const selections: Selection[] = hosts.length === 0 ? [] : [{ kind: "above", title, where: inIds(hosts) }];
	if (on.type !== "domain")
		selections.push({
			kind: "containing",
			title: "Blocks that contain its address",
			where: inIds(blockIds(containingCidrs(host))),
		});
	return selections;
}

/** The last byte after `.` in ASCII order is `/`, so `[key., key/)` is everything below a host. */
function forDomain(key: string): Selection[] {
	return [
		{ kind: "subdomains", title: "Subdomains", from: FROM_INDICATOR, where: `i.host_key >= ${lit(`${key}.`)} AND i.host_key < ${lit(`${key}/`)} AND i.type = ${TYPE_NUMBERS.domain}` },
		{
			kind: "urls",
			title: "URLs on it and below",
			from: FROM_INDICATOR,
			where: `(i.host_key = ${lit(key)} OR (i.host_key >= ${lit(`${key}.`)} AND i.host_key < ${lit(`${key}/`)})) AND i.type = ${TYPE_NUMBERS.url}`,
		},
	];
}

function forHash(indicator: Indicator): Selection[] {
	const id = lit(indicatorId(indicator));
	return [{ kind: "siblings", title: "Other hashes of the same file", where: `s.indicator_id IN (SELECT sibling_id FROM hash_sibling WHERE indicator_id = ${id})` }];
}

/** What an indicator question reads, each by one index. */
export function selectionsFor(indicator: Indicator, port?: number): Selection[] {
	const selections = [exactly(indicator, port)];
	const key = hostKey(indicator);
	switch (indicator.type) {
		case "ipv4":
		case "ipv6":
			return [...selections, ...forAddress(indicator, indicator.value)];
		case "cidr":
			return [...selections, ...forBlock(indicator)];
		case "domain":
			return key === null ? selections : [...selections, ...forHostOf(indicator), ...forDomain(key)];
		case "url":
		case "email":
			return [...selections, ...forHostOf(indicator)];
		case "md5":
		case "sha1":
		case "sha256":
			return [...selections, ...forHash(indicator)];
		default:
			return selections;
	}
}

const FROM_TEXT = "search_text t STRAIGHT_JOIN sighting s ON s.indicator_id = t.indicator_id JOIN indicator i ON i.id = s.indicator_id LEFT JOIN source_state st ON st.source = s.source";

async function searchWords(text: string, limit: number, db: Database, notes: string[]): Promise<ResultGroup[]> {
	const words = parseWords(text);
	if (words.length === 0) return [];
	const groups: ResultGroup[] = [];
	const prefix = words.length === 1 && /^[0-9a-f]{6,63}$/.test(words[0]?.text ?? "") ? words[0]?.text : undefined;
	if (prefix !== undefined) {
		const token = `h${prefix.slice(0, 16)}${prefix.length < 16 ? "*" : ""}`;
		const group = await readGroup(
			db,
			{ kind: "hash-prefix", title: "Hashes that begin with it", from: FROM_TEXT, costly: true, where: `MATCH(t.grams) AGAINST('+${token}' IN BOOLEAN MODE) AND i.value LIKE '${prefix}%'` },
			limit,
		);
		if (group.total > 0) groups.push(group);
	}
	const found = await wordCondition(db, words, false);
	const conditions = found.conditions.join(" AND ");
	if (found.dense) {
		notes.push(`"${text}" is part of very many values: this is a sample of them. Add letters or a second word.`);
		const sample = `(SELECT * FROM search_text ORDER BY indicator_id LIMIT ${SAMPLE_ROWS}) t STRAIGHT_JOIN sighting s ON s.indicator_id = t.indicator_id JOIN indicator i ON i.id = s.indicator_id LEFT JOIN source_state st ON st.source = s.source`;
		const group = await readGroup(db, { kind: "contains", title: "Contains the words", from: sample, costly: true, where: conditions }, limit);
		groups.push({ ...group, more: true });
	} else {
		groups.push(await readGroup(db, { kind: "contains", title: "Contains the words", from: FROM_TEXT, costly: true, where: `${found.match} AND ${conditions}` }, limit));
	}
	return groups;
}

/** `45.9.` or `45.9.148` as the block it is the beginning of, or null. */
function partialAddress(text: string): string | null {
	if (!/^\d{1,3}\.(?:\d{1,3}(?:\.(?:\d{1,3}\.?)?)?)?$/.test(text)) return null;
	const parts = text.split(".").filter((part) => part !== "");
	if (parts.length === 0 || parts.length > 3 || parts.some((part) => Number(part) > 255 || (part.length > 1 && part.startsWith("0")))) return null;
	return `${[...parts, ...Array.from({ length: 4 - parts.length }, () => "0")].join(".")}/${parts.length * 8}`;
}

/**
 * Everything the index knows about a text: as an indicator by exact indexes (its value, what contains it, what lies under it),
 * else by words. Throws `invalid` with the way out for text that cannot be searched.
 */
export async function crossSearch(text: string, options: { limit: number }, db: Database = database()): Promise<CrossResult> {
	const started = performance.now();
	if (text.length > MAX_SEARCH_LENGTH * 5) {
		throw new ExistError("invalid", `The text has ${text.length.toLocaleString("en")} characters; one indicator or a few words are searched at a time.`, { field: "keyword" });
	}
	const query = classify(text);
	const notes: string[] = [];
	let groups: ResultGroup[] = [];
	const records = query.kind === "indicator" ? recordsNaming(query.indicator, options.limit, db) : query.kind === "words" ? recordsWith(text, options.limit, db) : Promise.resolve([]);
	// A refusal surfaces below, together with that of the other half.
	records.catch(() => {});
	if (query.kind === "indicator") {
		groups = await Promise.all(selectionsFor(query.indicator, query.port).map((selection) => readGroup(db, selection, options.limit)));
	} else if (query.kind === "words") {
		const block = partialAddress(text.trim());
		if (block !== null) {
			notes.push(`Understood as the addresses in ${block}.`);
			groups = await Promise.all(forBlock({ type: "cidr", value: block as CanonicalValue }).map((selection) => readGroup(db, selection, options.limit)));
		} else groups = await searchWords(text, options.limit, db, notes);
	} else if (query.kind === "invalid") {
		throw new ExistError("invalid", query.reason, { field: "keyword" });
	}
	if (query.kind === "indicator" && query.indicator.type === "domain" && groups.every((group) => group.total === 0) && !/\s/.test(text.trim())) {
		// `paypal.com-login` and other beginnings look like domains too.
		groups = await searchWords(text.trim(), options.limit, db, notes);
		if (groups.some((group) => group.total > 0)) notes.unshift(`No source lists the domain or anything under it. These values contain "${shown(text.trim(), 60)}".`);
	}
	const named = await records;
	const kept = groups.filter((group) => group.total > 0);
	const count = kept.reduce((sum, group) => sum + group.total, 0);
	return {
		query,
		groups: kept,
		records: named,
		counts: [{ tracker: "reputation", count, more: kept.some((group) => group.more) }, ...named.map((group) => ({ tracker: group.tracker, count: group.total, more: group.more }))],
		notes,
		tookMs: performance.now() - started,
	};
}
