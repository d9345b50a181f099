import { PUBLISHER } from "../licences";
import { newsFeed } from "../news-feed";

/** Served by FeedBurner; the article's own address is in `feedburner:origLink` where it rewrites links. */
export const thehackernews = newsFeed({
	id: "thehackernews",
	name: "The Hacker News",
	number: 1403,
	homepage: "https://thehackernews.com/",
	url: "https://feeds.feedburner.com/TheHackersNews",
	everyMinutes: 30,
	licence: PUBLISHER,
});
