import { defineSource } from "../define";
import { addressRow } from "../rows";

/** Scanners and brute force seen by its sensors; unsorted, no banner. */
export const greensnow = defineSource({
	id: "greensnow",
	name: "GreenSnow",
	number: 1017,
	tracker: "reputation",
	homepage: "https://greensnow.co/",
	url: "https://blocklist.greensnow.co/greensnow.txt",
	everyMinutes: 60,
	lists: { mode: "snapshot" },
	licence: { name: "none published", url: "https://greensnow.co/", redistributable: false, attribution: "Data by GreenSnow." },
	category: "attacker",
	format: { kind: "lines" },
	row: addressRow,
});
