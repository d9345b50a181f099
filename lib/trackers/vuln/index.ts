import { sourcesOf } from "@/lib/sources";
import { beginning } from "@/lib/sources/vuln/fields";
import { defineTracker } from "../define";
import { toVulnApi, vulnItem } from "./api";
import { restrictVuln, SEVERITIES, vulnIdOf, vulnParameters } from "./query";
import { toVulnRow, VULN_LIGHT, VULN_SELECT, type VulnRow } from "./row";
import { epssBadge, exploitedBadge, scoreBadge, vulnView } from "./view";

export type { VulnRow } from "./row";

/** Characters of a title in a list; the record's page has all. */
const MAX_NOTE = 110;

/** Vendors of a row, each once, as one cell can hold them. */
function vendorWords({ products }: VulnRow): string | null {
	const vendors = [...new Set(products.map(({ vendor }) => vendor).filter((vendor) => vendor !== ""))];
	if (vendors.length === 0) return null;
	return vendors.length <= 2 ? vendors.join(", ") : `${vendors.slice(0, 2).join(", ")} and ${vendors.length - 2} more`;
}

export const vuln = defineTracker({
	name: "vuln",
	resource: "vuln",
	title: "Vulnerabilities",
	path: "/vuln",
	counted: { table: "vuln", at: "published_at" },
	from: "vuln v",
	select: VULN_SELECT,
	light: VULN_LIGHT,
	order: { time: "v.modified_at", id: "v.id", timeOf: (row) => row.modifiedAt },
	parameters: vulnParameters,
	item: vulnItem,
	restrict: restrictVuln,
	idOf: vulnIdOf,
	toRow: toVulnRow,
	toApi: toVulnApi,
	csv: [
		{ header: "name", value: (row) => row.name },
		{ header: "title", value: (row) => row.title },
		{ header: "cves", value: (row) => row.cves.join(" ") },
		{ header: "score", value: (row) => row.score },
		{ header: "severity", value: (row) => row.severity },
		{ header: "epss", value: (row) => row.epss?.score ?? null },
		{ header: "epss_percentile", value: (row) => row.epss?.percentile ?? null },
		{ header: "known_exploited", value: (row) => row.exploited?.added ?? null },
		{ header: "due", value: (row) => row.exploited?.due ?? null },
		{ header: "vendors", value: (row) => [...new Set(row.products.map(({ vendor }) => vendor))].join("; ") },
		{ header: "products", value: (row) => [...new Set(row.products.map(({ product }) => product))].join("; ") },
		{ header: "cwes", value: (row) => row.cwes.map(({ id }) => id).join(" ") },
		{ header: "published", value: (row) => row.publishedAt.toISOString() },
		{ header: "modified", value: (row) => row.modifiedAt.toISOString() },
		{ header: "rejected", value: (row) => row.rejected },
		{ header: "source", value: (row) => row.source.name },
		{ header: "link", value: (row) => row.link },
		{ header: "id", value: (row) => row.id },
	],
	page: {
		columns: [
			{ header: "Vulnerability", cell: (row) => ({ kind: "record", text: row.name, ...(row.title === row.name ? {} : { note: beginning(row.title, MAX_NOTE) }) }) },
			{ header: "CVSS", cell: (row) => ({ kind: "badges", badges: [...scoreBadge(row), ...exploitedBadge(row)] }) },
			{ header: "EPSS", cell: (row) => ({ kind: "badges", badges: epssBadge(row) }), hide: "phone" },
			{ header: "Vendor", cell: (row) => ({ kind: "text", text: vendorWords(row) }), hide: "narrow" },
			{ header: "Source", cell: (row) => ({ kind: "text", text: row.source.name }), hide: "narrow" },
			{ header: "Modified", cell: (row) => ({ kind: "time", at: row.modifiedAt, as: "date" }), align: "right", hide: "phone" },
		],
		filters: [
			{ kind: "words", name: "search", label: "Words in title, description and products", placeholder: "words or product" },
			{ kind: "choice", name: "severity", label: "Severity", options: SEVERITIES.map((severity) => [severity, severity] as const) },
			{
				kind: "choice",
				name: "score_min",
				label: "CVSS",
				options: [9, 8, 7, 5, 4].map((score) => [String(score), `${score} or more`] as const),
			},
			{
				kind: "choice",
				name: "epss_min",
				label: "EPSS",
				options: [0.9, 0.5, 0.1, 0.01].map((share) => [String(share), `${share * 100} % or more`] as const),
			},
			{ kind: "flag", name: "kev", label: "Known exploited" },
			{ kind: "text", name: "vendor", label: "Vendor", placeholder: "vendor", width: "w-[8rem]" },
			{ kind: "text", name: "cve", label: "CVE id", placeholder: "CVE-2026-1234", width: "w-[10rem]", upper: true },
			{
				kind: "choice",
				name: "tag",
				label: "Tag",
				options: async (db) => (await db.query<{ value: string }>("SELECT DISTINCT value FROM vuln_facet WHERE kind = 'tag' ORDER BY value LIMIT 60")).map(({ value }) => [value, value] as const),
			},
			{ kind: "choice", name: "source", label: "Source", options: sourcesOf("vuln").flatMap(({ number, name }) => (name === "EPSS" ? [] : [[String(number), name] as const])) },
			{ kind: "since", name: "vulndb_last_modified_after", label: "Modified" },
		],
		view: vulnView,
	},
});
