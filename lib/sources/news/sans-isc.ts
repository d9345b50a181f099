import { SANS_ISC } from "../licences";
import { newsFeed } from "../news-feed";

/** Diaries in full, the short feed if that fails. Its XML was broken for hours once (May 2026): the run is suspect then, the next one reads it. */
export const sansIsc = newsFeed({
	id: "sans-isc",
	name: "SANS Internet Storm Center",
	number: 1404,
	homepage: "https://isc.sans.edu/",
	url: "https://isc.sans.edu/rssfeed_full.xml",
	fallbackUrls: ["https://isc.sans.edu/rssfeed.xml"],
	everyMinutes: 60,
	licence: SANS_ISC,
});
