import { getDomain } from "tldts";
import { extractIndicators } from "./extract";
import { hostOf } from "./host";
import type { Indicator } from "./indicator";
import { warningFor, warningLabel } from "./warnings";

/** An indicator that a record's text names. */
export interface Named {
	readonly indicator: Indicator;
	/** where it stands: the first part that names it */
	readonly place: string;
	/** as it was written there */
	readonly written: string;
	/** slug of why it is hardly a find (`markLabel` has the words), null where it may be one */
	readonly mark: string | null;
}

export interface NamedOptions {
	/** addresses or hosts of the record itself: the article, its feed, the service it stands on */
	site?: readonly string[];
	/** domains of this installation, lower case */
	own?: readonly string[];
	/** most that are returned (default 2,000) */
	limit?: number;
}

const LABELS: Readonly<Record<string, string>> = {
	"own-site": "the site of the article itself",
	sample: "name reserved for examples",
	version: "reads like a version number",
	plain: "written as a link in a text that defangs its finds",
};

/** Words for a stored mark; those of the warning lists included. */
export function markLabel(mark: string): string {
	return LABELS[mark] ?? warningLabel(mark);
}

/** Names of RFC 2606 as texts use them where any name would do. What is below them stays usable: somebody chose it to stand for something. */
const SAMPLE = /^(?:www\.)?example\.(?:com|net|org|edu|jp|co\.jp)$/;
const VERSION_BEFORE = /(?:\bv|\bver\.?|\bversions?|\brelease|\bbuild|\bfirmware|\bprior to|\bbefore|\bthrough|\bup to|\bupgrade to|\bupdate to)[\s:(]*$/i;
const VERSION_AFTER = /^\s*(?:and (?:earlier|later|below|above|prior)|or (?:earlier|later|below|above))\b/i;
const LONGEST_BEFORE = 24;

/** The part of a host that one owner has: of `feeds.a.co.uk` `a.co.uk`, of `me.github.io` all of it. */
function siteOf(address: string): string | null {
	const host = URL.canParse(address) ? new URL(address).hostname : address.toLowerCase();
	return getDomain(host, { allowPrivateDomains: true, validateHostname: false }) ?? (host === "" ? null : host);
}

function isDefanged(written: string): boolean {
	return /[[({]|^\s*(?:hxx|fxp|meow|h\*\*)/i.test(written);
}

class Marks {
	readonly #sites: ReadonlySet<string>;
	readonly #own: readonly string[];

	constructor({ site = [], own = [] }: NamedOptions) {
		this.#sites = new Set(site.map(siteOf).filter((one) => one !== null));
		this.#own = own;
	}

	#isOwnSite(host: string): boolean {
		if (this.#sites.size === 0) return false;
		if (this.#sites.has(host)) return true;
		const site = siteOf(host);
		return site !== null && this.#sites.has(site);
	}

	of(indicator: Indicator, written: string, before: string, after: string): string | null {
		const host = hostOf(indicator);
		if (host !== null && SAMPLE.test(host)) return "sample";
		if (host !== null && this.#isOwnSite(host)) return "own-site";
		const warning = warningFor(indicator, this.#own);
		if (warning !== null) return warning.list;
		if (indicator.type === "ipv4" && !isDefanged(written) && (VERSION_BEFORE.test(before) || VERSION_AFTER.test(after))) return "version";
		// A page of a well-known service is a reference, unless the author took care that nobody can click it.
		if (indicator.type !== "url" || host === null || isDefanged(written)) return null;
		const front = { type: "domain", value: host } as Indicator;
		return warningFor(front, this.#own)?.list === "popular" ? "popular" : null;
	}
}

/** Values written so that nobody can click them, from which on the others of that text are taken for references. */
const DEFANGS_FROM = 3;

/** Host, address or page that stands as it is, in a text whose author defangs what is bad: contact, reference, victim. */
function isPlain({ indicator, written }: Named): boolean {
	return (indicator.type === "url" || indicator.type === "domain" || indicator.type === "email") && !isDefanged(written);
}

/**
 * Indicators that a record names, each once, defanged spellings included. `parts` are plain texts in the order of their weight
 * (title, text, code): the first that names an indicator is its place, a later one only takes a mark away that does not hold
 * for it. Nothing is dropped: what is hardly a find carries a mark.
 */
export function namedIn(parts: ReadonlyArray<{ place: string; text: string }>, options: NamedOptions = {}): Named[] {
	const limit = options.limit ?? 2000;
	const marks = new Marks(options);
	const found = new Map<string, Named>();
	let defanged = 0;
	for (const { place, text } of parts) {
		for (const { indicator, start, end, text: written } of extractIndicators(text, { dedupe: false })) {
			const key = `${indicator.type} ${indicator.value}`;
			const known = found.get(key);
			if (known === undefined && found.size >= limit) continue;
			if (known !== undefined && known.mark === null && (isDefanged(known.written) || !isDefanged(written))) continue;
			const mark = marks.of(indicator, written, text.slice(Math.max(0, start - LONGEST_BEFORE), start), text.slice(end, end + LONGEST_BEFORE));
			if (isDefanged(written)) defanged++;
			if (known === undefined) found.set(key, { indicator, place, written, mark });
			else if (mark === null) found.set(key, { ...known, written, mark });
		}
	}
	const named = [...found.values()];
	return defanged < DEFANGS_FROM ? named : named.map((one) => (one.mark === null && isPlain(one) ? { ...one, mark: "plain" } : one));
}
