import { MAX_X_QUERY } from "@/lib/sources/x-search";
import type { Clause, HuntQuery, QueryFault, Term } from "./query";

/** A word that X takes as it is: letters, digits and `_`, with the marks of tags and accounts. */
const PLAIN = /^[#@]?[\p{L}\p{M}\p{N}_]+$/u;
const OPERATOR = /^(?:OR|AND|NOT)$/i;
const HANDLE = /^@?(\w{1,15})$/;
const LANGUAGE = /^[a-z]{2,3}$/;

/** What X understands of a term. `null`: nothing; it is left to our own matcher. `alone`: X takes it without any other term. */
interface Said {
	text: string;
	alone: boolean;
}

function quoted(text: string): string {
	return `"${text.replaceAll('"', " ").trim()}"`;
}

function withoutScheme(value: string): string {
	return value.replace(/^[a-z]+:\/\//, "");
}

/** X compares whole words, whatever stands between them: `evil.com` in quotes finds `evil[.]com` as well. */
function textSaid({ test, text }: Term): Said | null {
	if (test.kind === "indicator") {
		const { type, value } = test.indicator;
		if (type === "cidr") return null;
		if (type === "url") return { text: `url:${quoted(withoutScheme(value))}`, alone: true };
		if (type === "domain") return { text: `(${quoted(value)} OR url:${quoted(value)})`, alone: true };
		return { text: PLAIN.test(value) ? value : quoted(value), alone: true };
	}
	if (test.kind === "phrase") return { text: quoted(test.folded), alone: true };
	if (test.kind !== "word" || !/[\p{L}\p{N}\p{S}]/u.test(text)) return null;
	return { text: PLAIN.test(text) && !OPERATOR.test(text) ? text : quoted(text), alone: true };
}

/** X looks for words and names in the addresses that links lead to. */
function linkSaid(test: Term["test"]): Said | null {
	if (!("folded" in test) || (test.kind === "indicator" && test.indicator.type === "cidr")) return null;
	const sought = test.kind === "indicator" ? withoutScheme(test.indicator.value) : test.folded;
	return /[\p{L}\p{N}]/u.test(sought) ? { text: `url:${quoted(sought)}`, alone: true } : null;
}

function said(term: Term): Said | null {
	const { field, test } = term;
	if (field === null || field === "text") {
		const value = field === null ? term : { ...term, text: "folded" in test ? test.folded : "" };
		return textSaid(value);
	}
	if (field === "link") return linkSaid(test);
	if (field === "indicator") return textSaid(term);
	if (test.kind !== "is") return null;
	const handle = field === "from" ? HANDLE.exec(test.folded)?.[1] : undefined;
	if (handle !== undefined) return { text: `from:${handle}`, alone: true };
	return field === "lang" && LANGUAGE.test(test.folded) ? { text: `lang:${test.folded}`, alone: false } : null;
}

/**
 * What must not be there, where X would leave out no more than we do: it takes values and phrases apart at their dots and dashes, and what
 * it does not send, nobody can look at.
 */
function notSaid(term: Term): string | null {
	const text = said(term)?.text ?? null;
	if (text === null || term.field === "from" || term.field === "lang") return text;
	return term.test.kind === "word" && PLAIN.test(text) ? text : null;
}

function clauseSaid(clause: Clause): string | null {
	const all = clause.all.map(said).filter((one) => one !== null);
	if (!all.some(({ alone }) => alone)) return null;
	const none = clause.none.map(notSaid).filter((one) => one !== null);
	return [...all.map(({ text }) => text), ...none.map((text) => `-${text}`)].join(" ");
}

/**
 * A query in X's own syntax. X compares whole words where we look inside them, and what it cannot say is left out, so that it finds
 * more or other tweets than the query means: our own matcher decides about each. A fault where a part of the query is nothing that X
 * could look for, or all of it is longer than X takes.
 */
export function xQueryOf(query: HuntQuery): { ok: true; query: string } | { ok: false; faults: QueryFault[] } {
	const faults: QueryFault[] = [];
	const parts: string[] = [];
	for (const clause of query.clauses) {
		const part = clauseSaid(clause);
		const terms = [...clause.all, ...clause.none];
		if (part !== null) parts.push(query.clauses.length > 1 && terms.length > 1 ? `(${part})` : part);
		else {
			const from = Math.min(...terms.map((term) => term.from));
			faults.push({
				from,
				to: Math.max(...terms.map((term) => term.to)),
				message: "X can search for none of this by itself (blocks of addresses, signs alone, names of people, a language or a source alone). Add a word, an account (from:name) or another indicator.",
			});
		}
	}
	const text = parts.join(" OR ");
	if (faults.length === 0 && text.length > MAX_X_QUERY) {
		faults.push({ from: 0, to: query.text.length, message: `For X the query becomes ${text.length} characters long, and X takes ${MAX_X_QUERY}. Divide it among several hunters.` });
	}
	return faults.length > 0 ? { ok: false, faults } : { ok: true, query: text };
}
