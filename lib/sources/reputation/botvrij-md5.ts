import { botvrijRow } from "../botvrij";
import { defineSource } from "../define";
import { BOTVRIJ } from "../licences";

/** MD5 of files in public reports. */
export const botvrijMd5 = defineSource({
	id: "botvrij-md5",
	name: "Botvrij MD5",
	number: 1024,
	tracker: "reputation",
	homepage: "https://www.botvrij.eu/",
	url: "https://www.botvrij.eu/data/ioclist.md5",
	everyMinutes: 1440,
	lists: { mode: "snapshot" },
	licence: BOTVRIJ,
	category: "malware",
	format: { kind: "lines" },
	row: botvrijRow("md5"),
});
