import type { TermTest } from "../query/query";

const WORD = /[\p{L}\p{N}_]/u;
/** Scripts written without blanks: a letter beside says nothing about where a word ends. */
const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[\ud840-\ud8bf]/;
const NAME = /[\p{L}\p{N}_-]/u;
const DIGIT = /\d/;

/** The character before a place, whole where it is of two units. */
function before(text: string, at: number): string {
	const unit = text.charCodeAt(at - 1);
	return unit >= 0xdc00 && unit <= 0xdfff && at > 1 ? text.slice(at - 2, at) : text.slice(Math.max(0, at - 1), at);
}

function after(text: string, at: number): string {
	const code = text.codePointAt(at);
	return code === undefined ? "" : String.fromCodePoint(code);
}

function joins(inside: string, outside: string): boolean {
	return WORD.test(inside) && WORD.test(outside) && !UNSPACED.test(inside) && !UNSPACED.test(outside);
}

function isPhrase(text: string, from: number, to: number): boolean {
	return !joins(after(text, from), before(text, from)) && !joins(before(text, to), after(text, to));
}

/** Whether a value stands by itself in a text: no part of a longer address, name or number. */
function isValue(text: string, from: number, to: number, type: string): boolean {
	const [left, right] = [before(text, from), after(text, to)];
	const beyond = after(text, to + right.length);
	if (type === "ipv4" || type === "cidr") {
		if (WORD.test(left) || (left === "." && DIGIT.test(before(text, from - 1)))) return false;
		return !DIGIT.test(right) && !(right === "." && DIGIT.test(beyond)) && !(type === "cidr" && right === ".");
	}
	if (type === "ipv6") return !/[\p{L}\p{N}:.]/u.test(left) && !/[\p{L}\p{N}:]/u.test(right);
	if (type === "domain") return !NAME.test(left) && !NAME.test(right) && !(right === "." && NAME.test(beyond));
	if (type === "email") return !/[\p{L}\p{N}_.+-]/u.test(left) && !NAME.test(right) && !(right === "." && NAME.test(beyond));
	if (type === "url") return !/[\p{L}\p{N}]/u.test(left) && !/[\p{L}\p{N}_\-%=&/?~+]/u.test(right) && !(right === "." && NAME.test(beyond));
	return !WORD.test(left) && !WORD.test(right);
}

/** Whether a term that stands at a place of a folded text counts there. */
export function countsAt(test: TermTest, text: string, from: number, to: number): boolean {
	if (test.kind === "phrase") return isPhrase(text, from, to);
	return test.kind !== "indicator" || isValue(text, from, to, test.indicator.type);
}
