import type { XmlElement } from "@/lib/net";
import type { ReadItem, VulnItem } from "../record";
import { cveId, cweId, webAddress } from "./fields";
import { childAt, childrenOf, jvnDate, jvnItem, jvnName, jvnRefusal, jvnScore, textAt } from "./jvn-item";

/** The details of one record (VULDEF 3.2): what the list lacks is versions, impact, solution and the vendors' own pages. */

function products(data: XmlElement): VulnItem["products"] {
	return childrenOf(childAt(data, "Affected"), "AffectedItem").flatMap((item) => {
		const vendor = textAt(item, "Name") ?? "";
		const product = textAt(item, "ProductName");
		if (product === undefined) return [];
		const versions = childrenOf(item, "VersionNumber")
			.map(({ text }) => text.trim())
			.filter((text) => text !== "")
			.join("; ");
		const cpe = textAt(item, "Cpe");
		return [
			{
				vendor: vendor.slice(0, 300),
				product: product.slice(0, 300),
				...(versions === "" ? {} : { versions: versions.slice(0, 2000) }),
				...(cpe === undefined || !cpe.startsWith("cpe:") ? {} : { cpe: cpe.slice(0, 1024) }),
			},
		];
	});
}

function references(related: readonly XmlElement[]): VulnItem["references"] {
	return related.flatMap((item) => {
		const url = webAddress(textAt(item, "URL"));
		const kind = item.attributes.type;
		if (url === undefined || kind === "cwe") return [];
		const title = [textAt(item, "Name"), textAt(item, "VulinfoID")].filter((part) => part !== undefined).join(": ");
		return [{ url, ...(title === "" ? {} : { title: title.slice(0, 500) }), ...(kind === undefined || kind === "" ? {} : { kind: kind.slice(0, 60) }) }];
	});
}

function weaknesses(related: readonly XmlElement[]): VulnItem["cwes"] {
	return related.flatMap((item) => {
		const id = item.attributes.type === "cwe" ? cweId(textAt(item, "VulinfoID")) : undefined;
		const name = textAt(item, "Title");
		return id === undefined ? [] : [{ id, ...(name === undefined ? {} : { name: name.slice(0, 300) }) }];
	});
}

/** Paragraphs of a section, where there are several items. */
function section(data: XmlElement, outer: string, inner: string): string | undefined {
	const texts = childrenOf(childAt(data, outer), inner)
		.map((item) => textAt(item, "Description"))
		.filter((text) => text !== undefined);
	return texts.length === 0 ? undefined : texts.join("\n\n");
}

/** One `Vulinfo`. */
export function jvnDetail(vulinfo: XmlElement, at: number): ReadItem<VulnItem> {
	const given = textAt(vulinfo, "VulinfoID");
	const name = jvnName(given);
	if (name === undefined) return jvnRefusal(vulinfo, String(at), `"${(given ?? "").slice(0, 40)}" is no id of JVN iPedia`);
	const data = childAt(vulinfo, "VulinfoData");
	if (data === undefined) return jvnRefusal(vulinfo, name, "there is no VulinfoData");
	const first = textAt(data, "DateFirstPublished");
	const published = jvnDate(first) ?? jvnDate(textAt(data, "DatePublic"));
	const modified = jvnDate(textAt(data, "DateLastUpdated")) ?? published;
	if (published === undefined || modified === undefined) return jvnRefusal(data, name, `its date "${(first ?? "").slice(0, 40)}" is none`);
	const related = childrenOf(childAt(data, "Related"), "RelatedItem");
	const impact = section(data, "Impact", "ImpactItem");
	const overview = textAt(data, "VulinfoDescription", "Overview") ?? "";
	return jvnItem({
		name,
		title: textAt(data, "Title") ?? name,
		// The heading is the one on JVN's own pages: "expected impact".
		text: impact === undefined ? overview : `${overview}\n\n想定される影響: ${impact}`.trim(),
		published,
		modified,
		solution: section(data, "Solution", "SolutionItem"),
		cves: related.map((item) => cveId(textAt(item, "VulinfoID"))).filter((id) => id !== undefined),
		cwes: weaknesses(related),
		cvss: childrenOf(childAt(data, "Impact"), "Cvss").flatMap((score) => jvnScore(score.attributes.version, textAt(score, "Base"), textAt(score, "Severity"), textAt(score, "Vector"))),
		products: products(data),
		references: references(related),
	});
}
