import type { CanonicalValue } from "@/lib/domain/indicator";
import { warningFor } from "@/lib/domain/warnings";
import type { TweetItem } from "@/lib/sources/record";

/** Where links of a tweet led when somebody had them followed, by the link that was asked. */
export type Followed = Readonly<Record<string, { to?: string; failure?: string; at: string }>>;

/** A service that only leads on. What X says a `t.co` link expands to may be one. */
function isShortener(address: string): boolean {
	const host = URL.parse(address)?.hostname.replace(/^www\./, "") ?? "";
	return warningFor({ type: "domain", value: host as CanonicalValue })?.list === "shortener";
}

/** Links of a tweet that may lead on to somewhere else: X did not say where, or to a shortener. Each as it is to be asked. */
export function openLinks(links: TweetItem["links"], followed: Followed = {}): string[] {
	return [
		...new Set(
			links.flatMap(({ short, expanded }) => {
				const asked = expanded ?? short;
				const leadsOn = expanded === undefined || isShortener(expanded);
				return leadsOn && followed[asked]?.to === undefined ? [asked] : [];
			}),
		),
	];
}
