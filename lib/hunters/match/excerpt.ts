import type { StoredMatch } from "@/drizzle/schema";
import { type FoldedText, foldWithPlaces } from "../query/fold";
import { spellingsOf, type Term } from "../query/query";
import { countsAt } from "./boundary";

/** Characters of a text that are shown round a match. */
const SHOWN = 160;
const MAX_TERM = 100;

function isTrail(text: string, at: number): boolean {
	const unit = text.charCodeAt(at);
	return at > 0 && at < text.length && unit >= 0xdc00 && unit <= 0xdfff;
}

/** Where a term stands first in a text as it was written; null where only its folded form has it. */
function placeIn({ folded, begin, end }: FoldedText, term: Term): { from: number; to: number } | null {
	for (const sought of [...spellingsOf(term.test), ...("folded" in term.test ? [term.test.folded] : [])]) {
		for (let at = sought === "" ? -1 : folded.indexOf(sought); at >= 0; at = folded.indexOf(sought, at + 1)) {
			if (countsAt(term.test, folded, at, at + sought.length)) return { from: begin(at), to: end(at + sought.length) };
		}
	}
	return null;
}

/** A match with what stands round it, in one line; at most `SHOWN` characters, none of them halved. */
export function excerptOf(term: Term, place: string, text: string, folded: (text: string) => FoldedText): StoredMatch {
	const found = placeIn(folded(text), term) ?? { from: 0, to: 0 };
	const length = Math.min(found.to - found.from, SHOWN);
	const room = Math.floor((SHOWN - length) / 2);
	let from = Math.max(0, Math.min(found.from - room, text.length - SHOWN));
	let to = Math.min(text.length, from + SHOWN);
	if (isTrail(text, from)) from++;
	if (isTrail(text, to)) to--;
	// Line breaks become blanks of the same length, so that the place stays right.
	const excerpt = text.slice(from, to).replace(/[\s\u2028\u2029]/g, " ");
	const begin = Math.max(0, found.from - from);
	return { term: term.text.slice(0, MAX_TERM).toWellFormed(), place, excerpt: excerpt.toWellFormed(), from: begin, to: Math.max(begin, Math.min(found.to - from, excerpt.length)) };
}

/** Folds each text of a document once, and only those in which something was found. */
export function foldedOnce(): (text: string) => FoldedText {
	const known = new Map<string, FoldedText>();
	return (text) => {
		const before = known.get(text);
		if (before !== undefined) return before;
		const folded = foldWithPlaces(text);
		known.set(text, folded);
		return folded;
	};
}
