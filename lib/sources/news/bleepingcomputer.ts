import { PUBLISHER } from "../licences";
import { newsFeed } from "../news-feed";

/** The channel's date has a named zone (`EDT`), its entries have offsets. Cloudflare stands before it: a challenge page is a web page, not a feed. */
export const bleepingcomputer = newsFeed({
	id: "bleepingcomputer",
	name: "BleepingComputer",
	number: 1401,
	homepage: "https://www.bleepingcomputer.com/",
	url: "https://www.bleepingcomputer.com/feed/",
	everyMinutes: 30,
	licence: PUBLISHER,
});
