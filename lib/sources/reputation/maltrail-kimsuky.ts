import { defineSource } from "../define";
import { MALTRAIL } from "../licences";
import { trailRow, trailUrl } from "../maltrail";

/** A North Korean group; collected from public reports since 2014. */
export const maltrailKimsuky = defineSource({
	id: "maltrail-kimsuky",
	name: "Maltrail Kimsuky",
	number: 1043,
	tracker: "reputation",
	homepage: "https://github.com/stamparm/maltrail",
	url: trailUrl("malware/apt_kimsuky"),
	everyMinutes: 1440,
	lists: { mode: "snapshot" },
	licence: MALTRAIL,
	category: "botnet-c2",
	marker: "Maltrail developers",
	format: { kind: "lines" },
	row: trailRow("Kimsuky"),
});
