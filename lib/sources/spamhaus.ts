import type { FeedRecord } from "@/lib/net/formats";
import { type Listing, UnusableRow } from "./define";
import { textOf } from "./text";

/** One JSON object a line; the last one is metadata. A block can be there twice, once for each SBL entry. */
export function dropRow({ json }: FeedRecord): Listing | null {
	if (textOf(json, "type") === "metadata") return null;
	const cidr = textOf(json, "cidr");
	if (cidr === undefined) throw new UnusableRow('there is no "cidr"');
	const entry = textOf(json, "sblid");
	return {
		value: cidr,
		as: "cidr",
		...(entry === undefined ? {} : { description: entry, referrer: `https://check.spamhaus.org/sbl/query/${encodeURIComponent(entry)}` }),
	};
}
