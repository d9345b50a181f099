import { X_TERMS } from "../licences";
import { defineRecordSource } from "../record";
import { pageQuery, readTimelines, type XMark } from "../x-timeline";
import type { TweetPage } from "../x-tweets";

/**
 * Lists on X, read with whichever credential is free. The endpoint takes no `since_id`: pages are read until one meets what is
 * known, in smaller pages than a home timeline's, as X counts every post it gives.
 */
export const xLists = defineRecordSource<"twitter", XMark>({
	id: "x-lists",
	name: "X lists",
	number: 1302,
	tracker: "twitter",
	homepage: "https://x.com/",
	secret: { name: "twitterLists", required: true },
	everyMinutes: 15,
	licence: X_TERMS,
	reading: readTimelines(({ lists }) =>
		lists.map((id) => ({
			key: `list ${id}`,
			label: `list ${id}`,
			account: null,
			page: (client, at) => client.ask<TweetPage>("lists/:id/tweets", pageQuery(50, at, false), { id }),
		})),
	),
});
