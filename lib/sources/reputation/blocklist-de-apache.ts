import { defineSource } from "../define";
import { BLOCKLIST_DE } from "../licences";
import { addressRow } from "../rows";

/** Attacks on web servers, the last 48 hours. */
export const blocklistDeApache = defineSource({
	id: "blocklist-de-apache",
	name: "blocklist.de Apache",
	number: 1011,
	tracker: "reputation",
	homepage: "https://www.blocklist.de/",
	url: "https://lists.blocklist.de/lists/apache.txt",
	everyMinutes: 60,
	lists: { mode: "snapshot" },
	licence: BLOCKLIST_DE,
	category: "attacker",
	format: { kind: "lines" },
	row: (record) => ({ ...addressRow(record), description: "attacks on web servers" }),
});
