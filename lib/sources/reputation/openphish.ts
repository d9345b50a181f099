import { defineSource } from "../define";
import { decodeEntities } from "../text";

/** The newest 300 pages; what drops out was pushed out, not cleaned. Holds hobby pages and link shorteners too. */
export const openphish = defineSource({
	id: "openphish",
	name: "OpenPhish",
	number: 1006,
	tracker: "reputation",
	homepage: "https://openphish.com/",
	url: "https://raw.githubusercontent.com/openphish/public_feed/refs/heads/main/feed.txt",
	everyMinutes: 720,
	lists: { mode: "window", expiresAfterDays: 14 },
	licence: { name: "OpenPhish terms, non-commercial", url: "https://openphish.com/terms.html", redistributable: false, attribution: "Data by OpenPhish." },
	category: "phishing",
	// URLs are not introduced by a comment mark, and `#` may begin none of them.
	format: { kind: "lines", comments: [] },
	row: ({ text }) => ({ value: decodeEntities(text), as: "url" }),
});
