import { classify, hostOf } from "@/lib/domain";
import { fold } from "./fold";
import type { Written } from "./split";

/** Double quotes of any script that is written with them; those of Japanese are letters of its texts. */
const QUOTE = /["\u201c-\u201f\u00ab\u00bb\u301d-\u301f\uff02]/;
const APOSTROPHE = /['`\u2018-\u201b\uff07]/;
const LITERALLY = "Put it in quotes to find it literally.";
const SINGLE = 'Only " makes a phrase: write "remote code", or put it in " to find it literally.';
const OF_WORDS: Readonly<Record<string, string>> = { AND: "A blank is AND", OR: "A comma is OR", NOT: "A - before a term is NOT" };
const WIDE_RANGE = /^[\d.]+\.\*$/;

/** Whether parentheses open and close pair by pair. */
function isPaired(word: string): boolean {
	let open = 0;
	for (const letter of word) {
		if (letter === "(") open++;
		else if (letter === ")" && --open < 0) return false;
	}
	return open === 0;
}

/** Of a word with `*`: what it does not do here, and what does. Null where it is a domain's, or within an address. */
function starFault(value: string, word: string, isWhole: boolean): string | null {
	const found = classify(value);
	if (found.kind === "indicator") {
		const { indicator } = found;
		if (indicator.type === "domain" || !/^\*|\*$/.test(word)) return null;
		const host = hostOf(indicator);
		return `* stands for nothing in an address. ${host === null ? "" : `${host} alone finds all on it. `}${LITERALLY}`;
	}
	if (WIDE_RANGE.test(word)) return `* stands for nothing here: write the block, such as 1.2.3.0/24. ${LITERALLY}`;
	if (isWhole) return `* stands for nothing here: the value is compared as a whole. ${LITERALLY}`;
	return `* stands for nothing here, and words are found inside longer ones anyway: leave it out. ${LITERALLY}`;
}

/**
 * Why a word without quotes would hardly be found as it is written: it holds a sign that other languages of queries give a meaning to.
 * Null where it can be meant. `isWhole`: it is compared with a whole value, not looked for in a text.
 */
export function misread({ value, isNot }: Written, isWhole: boolean): string | null {
	if (QUOTE.test(value)) return 'Quotes stand at both ends of a phrase, as in "remote code", and not within a word. Close them, or take them out.';
	const word = fold(value).trim();
	if (APOSTROPHE.test(value[0] ?? "")) return SINGLE;
	if (isNot && /^[-\u2010-\u2015\u2212]/.test(word)) return `One - is NOT. ${LITERALLY}`;
	if (word.includes("*")) {
		const fault = starFault(value, word, isWhole);
		if (fault !== null) return fault;
	}
	if (classify(value).kind === "indicator") return null;
	if (APOSTROPHE.test(value.at(-1) ?? "")) return SINGLE;
	if (!isPaired(word) || (word.startsWith("(") && word.endsWith(")"))) return `Parentheses group nothing here: write each alternative in full, such as emotet c2, qakbot c2. ${LITERALLY}`;
	if (/^&+$/.test(word)) return `${OF_WORDS.AND}: leave it out. ${LITERALLY}`;
	if (/^\|+$/.test(word) || (!isWhole && word.includes("|"))) return `${OF_WORDS.OR}: write one instead of |. ${LITERALLY}`;
	return null;
}

/** What AND, OR and NOT are called here. Null where a word is none of them. `isAlone`: nothing else is asked, so that in small letters the word itself is meant. */
export function connective({ value, isNot }: Written, isAlone: boolean): string | null {
	const name = value.toUpperCase();
	const says = OF_WORDS[name];
	if (says === undefined || (value !== name && (isAlone || isNot))) return null;
	return `${says}; write "${value}" in quotes to find the word itself.`;
}
