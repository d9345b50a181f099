import { defineSource } from "../define";
import { BLOCKLIST_DE } from "../licences";
import { addressRow } from "../rows";

/** Bots that post spam to forums and wikis or hammer IRC, the last 48 hours. */
export const blocklistDeBots = defineSource({
	id: "blocklist-de-bots",
	name: "blocklist.de Bots",
	number: 1012,
	tracker: "reputation",
	homepage: "https://www.blocklist.de/",
	url: "https://lists.blocklist.de/lists/bots.txt",
	everyMinutes: 60,
	lists: { mode: "snapshot" },
	licence: BLOCKLIST_DE,
	category: "attacker",
	format: { kind: "lines" },
	row: (record) => ({ ...addressRow(record), description: "web and forum bots" }),
});
