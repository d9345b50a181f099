import { OGL_UK } from "../licences";
import { newsFeed } from "../news-feed";

/** Reports and advisories only; general news has a feed of its own (`news-rss-feed.xml`). */
export const ncscUk = newsFeed({
	id: "ncsc-uk",
	name: "NCSC UK reports",
	number: 1413,
	homepage: "https://www.ncsc.gov.uk/section/keep-up-to-date/reports-advisories",
	url: "https://www.ncsc.gov.uk/api/1/services/v1/report-rss-feed.xml",
	everyMinutes: 120,
	licence: OGL_UK,
});
