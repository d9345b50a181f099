import { PUBLISHER } from "../licences";
import { newsFeed } from "../news-feed";

/** Its links carry campaign parameters, its descriptions a tracking picture. */
export const databreaches = newsFeed({
	id: "databreaches",
	name: "DataBreaches.net",
	number: 1408,
	homepage: "https://databreaches.net/",
	url: "https://databreaches.net/feed/",
	everyMinutes: 60,
	licence: PUBLISHER,
});
