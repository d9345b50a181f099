import { distance } from "fastest-levenshtein";
import { canonicalise, classify, type Indicator, refang } from "@/lib/domain";
import type { HuntField } from "../define";
import { fold } from "./fold";
import { connective, misread } from "./misread";
import type { Clause, HuntQuery, Place, QueryFault, Term, TermTest } from "./query";
import { splitTerms, type Written } from "./split";

/** Longest query, in characters, and most terms of one. */
export const MAX_QUERY_LENGTH = 2000;
export const MAX_TERMS = 100;
const MIN_LETTERS = 2;
/** Signs that are a word by themselves; a letter of another script stands in nearly every text. */
const WORD_SIGN = /^(?:[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}]|\p{Emoji_Presentation})/u;

export type ParsedQuery = { ok: true; query: HuntQuery } | { ok: false; faults: QueryFault[] };

/** A fault in a term; the place is the term's own unless it says another. */
class TermFault extends Error {
	readonly place: Place | undefined;
	constructor(message: string, place?: Place) {
		super(message);
		this.place = place;
	}
}

const FLAGS: Readonly<Record<string, boolean>> = { yes: true, true: true, "1": true, no: false, false: false, "0": false };
const NUMBER = /^(>=|<=|>|<|=)?\s*(-?\d{1,12}(?:\.\d{1,6})?)$/;

function shortened(text: string): string {
	return text.length > 40 ? `${[...text].slice(0, 40).join("")}…` : text;
}

function indicatorTest({ indicator, port }: { indicator: Indicator; port?: number }, value: string): TermTest {
	return { kind: "indicator", indicator, folded: fold(indicator.value), written: [fold(refang(value)).trim(), fold(value).trim()], ...(port === undefined ? {} : { port }) };
}

/** What a word or phrase means: an indicator where it is one, else the text. */
function textTest(value: string, isQuoted: boolean): TermTest {
	const found = classify(value);
	const folded = fold(value).trim();
	// `0x7f` is an address to a browser, and a word to whoever writes it here.
	if (found.kind === "indicator" && (found.indicator.type !== "ipv4" || refang(value).includes(found.indicator.value))) {
		return indicatorTest(found, value);
	}
	if ([...folded].length < MIN_LETTERS && !WORD_SIGN.test(folded)) throw new TermFault(`"${shortened(value)}" is too short: a term needs two letters or more.`);
	return isQuoted ? { kind: "phrase", folded } : { kind: "word", folded };
}

function fieldTest(field: HuntField, value: string, isQuoted: boolean): TermTest {
	if (value === "") throw new TermFault(`${field.name}: says nothing to look for. Write that directly behind the colon, such as ${field.example}.`);
	if (field.kind === "text") return textTest(value, isQuoted);
	if (field.kind === "word") return { kind: "is", folded: fold(value).trim() };
	if (field.kind === "flag") {
		const flag = FLAGS[fold(value)];
		if (flag === undefined) throw new TermFault(`${field.name} is yes or no, not "${shortened(value)}": ${field.example}.`);
		return { kind: "flag", value: flag };
	}
	if (field.kind === "number") {
		const match = NUMBER.exec(fold(value));
		if (match === null) throw new TermFault(`${field.name} is a number, with =, <, <=, > or >= before it, not "${shortened(value)}": ${field.example}.`);
		return { kind: "number", compare: (match[1] ?? "=") as ">=", value: Number(match[2]) };
	}
	const found = classify(value);
	if (found.kind === "indicator") return indicatorTest(found, value);
	// A bare number, which is none elsewhere, can be meant here.
	const result = canonicalise(value);
	if (!result.ok) throw new TermFault(`${field.name} wants an indicator, and "${shortened(value)}" is none: ${result.reason}.`);
	return indicatorTest(result, value);
}

/** Letters that a name may differ in and still be meant: of short ones nearly every other is two letters away. */
function slips(name: string): number {
	return name.length < 5 ? 1 : 2;
}

/** The field that was meant: its name shortened, or with a slip of the pen. */
function near(name: string, fields: readonly HuntField[]): string | undefined {
	const known = fields.map((field) => field.name);
	const begun = name.length < 3 ? [] : known.filter((one) => one.startsWith(name));
	const [closest] = known.map((one) => ({ one, apart: distance(name, one) })).sort((a, b) => a.apart - b.apart);
	return begun.length === 1 ? begun[0] : closest !== undefined && closest.apart <= slips(name) ? closest.one : undefined;
}

function isIndicator(text: string): boolean {
	return classify(text).kind === "indicator";
}

/** A term before which no field stands. */
function bareTest(written: Written, isAlone: boolean): TermTest {
	const { value, isQuoted } = written;
	if (value.trim() === "")
		throw new TermFault(isQuoted ? "The quotes hold nothing. Write what to look for between them." : "A - stands alone. Write what must not be there directly behind it, such as -crypto.");
	const fault = isQuoted ? null : (connective(written, isAlone) ?? misread(written, false));
	if (fault !== null) throw new TermFault(fault);
	return textTest(value, isQuoted);
}

/** Reads a term. `isAlone`: nothing else is asked. */
function readTerm(written: Written, fields: readonly HuntField[], isAlone: boolean): Term {
	const { from, to, text, name, value, isQuoted } = written;
	const term = (field: string | null, test: TermTest): Term => ({ from, to, text, field, test });
	if (written.isUnclosed) throw new TermFault(`The quotes that begin here are not closed. Add " at the end of the phrase, or leave them out.`);
	if (name === null) return term(null, bareTest(written, isAlone));
	const field = fields.find((one) => one.name === name.toLowerCase());
	if (field !== undefined) {
		const fault = isQuoted ? null : misread({ ...written, isNot: false }, field.kind !== "text");
		if (fault !== null) throw new TermFault(fault);
		return term(field.name, fieldTest(field, value, isQuoted));
	}
	// `fe80::1` and `https://…` have a colon of their own.
	if (!isQuoted && isIndicator(text)) return term(null, textTest(text, false));
	if (!isQuoted && name.length === 1 && /^[\\/]/.test(value)) throw new TermFault(`"${shortened(text)}" is a path: put it in quotes to find it.`);
	const meant = near(name.toLowerCase(), fields);
	// So have texts in Japanese: `APT：北朝鮮`.
	if (!isQuoted && meant === undefined && text[name.length] !== ":") return term(null, bareTest({ ...written, value: text }, isAlone));
	const known = meant === undefined ? `The fields are ${fields.map((one) => one.name).join(", ")}.` : `Did you mean ${meant}: ?`;
	throw new TermFault(`There is no field "${shortened(name)}" here. ${known} To find the text itself, put it in quotes.`);
}

/** Throws where a term looks like the rest of an address, which a comma without a blank cut off; lists of indicators are written so as well. */
function checkCut(text: string, before: Written | undefined, rest: Written): void {
	if (before === undefined || before.isQuoted || rest.isQuoted || rest.from !== before.to + 1 || text[before.to] !== ",") return;
	const address = classify(before.value);
	if (address.kind !== "indicator" || address.indicator.type !== "url" || isIndicator(rest.text) || isIndicator(rest.value)) return;
	const message = "The comma ends the address. Put all of it in quotes if the comma is its own, or a blank behind the comma if another term begins there.";
	throw new TermFault(message, { from: before.from, to: rest.to });
}

/** What makes a text no query at all, whatever its terms. */
function wholeFault(text: string): QueryFault | null {
	if (text.trim() === "") return { from: 0, to: text.length, message: "The query is empty. Write words or indicators to watch for, such as: emotet, qakbot c2." };
	if (text.length > MAX_QUERY_LENGTH) {
		return {
			from: MAX_QUERY_LENGTH,
			to: text.length,
			message: `The query has ${text.length.toLocaleString("en")} characters, at most ${MAX_QUERY_LENGTH.toLocaleString("en")} are read. Divide it among several hunters.`,
		};
	}
	if (!text.isWellFormed()) {
		const at = [...text].reduce<[number, number]>(([found, index], letter) => [found < 0 && !letter.isWellFormed() ? index : found, index + letter.length], [-1, 0])[0];
		return { from: at, to: at + 1, message: "Here stands half a character. Type the query anew." };
	}
	const control = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/.exec(text);
	if (control !== null) return { from: control.index, to: control.index + 1, message: "Here stands a control character. Remove it." };
	return null;
}

/**
 * Reads a query: `,` is OR, a blank is AND, `"…"` a phrase, `-` not, `field:value` a field. Never throws; every fault says where it is
 * and the way out.
 */
export function parseQuery(text: string, fields: readonly HuntField[]): ParsedQuery {
	const whole = wholeFault(text);
	if (whole !== null) return { ok: false, faults: [whole] };
	const faults: QueryFault[] = [];
	const clauses: Clause[] = [];
	let terms = 0;
	const parts = splitTerms(text);
	const isAlone = parts.length === 1 && parts[0]?.written.length === 1;
	let before: Written | undefined;
	for (const { from, to, written } of parts) {
		if (written.length === 0) {
			faults.push({ from: Math.max(0, from - 1), to: Math.max(1, from), message: "Nothing stands between two commas, or before or after one. Remove the comma, or add a term." });
			continue;
		}
		const clause: { all: Term[]; none: Term[] } = { all: [], none: [] };
		let isFaulty = false;
		for (const one of written) {
			terms++;
			try {
				checkCut(text, before, one);
				(one.isNot ? clause.none : clause.all).push(readTerm(one, fields, isAlone));
			} catch (error) {
				if (!(error instanceof TermFault)) throw error;
				isFaulty = true;
				faults.push({ from: one.from, to: one.to, ...error.place, message: error.message });
			}
			before = one;
		}
		if (!isFaulty && clause.all.length === 0) faults.push({ from, to, message: "This only says what must not be there. Add a term that must." });
		clauses.push(clause);
	}
	if (terms > MAX_TERMS) faults.push({ from: 0, to: text.length, message: `The query has ${terms} terms, at most ${MAX_TERMS} are read. Divide it among several hunters.` });
	return faults.length > 0 ? { ok: false, faults } : { ok: true, query: { text, clauses } };
}
