import { defineSource, present } from "../define";
import { C2_INTEL } from "../licences";

/** The list without the hosting services that are merely abused; those would be false positives by the thousand. */
export const c2intelDomains = defineSource({
	id: "c2intel-domains",
	name: "C2IntelFeeds domains",
	number: 1020,
	tracker: "reputation",
	homepage: "https://github.com/drb-ra/C2IntelFeeds",
	url: "https://raw.githubusercontent.com/drb-ra/C2IntelFeeds/master/feeds/domainC2s-30day-filter-abused.csv",
	everyMinutes: 240,
	lists: { mode: "snapshot" },
	licence: C2_INTEL,
	category: "botnet-c2",
	format: { kind: "csv", header: "comment", columns: ["domain", "ioc"], restInLast: true },
	row: ({ cells }) => {
		const description = present(cells.ioc);
		return { value: cells.domain ?? "", as: "domain", ...(description === undefined ? {} : { description }) };
	},
});
