import { defineSource, present } from "../define";
import { C2_INTEL } from "../licences";

/** Scans for C2 servers, 30 days. Copies in circulation carry a line of test data with a private address. */
export const c2intelIps = defineSource({
	id: "c2intel-ips",
	name: "C2IntelFeeds IPs",
	number: 1019,
	tracker: "reputation",
	homepage: "https://github.com/drb-ra/C2IntelFeeds",
	url: "https://raw.githubusercontent.com/drb-ra/C2IntelFeeds/master/feeds/IPC2s-30day.csv",
	everyMinutes: 240,
	lists: { mode: "snapshot" },
	licence: C2_INTEL,
	category: "botnet-c2",
	format: { kind: "csv", header: "comment", columns: ["ip", "ioc"], restInLast: true },
	row: ({ cells }) => {
		const description = present(cells.ioc);
		return { value: cells.ip ?? "", as: "ip", ...(description === undefined ? {} : { description }) };
	},
});
