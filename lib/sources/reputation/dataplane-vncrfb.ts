import { DATAPLANE_COLUMNS, dataplaneRow } from "../dataplane";
import { defineSource } from "../define";
import { DATAPLANE } from "../licences";

/** Hosts that open VNC sessions. Seven days. */
export const dataplaneVncrfb = defineSource({
	id: "dataplane-vncrfb",
	name: "DataPlane vncrfb",
	number: 1032,
	tracker: "reputation",
	homepage: "https://dataplane.org/",
	url: "https://dataplane.org/vncrfb.txt",
	everyMinutes: 120,
	lists: { mode: "snapshot" },
	licence: DATAPLANE,
	category: "scanner",
	marker: "DataPlane.org",
	format: { kind: "csv", delimiter: "|", header: "none", columns: DATAPLANE_COLUMNS },
	row: dataplaneRow("VNC probe"),
});
