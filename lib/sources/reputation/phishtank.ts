import { defineSource, present, utc } from "../define";
import { decodeEntities } from "../text";

/**
 * Registration has been closed for years, so it works without a key: a few downloads a day, and only with a User-Agent that
 * names who asks. URLs come with `&amp;` in them.
 */
export const phishtank = defineSource({
	id: "phishtank",
	name: "PhishTank",
	number: 241,
	tracker: "reputation",
	homepage: "https://phishtank.org/",
	url: (key) => `https://data.phishtank.com/data/${key === undefined ? "" : `${key}/`}online-valid.csv.gz`,
	secret: { name: "phishTankKey", required: false },
	headers: () => ({ "user-agent": "phishtank/exist-cti" }),
	everyMinutes: 360,
	lists: { mode: "snapshot" },
	licence: { name: "PhishTank terms, free with attribution", url: "https://phishtank.org/developer_info.php", redistributable: true, attribution: "Data by PhishTank." },
	category: "phishing",
	format: { kind: "csv", header: "row", columns: ["phish_id", "url", "phish_detail_url", "submission_time", "verification_time", "target"] },
	row: ({ cells }) => {
		const firstSeen = utc(cells.submission_time);
		const lastSeen = utc(cells.verification_time);
		const target = present(cells.target);
		return {
			value: decodeEntities(cells.url ?? ""),
			as: "url",
			...(firstSeen === undefined ? {} : { firstSeen }),
			...(lastSeen === undefined ? {} : { lastSeen }),
			...(target === undefined || target === "Other" ? {} : { description: target }),
			...(cells.phish_detail_url === undefined ? {} : { referrer: cells.phish_detail_url }),
		};
	},
});
