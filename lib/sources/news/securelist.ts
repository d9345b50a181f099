import { PUBLISHER } from "../licences";
import { newsFeed } from "../news-feed";

/** Kaspersky's research; indicators are written defanged. */
export const securelist = newsFeed({
	id: "securelist",
	name: "Securelist",
	number: 1410,
	homepage: "https://securelist.com/",
	url: "https://securelist.com/feed/",
	everyMinutes: 60,
	licence: PUBLISHER,
});
