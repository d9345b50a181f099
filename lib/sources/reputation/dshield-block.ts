import { defineSource, present } from "../define";

/** The 20 worst /24 of three days. `-`, `>>UNKNOWN<<` and `None` mean nothing; some editions repeat a header row. */
export const dshieldBlock = defineSource({
	id: "dshield-block",
	name: "DShield Block List",
	number: 1007,
	tracker: "reputation",
	homepage: "https://isc.sans.edu/",
	url: "https://feeds.dshield.org/block.txt",
	everyMinutes: 120,
	lists: { mode: "snapshot" },
	licence: { name: "CC BY-NC-SA 2.5", url: "https://creativecommons.org/licenses/by-nc-sa/2.5/", redistributable: false, attribution: "Data by DShield.org." },
	category: "attacker",
	marker: "DShield.org",
	format: { kind: "csv", delimiter: "\t", header: "none", columns: ["start", "end", "mask", "attacks", "name", "country", "email"], ragged: true },
	row: ({ cells }) => {
		if (cells.start === "Start") return null;
		const network = present(cells.name);
		const country = present(cells.country);
		return {
			value: `${cells.start?.trim() ?? ""}/${cells.mask?.trim() ?? ""}`,
			as: "cidr",
			description: `${cells.attacks ?? "?"} targets report scans${network === undefined ? "" : `, network ${network}`}`,
			...(country === undefined ? {} : { country }),
		};
	},
});
