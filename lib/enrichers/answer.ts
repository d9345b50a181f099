import { z } from "zod";
import { canonicalise, type Expectation } from "@/lib/domain";
import type { TableCell } from "./define";

/**
 * Readers of what providers answer. They are loose on purpose: a member that is missing, null or of another type costs that one
 * fact and never the answer. What an answer is worth nothing without is read by zod's own types, so that its absence is seen.
 */

/** A text; numbers are taken as written. */
export const word = z
	.union([z.string(), z.number().transform(String)])
	.nullish()
	.catch(null)
	.transform((value) => value ?? null);

/** A number, also in quotes (abuse.ch). */
export const amount = z
	.union([
		z.number(),
		z
			.string()
			.regex(/^-?\d{1,15}(?:\.\d{1,6})?$/)
			.transform(Number),
	])
	.nullish()
	.catch(null)
	.transform((value) => value ?? null);

/** `true`, also in quotes (abuse.ch); everything else is false. */
export const flag = z
	.unknown()
	.optional()
	.transform((value) => value === true || value === "true");

/** The items of a list that can be read; anything else is an empty list. */
export function listOf<T extends z.ZodType>(item: T): z.ZodType<Array<z.output<T>>> {
	return z
		.unknown()
		.optional()
		.transform((value) =>
			(Array.isArray(value) ? value : []).flatMap((one) => {
				const read = item.safeParse(one);
				return read.success ? [read.data] : [];
			}),
		);
}

export const words = listOf(z.string());

/** The members of an object that can be read, by name; anything else is an empty one. */
export function membersOf<T extends z.ZodType>(item: T): z.ZodType<Array<readonly [string, z.output<T>]>> {
	return z
		.unknown()
		.optional()
		.transform((value) =>
			(typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : []).flatMap(([name, one]) => {
				const read = item.safeParse(one);
				return read.success ? [[name, read.data] as const] : [];
			}),
		);
}

/** A time that is written without a zone and meant as UTC, in ISO 8601; null for what is none. */
export function utc(text: string | null | undefined): string | null {
	const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d{1,9})?)?(?: ?UTC|Z|\+00:?00)?$/.exec(text?.trim() ?? "");
	if (match?.[1] === undefined) return null;
	const date = new Date(`${match[1]}T${match[2] ?? "00:00"}Z`);
	return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

export function textCell(text: string | number | null | undefined): TableCell {
	return { kind: "text", text: text === null || text === undefined ? "" : String(text) };
}

/** A value that links where it is an indicator, and is text where it is none. */
export function indicatorCell(text: string | null | undefined, expectation: Expectation = "any"): TableCell {
	const made = canonicalise(text ?? "", expectation);
	return made.ok ? { kind: "indicator", indicator: made.indicator } : textCell(text);
}

export function timeCell(at: string | null): TableCell {
	return at === null ? textCell("") : { kind: "time", at };
}

/** The newest of some times in ISO 8601. */
export function newest(times: ReadonlyArray<string | null>): string | null {
	return times.reduce((latest, at) => (at !== null && (latest === null || at > latest) ? at : latest), null);
}
