import { hostOf } from "./host";
import type { Indicator } from "./indicator";
import { addressBytes, cidrRange, isMapped, parseQuad } from "./range";
import { CDN_BLOCKS, COMMON_HASHES, POPULAR_HOSTS, PUBLIC_DNS_V6, SINKHOLES, URL_SHORTENERS } from "./warninglists/data";

/** Why an indicator deserves doubt: the list's slug and words for people. */
export interface Warning {
	list: string;
	label: string;
}

const words = (text: string): string[] => text.trim().split(/\s+/);

const LABELS = {
	reserved: "reserved address, never on the public internet",
	documentation: "address reserved for documentation",
	"too-wide": "block so wide that it matches most of the internet",
	"public-dns": "public DNS resolver",
	cdn: "shared address of a content delivery network",
	sinkhole: "sinkhole of researchers or police",
	popular: "well-known service",
	shortener: "link shortener",
	"common-file": "empty, test or common file",
	own: "one of our own domains",
	local: "name without meaning on the public internet",
} as const;

function warn(list: keyof typeof LABELS): Warning {
	return { list, label: LABELS[list] };
}

/** IANA special-purpose registries (RFC 6890 and updates), IPv4 and IPv6. */
const RESERVED = words(`0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.88.99.0/24 192.168.0.0/16
198.18.0.0/15 224.0.0.0/4 240.0.0.0/4 ::/127 100::/64 64:ff9b:1::/48 fc00::/7 fe80::/10 fec0::/10 ff00::/8`);
const DOCUMENTATION = words("192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 2001:db8::/32 3fff::/20");
const PUBLIC_DNS = words(`8.8.8.8 8.8.4.4 1.1.1.1 1.0.0.1 1.1.1.2 1.1.1.3 9.9.9.9 9.9.9.10 149.112.112.112 208.67.222.222 208.67.220.220 94.140.14.14
94.140.15.15 64.6.64.6 64.6.65.6 77.88.8.8 77.88.8.1 4.2.2.1 4.2.2.2 4.2.2.4 185.228.168.9 76.76.2.0 76.76.10.0 114.114.114.114 223.5.5.5 119.29.29.29`);

interface Range {
	/** 32 hex digits of first and last address */
	from: string;
	to: string;
	warning: Warning;
}

function hex(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += byte < 16 ? `0${byte.toString(16)}` : byte.toString(16);
	return text;
}

function ranges(blocks: readonly string[], warning: Warning): Range[] {
	return blocks.map((block) => {
		if (!block.includes("/")) {
			const at = hex(addressBytes(block));
			return { from: at, to: at, warning };
		}
		const { from, to } = cidrRange(block);
		return { from: hex(from), to: hex(to), warning };
	});
}

/** Disjoint, by first address; the first list that names an address wins. */
const RANGES: readonly Range[] = [
	...ranges(RESERVED, warn("reserved")),
	...ranges(DOCUMENTATION, warn("documentation")),
	...ranges([...PUBLIC_DNS, ...words(PUBLIC_DNS_V6)], warn("public-dns")),
	...ranges(words(CDN_BLOCKS), warn("cdn")),
].sort((a, b) => (a.from < b.from ? -1 : 1));
const SINKHOLE_SET: ReadonlySet<string> = new Set(words(SINKHOLES));
const POPULAR: ReadonlySet<string> = new Set(words(POPULAR_HOSTS));
const SHORTENERS: ReadonlySet<string> = new Set(words(URL_SHORTENERS));
const HASHES: ReadonlySet<string> = new Set(words(COMMON_HASHES));

function addressWarning(address: string): Warning | null {
	const at = hex(addressBytes(address));
	let low = 0;
	let high = RANGES.length - 1;
	while (low <= high) {
		const middle = (low + high) >> 1;
		const range = RANGES[middle] as Range;
		if (range.to < at) low = middle + 1;
		else if (range.from > at) high = middle - 1;
		else return range.warning;
	}
	return SINKHOLE_SET.has(address) ? warn("sinkhole") : null;
}

/** A block is doubted when it is too wide to mean anything, or lies within reserved space. */
function blockWarning(block: string): Warning | null {
	const { from, to } = cidrRange(block);
	const v4 = isMapped(from);
	const length = Number(block.slice(block.indexOf("/") + 1));
	const first = hex(from);
	const last = hex(to);
	for (const range of RANGES) {
		if (range.warning.list !== "cdn" && range.from <= first && range.to >= last) return range.warning;
	}
	return length < (v4 ? 8 : 19) ? warn("too-wide") : null;
}

function isOwn(host: string, own: readonly string[]): boolean {
	return own.some((domain) => host === domain || host.endsWith(`.${domain}`));
}

/** Names of RFC 2606, 6761 and 8375 that resolve nowhere in public; `example` names stay usable as samples. */
const LOCAL = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home\.arpa|test|invalid)$/;

function hostWarning(host: string, own: readonly string[]): Warning | null {
	if (isOwn(host, own)) return warn("own");
	if (LOCAL.test(host)) return warn("local");
	if (SHORTENERS.has(host)) return warn("shortener");
	return POPULAR.has(host) || (host.startsWith("www.") && POPULAR.has(host.slice(4))) ? warn("popular") : null;
}

/** A page of a well-known service can well be bad; its front page cannot. */
function urlWarning(value: string, host: string, own: readonly string[]): Warning | null {
	if (host.includes(":") || parseQuad(host) !== null) {
		const found = addressWarning(host);
		return found !== null && (found.list === "reserved" || found.list === "documentation") ? found : null;
	}
	const found = hostWarning(host, own);
	if (found === null || found.list === "own" || found.list === "local") return found;
	return /^[a-z]+:\/\/[^/?#]+\/$/.test(value) ? found : null;
}

/**
 * The warning list that names an indicator, or null. A warning never removes anything: the indicator is stored and shown,
 * but stays out of block lists. `own`: domains of this installation, lower case. About a microsecond.
 */
export function warningFor(indicator: Indicator, own: readonly string[] = []): Warning | null {
	const { type, value } = indicator;
	switch (type) {
		case "ipv4":
		case "ipv6":
			return addressWarning(value);
		case "cidr":
			return blockWarning(value);
		case "domain":
			return hostWarning(value, own);
		case "url":
			return urlWarning(value, hostOf(indicator) ?? "", own);
		case "md5":
		case "sha1":
		case "sha256":
			return HASHES.has(value) ? warn("common-file") : null;
		case "email":
			return isOwn(hostOf(indicator) ?? "", own) ? warn("own") : null;
		default:
			return null;
	}
}

/** Words for a stored slug; a slug of a later release is shown as it is. */
export function warningLabel(list: string): string {
	return (LABELS as Readonly<Record<string, string>>)[list] ?? list;
}
