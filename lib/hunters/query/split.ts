/** A term as it is written. */
export interface Written {
	/** of the whole term, its `-` included */
	from: number;
	to: number;
	/** without `-` */
	text: string;
	isNot: boolean;
	/** what stands before the first colon, as far as it could be a field; null without */
	name: string | null;
	/** of the field, or all of it; without quotes */
	value: string;
	isQuoted: boolean;
	isUnclosed: boolean;
}

export interface WrittenClause {
	from: number;
	to: number;
	written: Written[];
}

const BLANK = /\s/;
const COMMA = /[,\uff0c\u3001]/;
/** Quotes and what closes them: word processors turn them. */
const CLOSING: Readonly<Record<string, RegExp>> = { '"': /["\u201d\uff02]/, "\u201c": /["\u201d\uff02]/, "\u201d": /["\u201d\uff02]/, "\u201e": /["\u201c\u201d\uff02]/, "\uff02": /["\u201d\uff02]/ };
/** A colon may be a full-width one. */
const NAME = /^[a-z][a-z_-]{0,30}[:\uff1a](?![/\uff0f]{2})/i;
/** `-` and what word processors and other keyboards make of it. */
const DASH = /[-\u2010-\u2015\u2212\uff0d]/;

/** Index of the first character from `at` on that a pattern takes, or the length. */
function next(text: string, at: number, pattern: RegExp): number {
	let end = at;
	while (end < text.length && !pattern.test(text[end] as string)) end++;
	return end;
}

/** Reads the term that begins at a place. */
function readAt(text: string, from: number): Written {
	const isNot = DASH.test(text[from] as string) && from + 1 < text.length;
	const start = isNot ? from + 1 : from;
	const name = NAME.exec(text.slice(start, start + 33))?.[0].slice(0, -1) ?? null;
	const valueAt = name === null ? start : start + name.length + 1;
	const closing = CLOSING[text[valueAt] ?? ""];
	if (closing !== undefined) {
		const end = next(text, valueAt + 1, closing);
		const isUnclosed = end === text.length;
		const to = isUnclosed ? end : end + 1;
		return { from, to, text: text.slice(start, to), isNot, name, value: text.slice(valueAt + 1, end), isQuoted: true, isUnclosed };
	}
	let to = valueAt;
	while (to < text.length && !BLANK.test(text[to] as string) && !COMMA.test(text[to] as string)) to++;
	const value = text.slice(valueAt, to);
	// A dash alone, or two, says nothing of what must not be there.
	const isDash = value.length === 1 && DASH.test(value);
	return { from, to, text: text.slice(start, to), isNot: isNot || isDash, name, value: isDash ? "" : value, isQuoted: false, isUnclosed: false };
}

/** Takes a query apart at commas and blanks, outside quotes. Goes over each character a few times at most. */
export function splitTerms(text: string): WrittenClause[] {
	const clauses: WrittenClause[] = [];
	let clause: WrittenClause = { from: 0, to: 0, written: [] };
	for (let at = 0; at < text.length; ) {
		const letter = text[at] as string;
		if (COMMA.test(letter)) {
			clauses.push({ ...clause, to: at });
			clause = { from: ++at, to: at, written: [] };
		} else if (BLANK.test(letter)) at++;
		else {
			const term = readAt(text, at);
			clause.written.push(term);
			at = term.to;
		}
	}
	clauses.push({ ...clause, to: text.length });
	return clauses.map((one) => {
		const first = one.written[0];
		const last = one.written.at(-1);
		return first === undefined || last === undefined ? one : { ...one, from: first.from, to: last.to };
	});
}
