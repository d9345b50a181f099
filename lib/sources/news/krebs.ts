import { PUBLISHER } from "../licences";
import { newsFeed } from "../news-feed";

/** WordPress: whole articles in `content:encoded`. */
export const krebs = newsFeed({
	id: "krebs",
	name: "Krebs on Security",
	number: 1402,
	homepage: "https://krebsonsecurity.com/",
	url: "https://krebsonsecurity.com/feed/",
	everyMinutes: 60,
	licence: PUBLISHER,
});
