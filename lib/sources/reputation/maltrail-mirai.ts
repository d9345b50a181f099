import { defineSource } from "../define";
import { MALTRAIL } from "../licences";
import { trailRow, trailUrl } from "../maltrail";

/** Controllers and download hosts of Mirai and its kin; many trails are paths. */
export const maltrailMirai = defineSource({
	id: "maltrail-mirai",
	name: "Maltrail Mirai",
	number: 1046,
	tracker: "reputation",
	homepage: "https://github.com/stamparm/maltrail",
	url: trailUrl("malware/elf_mirai"),
	everyMinutes: 1440,
	lists: { mode: "snapshot" },
	licence: MALTRAIL,
	category: "malware-download",
	marker: "Maltrail developers",
	format: { kind: "lines" },
	row: trailRow("Mirai"),
});
