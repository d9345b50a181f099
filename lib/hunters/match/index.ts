import type { StoredMatch } from "@/drizzle/schema";
import type { FieldValue, HuntDocument, HuntField } from "../define";
import { fold } from "../query/fold";
import { type Clause, type HuntQuery, spellingsOf, type Term, type TermTest } from "../query/query";
import { Automaton } from "./automaton";
import { countsAt } from "./boundary";
import { excerptOf, foldedOnce } from "./excerpt";
import { IndicatorTerms } from "./indicators";

/** Most matches that are kept of a hunter and a document, and of one term. */
const MAX_MATCHES = 20;
const MAX_OF_TERM = 2;

interface CompiledTerm {
	term: Term;
	/** fields whose texts it is looked for in; empty: none */
	texts: ReadonlySet<string>;
	/** it is looked for among the document's indicators */
	inIndicators: boolean;
	/** hunters in which it must be there */
	hunters: number[];
}

interface CompiledHunter {
	id: string;
	clauses: ReadonlyArray<{ all: readonly number[]; none: readonly number[] }>;
}

/** Where a term was found. */
type Place = { place: string; text: string };

/** All hunters of a kind, held against one document after the other. Nothing of a document is kept. */
export interface Matcher {
	/** the hunters that find a document, by id, with the terms that made them do so and where they stand */
	match(document: HuntDocument): Map<string, StoredMatch[]>;
	/** hunters that cannot be used, and why */
	failed: ReadonlyArray<{ id: string; reason: string }>;
}

function keyOf({ field, test }: Term): string {
	return JSON.stringify([field, test]);
}

function textsOf(value: FieldValue | undefined): readonly string[] {
	if (typeof value === "string") return [value];
	return Array.isArray(value) ? (value as readonly string[]) : [];
}

const COMPARE: Readonly<Record<"=" | "<" | "<=" | ">" | ">=", (a: number, b: number) => boolean>> = {
	"=": (a, b) => a === b,
	"<": (a, b) => a < b,
	"<=": (a, b) => a <= b,
	">": (a, b) => a > b,
	">=": (a, b) => a >= b,
};

/** What a field's value is that a term says, as a match shows it: of a list only that, flags as queries write them. Null where none is; not for texts, which the automaton reads. */
function heldValue(test: TermTest, value: FieldValue | undefined): string | null {
	if (value === undefined) return null;
	if (test.kind === "number") return typeof value === "number" && COMPARE[test.compare](value, test.value) ? String(value) : null;
	if (test.kind === "flag") return value === test.value ? (test.value ? "yes" : "no") : null;
	if (test.kind !== "is") return null;
	return (typeof value === "number" ? [String(value)] : textsOf(value)).find((text) => fold(text).trim() === test.folded) ?? null;
}

/** Whether a term is about the value of a field, not about words in a text. */
function isValue({ test }: Term): boolean {
	return test.kind === "is" || test.kind === "number" || test.kind === "flag";
}

class CompiledMatcher implements Matcher {
	readonly failed: Array<{ id: string; reason: string }> = [];
	readonly #terms: CompiledTerm[] = [];
	readonly #hunters: CompiledHunter[] = [];
	readonly #byKey = new Map<string, number>();
	readonly #bare: ReadonlySet<string>;
	readonly #fields: ReadonlyMap<string, HuntField>;
	readonly #indicators = new IndicatorTerms();
	readonly #patterns: number[][] = [];
	readonly #automaton: Automaton;
	/** terms about the value of a field */
	readonly #values: number[] = [];

	constructor(hunters: ReadonlyArray<{ id: string; query: HuntQuery }>, fields: readonly HuntField[]) {
		this.#fields = new Map(fields.map((field) => [field.name, field]));
		this.#bare = new Set(fields.filter(({ bare }) => bare).map(({ name }) => name));
		for (const { id, query } of hunters) {
			try {
				this.#hunters.push({ id, clauses: this.#clausesOf(query) });
				for (const term of new Set(this.#hunters.at(-1)?.clauses.flatMap(({ all }) => all))) this.#terms[term]?.hunters.push(this.#hunters.length - 1);
			} catch (error) {
				this.failed.push({ id, reason: error instanceof Error ? error.message : String(error) });
			}
		}
		this.#automaton = this.#compile();
	}

	#clausesOf({ clauses }: HuntQuery): CompiledHunter["clauses"] {
		if (clauses.some(({ all }) => all.length === 0)) throw new Error("a part of the query only says what must not be there");
		// All terms are looked at before one is kept: a hunter that cannot be used leaves nothing behind.
		for (const { all, none } of clauses) for (const { field } of [...all, ...none]) if (field !== null && !this.#fields.has(field)) throw new Error(`there is no field "${field}" any more`);
		return clauses.map(({ all, none }: Clause) => ({ all: all.map((term) => this.#termOf(term)), none: none.map((term) => this.#termOf(term)) }));
	}

	#termOf(term: Term): number {
		const key = keyOf(term);
		const known = this.#byKey.get(key);
		if (known !== undefined) return known;
		const index = this.#terms.length;
		const field = term.field === null ? null : (this.#fields.get(term.field) as HuntField);
		const isText = field === null || field.kind === "text";
		this.#terms.push({
			term,
			texts: !isText ? new Set() : field === null ? this.#bare : new Set([field.name]),
			inIndicators: term.test.kind === "indicator" && (field === null || field.kind === "indicator"),
			hunters: [],
		});
		this.#byKey.set(key, index);
		return index;
	}

	#compile(): Automaton {
		const patterns = new Map<string, number>();
		for (const [index, { term, texts, inIndicators }] of this.#terms.entries()) {
			if (inIndicators && term.test.kind === "indicator") this.#indicators.add(index, term.test.indicator);
			if (texts.size === 0 && !inIndicators) this.#values.push(index);
			if (texts.size === 0) continue;
			for (const text of spellingsOf(term.test)) {
				const pattern = patterns.get(text) ?? patterns.size;
				patterns.set(text, pattern);
				this.#patterns[pattern] = [...(this.#patterns[pattern] ?? []), index];
			}
		}
		return new Automaton([...patterns.keys()]);
	}

	/** Terms that a document has, with some of the places. */
	#found(document: HuntDocument): Map<number, Place[]> {
		const found = new Map<number, Place[]>();
		const note = (index: number, place: Place): void => {
			const places = found.get(index);
			if (places === undefined) found.set(index, [place]);
			else if (places.length < MAX_OF_TERM && places.every((one) => one.text !== place.text)) places.push(place);
		};
		for (const index of this.#values) {
			const { field, test } = (this.#terms[index] as CompiledTerm).term;
			const text = field === null ? null : heldValue(test, document.fields[field]);
			if (field !== null && text !== null) note(index, { place: field, text });
		}
		for (const indicator of document.indicators) this.#indicators.find(indicator, (index) => note(index, { place: "indicator", text: indicator.value }));
		for (const [name, value] of Object.entries(document.fields)) {
			for (const text of this.#fields.get(name)?.kind === "text" ? textsOf(value) : []) this.#scan(name, text, note);
		}
		return found;
	}

	#scan(name: string, text: string, note: (index: number, place: Place) => void): void {
		const folded = fold(text);
		this.#automaton.scan(folded, (pattern, from, to) => {
			for (const index of this.#patterns[pattern] ?? []) {
				const { term, texts } = this.#terms[index] as CompiledTerm;
				if (texts.has(name) && countsAt(term.test, folded, from, to)) note(index, { place: name, text });
			}
		});
	}

	match(document: HuntDocument): Map<string, StoredMatch[]> {
		const found = this.#found(document);
		const likely = new Set([...found.keys()].flatMap((index) => (this.#terms[index] as CompiledTerm).hunters));
		const hits = new Map<string, StoredMatch[]>();
		const folded = foldedOnce();
		for (const at of likely) {
			const { id, clauses } = this.#hunters[at] as CompiledHunter;
			const true_ = clauses.filter(({ all, none }) => all.every((term) => found.has(term)) && none.every((term) => !found.has(term)));
			if (true_.length === 0) continue;
			const terms = [...new Set(true_.flatMap(({ all }) => all))].map((index) => ({ term: (this.#terms[index] as CompiledTerm).term, places: found.get(index) ?? [] }));
			// Texts say more than values, and messages show a few matches only.
			const ordered = [...terms.filter(({ term }) => !isValue(term)), ...terms.filter(({ term }) => isValue(term))];
			const places = ordered.flatMap(({ term, places }) => places.map((one) => ({ ...one, term }))).slice(0, MAX_MATCHES);
			hits.set(
				id,
				places.map(({ term, place, text }) => excerptOf(term, place, text, folded)),
			);
		}
		return hits;
	}
}

/**
 * Makes one matcher of all hunters of a kind: a document is read once, however many hunters there are. A hunter that cannot be used is
 * in `failed`, the others work.
 */
export function compileMatcher(hunters: ReadonlyArray<{ id: string; query: HuntQuery }>, fields: readonly HuntField[]): Matcher {
	return new CompiledMatcher(hunters, fields);
}
