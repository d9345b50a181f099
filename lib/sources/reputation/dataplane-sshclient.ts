import { DATAPLANE_COLUMNS, dataplaneRow } from "../dataplane";
import { defineSource } from "../define";
import { DATAPLANE } from "../licences";

/** Hosts that open SSH connections without authenticating. Seven days. */
export const dataplaneSshclient = defineSource({
	id: "dataplane-sshclient",
	name: "DataPlane sshclient",
	number: 1030,
	tracker: "reputation",
	homepage: "https://dataplane.org/",
	url: "https://dataplane.org/sshclient.txt",
	everyMinutes: 120,
	lists: { mode: "snapshot" },
	licence: DATAPLANE,
	category: "scanner",
	marker: "DataPlane.org",
	format: { kind: "csv", delimiter: "|", header: "none", columns: DATAPLANE_COLUMNS },
	row: dataplaneRow("SSH probe"),
});
