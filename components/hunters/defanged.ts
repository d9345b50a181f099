import { classify } from "@/lib/domain/classify";
import { defang } from "@/lib/domain/defang";
import type { Indicator } from "@/lib/domain/indicator";

/** The indicator that a text is, and nothing but it; null where it is another text. */
export function asIndicator(text: string): Indicator | null {
	const found = classify(text);
	return found.kind === "indicator" && found.indicator.value.toLowerCase() === text.toLowerCase() ? found.indicator : null;
}

/** A text that is an indicator, defanged; any other as it is. */
export function defanged(text: string): string {
	const indicator = asIndicator(text);
	return indicator === null ? text : defang(indicator);
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

/** Where the host of an address that is written out ends; of what is none, the end of the text. */
function hostEnd(text: string): number {
	return /^[a-z]+:\/\/[^/?#]*/i.exec(text)?.[0].length ?? text.length;
}

/** The same, an indicator defanged piece by piece. Where the pieces do not make the whole, nothing is marked. */
export function markedDefanged(text: string, places: ReadonlyArray<{ from: number; to: number }>): Piece[] {
	const shown = defanged(text);
	const pieces = marked(text, places);
	if (shown === text) return pieces;
	const end = hostEnd(text);
	let at = 0;
	const made = pieces.map((piece) => {
		const from = at;
		at += piece.text.length;
		const host = piece.text.slice(0, Math.max(0, end - from)).replaceAll(".", "[.]");
		return { ...piece, text: (from === 0 ? host.replace(/^http/, "hxxp") : host) + piece.text.slice(Math.max(0, end - from)) };
	});
	return made.map((piece) => piece.text).join("") === shown ? made : [{ text: shown, marked: false }];
}
