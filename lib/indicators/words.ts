import { refang } from "@/lib/domain/defang";
import { ExistError, shown } from "@/lib/errors";
import { type Database, lit } from "@/lib/platform";
import { gramShares, type TextIndex } from "./gram-frequency";
import { gramsOfWord, labelStartGram } from "./grams";

/** One word of a search: literal text, perhaps tied to the start or the end of the value. */
export interface Word {
	text: string;
	start: boolean;
	end: boolean;
}

/** Longest search text that is read, in characters. */
export const MAX_SEARCH_LENGTH = 2000;
const MAX_WORDS = 12;
/** Trigrams asked for: the rarest say nearly everything, `LIKE` says the rest. */
const MAX_GRAMS = 6;
/** A trigram in more texts than this makes FULLTEXT slower than looking at the newest rows. */
const DENSE_SHARE = 0.08;

const CONTROL = /[\u0000-\u0008\u000e-\u001f\u007f]/;
const REGEX_SYNTAX = /[*+?()[\]{}|\\]/;

/**
 * Splits the original's `search=`: words by blanks or commas, each literal, `^` and `$` as anchors.
 * Throws `invalid` naming the word for other regular-expression syntax, words too short, too many or too long.
 */
export function parseWords(text: string): Word[] {
	if (text.length > MAX_SEARCH_LENGTH) {
		throw new ExistError("invalid", `The search text has ${text.length} characters, at most ${MAX_SEARCH_LENGTH} are read. Shorten it, or look up lists by the bulk look-up.`, { field: "search" });
	}
	if (CONTROL.test(text)) throw new ExistError("invalid", `The search text "${shown(text, 40)}" holds control characters. Search for printable text.`, { field: "search" });
	const parts = text.split(/[\s,]+/).filter((part) => part !== "");
	if (parts.length > MAX_WORDS) throw new ExistError("invalid", `The search has ${parts.length} words, at most ${MAX_WORDS} are read.`, { field: "search" });
	return parts.map(parseWord);
}

function parseWord(part: string): Word {
	const start = part.startsWith("^");
	const end = part.length > 1 && part.endsWith("$");
	// `\\.` is how the original's users wrote a plain dot.
	const bare = part.slice(start ? 1 : 0, end ? -1 : undefined).replace(/\\\./g, ".");
	const text = refang(bare).toLowerCase();
	if (REGEX_SYNTAX.test(text) && !/^[a-z]+:\/\//.test(text)) {
		throw new ExistError("invalid", `"${shown(part, 60)}" uses regular-expression syntax. Words are searched literally; only ^ at the start and $ at the end are understood.`, { field: "search" });
	}
	if (Buffer.byteLength(text) < 2) {
		throw new ExistError("invalid", `"${shown(part, 20)}" is too short: a word needs two letters or more (two are searched at the start of a label, three and more anywhere).`, { field: "search" });
	}
	return { text, start, end };
}

/** `LIKE` pattern with every wildcard of the text made literal. */
function like(pattern: string, before: string, after: string): string {
	return `LIKE ${lit(before + pattern.replace(/[!%_]/g, "!$&") + after)} ESCAPE '!'`;
}

/** SQL for "every word is in it". `match` narrows by index, `conditions` decide; `dense`: nothing to narrow by. */
export interface WordCondition {
	match: string | null;
	conditions: string[];
	dense: boolean;
}

function condition(word: Word, valueOnly: boolean): string {
	const value = "SUBSTRING_INDEX(t.text, '\\n', 1)";
	if (word.start || word.end) return `${value} ${like(word.text, word.start ? "" : "%", word.end ? "" : "%")}`;
	return `${valueOnly ? value : "t.text"} ${like(word.text, "%", "%")}`;
}

/**
 * Conditions over `search_text t` (or `record_text t`) for the words. The rarest trigrams go to FULLTEXT, which only proposes
 * candidates; the `LIKE`s decide, so the answer is exact whatever was asked.
 */
export async function wordCondition(database: Database, words: readonly Word[], valueOnly: boolean, index: TextIndex = "values"): Promise<WordCondition> {
	const share = await gramShares(database, index);
	const grams = new Set<string>();
	for (const word of words) {
		for (const gram of gramsOfWord(word.text)) grams.add(gram);
		if (Buffer.byteLength(word.text) === 2) {
			const start = labelStartGram(word.text);
			if (start !== null) grams.add(start);
		}
	}
	const byRarity = [...grams].map((gram) => ({ gram, share: share(gram) })).sort((a, b) => a.share - b.share);
	const conditions = words.map((word) => condition(word, valueOnly));
	const rarest = byRarity[0];
	if (rarest === undefined || rarest.share > DENSE_SHARE) return { match: null, conditions, dense: true };
	const wanted = byRarity.filter((entry) => entry.share <= DENSE_SHARE).slice(0, MAX_GRAMS);
	const against = wanted.map(({ gram }) => `+${gram}`).join(" ");
	return { match: `MATCH(t.grams) AGAINST('${against}' IN BOOLEAN MODE)`, conditions, dense: false };
}
