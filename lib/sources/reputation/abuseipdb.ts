import { defineSource, UnusableRow, utc } from "../define";
import { numberOf, textOf } from "../text";

/** Free accounts get five downloads a day, 10,000 addresses, score 100 only, whatever is asked for. */
export const abuseipdb = defineSource({
	id: "abuseipdb",
	name: "AbuseIPDB",
	number: 301,
	tracker: "reputation",
	homepage: "https://www.abuseipdb.com/",
	url: "https://api.abuseipdb.com/api/v2/blacklist?confidenceMinimum=90&limit=10000",
	secret: { name: "abuseIpdbKey", required: true },
	headers: (key) => ({ accept: "application/json", ...(key === undefined ? {} : { key }) }),
	everyMinutes: 720,
	lists: { mode: "window", expiresAfterDays: 7 },
	licence: { name: "AbuseIPDB terms, no redistribution", url: "https://www.abuseipdb.com/legal", redistributable: false, attribution: "Data by AbuseIPDB." },
	category: "attacker",
	format: { kind: "json", root: ["data"] },
	row: ({ json }) => {
		const value = textOf(json, "ipAddress");
		if (value === undefined) throw new UnusableRow('there is no "ipAddress"');
		const lastSeen = utc(textOf(json, "lastReportedAt")?.replace(/[+-]00:00$/, "Z"));
		const country = textOf(json, "countryCode");
		const confidence = numberOf(json, "abuseConfidenceScore");
		return {
			value,
			as: "ip",
			...(lastSeen === undefined ? {} : { lastSeen }),
			...(country === undefined ? {} : { country }),
			...(confidence === undefined ? {} : { confidence }),
			referrer: `https://www.abuseipdb.com/check/${encodeURIComponent(value)}`,
		};
	},
});
