import { PUBLISHER } from "../licences";
import { newsFeed } from "../news-feed";

/** Also at feeds.feedburner.com/securityweek, which lags behind. */
export const securityweek = newsFeed({
	id: "securityweek",
	name: "SecurityWeek",
	number: 1416,
	homepage: "https://www.securityweek.com/",
	url: "https://www.securityweek.com/feed/",
	everyMinutes: 60,
	licence: PUBLISHER,
});
