import { getDomain } from "tldts";
import type { CanonicalValue, Indicator } from "./indicator";
import { parseQuad } from "./range";

/** The host an indicator stands on: itself for a domain, the URL's, the part behind `@`; null for what has none. */
export function hostOf(indicator: Indicator): string | null {
	const { type, value } = indicator;
	if (type === "domain") return value;
	if (type === "email") return value.slice(value.lastIndexOf("@") + 1);
	if (type !== "url") return null;
	const start = value.indexOf("://") + 3;
	let end = start;
	if (value[start] === "[") return value.slice(start + 1, value.indexOf("]", start));
	while (end < value.length && !"/?#:".includes(value[end] as string)) end++;
	return value.slice(start, end);
}

/** Labels in reverse order: `www.evil.com` and `com.evil.www` are each other's. */
function reverseLabels(host: string): string {
	return host.split(".").reverse().join(".");
}

/**
 * What hosts are indexed by: labels reversed, so that everything under a domain is one range; an address as it is.
 * Null for indicators without a host.
 */
export function hostKey(indicator: Indicator): string | null {
	const host = hostOf(indicator);
	if (host === null) return null;
	return host.includes(":") || parseQuad(host) !== null ? host : reverseLabels(host);
}

/** The host a key was made of. */
export function hostFromKey(key: string): string {
	return key.includes(":") || parseQuad(key) !== null ? key : reverseLabels(key);
}

/** Most names above a host that are looked at: real ones have a few labels, hostile ones 127. */
const MAX_ABOVE = 16;

/** The names above a host, nearest first, up to the domain somebody registered: `b.evil.co.uk` and `evil.co.uk` of `a.b.evil.co.uk`. */
export function hostsAbove(host: string): string[] {
	const top = registrableDomain(host);
	const found: string[] = [];
	if (top === null || !host.endsWith(top)) return found;
	for (let rest = host; rest.length > top.length; ) {
		rest = rest.slice(rest.indexOf(".") + 1);
		found.push(rest);
	}
	return found.slice(-MAX_ABOVE);
}

/** A host as the indicator it is: an address or a domain. */
export function hostIndicator(host: string): Indicator {
	const type = host.includes(":") ? "ipv6" : parseQuad(host) !== null ? "ipv4" : "domain";
	return { type, value: host as CanonicalValue };
}

/** The domain somebody registered (`evil.co.uk` of `a.b.evil.co.uk`), by the ICANN part of the public suffix list. */
export function registrableDomain(host: string): string | null {
	return getDomain(host, { allowPrivateDomains: false, validateHostname: false });
}
