import { defineSource } from "../define";
import { addressRow } from "../rows";

/** Exit addresses of the Tor network. Being one is no offence: the category says anonymiser, never malicious. */
export const torExits = defineSource({
	id: "tor-exits",
	name: "Tor exits",
	number: 1018,
	tracker: "reputation",
	homepage: "https://metrics.torproject.org/",
	url: "https://check.torproject.org/torbulkexitlist",
	everyMinutes: 60,
	lists: { mode: "snapshot" },
	licence: { name: "CC0 1.0", url: "https://metrics.torproject.org/about.html", redistributable: true, attribution: "Data by The Tor Project." },
	category: "anonymiser",
	format: { kind: "lines" },
	row: (record) => ({ ...addressRow(record), description: "Tor exit node" }),
});
