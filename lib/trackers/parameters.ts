import { z } from "zod";
import { ExistError, shown } from "@/lib/errors";
import { isStorable } from "@/lib/platform";
import { ADDED_NUMBERS } from "@/lib/sources";
import type { BaseQuery } from "./define";
import { MAX_LIMIT, MAX_OFFSET } from "./list";

/**
 * What a list may be asked, as data: handlers read requests by it, and the OpenAPI document and the API's page are made of it.
 * A parameter that nobody declared is ignored, as the original does.
 */
export interface Parameter<Value = unknown> {
	/** names it is understood by: the first is ours, the others are those of older clients */
	names: readonly [string, ...string[]];
	/** takes several values, repeated or separated by commas; `schema` then reads an array */
	many: boolean;
	/** from the text of the request, trimmed and never empty, to the value; its issues say what would be right: "give …" */
	schema: z.ZodType<Value, unknown>;
	description: string;
	example: string;
	/** the value where the parameter is not given */
	fallback?: Value;
}

/** Field of the query → how it is asked for. */
export type Parameters = Readonly<Record<string, Parameter>>;

/** The query that a declaration gives. */
export type QueryOf<P extends Parameters> = BaseQuery & { -readonly [Field in keyof P]?: (P[Field] extends Parameter<infer Value> ? Value : never) | undefined };

/** What is said of every parameter. */
export interface Said {
	description: string;
	example: string;
	/** names of older clients */
	aliases?: readonly string[];
}

export const DEFAULT_LIMIT = 50;

function named(name: string, said: Said): Pick<Parameter, "names" | "description" | "example"> {
	return { names: [name, ...(said.aliases ?? [])], description: said.description, example: said.example };
}

/** A whole number from `min` to `max`. */
export function integerParameter(name: string, range: { min: number; max: number }, said: Said): Parameter<number> {
	const right = `a whole number from ${range.min} to ${range.max}`;
	const schema = z
		.string()
		.regex(/^\d{1,16}$/, right)
		.transform(Number)
		.pipe(z.int(right).min(range.min, right).max(range.max, right));
	return { ...named(name, said), many: false, schema };
}

/** Text as given. `pattern` and what would be right instead are given together. */
export function textParameter(name: string, said: Said & { pattern?: { is: RegExp; right: string } }): Parameter<string> {
	const schema = said.pattern === undefined ? z.string() : z.string().regex(said.pattern.is, said.pattern.right);
	return { ...named(name, said), many: false, schema };
}

/** Text of a pattern without regard to case, kept in capitals: country codes, CVE ids. */
export function upperParameter(name: string, said: Said & { pattern: { is: RegExp; right: string } }): Parameter<string> {
	const schema = z.string().regex(said.pattern.is, said.pattern.right).toUpperCase();
	return { ...named(name, said), many: false, schema };
}

/** Words to search, every one of which must match. What they may hold is said by `parseWords`, which reads them. */
export function wordsParameter(name: string, said: Said): Parameter<string> {
	return { ...named(name, said), many: false, schema: z.string() };
}

function distinct<T>(values: readonly T[]): T[] {
	return [...new Set(values)];
}

/** Values out of a known set. */
export function listParameter<T extends string>(name: string, allowed: readonly T[], said: Said): Parameter<T[]> {
	const schema = z.array(z.enum(allowed as readonly [T, ...T[]], `one of ${allowed.join(", ")}`)).transform((values) => distinct(values as T[]));
	return { ...named(name, said), many: true, schema };
}

/** Numbers that are keys of `names`; a name is understood as well. `names` is asked at each request: sources come and go. */
export function numberListParameter(name: string, names: () => Readonly<Record<number, string>>, said: Said & { right: string }): Parameter<number[]> {
	const schema = z
		.array(
			z.string().transform((text, context) => {
				const known = names();
				if (/^\d{1,6}$/.test(text) && (known[Number(text)] !== undefined || (Number(text) >= ADDED_NUMBERS.first && Number(text) <= ADDED_NUMBERS.last))) return Number(text);
				const byName = Object.entries(known).find(([, title]) => title.toLowerCase() === text.toLowerCase());
				if (byName !== undefined) return Number(byName[0]);
				context.addIssue(said.right);
				return z.NEVER;
			}),
		)
		.transform(distinct);
	return { ...named(name, said), many: true, schema };
}

/** `true`/`1` or `false`/`0`. */
export function flagParameter(name: string, said: Said): Parameter<boolean> {
	const schema = z.enum(["true", "false", "1", "0"], "true or false").transform((text) => text === "true" || text === "1");
	return { ...named(name, said), many: false, schema };
}

/** `443`, `443/tcp` or `53/udp`, in the stored spelling. */
export function portParameter(name: string, said: Said): Parameter<string> {
	const right = "a port such as 443 or 53/udp";
	const schema = z
		.string()
		.regex(/^\d{1,5}(?:\/(?:[Tt][Cc][Pp]|[Uu][Dd][Pp]))?$/, right)
		.transform((text, context) => {
			const [digits, protocol] = text.toLowerCase().split("/");
			const port = Number(digits);
			if (port >= 1 && port <= 65535) return protocol === "udp" ? `${port}/udp` : String(port);
			context.addIssue(right);
			return z.NEVER;
		});
	return { ...named(name, said), many: false, schema };
}

const DATE = /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)\s?([Zz]|[+-]\d{2}:?\d{2})?)?$/;

/** A matched date, or null where the calendar has no such day or hour. */
function toDate(text: string, endOfDay: boolean): Date | null {
	const [, day = "", clock, offset] = DATE.exec(text) ?? [];
	const time = clock ?? (endOfDay ? "23:59:59.999" : "00:00:00");
	const zone = (offset ?? "Z").toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, "$1:$2");
	const date = new Date(`${day}T${time.length === 5 ? `${time}:00` : time}${zone}`);
	const sameDay = new Date(`${day}T00:00:00Z`);
	const exists = !Number.isNaN(date.getTime()) && !Number.isNaN(sameDay.getTime()) && sameDay.toISOString().slice(0, 10) === day;
	return exists ? date : null;
}

/** ISO 8601, with or without a time; without a zone it is UTC. `endOfDay` makes a bare date the last moment of its day. */
export function dateParameter(name: string, said: Said & { endOfDay?: boolean }): Parameter<Date> {
	const schema = z
		.string()
		// A "+" that a client did not encode arrives as a blank.
		.overwrite((text) => text.replace(/(:\d{2}(?:\.\d+)?) {1,2}(\d{2}:?\d{2})$/, "$1+$2"))
		.regex(DATE, { error: "a date such as 2026-11-24 or 2026-11-24T08:30:00Z", abort: true })
		.transform((text, context) => {
			const date = toDate(text, said.endOfDay === true);
			if (date !== null && isStorable(date)) return date;
			context.addIssue(date === null ? "a date that exists, such as 2026-11-24" : "a date from the year 1000 to 9999");
			return z.NEVER;
		});
	return { ...named(name, said), many: false, schema };
}

/** The two ends of a date range by the names of django-filter, old and new: `<field>_after`/`_0`, `<field>_before`/`_1`. */
export function dateRange(field: string, what: string): { after: Parameter<Date>; before: Parameter<Date> } {
	return {
		after: dateParameter(`${field}_after`, { aliases: [`${field}_0`], description: `${what} at or after this, ISO 8601; UTC unless it names a zone`, example: "2026-11-01" }),
		before: dateParameter(`${field}_before`, {
			aliases: [`${field}_1`],
			endOfDay: true,
			description: `${what} at or before this; a bare date includes its whole day`,
			example: "2026-11-24T08:30:00Z",
		}),
	};
}

/** What every list takes. */
export const PAGE_PARAMETERS = {
	limit: {
		...integerParameter("limit", { min: 1, max: MAX_LIMIT }, { description: `records of a page, ${DEFAULT_LIMIT} unless given`, example: "10" }),
		fallback: DEFAULT_LIMIT,
	},
	offset: integerParameter("offset", { min: 0, max: MAX_OFFSET }, { description: "records to skip; deeper pages go by cursor", example: "50" }),
	cursor: textParameter("cursor", { description: "where the page begins: opaque, from `next` or `previous` of another answer", example: "amhq3zk0.0f8fad5bd9cb469fa165708677289501" }),
} as const satisfies Parameters;

/** What a request says by the first of the parameter's names that is not empty. */
function given(parameter: Parameter, params: URLSearchParams): { name: string; texts: string[] } | null {
	for (const name of parameter.names) {
		const texts = (parameter.many ? params.getAll(name).flatMap((text) => text.split(",")) : [params.get(name) ?? ""]).map((text) => text.trim()).filter((text) => text !== "");
		if (texts.length > 0) return { name, texts };
	}
	return null;
}

/** One parameter's value, its fallback where it is not given. Throws `invalid`, naming parameter, value and what would be right. */
export function readParameter<Value>(parameter: Parameter<Value>, params: URLSearchParams): Value | undefined {
	const said = given(parameter, params);
	if (said === null) return parameter.fallback;
	const parsed = parameter.schema.safeParse(parameter.many ? said.texts : said.texts[0]);
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0];
	const at = issue?.path[0];
	const value = said.texts[typeof at === "number" ? at : 0] ?? "";
	throw new ExistError("invalid", `${said.name}="${shown(value, 60)}" is not understood: give ${issue?.message}.`, { field: said.name });
}

/** The values of a request, of the declared parameters only. Throws `invalid` for the first that is not understood. */
export function readGiven<P extends Parameters>(parameters: P, params: URLSearchParams): Omit<QueryOf<P>, keyof BaseQuery> {
	return Object.fromEntries(Object.entries(parameters).map(([field, parameter]) => [field, readParameter(parameter, params)])) as Omit<QueryOf<P>, keyof BaseQuery>;
}

/** The query of a request for a list, with its page. Throws `invalid`; unknown parameters are ignored. */
export function readParameters<P extends Parameters>(parameters: P, params: URLSearchParams): QueryOf<P> {
	return readGiven({ ...PAGE_PARAMETERS, ...parameters }, params) as QueryOf<P>;
}
