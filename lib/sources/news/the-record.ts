import { PUBLISHER } from "../licences";
import { newsFeed } from "../news-feed";

/** Recorded Future News. */
export const theRecord = newsFeed({
	id: "the-record",
	name: "The Record",
	number: 1420,
	homepage: "https://therecord.media/",
	url: "https://therecord.media/feed/",
	everyMinutes: 60,
	licence: PUBLISHER,
});
