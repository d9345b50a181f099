import { defineSource } from "../define";
import { BLOCKLIST_DE } from "../licences";
import { addressRow } from "../rows";

/** Attacks on mail services (postfix, exim), the last 48 hours. */
export const blocklistDeMail = defineSource({
	id: "blocklist-de-mail",
	name: "blocklist.de Mail",
	number: 1010,
	tracker: "reputation",
	homepage: "https://www.blocklist.de/",
	url: "https://lists.blocklist.de/lists/mail.txt",
	everyMinutes: 60,
	lists: { mode: "snapshot" },
	licence: BLOCKLIST_DE,
	category: "attacker",
	format: { kind: "lines" },
	row: (record) => ({ ...addressRow(record), description: "attacks on mail services" }),
});
