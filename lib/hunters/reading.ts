import { type IndicatorType, TYPE_WORDS } from "@/lib/domain/indicator";
import { ExistError, shown } from "@/lib/errors";
import type { HunterKind } from "./define";
import { hunterKinds, kindOf } from "./kinds";
import { parseQuery } from "./query/parse";
import type { HuntQuery, QueryFault, Term } from "./query/query";

/** A term as it was understood. */
export interface ReadTerm {
	text: string;
	as: string;
}

/** How a query is read: its faults, or any of these clauses, each of which must hold all of the first terms and none of the second. */
export type QueryReading = { ok: true; query: HuntQuery; reads: Array<{ all: ReadTerm[]; none: ReadTerm[] }> } | { ok: false; faults: QueryFault[] };

const INDICATORS: Readonly<Partial<Record<IndicatorType, string>>> = {
	ipv4: "address, blocks that hold it, URLs on it",
	ipv6: "address, blocks that hold it, URLs on it",
	cidr: "block, all within it, blocks that hold it",
	domain: "domain, hosts below it, URLs on them",
};

/** Indicators have no ports: what was written of one is said to be left out, with what asks for it where the kind knows ports. */
function ofPort(port: number | undefined, kind: HunterKind): string {
	if (port === undefined) return "";
	return `, whatever its port${kind.fields.some(({ name }) => name === "port") ? ` (port:${port} asks for that)` : ""}`;
}

function asWords({ field, test }: Term, kind: HunterKind): string {
	const place = field === null ? "" : ` in ${field}`;
	switch (test.kind) {
		case "word":
			return `anywhere${place === "" ? " in a text" : place}`;
		case "phrase":
			return `as words of their own${place}`;
		case "indicator":
			return `${INDICATORS[test.indicator.type] ?? `this ${TYPE_WORDS[test.indicator.type]}`}${place}${ofPort(test.port, kind)}`;
		case "is":
			return `the value of ${field}`;
		case "number":
			return `number of ${field}`;
		case "flag":
			return `${field} is ${test.value ? "yes" : "no"}`;
	}
}

/** The kind of this name. Throws `invalid`. */
export function knownKind(id: string): HunterKind {
	const kind = kindOf(id);
	if (kind === undefined) throw new ExistError("invalid", `There is no kind of hunter "${shown(id, 40)}". Kinds are ${hunterKinds.map((one) => one.id).join(", ")}.`, { field: "kind" });
	return kind;
}

/** Reads a query for people: what is wrong with it and where, or what it means term by term. */
export function readQuery(kind: HunterKind, text: string): QueryReading {
	const parsed = parseQuery(text, kind.fields);
	if (!parsed.ok) return parsed;
	const refused = kind.refuses?.(parsed.query) ?? [];
	if (refused.length > 0) return { ok: false, faults: [...refused] };
	const read = (term: Term): ReadTerm => ({ text: term.text, as: asWords(term, kind) });
	return { ok: true, query: parsed.query, reads: parsed.query.clauses.map(({ all, none }) => ({ all: all.map(read), none: none.map(read) })) };
}

/** The query, or `invalid` with its first fault, for callers that have no place to show where it is. */
export function soundQuery(kind: HunterKind, text: string): HuntQuery {
	const reading = readQuery(kind, text);
	if (reading.ok) return reading.query;
	const [first] = reading.faults;
	throw new ExistError("invalid", `query, character ${(first?.from ?? 0) + 1}: ${first?.message ?? "it cannot be read."}`, { field: "query" });
}
