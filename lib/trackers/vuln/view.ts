import type { CanonicalValue } from "@/lib/domain/indicator";
import type { CvssScore } from "@/lib/sources/record";
import type { Cell, CellBadge, CellTone, RecordView, Section } from "../view";
import { vectorWords } from "./cvss";
import type { VulnRow } from "./row";

const DASH = "–";
/** EPSS above which a CVE stands out: one in a hundred does. */
const LIKELY = 0.5;
const NOTABLE = 0.1;

function text(value: string | null, more: { mono?: boolean; title?: string } = {}): Cell {
	return { kind: "text", text: value === null || value === "" ? null : value, ...more };
}

function severityTone(severity: string | null): CellTone {
	return severity === "CRITICAL" || severity === "HIGH" ? "bad" : severity === "MEDIUM" ? "warn" : "none";
}

/** `94.4 %`; what is less than a tenth of a percent is said to be so, and what is not all is never rounded up to it. */
function percent(share: number): string {
	if (share > 0 && share < 0.001) return "< 0.1 %";
	return `${share < 1 ? Math.min(99.9, Number((share * 100).toFixed(1))).toFixed(1) : "100"} %`;
}

export function scoreBadge({ score, severity }: Pick<VulnRow, "score" | "severity">): CellBadge[] {
	return score === null ? [] : [{ text: `${score.toFixed(1)} ${(severity ?? "").toLowerCase()}`.trim(), tone: severityTone(severity), title: "CVSS" }];
}

export function exploitedBadge({ exploited }: Pick<VulnRow, "exploited">): CellBadge[] {
	if (exploited === null) return [];
	const due = exploited.due === null ? "" : `, to be mended by ${exploited.due}`;
	return [
		{
			text: "exploited",
			tone: "bad",
			title: `On CISA's list of known exploited vulnerabilities since ${exploited.added}${due}`,
			...(exploited.recordId === null ? {} : { href: `/exploit/${exploited.recordId}` }),
		},
	];
}

export function epssBadge({ epss }: Pick<VulnRow, "epss">): CellBadge[] {
	if (epss === null) return [];
	const tone: CellTone = epss.score >= LIKELY ? "bad" : epss.score >= NOTABLE ? "warn" : "none";
	return [{ text: percent(epss.score), tone, title: `EPSS: exploited within 30 days with this probability${epss.percentile === null ? "" : `, higher than ${percent(epss.percentile)} of all`}` }];
}

export function cveIndicators(cves: readonly string[]): Cell {
	return { kind: "indicators", indicators: cves.map((value) => ({ type: "cve", value: value as CanonicalValue })) };
}

function cisa({ exploited }: VulnRow): Array<{ name: string; cell: Cell }> {
	// Nothing is ever called clean: what was not read is not known.
	if (exploited === null) return [{ name: "Known exploited (CISA)", cell: text("not on the list, as far as it was read here") }];
	return [
		{ name: "Known exploited (CISA)", cell: text(`since ${exploited.added}`) },
		{ name: "To be mended by", cell: text(exploited.due) },
		{ name: "In ransomware campaigns", cell: text(exploited.ransomware ? "known" : "not known") },
	];
}

function danger(row: VulnRow): Section[] {
	const { epss, exploited, cves } = row;
	const score: Cell = epss === null ? text("no score was read") : { kind: "badges", badges: epssBadge(row) };
	const fields: Array<{ name: string; cell: Cell }> = [
		{ name: "CVSS", cell: { kind: "badges", badges: scoreBadge(row) } },
		{ name: `Exploited within 30 days (EPSS${cves.length > 1 ? ` of ${cves[0]}` : ""})`, cell: score },
		...(epss === null
			? []
			: [
					{ name: "EPSS is higher than", cell: text(epss.percentile === null ? null : `${percent(epss.percentile)} of all CVEs`) },
					{ name: "These values since", cell: text(epss.day) },
				]),
		...cisa(row),
	];
	const sections: Section[] = [{ kind: "fields", title: "How dangerous", aside: "EPSS by FIRST.org", fields }];
	if (exploited?.action !== undefined && exploited.action !== null) sections.push({ kind: "text", title: "What CISA asks for", text: exploited.action });
	return sections;
}

function identity(row: VulnRow): Section {
	return {
		kind: "fields",
		title: `As ${row.source.name} has it`,
		id: row.name,
		fields: [
			{ name: "Published", cell: { kind: "time", at: row.publishedAt, as: "date" } },
			{ name: "Modified", cell: { kind: "time", at: row.modifiedAt, as: "date" } },
			{ name: "Status", cell: text(row.status) },
			{ name: "CVE", cell: cveIndicators(row.cves) },
			{ name: "Weaknesses", cell: { kind: "badges", badges: row.cwes.map(({ id, name }) => ({ text: name === undefined ? id : `${id} ${name}`, href: `/vuln?cwe=${id}` })) } },
			{ name: "Tags", cell: { kind: "badges", badges: row.tags.map((tag) => ({ text: tag, href: `/vuln?tag=${encodeURIComponent(tag)}` })) } },
			...(row.cut.length === 0 ? [] : [{ name: "Kept for its size", cell: text(row.cut.join(", ")) }]),
		],
	};
}

function versionTitle({ version, score, severity }: CvssScore): string {
	return `CVSS ${version}: ${score.toFixed(1)} ${(severity ?? "").toLowerCase()}`.trim();
}

/** A vector without what it leaves undefined: CVSS 4 writes out twenty of those. */
function short(vector: string): string {
	return vector.replace(/\/[A-Z]+:X(?=\/|$)/g, "");
}

/** Each score with its metrics in words, the newest version first. */
function scores(cvss: readonly CvssScore[]): Section[] {
	const sorted = [...cvss].sort((a, b) => b.version.localeCompare(a.version) || Number(b.primary) - Number(a.primary));
	return sorted.map((score, at) => {
		const again = sorted.slice(0, at).filter((other) => versionTitle(other) === versionTitle(score)).length;
		return {
			kind: "fields",
			title: `${versionTitle(score)}${again === 0 ? "" : ` (${again + 1})`}`,
			aside: `${score.source === "" ? "source not named" : score.source}${score.primary ? "" : ", secondary"}`,
			fields: [
				...vectorWords(score.version, score.vector).map(({ metric, value }) => ({ name: metric, cell: text(value) })),
				{ name: "Vector", cell: text(short(score.vector), { mono: true, title: score.vector }) },
			],
		};
	});
}

function products(row: VulnRow): Section[] {
	if (row.products.length === 0) return [];
	return [
		{
			kind: "table",
			title: "Products",
			aside: row.products.length.toLocaleString("en"),
			headers: ["Vendor", "Product", "Versions"],
			rows: row.products.map(({ vendor, product, versions, cpe }) => [
				vendor === "" ? text(null) : { kind: "link", href: `/vuln?vendor=${encodeURIComponent(vendor)}`, text: vendor },
				text(product, cpe === undefined ? {} : { title: cpe }),
				text(versions ?? null),
			]),
		},
	];
}

function references(row: VulnRow): Section[] {
	if (row.references.length === 0) return [];
	return [
		{
			kind: "table",
			title: "References",
			aside: row.references.length.toLocaleString("en"),
			headers: ["Where", "Kind"],
			rows: row.references.map(({ url, title, kind }) => [{ kind: "link", href: url, text: title ?? url, outside: true }, text(kind ?? null)]),
		},
	];
}

/** The page of one vulnerability: how dangerous it is before anything else. */
export function vulnView(row: VulnRow): RecordView {
	const named = row.title === row.name ? row.name : `${row.name} ${DASH} ${row.title}`;
	return {
		title: named,
		said: [text(row.source.name), { kind: "time", at: row.publishedAt, as: "date" }],
		badges: [
			...scoreBadge(row),
			...exploitedBadge(row),
			...epssBadge(row).map((badge) => ({ ...badge, text: `EPSS ${badge.text}` })),
			...(row.rejected ? [{ text: "rejected", title: "its source took it back" }] : []),
		],
		about: row.cves,
		links: row.link === null ? [] : [{ label: row.source.name, href: row.link }],
		sections: [
			...danger(row),
			...(row.description === null ? [] : [{ kind: "text", title: "Description", text: row.description } as const]),
			...(row.translated === null ? [] : [{ kind: "text", title: row.language === "ja" ? "Description in Japanese" : "Description in its own language", text: row.translated } as const]),
			...(row.solution === null ? [] : [{ kind: "text", title: "Solution", text: row.solution } as const]),
			identity(row),
			...scores(row.cvss),
			...products(row),
			...references(row),
		],
	};
}
