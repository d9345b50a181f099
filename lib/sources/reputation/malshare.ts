import { defineSource, type Listing, UnusableRow } from "../define";
import { textOf } from "../text";

/** Samples of the last 24 hours. The key travels in the address. An expired key answers 200 with an error text. */
export const malshare = defineSource({
	id: "malshare",
	name: "Malshare",
	number: 281,
	tracker: "reputation",
	homepage: "https://malshare.com/",
	url: (key) => `https://malshare.com/api.php?api_key=${encodeURIComponent(key ?? "")}&action=getlist`,
	secret: { name: "malshareKey", required: true },
	everyMinutes: 1440,
	lists: { mode: "append" },
	licence: { name: "none published", url: "https://malshare.com/about.php", redistributable: false, attribution: "Data by MalShare." },
	category: "malware",
	format: { kind: "json", root: "array" },
	row: ({ json }) => {
		const found = (["sha256", "sha1", "md5"] as const).flatMap((as) => {
			const value = textOf(json, as);
			return value === undefined || value === "" ? [] : [{ value, as }];
		});
		const [main, ...siblings] = found;
		if (main === undefined) throw new UnusableRow("there is no hash in it");
		return { ...main, siblings, referrer: `https://malshare.com/sample.php?action=detail&hash=${main.value}` } satisfies Listing;
	},
});
