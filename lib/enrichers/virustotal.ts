import type { Indicator } from "@/lib/domain";
import { defineEnricher, type Enrichment, ProviderFailure, type Quota } from "./define";
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
	// The API takes a URL as base64 without padding.
	if (type === "url") return { path: `urls/${Buffer.from(value).toString("base64url")}`, with: "", page: "url" };
	return { path: `files/${value}`, with: "behaviours,contacted_domains,contacted_ips", page: `file/${value}` };
}

/** The page of an object; a URL's goes by the id that the answer gives, which is the SHA-256 of the URL as VirusTotal writes it. */
function pageOf(page: string, id: string): string {
	return `https://www.virustotal.com/gui/${page === "url" && /^[0-9a-f]{64}$/.test(id) ? `url/${id}` : page === "url" ? "home/url" : page}`;
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
			link: pageOf(page, data.id),
			...(downloads.length === 0 ? {} : { downloads }),
		};
		return { enrichment, raw };
	},
	download(id, { type, value }, tools) {
		if (!REPORT.test(id) || (type === "sha256" && !id.startsWith(value))) throw new ProviderFailure("failed", "This is no report of a sandbox on this file.");
		return { url: `${API}/file_behaviours/${encodeURIComponent(id)}/pcap`, headers: { "x-apikey": tools.secret ?? "" }, name: `${id}.pcap` };
	},
});
