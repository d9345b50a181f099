import { defineSource } from "../define";
import { MALTRAIL } from "../licences";
import { trailRow, trailUrl } from "../maltrail";

/** Domains of its generator; the botnet was taken down in 2022. */
export const maltrailFlubot = defineSource({
	id: "maltrail-flubot",
	name: "Maltrail FluBot",
	number: 1042,
	tracker: "reputation",
	homepage: "https://github.com/stamparm/maltrail",
	url: trailUrl("malware/android_flubot"),
	everyMinutes: 1440,
	lists: { mode: "snapshot" },
	licence: MALTRAIL,
	category: "botnet-c2",
	marker: "Maltrail developers",
	format: { kind: "lines" },
	row: trailRow("FluBot"),
});
