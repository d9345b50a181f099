import { classify } from "@/lib/domain/classify";
import { defang } from "@/lib/domain/defang";

/** A text that is an indicator, defanged; any other as it is. */
export function defanged(text: string): string {
	const found = classify(text);
	return found.kind === "indicator" && found.indicator.value === text.toLowerCase() ? defang(found.indicator) : text;
}

export interface Piece {
	text: string;
	marked: boolean;
}

/** The text in pieces with these places marked; those that overlap count once. */
export function marked(text: string, places: ReadonlyArray<{ from: number; to: number }>): Piece[] {
	const pieces: Piece[] = [];
	let at = 0;
	for (const { from, to } of [...places].sort((one, other) => one.from - other.from)) {
		const begin = Math.max(at, from);
		if (to <= begin) continue;
		pieces.push({ text: text.slice(at, begin), marked: false }, { text: text.slice(begin, to), marked: true });
		at = to;
	}
	return [...pieces, { text: text.slice(at), marked: false }].filter((piece) => piece.text !== "");
}

/** The same, an indicator defanged piece by piece. Where the pieces do not make the whole, nothing is marked. */
export function markedDefanged(text: string, places: ReadonlyArray<{ from: number; to: number }>): Piece[] {
	const shown = defanged(text);
	const pieces = marked(text, places);
	if (shown === text) return pieces;
	const made = pieces.map((piece, at) => ({ ...piece, text: (at === 0 ? piece.text.replace(/^http/, "hxxp") : piece.text).replaceAll(".", "[.]") }));
	return made.map((piece) => piece.text).join("") === shown ? made : [{ text: shown, marked: false }];
}
