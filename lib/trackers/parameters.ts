import { z } from "zod";
import { ExistError, shown } from "@/lib/errors";
import { isStorable } from "@/lib/platform";
import type { BaseQuery } from "./define";
import { MAX_LIMIT, MAX_OFFSET } from "./list";

/** Readers of query parameters. Each throws `invalid`, naming parameter, value and what would be right. */

export const DEFAULT_LIMIT = 50;

function fail(name: string, value: string, right: string): never {
	throw new ExistError("invalid", `${name}="${shown(value, 60)}" is not understood: give ${right}.`, { field: name });
}

function integer(params: URLSearchParams, name: string, min: number, max: number): number | undefined {
	const value = params.get(name);
	if (value === null || value === "") return undefined;
	const parsed = z
		.string()
		.regex(/^\d{1,9}$/)
		.transform(Number)
		.pipe(z.number().min(min).max(max))
		.safeParse(value);
	return parsed.success ? parsed.data : fail(name, value, `a whole number from ${min} to ${max}`);
}

/** `limit` (default 50), `offset` and `cursor`. */
export function pageParams(params: URLSearchParams): BaseQuery {
	return {
		limit: integer(params, "limit", 1, MAX_LIMIT) ?? DEFAULT_LIMIT,
		offset: integer(params, "offset", 0, MAX_OFFSET),
		cursor: params.get("cursor") ?? undefined,
	};
}

/** Text as given; empty counts as absent. */
export function textParam(params: URLSearchParams, name: string, pattern?: RegExp, right = ""): string | undefined {
	const value = params.get(name)?.trim();
	if (value === undefined || value === "") return undefined;
	return pattern !== undefined && !pattern.test(value) ? fail(name, value, right) : value;
}

/** Values out of a known set, repeated or comma separated. */
export function listParam<T extends string>(params: URLSearchParams, name: string, allowed: readonly T[]): T[] | undefined {
	const values = params
		.getAll(name)
		.flatMap((value) => value.split(","))
		.map((value) => value.trim())
		.filter((value) => value !== "");
	if (values.length === 0) return undefined;
	const known: ReadonlySet<string> = new Set(allowed);
	for (const value of values) if (!known.has(value)) fail(name, value, `one of ${allowed.join(", ")}`);
	return [...new Set(values)] as T[];
}

/** Numbers that are keys of `names`, repeated or comma separated; a name is understood as well. */
export function numberListParam(params: URLSearchParams, name: string, names: Readonly<Record<number, string>>): number[] | undefined {
	const values = params
		.getAll(name)
		.flatMap((value) => value.split(","))
		.map((value) => value.trim())
		.filter((value) => value !== "");
	if (values.length === 0) return undefined;
	const numbers = values.map((value) => {
		if (/^\d{1,6}$/.test(value) && names[Number(value)] !== undefined) return Number(value);
		const byName = Object.entries(names).find(([, title]) => title.toLowerCase() === value.toLowerCase());
		return byName === undefined ? fail(name, value, "the number of a source (see /api/reputation/sources)") : Number(byName[0]);
	});
	return [...new Set(numbers)];
}

/** `true`/`1` or `false`/`0`. */
export function flagParam(params: URLSearchParams, name: string): boolean | undefined {
	const value = params.get(name);
	if (value === null || value === "") return undefined;
	if (value === "true" || value === "1") return true;
	if (value === "false" || value === "0") return false;
	return fail(name, value, "true or false");
}

/** `443`, `443/tcp` or `53/udp`, in the stored spelling. */
export function portParam(params: URLSearchParams, name: string): string | undefined {
	const value = params.get(name)?.toLowerCase();
	if (value === undefined || value === "") return undefined;
	const match = /^(\d{1,5})(?:\/(tcp|udp))?$/.exec(value);
	const port = Number(match?.[1]);
	if (match === null || port < 1 || port > 65535) return fail(name, value, "a port such as 443 or 53/udp");
	return match[2] === "udp" ? `${port}/udp` : String(port);
}

/**
 * The first of these parameters that is given, as a date: ISO 8601, with or without a time; without a zone it is UTC.
 * `endOfDay` makes a bare date the last moment of its day.
 */
export function dateParam(params: URLSearchParams, names: readonly string[], endOfDay = false): Date | undefined {
	for (const name of names) {
		// A "+" that a client did not encode arrives as a blank.
		const value = params
			.get(name)
			?.trim()
			.replace(/(:\d{2}(?:\.\d+)?) {1,2}(\d{2}:?\d{2})$/, "$1+$2");
		if (value === undefined || value === "") continue;
		const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)\s?(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(value);
		if (match?.[1] === undefined) return fail(name, value, "a date such as 2026-11-24 or 2026-11-24T08:30:00Z");
		const time = match[2] ?? (endOfDay ? "23:59:59.999" : "00:00:00");
		const zone = (match[3] ?? "Z").toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, "$1:$2");
		const date = new Date(`${match[1]}T${time.length === 5 ? `${time}:00` : time}${zone}`);
		const sameDay = new Date(`${match[1]}T00:00:00Z`);
		if (Number.isNaN(date.getTime()) || Number.isNaN(sameDay.getTime()) || sameDay.toISOString().slice(0, 10) !== match[1]) {
			return fail(name, value, "a date that exists, such as 2026-11-24");
		}
		if (!isStorable(date)) return fail(name, value, "a date from the year 1000 to 9999");
		return date;
	}
	return undefined;
}
