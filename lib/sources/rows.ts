import type { FeedRecord } from "@/lib/net/formats";
import type { Listing } from "./define";

/** Rows of the plainest lists there are: one value a line and nothing else. */

export function addressRow({ text }: FeedRecord): Listing {
	return { value: text, as: "ip" };
}

/** Address or block a line. */
export function networkRow({ text }: FeedRecord): Listing {
	return { value: text, as: "network" };
}
