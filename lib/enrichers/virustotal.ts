import type { Indicator } from "@/lib/domain";
import { defineEnricher, type Enrichment, type Quota } from "./define";
import { relatedIds, virusTotalEnrichment, virusTotalObject } from "./virustotal-answer";

/** What a public API key may do. */
export const VIRUSTOTAL_QUOTA: readonly Quota[] = [
	{ calls: 4, seconds: 60 },
	{ calls: 500, seconds: 86_400 },
];

const API = "https://www.virustotal.com/api/v3";
const REPORT = /^[0-9a-f]{64}_[\w .()-]{1,60}$/;

/** Where the object stands, and which related ids come with it in the same request. */
function questionOf({ type, value }: Indicator): { path: string; with: string; page: string } {
	if (type === "ipv4" || type === "ipv6") return { path: `ip_addresses/${encodeURIComponent(value)}`, with: "resolutions,communicating_files", page: `ip-address/${encodeURIComponent(value)}` };
	if (type === "domain") return { path: `domains/${encodeURIComponent(value)}`, with: "resolutions,subdomains,communicating_files", page: `domain/${encodeURIComponent(value)}` };
	// The API takes a URL as base64 without padding; its page goes by the id that the answer gives.
	if (type === "url") return { path: `urls/${Buffer.from(value).toString("base64url")}`, with: "", page: "url" };
	return { path: `files/${value}`, with: "behaviours,contacted_domains,contacted_ips", page: `file/${value}` };
}

/** Sandboxes that ran the file; whether one kept the traffic only shows when it is asked for. */
function recordings(reports: readonly string[]): NonNullable<Enrichment["downloads"]> {
	return reports.filter((id) => REPORT.test(id)).map((id) => ({ label: `Traffic in ${id.slice(65)} (pcap)`, id }));
}

/**
 * What VirusTotal has on file: looking is passive, nothing is submitted. One request a value, since a public key has four a
 * minute; related names, addresses and files come as ids with it.
 */
export const virustotal = defineEnricher({
	id: "virustotal",
	name: "VirusTotal",
	homepage: "https://www.virustotal.com/",
	supports: ["ipv4", "ipv6", "domain", "url", "md5", "sha1", "sha256"],
	exposure: "provider",
	secret: { name: "virusTotalKey", required: true },
	quota: VIRUSTOTAL_QUOTA,
	account: "virustotal",
	keeps: { found: 12 * 3600, unknown: 3600 },
	timeoutMs: 15_000,
	async ask(indicator, tools) {
		const { path, with: related, page } = questionOf(indicator);
		const raw = await tools.json(`${API}/${path}${related === "" ? "" : `?relationships=${encodeURIComponent(related)}`}`, { headers: { "x-apikey": tools.secret ?? "" } });
		if (raw === null) return null;
		const data = virusTotalObject(raw);
		const downloads = recordings(relatedIds(data, "behaviours"));
		const enrichment = {
			...virusTotalEnrichment(data, indicator),
			link: `https://www.virustotal.com/gui/${page === "url" ? `url/${encodeURIComponent(data.id)}` : page}`,
			...(downloads.length === 0 ? {} : { downloads }),
		};
		return { enrichment, raw };
	},
	download(id, _indicator, tools) {
		if (!REPORT.test(id)) throw new RangeError("this is no report of a sandbox");
		return { url: `${API}/file_behaviours/${encodeURIComponent(id)}/pcap`, headers: { "x-apikey": tools.secret ?? "" }, name: `${id}.pcap` };
	},
});
