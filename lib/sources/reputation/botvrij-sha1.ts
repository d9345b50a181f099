import { botvrijRow } from "../botvrij";
import { defineSource } from "../define";
import { BOTVRIJ } from "../licences";

/** SHA-1 of files in public reports. */
export const botvrijSha1 = defineSource({
	id: "botvrij-sha1",
	name: "Botvrij SHA-1",
	number: 1025,
	tracker: "reputation",
	homepage: "https://www.botvrij.eu/",
	url: "https://www.botvrij.eu/data/ioclist.sha1",
	everyMinutes: 1440,
	lists: { mode: "snapshot" },
	licence: BOTVRIJ,
	category: "malware",
	format: { kind: "lines" },
	row: botvrijRow("sha1"),
});
