import { defineSource } from "../define";
import { addressRow } from "../rows";

/** Exactly 15,000 addresses, the worst scored of the hour. */
export const cins = defineSource({
	id: "cins",
	name: "CINS",
	number: 261,
	tracker: "reputation",
	homepage: "https://cinsscore.com/",
	url: "https://cinsscore.com/list/ci-badguys.txt",
	everyMinutes: 60,
	lists: { mode: "snapshot" },
	licence: { name: "CINS Army list, free of charge", url: "https://cinsscore.com/#list", redistributable: true, attribution: "Data by the CINS Army list." },
	category: "attacker",
	format: { kind: "lines" },
	row: addressRow,
});
