import { hostOf, type Indicator } from "@/lib/domain";
import { addressBytes, cidrRange, parseQuad } from "@/lib/domain/range";

const ADDRESS = new Set(["ipv4", "ipv6"]);

/** Addresses as text that sorts as they do. */
function hex(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("hex");
}

function rangeOf(cidr: string): { from: string; to: string } {
	const { from, to } = cidrRange(cidr);
	return { from: hex(from), to: hex(to) };
}

function keyOf({ type, value }: Indicator): string {
	return `${type} ${value}`;
}

/** A host and the names above it, whoever registered them: `a.b.co.uk` gives itself, `b.co.uk`, `co.uk`, `uk`. */
function* namesOf(host: string): Generator<string> {
	for (let rest = host; ; rest = rest.slice(rest.indexOf(".") + 1)) {
		yield rest;
		if (!rest.includes(".")) return;
	}
}

/** Terms that are indicators, by what they match. */
export class IndicatorTerms {
	readonly #exact = new Map<string, number[]>();
	readonly #domains = new Map<string, number[]>();
	readonly #addresses: Array<{ at: string; term: number }> = [];
	readonly #blocks: Array<{ from: string; to: string; term: number }> = [];

	add(term: number, indicator: Indicator): void {
		const put = (map: Map<string, number[]>, key: string) => {
			const terms = map.get(key);
			if (terms === undefined) map.set(key, [term]);
			else terms.push(term);
		};
		put(this.#exact, keyOf(indicator));
		if (indicator.type === "domain") put(this.#domains, indicator.value);
		else if (ADDRESS.has(indicator.type)) this.#addresses.push({ at: hex(addressBytes(indicator.value)), term });
		else if (indicator.type === "cidr") this.#blocks.push({ ...rangeOf(indicator.value), term });
	}

	/** Tells the terms that an indicator of a record answers: it is the value, on the host, below the domain, in the block, or around the address or block. */
	find(indicator: Indicator, found: (term: number) => void): void {
		for (const term of this.#exact.get(keyOf(indicator)) ?? []) found(term);
		if (indicator.type === "cidr") {
			const range = rangeOf(indicator.value);
			for (const { at, term } of this.#addresses) if (range.from <= at && at <= range.to) found(term);
			for (const { from, to, term } of this.#blocks) if (from <= range.to && range.from <= to) found(term);
			return;
		}
		const host = ADDRESS.has(indicator.type) ? indicator.value : hostOf(indicator);
		if (host === null) return;
		if (host.includes(":") || parseQuad(host) !== null) {
			const at = hex(addressBytes(host));
			for (const one of this.#addresses) if (one.at === at) found(one.term);
			for (const { from, to, term } of this.#blocks) if (from <= at && at <= to) found(term);
			return;
		}
		if (this.#domains.size === 0) return;
		for (const name of namesOf(host)) for (const term of this.#domains.get(name) ?? []) found(term);
	}
}
