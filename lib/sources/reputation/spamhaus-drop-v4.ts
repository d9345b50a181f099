import { defineSource } from "../define";
import { SPAMHAUS } from "../licences";
import { dropRow } from "../spamhaus";

/** IPv4 blocks held by criminals. EDROP was merged into it in 2024. */
export const spamhausDropV4 = defineSource({
	id: "spamhaus-drop-v4",
	name: "Spamhaus DROP IPv4",
	number: 1014,
	tracker: "reputation",
	homepage: "https://www.spamhaus.org/blocklists/do-not-route-or-peer/",
	url: "https://www.spamhaus.org/drop/drop_v4.json",
	everyMinutes: 720,
	lists: { mode: "snapshot" },
	licence: SPAMHAUS,
	category: "hijacked",
	format: { kind: "ndjson" },
	row: dropRow,
});
