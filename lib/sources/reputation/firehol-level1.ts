import { defineSource } from "../define";
import { networkRow } from "../rows";

/** A union of other lists, bogons and private space included: those are marked and never block anything. */
export const fireholLevel1 = defineSource({
	id: "firehol-level1",
	name: "FireHOL Level 1",
	number: 1029,
	tracker: "reputation",
	homepage: "https://iplists.firehol.org/?ipset=firehol_level1",
	url: "https://iplists.firehol.org/files/firehol_level1.netset",
	everyMinutes: 240,
	lists: { mode: "snapshot" },
	licence: { name: "each list's own", url: "https://iplists.firehol.org/", redistributable: false, attribution: "Data by FireHOL and the lists it is made of." },
	category: "attacker",
	marker: "# Maintainer",
	format: { kind: "lines" },
	row: networkRow,
});
