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
	// A number or a flag is all of its text.
	if (term.test.kind === "number" || term.test.kind === "flag") return { from: 0, to: end(folded.length) };
	for (const sought of [...spellingsOf(term.test), ...("folded" in term.test ? [term.test.folded] : [])]) {
		for (let at = sought === "" ? -1 : folded.indexOf(sought); at >= 0; at = folded.indexOf(sought, at + 1)) {
			if (countsAt(term.test, folded, at, at + sought.length)) return { from: begin(at), to: end(at + sought.length) };
		}
	}
	return null;
}

/** Longest beginning or end of a word that is left out with the text beyond it. */
const MAX_REST = 20;

/** Within `from` and `to`, without the pieces of words at the ends: what is meant is read, not what was left over. */
function wholeWords(text: string, window: { from: number; to: number }, found: { from: number; to: number }): { from: number; to: number } {
	let { from, to } = window;
	if (from > 0) {
		const blank = text.slice(from, Math.min(found.from, from + MAX_REST)).search(/\s/);
		if (blank >= 0) from += blank + 1;
	}
	if (to < text.length) {
		const rest = /\s\S*$/.exec(text.slice(Math.max(found.to, to - MAX_REST), to))?.[0];
		if (rest !== undefined) to -= rest.length;
	}
	return { from, to };
}

/** A match with what stands round it, in one line; at most `SHOWN` characters, none of them halved, `…` where the text goes on. */
export function excerptOf(term: Term, place: string, text: string, folded: (text: string) => FoldedText): StoredMatch {
	const found = placeIn(folded(text), term) ?? { from: 0, to: 0 };
	const size = text.length <= SHOWN ? SHOWN : SHOWN - 2;
	const length = Math.min(found.to - found.from, size);
	const room = Math.floor((size - length) / 2);
	const start = Math.max(0, Math.min(found.from - room, text.length - size));
	let { from, to } = wholeWords(text, { from: start, to: Math.min(text.length, start + size) }, found);
	if (isTrail(text, from)) from++;
	if (isTrail(text, to)) to--;
	// Line breaks become blanks of the same length, so that the place stays right.
	const inner = text
		.slice(from, to)
		.replace(/[\s\u2028\u2029]/g, " ")
		.toWellFormed();
	const head = from > 0 ? "…" : "";
	const begin = head.length + Math.max(0, found.from - from);
	const end = Math.max(begin, Math.min(head.length + found.to - from, head.length + inner.length));
	return { term: term.text.slice(0, MAX_TERM).toWellFormed(), place, excerpt: head + inner + (to < text.length ? "…" : ""), from: begin, to: end };
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
