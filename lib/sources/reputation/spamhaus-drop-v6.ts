import { defineSource } from "../define";
import { SPAMHAUS } from "../licences";
import { dropRow } from "../spamhaus";

/** IPv6 blocks held by criminals. */
export const spamhausDropV6 = defineSource({
	id: "spamhaus-drop-v6",
	name: "Spamhaus DROP IPv6",
	number: 1015,
	tracker: "reputation",
	homepage: "https://www.spamhaus.org/blocklists/do-not-route-or-peer/",
	url: "https://www.spamhaus.org/drop/drop_v6.json",
	everyMinutes: 720,
	lists: { mode: "snapshot" },
	licence: SPAMHAUS,
	category: "hijacked",
	format: { kind: "ndjson" },
	row: dropRow,
});
