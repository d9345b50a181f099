import { botvrijRow } from "../botvrij";
import { defineSource } from "../define";
import { BOTVRIJ } from "../licences";

/** SHA-256 of files in public reports. */
export const botvrijSha256 = defineSource({
	id: "botvrij-sha256",
	name: "Botvrij SHA-256",
	number: 1026,
	tracker: "reputation",
	homepage: "https://www.botvrij.eu/",
	url: "https://www.botvrij.eu/data/ioclist.sha256",
	everyMinutes: 1440,
	lists: { mode: "snapshot" },
	licence: BOTVRIJ,
	category: "malware",
	format: { kind: "lines" },
	row: botvrijRow("sha256"),
});
