/** Readers of what every source of vulnerabilities has. Pure; what cannot be used is undefined, never guessed. */

/** Most of each list that is kept of one record. Some CVEs name ten thousand configurations; lists of that length help nobody. */
export const MAX_LISTED = 500;
/** Characters of a description, a solution. */
export const MAX_TEXT = 100_000;
const MAX_URL = 2048;
const MAX_TITLE = 200;

/** Abbreviations whose full stop ends no sentence. */
const ABBREVIATIONS: ReadonlySet<string> = new Set(["e.g", "i.e", "vs", "inc", "corp", "ltd", "co", "no", "ver", "v", "rev", "approx", "etc", "mr", "dr", "st"]);

/** A member of a record that should be an array; anything else is none. */
export function listOf(record: unknown, name: string): readonly unknown[] {
	if (typeof record !== "object" || record === null) return [];
	const value = (record as Record<string, unknown>)[name];
	return Array.isArray(value) ? value : [];
}

/** `CVE-2026-1234` in upper case, or undefined. */
export function cveId(text: string | undefined): string | undefined {
	const id = text?.trim().toUpperCase();
	return id !== undefined && /^CVE-\d{4}-\d{4,19}$/.test(id) ? id : undefined;
}

/** `CWE-79`, or undefined for `NVD-CWE-noinfo`, `CWE-noinfo` and the like, which say nothing. */
export function cweId(text: string | undefined): string | undefined {
	const id = text?.trim().toUpperCase();
	return id !== undefined && /^CWE-\d{1,6}$/.test(id) ? id : undefined;
}

/** An http(s) address as it stands, or undefined. */
export function webAddress(text: string | undefined): string | undefined {
	const url = text?.trim();
	return url !== undefined && url.length <= MAX_URL && /^https?:\/\//i.test(url) && URL.canParse(url) ? url : undefined;
}

/** The beginning of a text of at most `max` characters, at the end of a word; `…` where something is left out. */
export function beginning(text: string, max: number): string {
	if (text.length <= max) return text;
	const head = text.slice(0, max - 1);
	const blank = head.lastIndexOf(" ");
	return `${(blank > max / 2 ? head.slice(0, blank) : head).toWellFormed().trimEnd()}…`;
}

/**
 * A title out of a description: its first sentence. A full stop ends one only before a blank and a capital, so that versions
 * (`before 23.3.36, a path`) and abbreviations stay whole.
 */
export function firstSentence(description: string): string {
	const text = description.slice(0, 2000).replace(/\s+/g, " ").trim();
	for (const match of text.matchAll(/([^\s]+)[.!?](?=\s+["'(`]?[\p{Lu}\d*])/gu)) {
		const word = (match[1] as string).toLowerCase();
		const end = match.index + (match[1] as string).length;
		if (end < 15 || ABBREVIATIONS.has(word) || /^[a-z]$/.test(word)) continue;
		return beginning(text.slice(0, end), MAX_TITLE);
	}
	return beginning(text.replace(/[.。]$/, ""), MAX_TITLE);
}

/** The word for a score where the source gives none: CVSS 2.0 knows three, later versions five. */
export function severityOf(version: string, score: number): string {
	if (version.startsWith("2")) return score >= 7 ? "HIGH" : score >= 4 ? "MEDIUM" : "LOW";
	return score >= 9 ? "CRITICAL" : score >= 7 ? "HIGH" : score >= 4 ? "MEDIUM" : score > 0 ? "LOW" : "NONE";
}

/** The first `MAX_LISTED`, and words for what was left out. */
export function capped<T>(all: readonly T[], what: string): { kept: readonly T[]; cut: string[] } {
	if (all.length <= MAX_LISTED) return { kept: all, cut: [] };
	return { kept: all.slice(0, MAX_LISTED), cut: [`${MAX_LISTED} of ${all.length.toLocaleString("en")} ${what}`] };
}

/** Each key once, the first wins. */
export function distinctBy<T>(all: readonly T[], key: (one: T) => string): T[] {
	const seen = new Set<string>();
	return all.filter((one) => {
		const name = key(one);
		if (seen.has(name)) return false;
		seen.add(name);
		return true;
	});
}
