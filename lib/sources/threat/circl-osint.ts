import { mispFeed } from "./misp/feed";

/** The feed nearly every MISP starts with: some 1,600 events since 2011, OSINT reports read by people. Events are published late: their timestamps are older than their arrival. */
export const circlOsint = mispFeed({
	id: "circl-osint",
	name: "CIRCL OSINT",
	number: 1201,
	homepage: "https://www.circl.lu/doc/misp/feed-osint/",
	url: "https://www.circl.lu/doc/misp/feed-osint/",
	everyMinutes: 60,
	licence: {
		name: "CIRCL OSINT feed, free of charge",
		url: "https://www.circl.lu/doc/misp/feed-osint/",
		redistributable: true,
		attribution: "Data by CIRCL, Computer Incident Response Center Luxembourg.",
	},
});
