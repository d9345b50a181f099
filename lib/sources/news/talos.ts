import { PUBLISHER } from "../licences";
import { newsFeed } from "../news-feed";

/** The older `feeds/posts/default` of its Blogger days is gone. */
export const talos = newsFeed({
	id: "talos",
	name: "Cisco Talos",
	number: 1411,
	homepage: "https://blog.talosintelligence.com/",
	url: "https://blog.talosintelligence.com/rss/",
	everyMinutes: 60,
	licence: PUBLISHER,
});
