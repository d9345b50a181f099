import { defineSource } from "../define";
import { BLOCKLIST_DE } from "../licences";
import { addressRow } from "../rows";

/** Brute force against SSH, the last 48 hours. */
export const blocklistDeSsh = defineSource({
	id: "blocklist-de-ssh",
	name: "blocklist.de SSH",
	number: 1009,
	tracker: "reputation",
	homepage: "https://www.blocklist.de/",
	url: "https://lists.blocklist.de/lists/ssh.txt",
	everyMinutes: 60,
	lists: { mode: "snapshot" },
	licence: BLOCKLIST_DE,
	category: "attacker",
	format: { kind: "lines" },
	row: (record) => ({ ...addressRow(record), description: "SSH brute force" }),
});
