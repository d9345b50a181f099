import { canonicaliseFeed } from "@/lib/domain/canonical";
import { namedIn as namedInTexts } from "@/lib/domain/named-in";
import type { Mention } from "./define";

/** Most indicators of one record; a report that lists more is an attachment and not an article. */
const MAX_MENTIONS = 2000;

/**
 * Indicators named in a record's texts, each once, at its first place. Benign ones are marked, never dropped. `site`: addresses
 * or hosts that are the record's own (the article, its feed, the service it stands on).
 */
export function namedIn(parts: ReadonlyArray<{ place: string; text: string | null | undefined }>, ownDomains: readonly string[], options: { site?: readonly string[] } = {}): Mention[] {
	const texts = parts.flatMap(({ place, text }) => (text === null || text === undefined || text === "" ? [] : [{ place, text }]));
	return namedInTexts(texts, { own: ownDomains, limit: MAX_MENTIONS, ...options }).map(({ indicator, place, mark }) => ({ indicator, place, mark }));
}

/** CVE ids that a provider names in a field of its own; what is no CVE id is left out. */
export function namedCves(cves: readonly string[]): Mention[] {
	return cves.flatMap((text) => {
		const result = canonicaliseFeed(text, "cve");
		return result.ok ? [{ indicator: result.indicator, place: "cve" }] : [];
	});
}

/** Several lists of mentions as one, each indicator once, the first place wins. */
export function mergeMentions(...lists: ReadonlyArray<readonly Mention[]>): Mention[] {
	const found = new Map<string, Mention>();
	for (const mention of lists.flat()) {
		const key = `${mention.indicator.type} ${mention.indicator.value}`;
		if (!found.has(key)) found.set(key, mention);
	}
	return [...found.values()];
}
