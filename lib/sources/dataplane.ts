import type { FeedRecord } from "@/lib/net/formats";
import { type Listing, present, utc } from "./define";

export const DATAPLANE_COLUMNS = ["asn", "asname", "address", "lastseen", "category"] as const;

/** `ASN | AS name | address | last seen | report`, padded with blanks. An AS name may hold commas, never the bar. */
export function dataplaneRow(description: string): (record: FeedRecord) => Listing {
	return ({ cells }) => {
		const lastSeen = utc(cells.lastseen);
		const asn = present(cells.asn);
		return {
			value: cells.address?.trim() ?? "",
			as: "ip",
			description,
			...(lastSeen === undefined ? {} : { lastSeen }),
			...(asn === undefined || asn === "NA" ? {} : { tags: [`AS${asn}`] }),
		};
	};
}
