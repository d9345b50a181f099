import type { Indicator } from "@/lib/domain/indicator";

/** A place in the text of a query, in UTF-16 units. */
export interface Place {
	from: number;
	to: number;
}

/** What is wrong with a query, where, and the way out. */
export interface QueryFault extends Place {
	message: string;
}

/** How a term decides. */
export type TermTest =
	/** stands anywhere in a text, folded */
	| { kind: "word"; folded: string }
	/** stands as words of its own in a text, folded */
	| { kind: "phrase"; folded: string }
	/** is the indicator, or lies within it (addresses of a block, hosts below a domain, URLs on a host), or a block that it lies in */
	| {
			kind: "indicator";
			indicator: Indicator;
			/** canonical */
			folded: string;
			/** as it was written: a name in its own letters, defanged or not */
			written: readonly string[];
			/** that was written behind it, and decides nothing */
			port?: number;
	  }
	/** is the value of a field, folded */
	| { kind: "is"; folded: string }
	| { kind: "number"; compare: "=" | "<" | "<=" | ">" | ">="; value: number }
	| { kind: "flag"; value: boolean };

export interface Term extends Place {
	/** as it was written, without `-` */
	text: string;
	/** null: every field that bare words look into, and the indicators */
	field: string | null;
	test: TermTest;
}

/** All of `all`, none of `none`. */
export interface Clause {
	all: readonly Term[];
	none: readonly Term[];
}

/** Any of its clauses. */
export interface HuntQuery {
	text: string;
	clauses: readonly Clause[];
}

/** The folded texts by which a term may stand in a text. */
export function spellingsOf(test: TermTest): readonly string[] {
	if (test.kind === "indicator") return [...new Set([test.folded, ...test.written])];
	return test.kind === "word" || test.kind === "phrase" ? [test.folded] : [];
}
