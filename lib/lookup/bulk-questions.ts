import { canonicalise } from "@/lib/domain/canonical";
import { classify } from "@/lib/domain/classify";
import { hostIndicator, hostOf, hostsAbove } from "@/lib/domain/host";
import type { CanonicalValue, Indicator, IndicatorType } from "@/lib/domain/indicator";
import { cidrsAround } from "@/lib/domain/range";
import { indicatorHex } from "@/lib/indicators/identity";
import { type Around, type Asked, notYetAsked, type Relation } from "./bulk-asked";
import type { BlocksOf } from "./known-blocks";

/** A value that is an indicator, with what contains it, nearest first. */
export interface Question {
	asked: Asked;
	containing: readonly Around[];
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
 * What texts ask. Each indicator is one object, whether it is a value itself, in several spellings, or contains others; what contains
 * several (a domain above many hosts, a block around many addresses) is worked out once. For one call: it keeps all it has seen.
 */
export class Questions {
	readonly #byId = new Map<string, Asked>();
	/** hosts, domains above them and blocks, which come again and again, by value: no two types share one */
	readonly #around = new Map<string, Asked>();
	readonly #blocksOf: BlocksOf;

	constructor(blocksOf: BlocksOf) {
		this.#blocksOf = blocksOf;
	}

	/** The indicator of an id that was asked for. */
	byId(id: string): Asked | undefined {
		return this.#byId.get(id);
	}

	understand(text: string): Understood {
		if (text.length > MAX_TEXT) return { question: null, reason: tooLong(text) };
		const found = classify(text);
		if (found.kind === "indicator") return { question: this.#question(found.indicator), port: found.port ?? null };
		if (found.kind === "invalid") return { question: null, reason: found.reason };
		if (found.kind === "empty") return { question: null, reason: "The value is empty." };
		const why = canonicalise(text.trim());
		return { question: null, reason: why.ok ? "A bare number or the beginning of an address is not taken for one. Write the whole address." : `Not an indicator: ${why.reason}.` };
	}

	#question(indicator: Indicator): Question {
		return { asked: this.#one(indicator), containing: this.#containing(indicator) };
	}

	#containing(indicator: Indicator): Around[] {
		const { type, value } = indicator;
		if (type === "ipv4" || type === "ipv6") return this.#blocksOf(value).map((block) => this.#wider("block", "cidr", block));
		if (type === "domain") return hostsAbove(value).map((host) => this.#wider("parent", "domain", host));
		if (type === "cidr") return cidrsAround(value).map((block) => this.#wider("block", "cidr", block));
		const host = hostOf(indicator);
		if (host === null) return [];
		const on = hostIndicator(host);
		return [this.#wider("host", on.type, host), ...this.#containing(on)];
	}

	#wider(relation: Relation, type: IndicatorType, value: string): Around {
		const known = this.#around.get(value);
		if (known !== undefined) return { relation, asked: known };
		const asked = this.#one({ type, value: value as CanonicalValue });
		this.#around.set(value, asked);
		return { relation, asked };
	}

	#one(indicator: Indicator): Asked {
		const id = indicatorHex(indicator);
		const known = this.#byId.get(id);
		if (known !== undefined) return known;
		const made = notYetAsked(indicator, id);
		this.#byId.set(id, made);
		return made;
	}
}
