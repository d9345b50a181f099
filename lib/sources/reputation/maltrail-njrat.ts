import { defineSource } from "../define";
import { MALTRAIL } from "../licences";
import { trailRow, trailUrl } from "../maltrail";

/** Controllers, often on dynamic DNS names. */
export const maltrailNjrat = defineSource({
	id: "maltrail-njrat",
	name: "Maltrail njRAT",
	number: 1049,
	tracker: "reputation",
	homepage: "https://github.com/stamparm/maltrail",
	url: trailUrl("malware/njrat"),
	everyMinutes: 1440,
	lists: { mode: "snapshot" },
	licence: MALTRAIL,
	category: "botnet-c2",
	marker: "Maltrail developers",
	format: { kind: "lines" },
	row: trailRow("njRAT"),
});
