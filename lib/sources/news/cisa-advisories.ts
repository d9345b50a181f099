import { CISA } from "../licences";
import { newsFeed } from "../news-feed";

/** Whole advisories as escaped HTML (830 kB for ten), with tables of indicators; links are relative to `xml:base`. Refuses some clouds with 403. */
export const cisaAdvisories = newsFeed({
	id: "cisa-advisories",
	name: "CISA Cybersecurity Advisories",
	number: 1405,
	homepage: "https://www.cisa.gov/news-events/cybersecurity-advisories",
	url: "https://www.cisa.gov/cybersecurity-advisories/all.xml",
	everyMinutes: 60,
	licence: CISA,
});
