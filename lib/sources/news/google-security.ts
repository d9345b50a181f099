import { PUBLISHER } from "../licences";
import { newsFeed } from "../news-feed";

/** Atom by Blogger; the page is the `alternate` link among several. */
export const googleSecurity = newsFeed({
	id: "google-security",
	name: "Google Online Security Blog",
	number: 1419,
	homepage: "https://security.googleblog.com/",
	url: "https://security.googleblog.com/feeds/posts/default",
	everyMinutes: 120,
	licence: PUBLISHER,
});
