import { defineSource } from "../define";
import { MALTRAIL } from "../licences";
import { trailRow, trailUrl } from "../maltrail";

/** Projects that scan the whole internet, mostly for research; the remark names them. */
export const maltrailMassScanner = defineSource({
	id: "maltrail-mass-scanner",
	name: "Maltrail mass scanner",
	number: 1040,
	tracker: "reputation",
	homepage: "https://github.com/stamparm/maltrail",
	url: trailUrl("mass_scanner"),
	everyMinutes: 1440,
	lists: { mode: "snapshot" },
	licence: MALTRAIL,
	category: "scanner",
	marker: "Maltrail developers",
	format: { kind: "lines" },
	row: trailRow("mass scanner"),
});
