import { botvrijRow } from "../botvrij";
import { defineSource } from "../define";
import { BOTVRIJ } from "../licences";

/** URLs out of public reports; some lack their scheme, then `http` is meant. */
export const botvrijUrls = defineSource({
	id: "botvrij-urls",
	name: "Botvrij URLs",
	number: 1023,
	tracker: "reputation",
	homepage: "https://www.botvrij.eu/",
	url: "https://www.botvrij.eu/data/ioclist.url",
	everyMinutes: 1440,
	lists: { mode: "snapshot" },
	licence: BOTVRIJ,
	category: "malware",
	format: { kind: "lines" },
	row: botvrijRow("any"),
});
