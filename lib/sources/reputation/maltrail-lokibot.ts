import { defineSource } from "../define";
import { MALTRAIL } from "../licences";
import { trailRow, trailUrl } from "../maltrail";

/** Panels of the stealer. */
export const maltrailLokibot = defineSource({
	id: "maltrail-lokibot",
	name: "Maltrail LokiBot",
	number: 1048,
	tracker: "reputation",
	homepage: "https://github.com/stamparm/maltrail",
	url: trailUrl("malware/lokibot"),
	everyMinutes: 1440,
	lists: { mode: "snapshot" },
	licence: MALTRAIL,
	category: "botnet-c2",
	marker: "Maltrail developers",
	format: { kind: "lines" },
	row: trailRow("LokiBot"),
});
