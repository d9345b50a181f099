import { parse } from "tldts";
import { canonicaliseFeed } from "./canonical";
import type { Expectation, Indicator } from "./indicator";

/** An indicator and where it stands: `text` is `input.slice(start, end)`, as it was written. */
export interface Extracted {
	readonly indicator: Indicator;
	readonly start: number;
	readonly end: number;
	readonly text: string;
}

export interface ExtractOptions {
	/** each indicator once, at its first place (default true) */
	dedupe?: boolean;
	/** most that are returned, by place (default 10,000) */
	limit?: number;
	/** characters that are read (default 2,000,000) */
	maxLength?: number;
}

// Every pattern is anchored at a boundary and bounded in length, so that reading stays linear in the text.
const DOT = String.raw`(?:\.|\\\.| ?\[ ?(?:\.|dot) ?\] ?| ?\( ?(?:\.|dot) ?\) ?| ?\{ ?(?:\.|dot) ?\} ?|\[\.|\.\])`;
const AT = String.raw`(?:@| ?\[ ?(?:@|at) ?\] ?| ?\( ?(?:@|at) ?\) ?| ?\{ ?(?:@|at) ?\} ?)`;
const NAME = `[a-z0-9_-]{1,63}(?:${DOT}[a-z0-9_-]{1,63}){1,40}`;
/** Latin, Greek, Cyrillic … letters make a name longer; scripts written without blanks do not. */
const LETTER = String.raw`\u00aa-\u02af\u0370-\u1fff`;
const BEFORE = `(?<![a-z0-9_${LETTER}-])(?<![a-z0-9_]\\.)`;
const OCTET = String.raw`\d{1,3}`;
const QUAD = `${OCTET}(?:${DOT}${OCTET}){3}`;
const PATH = String.raw`(?:\/[!#$%&'()*+,./0-9:;=?@a-z_~\[\]-]{0,4000})?`;

const URL_START = /(?<![a-z0-9])(?:h(?:tt|xx|\*\*|\+\+|--|__)ps?|ftps?|fxps?|f\*ps?|meows?|htt?xs?) ?(?::|\[:\]|\(:\)|\{:\}|\[:?(?=\/\/\])|\(:?(?=\/\/\)))(?:\/\/|\\\\)[\])]?/gi;
const URL_REST = /[^\s"<>`\u0000-\u0020\u007f\u2018-\u201f\u3000-\u303f\uff08\uff09\uff0c\uff1b]{1,8000}/y;
const EMAIL = new RegExp(`(?<![a-z0-9._%+-])[a-z0-9_%+-]{1,64}(?:${DOT}[a-z0-9_%+-]{1,64}){0,10}${AT}${NAME}(?![a-z0-9_-])`, "gi");
const CVE = /(?<![a-z0-9])CVE[-\u2010-\u2015_ ]?\d{4}[-\u2010-\u2015_]\d{4,19}(?!\d)/gi;
const HASH = /(?<![0-9a-z])(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?![0-9a-z])/gi;
const V6 = new RegExp(String.raw`(?<![\w:.])(?:[0-9a-f]{0,4}(?::|\[:\])){2,7}(?:${QUAD}|[0-9a-f]{0,4})(?:\/\d{1,3})?(?![\w:])`, "gi");
const V4 = new RegExp(`${BEFORE}${QUAD}(?!${DOT}?[\\w${LETTER}-])(?::\\d{1,5}(?!\\d))?${PATH}`, "gi");
const UNICODE_NAME = new RegExp(String.raw`(?<![\p{L}\p{N}\p{M}_.@\/\\-])[\p{L}\p{N}\p{M}_-]{1,63}(?:${DOT}[\p{L}\p{N}\p{M}_-]{1,63}){1,40}(?![\p{L}\p{N}\p{M}_-])`, "giu");
const DOMAIN = new RegExp(`${BEFORE}(?<![@/\\\\])${NAME}(?![a-z0-9_${LETTER}@-])(?::\\d{1,5}(?!\\d))?${PATH}`, "gi");

/** Top-level domains that are endings of files as well: in running text the file is meant. */
const FILE_ENDINGS: ReadonlySet<string> = new Set(["py", "md", "sh", "zip", "so", "ps", "mov"]);
const UNSPACED = /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uff66-\uffdc]/;
const DEFANGED = /[[({\\]/;

/** Masks what has been taken with a character that belongs to nothing, so that nothing is found twice. */
function masked(text: string, spans: ReadonlyArray<readonly [number, number]>): string {
	if (spans.length === 0) return text;
	let out = "";
	let at = 0;
	for (const [from, to] of spans) {
		out += text.slice(at, from) + "\uffff".repeat(to - from);
		at = to;
	}
	return out + text.slice(at);
}

/** Whether the public suffix list knows the ending, and there is something before it. */
export function isRegistrable(name: string): boolean {
	const { domain, isIcann } = parse(name, { allowPrivateDomains: false, validateHostname: false });
	return domain !== null && isIcann === true;
}

/** A name in running text: no file, no `System.Net`, no two sentences without a blank between them. */
function isMeantAsName(written: string, name: string): boolean {
	if (DEFANGED.test(written)) return true;
	if (FILE_ENDINGS.has(name.slice(name.lastIndexOf(".") + 1))) return false;
	const ending = written.slice(written.lastIndexOf(".") + 1);
	return ending === ending.toLowerCase() || written === written.toUpperCase();
}

const CLOSING: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** Cuts what belongs to the sentence rather than to the address: closing marks, unmatched brackets, a second address. */
function trimmedUrl(text: string): string {
	const url = text.split(/\]\(|[,;|](?=h..ps?[:[]|fx?t?p[:[])/i, 1)[0] as string;
	const surplus = new Map<string, number>();
	for (const [close, open] of Object.entries(CLOSING)) surplus.set(close, url.split(close).length - url.split(open).length);
	let end = url.length;
	while (end > 1) {
		const last = url[end - 1] as string;
		const over = surplus.get(last);
		if (over === undefined ? !/[.,;:!?'*\u2026]/.test(last) : over <= 0) break;
		if (over !== undefined) surplus.set(last, over - 1);
		end--;
	}
	return url.slice(0, end);
}

/** Up to the first bracket that closes more than was opened: where an address stands in `[text](address)`, it ends there. */
function inMarkdown(rest: string): string {
	let open = 0;
	for (let at = 0; at < rest.length; at++) {
		if (rest[at] === "(") open++;
		else if (rest[at] === ")" && --open < 0) return rest.slice(0, at);
	}
	return rest;
}

class Extraction {
	readonly found: Extracted[] = [];
	readonly #text: string;
	#rest: string;

	constructor(text: string) {
		this.#text = text;
		this.#rest = text;
	}

	/** Takes what a pattern matches and `read` accepts; `read` gives how much of the match is used up, or 0. */
	#pass(pattern: RegExp, read: (match: string, start: number) => number): void {
		const spans: Array<[number, number]> = [];
		pattern.lastIndex = 0;
		for (let match = pattern.exec(this.#rest); match !== null; match = pattern.exec(this.#rest)) {
			const used = read(match[0], match.index);
			if (used > 0) {
				spans.push([match.index, match.index + used]);
				pattern.lastIndex = match.index + used;
			}
		}
		this.#rest = masked(this.#rest, spans);
	}

	#take(start: number, length: number, as: Expectation): boolean {
		const text = this.#text.slice(start, start + length);
		const result = canonicaliseFeed(text, as);
		if (result.ok) this.found.push({ indicator: result.indicator, start, end: start + length, text });
		return result.ok;
	}

	urls(): void {
		let tokenEnd = 0;
		let tries = 0;
		this.#pass(URL_START, (scheme, start) => {
			// A token of nothing but beginnings of addresses would be read again from each of them.
			tries = start < tokenEnd ? tries + 1 : 0;
			if (tries > 4) return Math.max(scheme.length, tokenEnd - start);
			URL_REST.lastIndex = start + scheme.length;
			const rest = URL_REST.exec(this.#rest)?.[0];
			if (rest === undefined) return 0;
			tokenEnd = Math.max(tokenEnd, start + scheme.length + rest.length);
			return this.#url(start, scheme.length, this.#rest.startsWith("](", start - 2) ? inMarkdown(rest) : rest);
		});
	}

	/** How much of an address was used; where its host is no host, as much of it as is ASCII is tried. */
	#url(start: number, scheme: number, rest: string): number {
		const whole = trimmedUrl(rest);
		const pathAt = whole.search(/[/?#]/);
		const foreign = pathAt < 0 ? -1 : whole.slice(pathAt).search(/[^\u0021-\u007e]/);
		const length = foreign < 0 ? whole.length : pathAt + foreign;
		if (this.#take(start, scheme + trimmedUrl(whole.slice(0, length)).length, "url")) return scheme + whole.length;
		const ascii = /^[\u0021-\u007e]*/.exec(whole)?.[0] ?? "";
		if (ascii === "" || ascii.length === whole.length) return 0;
		return this.#take(start, scheme + trimmedUrl(ascii).length, "url") ? scheme + ascii.length : 0;
	}

	plain(pattern: RegExp, as: Expectation, accept: (text: string) => boolean = () => true): void {
		this.#pass(pattern, (text, start) => (accept(text) && this.#take(start, text.length, as) ? text.length : 0));
	}

	emails(): void {
		this.#pass(EMAIL, (text, start) => {
			const result = canonicaliseFeed(text, "email");
			if (!result.ok || !isRegistrable(result.indicator.value.slice(result.indicator.value.lastIndexOf("@") + 1))) return 0;
			return this.#take(start, text.length, "email") ? text.length : 0;
		});
	}

	/** Address or name with what may stand behind it: a prefix length, a port, a path that makes it a URL without scheme. */
	hosts(pattern: RegExp, accept: (written: string, name: string) => boolean): void {
		const shape = new RegExp(`^(${NAME})((?::\\d{1,5})?)(.*)$`, "is");
		this.#pass(pattern, (match, start) => {
			const [, written = match, port = "", tail = ""] = shape.exec(match) ?? [];
			const host = canonicaliseFeed(written, "host");
			if (!host.ok || !accept(written, host.indicator.value)) return 0;
			const prefix = /^\/\d{1,2}(?![\w/.]*[\w/])/.exec(tail)?.[0] ?? "";
			if (prefix !== "" && host.indicator.type === "ipv4" && port === "" && this.#take(start, written.length + prefix.length, "cidr")) return match.length;
			const path = tail === "" ? "" : trimmedUrl(tail);
			if (path.length > 1 && this.#take(start, written.length + port.length + path.length, "any")) return match.length;
			return this.#take(start, written.length, "host") ? match.length : 0;
		});
	}
}

/** `2001:db8::1`, but no time of day, no `std::vector`, no `::`. */
function isLikelyV6(text: string): boolean {
	const groups = text
		.replaceAll("[:]", ":")
		.replace(/\/.*$/, "")
		.split(":")
		.filter((group) => group !== "");
	return groups.length >= 2 && /\d/.test(text);
}

/** A name in other scripts as a whole; text in a script without blanks that runs into a Latin name is no part of it. */
function isUnicodeName(text: string): boolean {
	if (/^[\u0000-\u007f]*$/.test(text)) return false;
	if (text.split(/[^\p{L}\p{N}\p{M}_-]+/u).some((label) => UNSPACED.test(label) && /[a-z]/i.test(label))) return false;
	const result = canonicaliseFeed(text, "domain");
	return result.ok && isRegistrable(result.indicator.value);
}

/**
 * Finds indicators in running text, defanged or not. A host that is only named needs an ending of the public suffix list and
 * must not look like a file (`main.py`) or code; what is written as a URL or defanged is taken at its word. Paths end at the
 * first character that is not ASCII. Linear in the text; what lies beyond the caps is not read.
 */
export function extractIndicators(text: string, options: ExtractOptions = {}): Extracted[] {
	const extraction = new Extraction(text.slice(0, options.maxLength ?? 2_000_000));
	extraction.urls();
	extraction.emails();
	extraction.plain(CVE, "cve");
	extraction.plain(HASH, "hash", (hash) => /[a-f]/i.test(hash));
	extraction.plain(V6, "network", isLikelyV6);
	extraction.hosts(V4, (written, name) => /^\d/.test(written) && /^[\d.]+$/.test(name));
	extraction.plain(UNICODE_NAME, "domain", isUnicodeName);
	extraction.hosts(DOMAIN, (written, name) => isRegistrable(name) && isMeantAsName(written, name));
	const sorted = extraction.found.sort((a, b) => a.start - b.start);
	if (options.dedupe === false) return sorted.slice(0, options.limit ?? 10_000);
	const seen = new Set<string>();
	const first = sorted.filter(({ indicator }) => {
		const key = `${indicator.type} ${indicator.value}`;
		return !seen.has(key) && seen.add(key) !== undefined;
	});
	return first.slice(0, options.limit ?? 10_000);
}
