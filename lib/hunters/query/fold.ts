/**
 * How texts and terms are compared: compatibility forms (full-width letters, ligatures) and case are one, invisible characters are
 * none, and any run of blanks is one blank.
 */

/** Characters that show nothing and hide words from searches. */
const INVISIBLE = /\u034f|[\u17b4\u17b5]|[\u180b-\u180f]|[\ufe00-\ufe0f]|[\u00ad\u061c\u115f\u1160\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;
const BLANKS = /\s+/g;
const ASCII_PLAIN = /^[\x21-\x7e]*(?: [\x21-\x7e]+)* ?$/;
/** One character with what is written onto it: the pieces in which a text may be folded without changing the outcome. */
const PIECE = /\s+|.[\p{M}\u1160-\u11ff\uff9e\uff9f\u200d]*/gsu;

/**
 * Marks written onto one character beyond what any script does: ordering them takes the square of their number. Thirty are what UAX #15
 * calls stream-safe.
 */
const TOO_MANY_MARKS = /(\p{M}{30})\p{M}+/gu;

function foldPiece(piece: string): string {
	return piece.replace(INVISIBLE, "").replace(TOO_MANY_MARKS, "$1").normalize("NFKC").toLowerCase().replaceAll("ς", "σ").replace(BLANKS, " ");
}

/** The form of a text that is compared. */
export function fold(text: string): string {
	return ASCII_PLAIN.test(text) ? text.toLowerCase() : foldPiece(text);
}

/** A folded text that knows where each of its characters comes from. */
export interface FoldedText {
	folded: string;
	/** where the character that begins at a place of the folded text begins in the original */
	begin: (at: number) => number;
	/** where the character that ends before a place of the folded text ends in the original */
	end: (at: number) => number;
}

/** Folds piece by piece and remembers the places: slower than `fold`, for texts in which something was found. */
export function foldWithPlaces(text: string): FoldedText {
	if (ASCII_PLAIN.test(text)) return { folded: text.toLowerCase(), begin: (at) => at, end: (at) => at };
	const begins: number[] = [];
	const ends: number[] = [];
	let folded = "";
	// Asking `folded` for its end would copy all of it at every blank.
	let endsBlank = false;
	for (const { 0: piece, index } of text.matchAll(PIECE)) {
		const form = foldPiece(piece);
		// A blank behind a blank (one of them an invisible piece between) is still one.
		if (form === "" || (form === " " && endsBlank)) continue;
		endsBlank = form.endsWith(" ");
		folded += form;
		for (let unit = 0; unit < form.length; unit++) {
			begins.push(index);
			ends.push(index + piece.length);
		}
	}
	return { folded, begin: (at) => begins[at] ?? text.length, end: (at) => ends[at - 1] ?? 0 };
}
