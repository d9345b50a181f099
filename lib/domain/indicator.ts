/** The kinds of value the index knows. The number is what the database stores and is never reused. */
export const TYPE_NUMBERS = {
	ipv4: 1,
	ipv6: 2,
	cidr: 3,
	domain: 4,
	url: 5,
	md5: 6,
	sha1: 7,
	sha256: 8,
	email: 9,
	cve: 10,
} as const;

export type IndicatorType = keyof typeof TYPE_NUMBERS;
export const INDICATOR_TYPES = Object.keys(TYPE_NUMBERS) as IndicatorType[];

/** Types as people say them. */
export const TYPE_WORDS: Readonly<Record<IndicatorType, string>> = {
	ipv4: "IPv4",
	ipv6: "IPv6",
	cidr: "block",
	domain: "domain",
	url: "URL",
	md5: "MD5",
	sha1: "SHA-1",
	sha256: "SHA-256",
	email: "e-mail",
	cve: "CVE",
};

declare const canonical: unique symbol;
/** A value in canonical form. Only `canonicalise` makes one (and readers of the index, which holds nothing else). */
export type CanonicalValue = string & { readonly [canonical]: true };

export interface Indicator {
	readonly type: IndicatorType;
	readonly value: CanonicalValue;
}

/**
 * What a caller expects a text to be. `ip` takes both families; `host` an address or a domain; `network` an address or a
 * block; `hash` by its length; `any` whatever it is.
 */
export type Expectation = IndicatorType | "ip" | "host" | "network" | "hash" | "any";

/** `canonicalise` either gives the indicator (and the port that stood beside it) or says why not. */
export type Canonicalised = { readonly ok: true; readonly indicator: Indicator; readonly port?: number } | { readonly ok: false; readonly reason: string };

const BY_NUMBER = new Map<number, IndicatorType>(INDICATOR_TYPES.map((type) => [TYPE_NUMBERS[type], type]));

/** Type of a stored number. Throws on a number no release ever wrote. */
export function typeFromNumber(number: number): IndicatorType {
	const type = BY_NUMBER.get(number);
	if (type === undefined) throw new RangeError(`no indicator type has the number ${number}`);
	return type;
}

/** Longest canonical value that is stored, in characters; longer ones are set aside, never cut. */
export const MAX_VALUE_LENGTH = 8192;
