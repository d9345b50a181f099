import type { Indicator } from "./indicator";

/**
 * Refanging: the spellings people and reports use so that nothing becomes clickable, turned back. Only marks that cannot be
 * part of a real value are touched, so a value that was never defanged comes out as it went in.
 */

const DOT = /\s{0,3}(?:\[\s*(?:\.|dot)\s*\]|\(\s*(?:\.|dot)\s*\)|\{\s*(?:\.|dot)\s*\}|<\s*(?:\.|dot)\s*>|\[\s*\.(?=\s*[A-Za-z0-9])|(?<=[A-Za-z0-9])\.\])\s{0,3}/gi;
const LONE_DOT_WORD = /(?<=[A-Za-z0-9])\s{1,3}dot\s{1,3}(?=[A-Za-z0-9])/gi;
const AT = /\s{0,3}(?:\[\s*(?:@|at)\s*\]|\(\s*(?:@|at)\s*\)|\{\s*(?:@|at)\s*\})\s{0,3}/gi;
const TAIL_DOT = /(?<!\[)(\[+)(?:\.|dot)(\]+)/gi;
const COLON = /\[:\]|\(:\)|\{:\}/g;
const SLASHES = /\[:?\/\/\]|\(:?\/\/\)/g;
const SCHEME = /^(?:h(?:xx|tt|\*\*|\+\+|XX|--|__)p(s?)|fxp(s?)|f\*p(s?)|meow(s?)|htt?x(s?))(?=\s*(?::|\[:|\(:|\{:))/i;
/** Dots of other scripts that browsers take for one, and full-width forms. */
const WIDE = /[\u3002\uff0e\uff61\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff1a\uff0f\uff20]/g;
const ANY_MARK = /[[\]({<\\\u3002\uff00-\uff61]|\bdot\b|^\s*(?:h(?:xx|\*\*|\+\+|--|__)p|fxp|f\*p|meow|htx|httx)/i;

function unwide(character: string): string {
	if (character === "\u3002" || character === "\uff61") return ".";
	return String.fromCharCode(character.charCodeAt(0) - 0xfee0);
}

/** Every pair of brackets around a dot goes at once: what is left must not look defanged again. */
function unbracketed(_mark: string, opening: string, closing: string): string {
	const pairs = Math.min(opening.length, closing.length);
	return `${opening.slice(pairs)}.${closing.slice(pairs)}`;
}

function scheme(match: string): string {
	const secure = /s$/i.test(match);
	return (/^f/i.test(match) ? "ftp" : "http") + (secure ? "s" : "");
}

/** IPv6 in brackets with a port or alone is no defanging. */
function isBracketedAddress(text: string): boolean {
	return /^\[[0-9a-f:.%]+\](?::\d+)?$/i.test(text);
}

/**
 * Turns a defanged value (`hxxps[:]//evil[.]com/a`, `1.2.3[.]4`, `user[at]example(dot)com`) back into itself. Text that
 * is not defanged is returned unchanged but for surrounding blanks.
 */
export function refang(text: string): string {
	const trimmed = text.trim();
	if (!ANY_MARK.test(trimmed) || isBracketedAddress(trimmed)) return trimmed;
	const named = trimmed
		.replace(/^[\uff21-\uff5a]+(?=\s*[:\uff1a])/, (letters) => letters.replace(WIDE, unwide))
		.replace(SCHEME, scheme)
		.replace(/^([a-z]+:)\\{2}/i, "$1//");
	// Marks inside a path or query may be the value's own; only what is written `[.]` or `[dot]` there is undone.
	const pathAt = pathStart(named);
	const head = named
		.slice(0, pathAt)
		.replace(WIDE, unwide)
		.replace(SLASHES, (mark) => (mark.includes(":") ? "://" : "//"))
		.replace(COLON, ":")
		.replace(DOT, ".")
		.replace(LONE_DOT_WORD, ".")
		.replace(AT, "@")
		.replace(/\\\./g, ".");
	const tail = named
		.slice(pathAt)
		.replace(/^(?:\[\/\]|\(\/\)|\uff0f)/, "/")
		.replace(TAIL_DOT, unbracketed);
	return head + tail;
}

/** The beginning of an address, its marks and full-width characters included. */
const START = /^[a-z][a-z0-9+.-]*\s*(?:(?::|\uff1a|\[:\]|\(:\)|\{:\})\s*(?:[/\uff0f]{2}|\[\/\/\]|\(\/\/\)|\\{2})|\[:\/\/\]|\(:\/\/\))/i;

/** Index of the first `/`, `?` or `#` behind the authority, or of the mark that stands for the slash. */
function pathStart(text: string): number {
	const authority = START.exec(text)?.[0].length ?? 0;
	const found = /\[\/\]|\(\/\)|[/?#\uff0f]/.exec(text.slice(authority));
	return found === null ? text.length : authority + found.index;
}

/** A value nobody can click: dots of the host in brackets, `http` as `hxxp`. Hashes and CVE ids stay as they are. */
export function defang(indicator: Indicator): string {
	const { type, value } = indicator;
	switch (type) {
		case "ipv4":
			return defangAddress(value);
		case "domain":
			return value.replaceAll(".", "[.]");
		case "cidr": {
			const slash = value.indexOf("/");
			return defangAddress(value.slice(0, slash)) + value.slice(slash);
		}
		case "ipv6":
			return defangAddress(value);
		case "email":
			return value.replace("@", "[@]").replaceAll(".", "[.]");
		case "url":
			return defangUrl(value);
		default:
			return value;
	}
}

/** The last dot is enough to keep an address from becoming a link, and leaves it readable. */
function defangAddress(address: string): string {
	if (address.includes(":")) return address.replaceAll(":", "[:]");
	const dot = address.lastIndexOf(".");
	return `${address.slice(0, dot)}[.]${address.slice(dot + 1)}`;
}

function defangUrl(value: string): string {
	const match = /^([a-z]+):\/\/([^/?#]*)(.*)$/s.exec(value);
	if (match === null) return value;
	const [, name = "", authority = "", rest = ""] = match;
	const shown = name.replace(/^http/, "hxxp").replace(/^ftp/, "fxp");
	const host = authority.startsWith("[") ? authority : authority.replaceAll(".", "[.]");
	return `${shown}://${host}${rest}`;
}
