import { PUBLISHER } from "../licences";
import { newsFeed } from "../news-feed";

/** Palo Alto Networks' research. */
export const unit42 = newsFeed({
	id: "unit42",
	name: "Unit 42",
	number: 1412,
	homepage: "https://unit42.paloaltonetworks.com/",
	url: "https://unit42.paloaltonetworks.com/feed/",
	everyMinutes: 60,
	licence: PUBLISHER,
});
