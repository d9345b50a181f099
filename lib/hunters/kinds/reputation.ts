import { type CanonicalValue, typeFromNumber } from "@/lib/domain/indicator";
import { defineHunterKind } from "../define";
import { commonFields, field, oneLine } from "../read/columns";
import { tableReaders } from "../read/table";

/**
 * Listings of bad addresses, names, URLs and hashes. What a record is about is always looked at, also where a warning list names it: that
 * a list has one's own address is what many of these hunters are made for.
 */
export const reputationHunter = defineHunterKind({
	id: "reputation",
	tracker: "reputation",
	title: "Reputation",
	says: "Looks at what block lists list: addresses, blocks, domains with what is below them, URLs and hashes, and what is said of them.",
	icon: ":no_entry:",
	sender: "EXIST reputation hunter",
	fields: [
		{ name: "value", kind: "text", bare: true, says: "the value that is listed", example: "value:paypal" },
		{ name: "description", kind: "text", bare: true, says: "what the source says of it", example: "description:emotet" },
		{ name: "tag", kind: "text", bare: true, says: "tags of the source", example: "tag:cobalt" },
		{ name: "type", kind: "word", bare: false, says: "ipv4, ipv6, cidr, domain, url, md5, sha1 or sha256", example: "type:domain" },
		{ name: "category", kind: "word", bare: false, says: "what the source says it is", example: "category:phishing" },
		{ name: "country", kind: "word", bare: false, says: "country of the address, two letters", example: "country:JP" },
		{ name: "port", kind: "word", bare: false, says: "a port that was seen with the address", example: "port:443" },
		{ name: "referrer", kind: "text", bare: false, says: "where the source shows its evidence", example: "referrer:urlhaus" },
		{ name: "confidence", kind: "number", bare: false, says: "how sure the source is, 0 to 100", example: "confidence:>=75" },
		...commonFields("urlhaus"),
	],
	examples: [
		{ query: "203.0.113.0/24, 2001:db8::/32", says: "any list that names one of your addresses" },
		{ query: "example.com category:phishing", says: "phishing below a domain" },
	],
	...tableReaders({
		tracker: "reputation",
		isSighting: true,
		from: "sighting s",
		joins: "JOIN indicator i ON i.id = s.indicator_id",
		alias: "s",
		time: "seen_at",
		long: ["ports", "description", "referrer"],
		select: "i.type, i.value, s.seen_at, s.observed_at, s.category, s.country, s.ports, s.description, s.referrer, s.tags, s.confidence",
		document: (row) => {
			const indicator = { type: typeFromNumber(Number(row.type)), value: row.value as CanonicalValue };
			const ports = field.text(row.ports)?.split(",") ?? [];
			return {
				at: row.seen_at as Date,
				arrived: row.observed_at as Date,
				title: oneLine(indicator.value, indicator.type),
				path: `/reputation/${(row.id as Buffer).toString("hex")}`,
				fields: {
					value: indicator.value,
					description: field.text(row.description),
					tag: field.list(row.tags),
					type: indicator.type,
					category: field.text(row.category),
					country: field.text(row.country),
					// `53/udp` is asked for by its number as well.
					port: [...new Set(ports.flatMap((port) => [port, port.split("/")[0] as string]))],
					referrer: field.text(row.referrer),
					confidence: field.number(row.confidence),
				},
				indicators: [indicator],
			};
		},
	}),
});
