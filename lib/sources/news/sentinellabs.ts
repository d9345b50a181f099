import { PUBLISHER } from "../licences";
import { newsFeed } from "../news-feed";

/** Research only; the vendor's blog has a feed of its own. */
export const sentinellabs = newsFeed({
	id: "sentinellabs",
	name: "SentinelLabs",
	number: 1418,
	homepage: "https://www.sentinelone.com/labs/",
	url: "https://www.sentinelone.com/labs/feed/",
	everyMinutes: 120,
	licence: PUBLISHER,
});
