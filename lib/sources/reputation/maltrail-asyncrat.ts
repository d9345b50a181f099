import { defineSource } from "../define";
import { MALTRAIL } from "../licences";
import { trailRow, trailUrl } from "../maltrail";

/** Controllers, most with their port. */
export const maltrailAsyncrat = defineSource({
	id: "maltrail-asyncrat",
	name: "Maltrail AsyncRAT",
	number: 1044,
	tracker: "reputation",
	homepage: "https://github.com/stamparm/maltrail",
	url: trailUrl("malware/asyncrat"),
	everyMinutes: 1440,
	lists: { mode: "snapshot" },
	licence: MALTRAIL,
	category: "botnet-c2",
	marker: "Maltrail developers",
	format: { kind: "lines" },
	row: trailRow("AsyncRAT"),
});
