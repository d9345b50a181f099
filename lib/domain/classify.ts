import { canonicalise } from "./canonical";
import type { Indicator } from "./indicator";

export type Classification = { kind: "indicator"; indicator: Indicator; port?: number } | { kind: "words"; words: string[] } | { kind: "empty" } | { kind: "invalid"; reason: string };

/** Text that cannot be searched at all: mostly control characters, or far too long for a question. */
const MAX_TEXT = 10_000;
/** The beginning of an address, which somebody still types: `45.9.` or `45.9.148`. */
const PARTIAL_ADDRESS = /^\d{1,3}(?:\.\d{1,3}){0,2}\.?$/;
const BARE_NUMBER = /^\d+$/;
/** "Everything under it", as certificates and firewalls write it: a domain query finds that anyway. */
const WILDCARD = /^\*(?:\.|\[\.\]|\(dot\))(?=[^*\s])/i;

/**
 * What somebody meant by a free text: an indicator (defanged or not), else words. A bare number is a word, although a
 * browser would dial it: nobody who types `2024` means 0.0.7.232.
 */
export function classify(input: string): Classification {
	const text = input.trim();
	if (text === "") return { kind: "empty" };
	if (text.length > MAX_TEXT) return { kind: "invalid", reason: `The text has ${text.length} characters; one indicator or a few words are searched at a time.` };
	if (/[\u0000-\u0008\u000e-\u001f\u007f]/.test(text)) return { kind: "invalid", reason: "The text holds control characters, as a binary file would. Paste printable text." };
	if (!(BARE_NUMBER.test(text) || PARTIAL_ADDRESS.test(text)) || /^[0-9a-f]{32}$|^[0-9a-f]{40}$|^[0-9a-f]{64}$/i.test(text)) {
		const result = WILDCARD.test(text) ? canonicalise(text.replace(WILDCARD, ""), "domain") : canonicalise(text);
		if (result.ok) return { kind: "indicator", indicator: result.indicator, ...(result.port === undefined ? {} : { port: result.port }) };
	}
	const words = text.split(/[\s,]+/).filter((word) => word !== "");
	return words.length === 0 ? { kind: "empty" } : { kind: "words", words };
}

function parts(input: string): string[] {
	return input
		.split(/[\r\n\t]+|[;,](?=\s|$)/)
		.map((part) => part.trim())
		.filter((part) => part !== "");
}

/**
 * Several values one by one: a line each, or with blanks, commas or semicolons between them. Those may as well be part of a value
 * (`/a;jsessionid=1`), so that a part is taken to pieces only where each of them is an indicator and the whole is none.
 */
export function classifyMany(input: string): Array<{ text: string; classification: Classification }> {
	return parts(input).flatMap((text) => {
		const classification = classify(text);
		// A parser takes a blank for a part of a path, a person for the end of the value.
		if (classification.kind === "indicator" && !/\s/.test(text)) return [{ text, classification }];
		const pieces = text
			.split(/[\s,;|]+/)
			.filter((piece) => piece !== "")
			.map((piece) => ({ text: piece, classification: classify(piece) }));
		return pieces.length > 1 && pieces.every((piece) => piece.classification.kind === "indicator") ? pieces : [{ text, classification }];
	});
}
