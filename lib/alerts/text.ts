/**
 * Text that others wrote, made inert for Slack: no mention, no link, no markup, no unfurl, whatever it holds. Every field of a message
 * goes through `inert`, the plain ones and the fallback too: Slack reads `& < >` as control characters in all of them.
 */

/** Invisible and unbreakable: keeps what stands on both sides of it from being read as one sign. */
const JOINER = "\u2060";
const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'", nbsp: " " };
const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

function numbered(digits: string, base: number, whole: string): string {
	const code = Number.parseInt(digits, base);
	return Number.isInteger(code) && code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : whole;
}

/** Undoes one escaping, as feeds deliver it; what was escaped twice stays escaped once. */
function decodedOnce(text: string): string {
	return text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot|apos|nbsp));/g, (whole, decimal?: string, hex?: string, name?: string) => {
		if (decimal !== undefined) return numbered(decimal, 10, whole);
		return hex !== undefined ? numbered(hex, 16, whole) : (ENTITIES[name ?? ""] ?? whole);
	});
}

/** One line of what can be seen: control and direction marks, invisible signs and half pairs are gone. */
function visible(text: string): string {
	return text
		.toWellFormed()
		.replace(/[\p{DI}\ufff9-\ufffb]/gu, "")
		.replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
		.trim();
}

/** Addresses, names and mail addresses so that nothing makes a link of them. */
function defanged(text: string): string {
	return (
		text
			.replace(/\b(h)tt(ps?):(?=\S)/gi, "$1xx$2:")
			.replace(/\bftp(s?):(?=\S)/gi, "fxp$1:")
			.replace(/\b(?!hxxps?:|fxps?:)([a-z][a-z0-9+.-]{1,30}):(?=\/\/)/gi, "$1[:]")
			.replace(/\b(mailto|javascript|data|tel|sip|callto|skype|magnet|vbscript):(?!\/\/)/gi, "$1[:]")
			.replace(/(?<=[\p{L}\p{N}_.+-])@(?=[\p{L}\p{N}_-]+\.)/gu, "[@]")
			// Dots of names and of the last part of an IPv4 address; version numbers keep theirs.
			.replace(/(?<=[\p{L}\p{N}_-])[.\u3002\uff0e\uff61](?=(?:[\p{L}\p{N}-]+\.)*(?:\p{L}{2,}|xn--[a-z0-9-]+))/giu, "[.]")
			.replace(/\b(\d{1,3}\.\d{1,3}\.\d{1,3})\.(?=\d{1,3}(?![\d.]*\d))/g, "$1[.]")
	);
}

/** Signs that Slack reads as markup, mentions or pictures, broken up or replaced by those that look the same. */
function unmarked(text: string): string {
	return text
		.replaceAll("*", "\u2217")
		.replaceAll("~", "\u223c")
		.replaceAll("`", "\u02cb")
		.replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, `${JOINER}_${JOINER}`)
		.replace(/[@#](?=[\p{L}\p{N}_])/gu, (sign) => sign + JOINER)
		.replace(/:(?=[\w+'-]+:)/g, `:${JOINER}`);
}

/** Escapes character by character up to `max` units of what comes out, so that no entity and no pair is ever cut. */
function escapedWithin(text: string, max: number): string {
	const parts = [...text].map((character) => ESCAPES[character] ?? character);
	let length = 0;
	for (const part of parts) length += part.length;
	if (length <= max) return parts.join("");
	let out = "";
	for (const part of parts) {
		if (out.length + part.length > max - 1) break;
		out += part;
	}
	return `${out}…`;
}

/** Beyond this nothing is looked at: it would be cut anyway, and defanging never makes text shorter than a fourth. */
const roughly = (text: string, max: number): string => (text.length > max * 4 + 64 ? text.slice(0, max * 4 + 64) : text);

/** A text of at most `max` characters that Slack shows as it is and makes nothing of. May be empty. */
export function inert(text: string, max: number): string {
	return escapedWithin(unmarked(defanged(visible(decodedOnce(roughly(text, max))))), max);
}

/** A value in a code span: shown letter by letter. The value is defanged already. `max` counts the span's own signs. */
export function codeSpan(value: string, max: number): string {
	// Nothing but the span's own end is markup in there, and a value is copied from it: it gets no joiners where it can do without.
	const inside = escapedWithin(
		defanged(visible(roughly(value, max)))
			.replaceAll("`", "\u02cb")
			.replace(/@(?=[\p{L}\p{N}_])/gu, `@${JOINER}`),
		max - 2,
	);
	return inside === "" ? "" : `\`${inside}\``;
}

/** The excerpt with what was found in bold. Each part is made inert by itself, so that the bold signs are ours alone. */
export function highlighted(excerpt: string, from: number, to: number, max: number): string {
	const start = Math.min(Math.max(0, from), excerpt.length);
	const end = Math.min(Math.max(start, to), excerpt.length);
	const found = inert(excerpt.slice(start, end), Math.floor(max / 2));
	if (found === "") return inert(excerpt, max);
	const room = Math.floor((max - found.length - 4) / 2);
	const before = inertTail(excerpt.slice(0, start), room);
	const after = inert(excerpt.slice(end), room);
	const glue = (side: string | undefined): string => (side !== undefined && /\s/.test(side) ? " " : JOINER);
	return `${before}${before === "" ? "" : glue(excerpt[start - 1])}*${found}*${after === "" ? "" : glue(excerpt[end])}${after}`;
}

/** The end of a text, where that is what matters. */
function inertTail(text: string, max: number): string {
	let rest = text.length > max ? text.slice(-max) : text;
	for (let turn = 0; turn < 8; turn++) {
		const made = inert(rest, max * 6);
		if (made.length <= max - 1) return rest.length < text.length ? `…${made}` : made;
		rest = rest.slice(Math.ceil(rest.length / 3));
	}
	return "";
}
