import { BOTVRIJ } from "../licences";
import { mispFeed } from "./misp/feed";

/** The events behind Botvrij's lists: a value there is a line, here it is in its report. */
export const botvrijEvents = mispFeed({
	id: "botvrij-events",
	name: "Botvrij.eu events",
	number: 1202,
	homepage: "https://www.botvrij.eu/",
	url: "https://www.botvrij.eu/data/feed-osint",
	everyMinutes: 1440,
	licence: BOTVRIJ,
});
