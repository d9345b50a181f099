import { PUBLISHER } from "../licences";
import { newsFeed } from "../news-feed";

/** Whole articles, with tables of indicators at their ends. */
export const microsoftSecurity = newsFeed({
	id: "microsoft-security",
	name: "Microsoft Security Blog",
	number: 1409,
	homepage: "https://www.microsoft.com/en-us/security/blog/",
	url: "https://www.microsoft.com/en-us/security/blog/feed/",
	everyMinutes: 60,
	licence: PUBLISHER,
});
