import { PUBLISHER } from "../licences";
import { newsFeed } from "../news-feed";

/** Few and long: whole intrusions with their indicators. */
export const dfirReport = newsFeed({
	id: "dfir-report",
	name: "The DFIR Report",
	number: 1414,
	homepage: "https://thedfirreport.com/",
	url: "https://thedfirreport.com/feed/",
	everyMinutes: 120,
	licence: PUBLISHER,
});
