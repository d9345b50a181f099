import type { Category } from "@/lib/domain/category";
import type { Expectation } from "@/lib/domain/indicator";
import { defineSource, present, tagList, UnusableRow, utc } from "../define";
import { ABUSE_CH } from "../licences";

/** Its hash types name the wrong length now and then, so the value's own length decides. */
const TYPES: Readonly<Record<string, Expectation>> = {
	"ip:port": "ip",
	domain: "domain",
	url: "url",
	md5_hash: "hash",
	sha1_hash: "hash",
	sha256_hash: "hash",
	envelope_from: "email",
	body_from: "email",
};
const CATEGORIES: Readonly<Record<string, Category>> = { botnet_cc: "botnet-c2", payload_delivery: "malware-download", payload: "malware" };

/** Separator is comma and blank; columns come and go (14 before 2025), so they are taken by name. Expires after six months. */
export const threatfox = defineSource({
	id: "threatfox",
	name: "ThreatFox",
	number: 1002,
	tracker: "reputation",
	homepage: "https://threatfox.abuse.ch/",
	url: (key) => (key === undefined ? "https://threatfox.abuse.ch/export/csv/recent/" : `https://threatfox-api.abuse.ch/v2/files/exports/${key}/recent.csv`),
	secret: { name: "abuseChAuthKey", required: false },
	everyMinutes: 15,
	lists: { mode: "window", expiresAfterDays: 180 },
	licence: ABUSE_CH,
	category: "malware",
	format: { kind: "csv", header: "comment", columns: ["first_seen_utc", "ioc_value", "ioc_type", "threat_type", "malware_printable"], skipInitialSpace: true },
	row: ({ cells }) => {
		const as = TYPES[cells.ioc_type ?? ""];
		if (as === undefined) throw new UnusableRow(`ioc_type "${(cells.ioc_type ?? "").slice(0, 40)}" is no kind of indicator that is indexed`);
		const firstSeen = utc(cells.first_seen_utc);
		const lastSeen = utc(cells.last_seen_utc);
		const family = present(cells.malware_printable);
		const confidence = present(cells.confidence_level);
		return {
			value: cells.ioc_value ?? "",
			as,
			category: CATEGORIES[cells.threat_type ?? ""] ?? "malware",
			...(firstSeen === undefined ? {} : { firstSeen }),
			...(lastSeen === undefined ? {} : { lastSeen }),
			...(family === undefined ? {} : { description: family }),
			...(cells.ioc_id === undefined ? {} : { referrer: `https://threatfox.abuse.ch/ioc/${encodeURIComponent(cells.ioc_id)}/` }),
			...(confidence === undefined ? {} : { confidence: Number(confidence) }),
			tags: [...tagList(cells.tags), ...(cells.is_compromised === "True" ? ["compromised"] : [])],
		};
	},
});
