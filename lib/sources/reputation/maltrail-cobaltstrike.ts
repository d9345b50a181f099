import { defineSource } from "../define";
import { MALTRAIL } from "../licences";
import { trailRow, trailUrl } from "../maltrail";

/** Team servers, most with their port. */
export const maltrailCobaltstrike = defineSource({
	id: "maltrail-cobaltstrike",
	name: "Maltrail Cobalt Strike",
	number: 1045,
	tracker: "reputation",
	homepage: "https://github.com/stamparm/maltrail",
	url: trailUrl("malware/cobaltstrike"),
	everyMinutes: 1440,
	lists: { mode: "snapshot" },
	licence: MALTRAIL,
	category: "botnet-c2",
	marker: "Maltrail developers",
	format: { kind: "lines" },
	row: trailRow("Cobalt Strike"),
});
