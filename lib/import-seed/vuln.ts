import type { CvssScore, VulnItem } from "@/lib/sources/record";
import { type Convert, given, refused } from "./items";
import type { SeedRow, SeedStage } from "./stage";
import { seedTime } from "./times";

const CVE = /^CVE-\d{4}-\d{4,19}$/i;

/** VulnDB numbered its records; the year they were published in makes a name of the kind that others have. */
function nameOf(row: SeedRow, published: Date): string | null {
	const id = row.id ?? "";
	if (/^[A-Z]+-\d{4}-\d{1,19}$/i.test(id)) return id.toUpperCase();
	return /^\d{1,19}$/.test(id) ? `VULNDB-${published.getUTCFullYear()}-${id}` : null;
}

function scores(rows: readonly SeedRow[], source: string): CvssScore[] {
	return rows.flatMap((row) => {
		const score = Number(row.score);
		if (row.score === null || !Number.isFinite(score) || score < 0 || score > 10) return [];
		const vector = row.vector ?? "";
		const version = given(row.version) ?? /^CVSS:(\d\.\d)/.exec(vector)?.[1] ?? "2.0";
		return [{ version, source: given(row.source) ?? source, primary: true, vector, score }];
	});
}

/** Vendors and products were linked to a vulnerability apart from each other; which made which is known only of one. */
function products(row: SeedRow, stage: SeedStage): VulnItem["products"] {
	const id = row.id as string;
	const names = (link: string, to: string, table: string) => stage.linked(link, "vuln_id", id, to, table).flatMap(({ name }) => given(name) ?? []);
	const vendors = names("vuln_vuln_vendors", "vendor_id", "vuln_vendor");
	const made = names("vuln_vuln_products", "product_id", "vuln_product");
	const vendor = vendors.length === 1 ? (vendors[0] as string) : "";
	const found = made.map((product) => ({ vendor, product }));
	return vendors.length === 1 && made.length > 0 ? found : [...found, ...vendors.map((name) => ({ vendor: name, product: name }))];
}

function references(row: SeedRow, nvds: readonly SeedRow[], stage: SeedStage): VulnItem["references"] {
	const own = stage.linked("vuln_vuln_references", "vuln_id", row.id as string, "reference_id", "vuln_reference");
	const nvd = nvds.flatMap((one) => stage.linked("vuln_nvd_references", "nvd_id", one.id as string, "nvdref_id", "vuln_nvdref"));
	const made = [
		...own.map(({ url, value, reftype }) => ({ url: given(url) ?? given(value), title: value, kind: reftype })),
		...nvd.map(({ url, name, source }) => ({ url: given(url), title: name, kind: source })),
	];
	const found = new Map<string, { url: string; title?: string; kind?: string }>();
	for (const { url, title, kind } of made) {
		if (url === undefined || found.has(url)) continue;
		found.set(url, { url, ...(given(title) === undefined || title === url ? {} : { title: title as string }), ...(given(kind) === undefined ? {} : { kind: kind as string }) });
	}
	return [...found.values()];
}

/** Texts the original kept apart and the API of today does not: they go behind the description, each under its name. */
function described(row: SeedRow): string {
	const more = [
		["Impact", row.impact],
		["Notes", row.manual_notes],
		["Keywords", row.keywords],
		["Discovered", row.discovery_date],
		["Disclosed", row.disclosure_date],
		["Exploit published", row.exploit_publish_date],
		["Vendor informed", row.vendor_informed_date],
		["Vendor acknowledged", row.vendor_ack_date],
		["Solution of the vendor", row.solution_date],
		["Solution of others", row.third_party_solution_date],
	] as const;
	return [row.description ?? "", ...more.flatMap(([name, text]) => (given(text) === undefined ? [] : [`${name}: ${text}`]))].filter((part) => part.trim() !== "").join("\n\n");
}

export const vulnOf: Convert<"vuln"> = (row, stage) => {
	const former = Number(row.source);
	const published = seedTime(row.vulndb_published_date);
	if (former !== 101 && former !== 201) return refused(`its source ${row.source ?? "NULL"} is none of the original's (101, 201)`);
	if (published === null) return refused(`its vulndb_published_date ${JSON.stringify(row.vulndb_published_date)} is no time`);
	const name = nameOf(row, published);
	if (name === null) return refused(`its id ${JSON.stringify(row.id)} is no name of a vulnerability`);
	const id = row.id as string;
	const nvds = stage.linked("vuln_vuln_nvds", "vuln_id", id, "nvd_id", "vuln_nvd");
	const cvsses = stage.linked("vuln_vuln_cvsses", "vuln_id", id, "cvss_id", "vuln_cvss");
	const source = former === 201 ? "IPA" : "VulnDB";
	const ids = [name, ...nvds.map((one) => one.id ?? ""), ...cvsses.map(({ cve_id }) => cve_id ?? "")].filter((one) => CVE.test(one));
	const authors = stage.linked("vuln_vuln_authors", "vuln_id", id, "author_id", "vuln_author").flatMap((one) => given(one.name) ?? []);
	const text = [
		described(row),
		...(authors.length === 0 ? [] : [`Found by: ${authors.join(", ")}`]),
		...nvds.flatMap(({ id: cve, summary }) => (given(summary) === undefined ? [] : [`${cve}: ${summary}`])),
	]
		.filter((part) => part !== "")
		.join("\n\n");
	const translated = given(row.t_description);
	const solution = given(row.solution);
	const link = given(row.link);
	const japanese = former === 201;
	const item: VulnItem = {
		kind: "vulnerability",
		name,
		title: row.title ?? name,
		description: japanese ? "" : text,
		...(japanese
			? { translatedDescription: translated === undefined ? text : `${text}\n\n${translated}`, language: "ja" }
			: translated === undefined
				? {}
				: { translatedDescription: translated, language: "ja" }),
		published,
		modified: seedTime(row.vulndb_last_modified) ?? published,
		cves: [...new Set(ids.map((one) => one.toUpperCase()))],
		cwes: [...new Set(nvds.flatMap(({ cwe_id }) => given(cwe_id) ?? []))].map((cwe) => ({ id: cwe })),
		cvss: [
			...scores(cvsses, source),
			...scores(
				nvds.map((one) => ({ score: one.cvss_score ?? null, vector: null, version: "2.0", source: "NVD" })),
				"NVD",
			),
		],
		products: products(row, stage),
		references: references(row, nvds, stage),
		tags: stage.linked("vuln_vuln_tags", "vuln_id", id, "tag_id", "vuln_tag").flatMap((one) => given(one.name) ?? []),
		...(link === undefined ? {} : { link }),
		...(solution === undefined ? {} : { solution }),
	};
	return { ok: true, item, former, notes: [] };
};
