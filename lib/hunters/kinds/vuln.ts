import { raw } from "@/lib/trackers/record-tracker";
import { roughScore } from "@/lib/trackers/vuln/epss-store";
import { toVulnRow, VULN_SELECT } from "@/lib/trackers/vuln/row";
import { defineHunterKind, type HuntDocument } from "../define";
import { commonFields, oneLine } from "../read/columns";
import { tableReaders } from "../read/table";

function some(text: string | null): string | undefined {
	return text ?? undefined;
}

function document(record: Record<string, unknown>): Omit<HuntDocument, "record" | "source" | "indicators"> {
	const row = toVulnRow(record);
	return {
		at: row.publishedAt,
		...(raw.date(record.created_at) === null ? {} : { arrived: record.created_at as Date }),
		title: oneLine(row.title === row.name ? row.name : `${row.name}: ${row.title}`, row.name),
		path: `/vuln/${row.id}`,
		fields: {
			name: row.name,
			title: row.title,
			description: [row.description, row.translated].filter((text) => text !== null),
			solution: some(row.solution),
			product: [...new Set(row.products.map(({ vendor, product }) => `${vendor} ${product}`.trim()))],
			vendor: [...new Set(row.products.map(({ vendor }) => vendor).filter((vendor) => vendor !== ""))],
			cve: row.cves,
			cwe: row.cwes.map(({ id }) => id),
			weakness: row.cwes.map(({ id, name }) => (name === undefined ? id : `${id} ${name}`)),
			tag: row.tags,
			reference: row.references.map(({ url }) => url),
			score: row.score ?? undefined,
			severity: some(row.severity),
			epss: row.epss === null ? undefined : roughScore(row.epss.score),
			kev: row.exploited !== null,
			ransomware: row.exploited?.ransomware === true,
			rejected: row.rejected,
		},
	};
}

/** Vulnerabilities, with their EPSS score and what CISA says, which count as changes of theirs. */
export const vulnHunter = defineHunterKind({
	id: "vuln",
	tracker: "vuln",
	title: "Vulnerabilities",
	says: "Looks into vulnerabilities: descriptions, products and weaknesses, and how severe, likely or known their use is.",
	icon: ":hole:",
	sender: "EXIST vulnerability hunter",
	fields: [
		{ name: "name", kind: "text", bare: true, says: "its number", example: "name:CVE-2026-" },
		{ name: "title", kind: "text", bare: true, says: "its title", example: "title:sql" },
		{ name: "description", kind: "text", bare: true, says: "what it is, also in the source's own language", example: 'description:"remote code execution"' },
		{ name: "solution", kind: "text", bare: true, says: "what its source advises", example: "solution:upgrade" },
		{ name: "product", kind: "text", bare: true, says: "vendor and product", example: 'product:"apache tomcat"' },
		{ name: "vendor", kind: "word", bare: false, says: "a vendor, its whole name", example: "vendor:apache" },
		{ name: "cve", kind: "word", bare: false, says: "a CVE that it is about", example: "cve:CVE-2026-1234" },
		{ name: "cwe", kind: "word", bare: false, says: "a weakness by its number", example: "cwe:CWE-79" },
		{ name: "weakness", kind: "text", bare: true, says: "weaknesses by number and name", example: "weakness:deserialization" },
		{ name: "tag", kind: "text", bare: true, says: "tags", example: "tag:exploit-reference" },
		{ name: "reference", kind: "text", bare: false, says: "addresses it refers to", example: "reference:github.com" },
		{ name: "score", kind: "number", bare: false, says: "CVSS, 0 to 10", example: "score:>=9" },
		{ name: "severity", kind: "word", bare: false, says: "critical, high, medium, low or none", example: "severity:critical" },
		{ name: "epss", kind: "number", bare: false, says: "EPSS, 0 to 1 in thousandths", example: "epss:>=0.5" },
		{ name: "kev", kind: "flag", bare: false, says: "whether CISA lists it as exploited", example: "kev:yes" },
		{ name: "ransomware", kind: "flag", bare: false, says: "whether CISA knows ransomware that uses it", example: "ransomware:yes" },
		{ name: "rejected", kind: "flag", bare: false, says: "whether its source took it back", example: "rejected:no" },
		...commonFields("nvd"),
	],
	examples: [
		{ query: "kev:yes vendor:fortinet", says: "what is exploited of a vendor, as soon as CISA says so" },
		{ query: "exchange score:>=9, exchange epss:>=0.5", says: "what is severe, or likely to be used" },
	],
	...tableReaders({
		tracker: "vuln",
		from: "vuln v",
		alias: "v",
		time: "published_at",
		long: ["description", "translated", "solution", "products", "refs", "cvss"],
		select: VULN_SELECT,
		document: (row, indicators) => ({ ...document(row), indicators }),
	}),
});
