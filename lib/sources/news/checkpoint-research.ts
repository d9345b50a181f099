import { PUBLISHER } from "../licences";
import { newsFeed } from "../news-feed";

/** Research and a weekly digest; the digest names many victims' domains. */
export const checkpointResearch = newsFeed({
	id: "checkpoint-research",
	name: "Check Point Research",
	number: 1415,
	homepage: "https://research.checkpoint.com/",
	url: "https://research.checkpoint.com/feed/",
	everyMinutes: 60,
	licence: PUBLISHER,
});
