import { defineSource, UnusableRow, utc } from "../define";

/** `address # date count id`, separated by tabs whose number varies. */
export const bruteforceblocker = defineSource({
	id: "bruteforceblocker",
	name: "BruteForceBlocker",
	number: 1028,
	tracker: "reputation",
	homepage: "https://danger.rulez.sk/index.php/bruteforceblocker/",
	url: "https://danger.rulez.sk/projects/bruteforceblocker/blist.php",
	everyMinutes: 120,
	lists: { mode: "snapshot" },
	licence: { name: "free of charge", url: "https://danger.rulez.sk/index.php/bruteforceblocker/", redistributable: true, attribution: "Data by BruteForceBlocker, danger.rulez.sk." },
	category: "attacker",
	marker: "# IP",
	format: { kind: "lines" },
	row: ({ text }) => {
		const [value = "", reported, count] = text.split(/\t+/);
		if (reported === undefined) throw new UnusableRow("there is no date in it");
		const lastSeen = utc(reported.replace(/^#\s*/, ""));
		return { value, as: "ip", description: `SSH brute force${count === undefined ? "" : `, ${count} attempts`}`, ...(lastSeen === undefined ? {} : { lastSeen }) };
	},
});
