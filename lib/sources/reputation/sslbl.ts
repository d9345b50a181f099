import { defineSource, present, utc } from "../define";
import { ABUSE_CH_CC0 } from "../licences";

/** SHA-1 of TLS certificates, not of files. Nothing is quoted, so the reason takes every further comma. Its IP list died in 2025. */
export const sslbl = defineSource({
	id: "sslbl",
	name: "SSLBL",
	number: 1005,
	tracker: "reputation",
	homepage: "https://sslbl.abuse.ch/",
	url: "https://sslbl.abuse.ch/blacklist/sslblacklist.csv",
	everyMinutes: 30,
	lists: { mode: "snapshot" },
	licence: ABUSE_CH_CC0,
	category: "botnet-c2",
	marker: "SSL Certificate Blacklist",
	format: { kind: "csv", header: "comment", columns: ["listingdate", "sha1", "listingreason"], restInLast: true },
	row: ({ cells }) => {
		const firstSeen = utc(cells.listingdate);
		const description = present(cells.listingreason);
		return {
			value: cells.sha1 ?? "",
			as: "sha1",
			tags: ["tls-certificate"],
			...(firstSeen === undefined ? {} : { firstSeen }),
			...(description === undefined ? {} : { description }),
			referrer: `https://sslbl.abuse.ch/ssl-certificates/sha1/${cells.sha1 ?? ""}/`,
		};
	},
});
