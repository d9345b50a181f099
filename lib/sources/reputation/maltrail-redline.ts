import { defineSource } from "../define";
import { MALTRAIL } from "../licences";
import { trailRow, trailUrl } from "../maltrail";

/** Controllers and pages of the stealer. */
export const maltrailRedline = defineSource({
	id: "maltrail-redline",
	name: "Maltrail RedLine",
	number: 1050,
	tracker: "reputation",
	homepage: "https://github.com/stamparm/maltrail",
	url: trailUrl("malware/redline"),
	everyMinutes: 1440,
	lists: { mode: "snapshot" },
	licence: MALTRAIL,
	category: "botnet-c2",
	marker: "Maltrail developers",
	format: { kind: "lines" },
	row: trailRow("RedLine"),
});
