import { PUBLISHER } from "../licences";
import { newsFeed } from "../news-feed";

/** Product news among the rest. */
export const helpnetsecurity = newsFeed({
	id: "helpnetsecurity",
	name: "Help Net Security",
	number: 1421,
	homepage: "https://www.helpnetsecurity.com/",
	url: "https://www.helpnetsecurity.com/feed/",
	everyMinutes: 60,
	licence: PUBLISHER,
});
