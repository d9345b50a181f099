import { defineSource } from "../define";
import { BLOCKLIST_DE } from "../licences";
import { addressRow } from "../rows";

/** Brute force against the logins of WordPress, Joomla and the like, the last 48 hours. */
export const blocklistDeBruteforce = defineSource({
	id: "blocklist-de-bruteforce",
	name: "blocklist.de Brute force logins",
	number: 1013,
	tracker: "reputation",
	homepage: "https://www.blocklist.de/",
	url: "https://lists.blocklist.de/lists/bruteforcelogin.txt",
	everyMinutes: 60,
	lists: { mode: "snapshot" },
	licence: BLOCKLIST_DE,
	category: "attacker",
	format: { kind: "lines" },
	row: (record) => ({ ...addressRow(record), description: "web login brute force" }),
});
