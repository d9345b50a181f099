import { env } from "@/lib/env";
import { defineHunterKind } from "../define";
import { commonFields } from "../read/columns";
import { eventReaders } from "../read/events";

/** MISP events and their attributes. */
export const threatHunter = defineHunterKind({
	id: "threat",
	tracker: "threat",
	title: "Threat events",
	says: "Looks into MISP events: what an event says of itself, together with one attribute at a time.",
	icon: ":rotating_light:",
	sender: "EXIST threat hunter",
	fields: [
		{ name: "info", kind: "text", bare: true, says: "title of the event", example: "info:apt28" },
		{ name: "attribute", kind: "text", bare: true, says: "value of an attribute", example: "attribute:.duckdns.org" },
		{ name: "comment", kind: "text", bare: true, says: "comment of an attribute", example: "comment:loader" },
		{ name: "tag", kind: "text", bare: true, says: "tags of the event or the attribute", example: "tag:tlp:green" },
		{ name: "galaxy", kind: "text", bare: true, says: "actors, tools and techniques the event is about", example: 'galaxy:"Lazarus Group"' },
		{ name: "org", kind: "text", bare: false, says: "the organisation that made it", example: "org:circl" },
		{ name: "type", kind: "word", bare: false, says: "type of an attribute, in MISP's word", example: "type:ip-dst" },
		{ name: "category", kind: "word", bare: false, says: "category of an attribute, in MISP's words", example: 'category:"payload delivery"' },
		{ name: "ids", kind: "flag", bare: false, says: "whether an attribute is meant for detection", example: "ids:yes" },
		{ name: "level", kind: "word", bare: false, says: "threat level: high, medium, low or undefined", example: "level:high" },
		{ name: "analysis", kind: "word", bare: false, says: "initial, ongoing or complete", example: "analysis:complete" },
		...commonFields("circl-osint"),
	],
	examples: [
		{ query: "emotet ids:yes, qakbot ids:yes", says: "detectable attributes of events about either" },
		{ query: "203.0.113.0/24", says: "any event that names one of your addresses" },
	],
	...eventReaders(() => env().ownDomains),
});
