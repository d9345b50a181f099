import type { CanonicalValue } from "@/lib/domain/indicator";
import { indicatorId } from "@/lib/indicators/identity";
import { parseWords, wordCondition } from "@/lib/indicators/words";
import { type Database, lit } from "@/lib/platform";
import { type AnySource, sourceByNumber, sourceNames, sourcesOf } from "@/lib/sources";
import type { BaseQuery, Restriction } from "./define";
import { dateRange, numberListParameter, type Parameter, type Said, upperParameter, wordsParameter } from "./parameters";

/** What every list of records can be asked, whatever the tracker. */
export interface RecordQuery extends BaseQuery {
	search?: string | undefined;
	/** numbers of sources */
	source?: number[] | undefined;
	after?: Date | undefined;
	before?: Date | undefined;
}

/** Parameters of every list of records: words, sources, the range of its date (`field` is the API's name of it). */
export function recordParameters(tracker: AnySource["tracker"], said: { field: string; dated: string; words: string }) {
	const names = (): Readonly<Record<number, string>> => Object.fromEntries(sourcesOf(tracker).map(({ number, name }) => [number, name]));
	return {
		search: wordsParameter("search", { description: said.words, example: "remote code" }),
		source: numberListParameter("source", names, {
			right: "the number of a source",
			description: "numbers of sources; their names are understood as well",
			example: String(sourcesOf(tracker)[0]?.number ?? 1101),
		}),
		...dateRange(said.field, said.dated),
	};
}

/** A CVE id, in capitals. */
export function cveParameter(name: string, said: Said): Parameter<string> {
	return upperParameter(name, { ...said, pattern: { is: /^CVE-\d{4}-\d{4,19}$/i, right: "a CVE id such as CVE-2026-1234" } });
}

/** SQL for the ids of a tracker's records that name a CVE. */
export function recordsNamingCve(tracker: string, cve: string): string {
	const id = indicatorId({ type: "cve", value: cve as CanonicalValue });
	return `SELECT record_id FROM mention WHERE indicator_id = ${lit(id)} AND tracker = ${lit(tracker)}`;
}

interface Shape {
	tracker: string;
	/** alias of the record's table in `from` */
	alias: string;
	/** column the list goes by, with its alias */
	time: string;
	/** roll-ups count by the same date as the list goes by, so they can draw its chart */
	chartByDay?: boolean;
}

function isEmpty(value: unknown): boolean {
	return value === undefined || (Array.isArray(value) && value.length === 0);
}

/** Without any filter, or with sources alone, roll-ups answer count and chart whatever the number of rows. */
export function rollUps(shape: Pick<Shape, "tracker" | "chartByDay">, query: BaseQuery & { source?: number[] | undefined }): Pick<Restriction, "count" | "chart"> {
	const { limit: _limit, offset: _offset, cursor: _cursor, source, ...filters } = query;
	if (Object.values(filters).some((value) => !isEmpty(value))) return {};
	const only = source === undefined || source.length === 0 ? "" : ` AND source IN (${source.join(",")})`;
	const count = async (db: Database): Promise<number> => {
		const rows = await db.query<{ n: number | null }>(`SELECT SUM(records) AS n FROM daily_count WHERE tracker = ${lit(shape.tracker)}${only}`);
		return Number(rows[0]?.n ?? 0);
	};
	if (shape.chartByDay === false) return { count };
	return {
		count,
		chart: async (db, since) => {
			const rows = await db.query<{ day: string; count: number }>(
				`SELECT DATE_FORMAT(day, '%Y-%m-%d') AS day, SUM(records) AS count FROM daily_count WHERE tracker = ${lit(shape.tracker)} AND day >= ${lit(since)}${only} GROUP BY day`,
			);
			return rows.map((row) => ({ day: row.day, count: Number(row.count) }));
		},
	};
}

/**
 * The part of a question that is the same for all records: words (by the text index of records), sources, dates. `more` is what
 * is peculiar to the tracker, null where nothing can match.
 */
export async function restrictRecords(shape: Shape, query: RecordQuery, more: readonly string[] | null, db: Database): Promise<Restriction> {
	if (more === null) return { joins: [], conditions: [], nothing: true };
	const conditions = [...more];
	if (query.source !== undefined && query.source.length > 0) conditions.push(`${shape.alias}.source IN (${query.source.join(",")})`);
	if (query.after !== undefined) conditions.push(`${shape.time} >= ${lit(query.after)}`);
	if (query.before !== undefined) conditions.push(`${shape.time} <= ${lit(query.before)}`);
	const words = query.search === undefined ? [] : parseWords(query.search);
	if (words.length === 0) return { joins: [], conditions, ...rollUps(shape, query) };
	const found = await wordCondition(db, words, false, "records");
	return {
		joins: [`JOIN record_text t ON t.record_id = ${shape.alias}.id`],
		conditions: [...conditions, ...(found.match === null ? [] : [found.match]), ...found.conditions],
	};
}

/** The source of a record, as pages and API name it. */
export interface RecordSourceName {
	number: number;
	name: string;
	/** of its page */
	slug: string;
}

/** The source of a raw row. `stored`: what the database calls it, for a feed that was added and taken away again. */
export function recordSource(column: unknown, stored: { name?: unknown; slug?: unknown } = {}): RecordSourceName {
	const number = Number(column);
	const source = sourceByNumber(number);
	return {
		number,
		name: source?.name ?? sourceNames()[number] ?? raw.text(stored.name) ?? `source ${number}`,
		slug: source?.id ?? raw.text(stored.slug) ?? String(number),
	};
}

/** Readers of raw columns. */
export const raw = {
	text: (value: unknown): string | null => (value === null || value === undefined ? null : String(value)),
	number: (value: unknown): number | null => (value === null || value === undefined ? null : Number(value)),
	flag: (value: unknown): boolean | null => (value === null || value === undefined ? null : Number(value) === 1),
	date: (value: unknown): Date | null => (value instanceof Date ? value : null),
	hex: (value: unknown): string => (value as Buffer).toString("hex"),
	json: <T>(value: unknown, none: T): T => (typeof value === "string" ? (JSON.parse(value) as T) : none),
};
