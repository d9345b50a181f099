import { defineSource, present, utc } from "../define";
import { ABUSE_CH_CC0 } from "../licences";

/** Unlike its siblings the header is a plain row. Nearly empty since the botnets of 2021 were taken down: two rows are normal. */
export const feodo = defineSource({
	id: "feodo",
	name: "Feodo Tracker",
	number: 1003,
	tracker: "reputation",
	homepage: "https://feodotracker.abuse.ch/",
	url: "https://feodotracker.abuse.ch/downloads/ipblocklist.csv",
	everyMinutes: 15,
	lists: { mode: "snapshot" },
	licence: ABUSE_CH_CC0,
	category: "botnet-c2",
	marker: "Feodo Tracker",
	format: { kind: "csv", header: "row", columns: ["first_seen_utc", "dst_ip", "dst_port", "c2_status", "last_online", "malware"] },
	row: ({ cells }) => {
		const firstSeen = utc(cells.first_seen_utc);
		const lastSeen = utc(cells.last_online);
		const status = present(cells.c2_status);
		const family = present(cells.malware);
		return {
			value: cells.dst_ip ?? "",
			as: "ip",
			port: Number(cells.dst_port),
			...(firstSeen === undefined ? {} : { firstSeen }),
			...(lastSeen === undefined ? {} : { lastSeen }),
			...(family === undefined ? {} : { description: family }),
			...(status === undefined ? {} : { tags: [status] }),
			referrer: `https://feodotracker.abuse.ch/browse/host/${cells.dst_ip ?? ""}/`,
		};
	},
});
