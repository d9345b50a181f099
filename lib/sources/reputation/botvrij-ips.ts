import { botvrijRow } from "../botvrij";
import { defineSource } from "../define";
import { BOTVRIJ } from "../licences";

/** Addresses out of public reports. */
export const botvrijIps = defineSource({
	id: "botvrij-ips",
	name: "Botvrij IPs",
	number: 1021,
	tracker: "reputation",
	homepage: "https://www.botvrij.eu/",
	url: "https://www.botvrij.eu/data/ioclist.ip-dst",
	everyMinutes: 1440,
	lists: { mode: "snapshot" },
	licence: BOTVRIJ,
	category: "malware",
	format: { kind: "lines" },
	row: botvrijRow("ip"),
});
