import { defineSource, tagList } from "../define";

/** Attackers seen by the honeypots of Turris routers; the tags say which service was tried. */
export const turris = defineSource({
	id: "turris",
	name: "Turris Sentinel Greylist",
	number: 1033,
	tracker: "reputation",
	homepage: "https://view.sentinel.turris.cz/",
	url: "https://view.sentinel.turris.cz/greylist-data/greylist-latest.csv",
	everyMinutes: 1440,
	lists: { mode: "snapshot" },
	licence: { name: "CC BY-NC-SA 4.0", url: "https://view.sentinel.turris.cz/greylist-data/LICENSE.txt", redistributable: false, attribution: "Data by CZ.NIC, Turris Sentinel." },
	category: "attacker",
	format: { kind: "csv", header: "row", columns: ["address", "tags"] },
	row: ({ cells }) => ({ value: cells.address ?? "", as: "ip", tags: tagList(cells.tags) }),
});
