import { defineSource } from "../define";
import { MALTRAIL } from "../licences";
import { trailRow, trailUrl } from "../maltrail";

/** Skimmers on web shops. */
export const maltrailMagentocore = defineSource({
	id: "maltrail-magentocore",
	name: "Maltrail Magecart",
	number: 1041,
	tracker: "reputation",
	homepage: "https://github.com/stamparm/maltrail",
	url: trailUrl("malicious/magentocore"),
	everyMinutes: 1440,
	lists: { mode: "snapshot" },
	licence: MALTRAIL,
	category: "malware",
	marker: "Maltrail developers",
	format: { kind: "lines" },
	row: trailRow("Magecart"),
});
