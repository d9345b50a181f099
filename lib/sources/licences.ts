import type { Licence } from "./define";

/** Terms several sources share. As the providers stated them when each source was written. */

export const ABUSE_CH: Licence = {
	name: "abuse.ch terms of use",
	url: "https://abuse.ch/terms-of-use/",
	redistributable: false,
	attribution: "Data by abuse.ch.",
};

export const ABUSE_CH_CC0: Licence = { name: "CC0 1.0", url: "https://creativecommons.org/publicdomain/zero/1.0/", redistributable: true, attribution: "Data by abuse.ch." };

export const BLOCKLIST_DE: Licence = {
	name: "blocklist.de, free of charge",
	url: "https://www.blocklist.de/en/export.html",
	redistributable: true,
	attribution: "Data by www.blocklist.de.",
};

export const SPAMHAUS: Licence = {
	name: "Spamhaus DROP terms",
	url: "https://www.spamhaus.org/drop/terms/",
	redistributable: true,
	attribution: "Copyright The Spamhaus Project SLU.",
};

export const BOTVRIJ: Licence = { name: "botvrij.eu, free of charge", url: "https://www.botvrij.eu/", redistributable: true, attribution: "Data by botvrij.eu." };

export const C2_INTEL: Licence = { name: "C2IntelFeeds, free of charge", url: "https://github.com/drb-ra/C2IntelFeeds", redistributable: true, attribution: "Data by drb-ra, C2IntelFeeds." };

export const DATAPLANE: Licence = {
	name: "DataPlane.org, non-commercial use only",
	url: "https://dataplane.org/",
	redistributable: false,
	attribution: "Data by DataPlane.org. Redistribution is prohibited by its terms.",
};

export const MALTRAIL: Licence = {
	name: "MIT",
	url: "https://github.com/stamparm/maltrail/blob/master/LICENSE",
	redistributable: true,
	attribution: "Copyright (c) 2014-2026 Maltrail developers.",
};
