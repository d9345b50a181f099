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

/** Feeds are published to be read; what they hold stays the publisher's. */
export const PUBLISHER: Licence = { name: "publisher's copyright, feed for reading", redistributable: false, attribution: "Text by its publisher, see the link." };

export const CISA: Licence = { name: "US government work", url: "https://www.cisa.gov/privacy-policy", redistributable: true, attribution: "Source: CISA." };

export const JPCERT: Licence = { name: "JPCERT/CC terms", url: "https://www.jpcert.or.jp/guide.html", redistributable: false, attribution: "Source: JPCERT/CC." };

export const OGL_UK: Licence = {
	name: "Open Government Licence 3.0",
	url: "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
	redistributable: true,
	attribution: "Contains public sector information licensed under the Open Government Licence v3.0.",
};

export const SANS_ISC: Licence = {
	name: "CC BY-NC-SA 4.0",
	url: "https://creativecommons.org/licenses/by-nc-sa/4.0/",
	redistributable: false,
	attribution: "SANS Internet Storm Center, isc.sans.edu.",
};

export const X_TERMS: Licence = {
	name: "X developer agreement",
	url: "https://developer.x.com/en/developer-terms/agreement-and-policy",
	redistributable: false,
	attribution: "Posts by their authors on X.",
};
