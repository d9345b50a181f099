import { X_TERMS } from "../licences";
import { defineRecordSource } from "../record";
import { xSearching } from "../x-search";
import type { XMark } from "../x-timeline";

/** What hunters search for on X, with whichever credential is free. X counts every post it gives. */
export const xSearch = defineRecordSource<"twitter", XMark>({
	id: "x-search",
	name: "X search",
	number: 1303,
	tracker: "twitter",
	homepage: "https://x.com/search",
	secret: { name: "twitterSearch", required: true },
	everyMinutes: 5,
	licence: X_TERMS,
	reading: xSearching,
});
