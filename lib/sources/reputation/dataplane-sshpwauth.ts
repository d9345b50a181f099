import { DATAPLANE_COLUMNS, dataplaneRow } from "../dataplane";
import { defineSource } from "../define";
import { DATAPLANE } from "../licences";

/** Hosts that try SSH passwords. Seven days. */
export const dataplaneSshpwauth = defineSource({
	id: "dataplane-sshpwauth",
	name: "DataPlane sshpwauth",
	number: 1031,
	tracker: "reputation",
	homepage: "https://dataplane.org/",
	url: "https://dataplane.org/sshpwauth.txt",
	everyMinutes: 120,
	lists: { mode: "snapshot" },
	licence: DATAPLANE,
	category: "scanner",
	marker: "DataPlane.org",
	format: { kind: "csv", delimiter: "|", header: "none", columns: DATAPLANE_COLUMNS },
	row: dataplaneRow("SSH password attempt"),
});
