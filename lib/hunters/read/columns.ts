import { raw } from "@/lib/trackers/record-tracker";
import type { FieldValue, HuntField } from "../define";

/** Longest title of a hit. */
const MAX_TITLE = 300;

/** One line of a text, never empty. */
export function oneLine(text: string, none: string): string {
	const line = text.replace(/\s+/g, " ").trim();
	if (line === "") return none;
	return line.length <= MAX_TITLE ? line : `${line.slice(0, MAX_TITLE - 2).toWellFormed()} …`;
}

/** Readers of columns as fields: what is null is not there. */
export const field = {
	text: (value: unknown): string | undefined => raw.text(value) ?? undefined,
	number: (value: unknown): number | undefined => raw.number(value) ?? undefined,
	flag: (value: unknown): boolean | undefined => raw.flag(value) ?? undefined,
	list: (value: unknown): readonly string[] => raw.json<string[]>(value, []),
	names: (value: unknown): readonly string[] => raw.json<Array<{ name: string }>>(value, []).map(({ name }) => name),
} satisfies Record<string, (value: unknown) => FieldValue | undefined>;

/** Fields that every kind has. `source`: one of the kind's records; `indicator`: one that the kind can be asked for. */
export function commonFields(source: string, indicator = "203.0.113.0/24"): readonly HuntField[] {
	return [
		{ name: "source", kind: "word", bare: false, says: "the source: its short name, its name or its number", example: `source:${source}` },
		{ name: "indicator", kind: "indicator", bare: false, says: "an address, block, domain, URL, hash, CVE or e-mail address that the record is about or names", example: `indicator:${indicator}` },
	];
}
