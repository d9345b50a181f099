import { X_TERMS } from "../licences";
import { defineRecordSource } from "../record";
import { credentialsOf } from "../x-client";
import { pageQuery, readTimelines, type XMark } from "../x-timeline";
import type { TweetPage } from "../x-tweets";

/**
 * What the accounts follow, one home timeline for each account's credentials. X gives at most 800 posts or seven days of it, and
 * takes `since_id`. Version 1.1, which the original read, is gone; the free tier ended in February 2026.
 */
export const xHome = defineRecordSource<"twitter", XMark>({
	id: "x-home",
	name: "X home timeline",
	number: 1301,
	tracker: "twitter",
	homepage: "https://x.com/home",
	secret: { name: "twitterHome", required: true },
	everyMinutes: 15,
	licence: X_TERMS,
	reading: readTimelines((access) =>
		credentialsOf(access)
			.filter(({ isUser }) => isUser)
			.map((account) => ({
				key: `home ${account.key}`,
				label: `home of ${account.label}`,
				account,
				page: (client, at, userId) => client.ask<TweetPage>("users/:id/timelines/reverse_chronological", pageQuery(100, at, true), { id: userId ?? "" }),
			})),
	),
});
