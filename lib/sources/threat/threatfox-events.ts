import { ABUSE_CH } from "../licences";
import { mispFeed } from "./misp/feed";

/** One event a day with all that was reported on it; today's grows all day, so its timestamp does. */
export const threatfoxEvents = mispFeed({
	id: "threatfox-events",
	name: "ThreatFox events",
	number: 1203,
	homepage: "https://threatfox.abuse.ch/",
	url: "https://threatfox.abuse.ch/downloads/misp/",
	headers: (key): Record<string, string> => (key === undefined ? {} : { "auth-key": key }),
	secret: { name: "abuseChAuthKey", required: false },
	everyMinutes: 60,
	licence: ABUSE_CH,
});
