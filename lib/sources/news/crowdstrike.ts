import { PUBLISHER } from "../licences";
import { newsFeed } from "../news-feed";

/** Dates are not RFC 822: `Jul 23, 2025 00:00:00-0500`. Titles are escaped twice, entries carry no text. */
export const crowdstrike = newsFeed({
	id: "crowdstrike",
	name: "CrowdStrike Blog",
	number: 1407,
	homepage: "https://www.crowdstrike.com/en-us/blog/",
	url: "https://www.crowdstrike.com/en-us/blog/feed",
	everyMinutes: 120,
	licence: PUBLISHER,
});
