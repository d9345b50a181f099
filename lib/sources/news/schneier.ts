import { PUBLISHER } from "../licences";
import { newsFeed } from "../news-feed";

/** Atom. */
export const schneier = newsFeed({
	id: "schneier",
	name: "Schneier on Security",
	number: 1417,
	homepage: "https://www.schneier.com/",
	url: "https://www.schneier.com/feed/atom/",
	everyMinutes: 120,
	licence: PUBLISHER,
});
