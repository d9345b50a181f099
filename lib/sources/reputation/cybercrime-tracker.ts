import { defineSource, present } from "../define";

/** Panels of bots. Reports differ on whether it answers without a browser's cookies, so it is off until somebody tries. */
export const cybercrimeTracker = defineSource({
	id: "cybercrime-tracker",
	name: "CyberCrime Tracker",
	number: 271,
	tracker: "reputation",
	homepage: "https://cybercrime-tracker.net/",
	url: "https://cybercrime-tracker.net/csv.php",
	everyMinutes: 1440,
	enabledByDefault: false,
	offReason: "Some networks get a cookie challenge in place of the list. Enable it to try.",
	lists: { mode: "snapshot" },
	licence: { name: "none published", url: "https://cybercrime-tracker.net/about.php", redistributable: false, attribution: "Data by CyberCrime Tracker." },
	category: "botnet-c2",
	format: { kind: "csv", header: "row", columns: ["type", "url", "ip"] },
	row: ({ cells }) => {
		const url = (cells.url ?? "").trim().replace(/\s*\(SSL\)$/, "");
		const family = present(cells.type);
		return { value: /^[a-z]+:\/\//i.test(url) ? url : `http://${url}`, as: "url", ...(family === undefined ? {} : { description: family }) };
	},
});
