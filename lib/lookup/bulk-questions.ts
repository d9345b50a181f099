import { canonicalise } from "@/lib/domain/canonical";
import { classify } from "@/lib/domain/classify";
import { hostIndicator, hostOf, hostsAbove } from "@/lib/domain/host";
import type { CanonicalValue, Indicator } from "@/lib/domain/indicator";
import { cidrsAround } from "@/lib/domain/range";
import { indicatorHex } from "@/lib/indicators/identity";
import type { BlocksOf } from "./known-blocks";

/** How something contains a value: the host of a URL or mail address, a domain above it, a block around its address. */
export type Relation = "host" | "parent" | "block";

/** An indicator that the index is asked about, with the 32 hex digits of its id. */
export interface Asked {
	indicator: Indicator;
	id: string;
}

export interface Question extends Asked {
	containing: ReadonlyArray<Asked & { relation: Relation }>;
}

export type Understood = { question: Question; port: number | null } | { question: null; reason: string };

/** Longest text that is looked at: whatever is kept has 8,192 characters at most, and marks that make it safe to show take some more. */
export const MAX_TEXT = 10_000;
/** What is said back of a longer one. */
const ECHO = 100;

function tooLong({ length }: string): string {
	return `Not an indicator: the value has ${length.toLocaleString("en")} characters, at most ${MAX_TEXT.toLocaleString("en")} are looked at. It is shown cut. Send one indicator a value.`;
}

/** A text as it is said back: as it was given, or the beginning of what is too long to be said again. */
export function echoOf(text: string): string {
	return text.length > MAX_TEXT ? `${text.slice(0, ECHO).toWellFormed()}…` : text;
}

/**
 * What texts ask. Spellings of one indicator share a question, and what contains several (a domain above many hosts, a block
 * around many addresses) is made once. For one call: it keeps all it has seen.
 */
export class Questions {
	readonly #texts = new Map<string, Understood>();
	readonly #questions = new Map<string, Question>();
	readonly #around = new Map<string, Asked & { relation: Relation }>();
	readonly #blocksOf: BlocksOf;

	constructor(blocksOf: BlocksOf) {
		this.#blocksOf = blocksOf;
	}

	understand(text: string): Understood {
		if (text.length > MAX_TEXT) return { question: null, reason: tooLong(text) };
		const known = this.#texts.get(text);
		if (known !== undefined) return known;
		const made = this.#read(text);
		this.#texts.set(text, made);
		return made;
	}

	#read(text: string): Understood {
		const found = classify(text);
		if (found.kind === "indicator") return { question: this.#question(found.indicator), port: found.port ?? null };
		if (found.kind === "invalid") return { question: null, reason: found.reason };
		if (found.kind === "empty") return { question: null, reason: "The value is empty." };
		const why = canonicalise(text.trim());
		return { question: null, reason: why.ok ? "A bare number or the beginning of an address is not taken for one. Write the whole address." : `Not an indicator: ${why.reason}.` };
	}

	#question(indicator: Indicator): Question {
		const own = `${indicator.type} ${indicator.value}`;
		const known = this.#questions.get(own);
		if (known !== undefined) return known;
		const made = { indicator, id: indicatorHex(indicator), containing: this.#containing(indicator) };
		this.#questions.set(own, made);
		return made;
	}

	#containing(indicator: Indicator): Question["containing"] {
		const { type, value } = indicator;
		if (type === "ipv4" || type === "ipv6") return this.#blocksOf(value).map((block) => this.#one("block", { type: "cidr", value: block as CanonicalValue }));
		if (type === "domain") return hostsAbove(value).map((host) => this.#one("parent", { type: "domain", value: host as CanonicalValue }));
		if (type === "cidr") return cidrsAround(value).map((block) => this.#one("block", { type: "cidr", value: block as CanonicalValue }));
		const host = hostOf(indicator);
		if (host === null) return [];
		const on = hostIndicator(host);
		return [this.#one("host", on), ...this.#containing(on)];
	}

	#one(relation: Relation, indicator: Indicator): Asked & { relation: Relation } {
		const own = `${relation} ${indicator.value}`;
		const known = this.#around.get(own);
		if (known !== undefined) return known;
		const made = { indicator, id: indicatorHex(indicator), relation };
		this.#around.set(own, made);
		return made;
	}
}
