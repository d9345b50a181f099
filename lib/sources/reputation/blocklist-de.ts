import { defineSource } from "../define";
import { BLOCKLIST_DE } from "../licences";
import { addressRow } from "../rows";

/** All services, the last 48 hours. No final newline; Cloudflare addresses occur in it. */
export const blocklistDe = defineSource({
	id: "blocklist-de",
	name: "blocklist.de",
	number: 1008,
	tracker: "reputation",
	homepage: "https://www.blocklist.de/",
	url: "https://lists.blocklist.de/lists/all.txt",
	everyMinutes: 60,
	lists: { mode: "snapshot" },
	licence: BLOCKLIST_DE,
	category: "attacker",
	format: { kind: "lines" },
	row: (record) => ({ ...addressRow(record), description: "reported by fail2ban users" }),
});
