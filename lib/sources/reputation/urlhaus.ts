import { defineSource, present, tagList, utc } from "../define";
import { ABUSE_CH } from "../licences";

/**
 * The last 30 days, online or not. The documented address wants the key in its path; the old one still answers without.
 * Banner and header are `#` lines; `None` is its empty tag list. Its URLs stand on dropbox.com and github.com as well.
 */
export const urlhaus = defineSource({
	id: "urlhaus",
	name: "URLhaus",
	number: 1001,
	tracker: "reputation",
	homepage: "https://urlhaus.abuse.ch/",
	url: (key) => (key === undefined ? "https://urlhaus.abuse.ch/downloads/csv_recent/" : `https://urlhaus-api.abuse.ch/v2/files/exports/${key}/recent.csv`),
	secret: { name: "abuseChAuthKey", required: false },
	everyMinutes: 15,
	lists: { mode: "window", expiresAfterDays: 30 },
	licence: ABUSE_CH,
	category: "malware-download",
	marker: "abuse.ch URLhaus",
	format: { kind: "csv", header: "comment", columns: ["dateadded", "url", "url_status", "threat", "tags", "urlhaus_link"] },
	row: ({ cells }) => {
		const firstSeen = utc(cells.dateadded);
		const lastSeen = utc(cells.last_online);
		const threat = present(cells.threat)?.replaceAll("_", " ");
		const status = present(cells.url_status);
		return {
			value: cells.url ?? "",
			as: "url",
			...(firstSeen === undefined ? {} : { firstSeen }),
			...(lastSeen === undefined ? {} : { lastSeen }),
			...(threat === undefined ? {} : { description: threat }),
			...(cells.urlhaus_link === undefined ? {} : { referrer: cells.urlhaus_link }),
			tags: [...tagList(cells.tags), ...(status === undefined ? [] : [status])],
		};
	},
});
