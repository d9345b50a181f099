import type { XmlElement } from "@/lib/net";
import type { CvssScore, ReadItem, VulnItem } from "../record";
import { beginning, capped, cveId, cweId, distinctBy, MAX_TEXT, severityOf, webAddress } from "./fields";

/** Entries of JVN iPedia's RSS 1.0, in its feeds and in the list of its API, and what these share with the details. */

/** Name without its prefix: feeds and API choose different ones. */
export function localName(element: XmlElement): string {
	return element.name.slice(element.name.indexOf(":") + 1);
}

/** Children of this name, however many: none, one or several. */
export function childrenOf(element: XmlElement | undefined, name: string): XmlElement[] {
	return element?.children.filter((child) => localName(child) === name) ?? [];
}

/** The child at the end of a path of names, the first where there are several. */
export function childAt(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
	let at = element;
	for (const name of path) at = childrenOf(at, name)[0];
	return at;
}

/** Text of the child at the end of a path; undefined for none and for blanks. */
export function textAt(element: XmlElement | undefined, ...path: readonly string[]): string | undefined {
	const text = childAt(element, ...path)
		?.text.replace(/\r\n?/g, "\n")
		.trim();
	return text === undefined || text === "" ? undefined : text;
}

/** `2023-11-02T11:57+09:00`: feeds leave the seconds out. Without a zone it is UTC. Undefined for what is no date. */
export function jvnDate(text: string | undefined): Date | undefined {
	const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(:\d{2})?(?:\.\d+)?(Z|[+-]\d{2}:\d{2})?$/.exec(text ?? "");
	if (match === null) return undefined;
	const date = new Date(`${match[1]}T${match[2]}${match[3] ?? ":00"}${match[4] ?? "Z"}`);
	return Number.isNaN(date.getTime()) ? undefined : date;
}

/** `JVNDB-2023-004814`, or undefined. */
export function jvnName(text: string | undefined): string | undefined {
	const name = text?.trim().toUpperCase();
	return name !== undefined && /^JVNDB-\d{4}-\d{6,7}$/.test(name) ? name : undefined;
}

/** IPA's own scores; the base ones, which is all it publishes. */
export function jvnScore(version: string | undefined, score: string | undefined, severity: string | undefined, vector: string | undefined): CvssScore[] {
	const value = score === undefined || !/^\d{1,2}(?:\.\d+)?$/.test(score.trim()) ? Number.NaN : Number(score);
	const known = /^(?:CVSS:)?([234](?:\.\d)?)$/.exec(version?.trim() ?? "")?.[1];
	if (known === undefined || !(value >= 0 && value <= 10) || vector === undefined || vector.length > 400) return [];
	// A vector of 3.1 can stand under version 3.0: the vector knows better.
	const exact = /^CVSS:(\d\.\d)\//.exec(vector)?.[1] ?? (known.length === 1 ? `${known}.0` : known);
	return [{ version: exact, source: "IPA", primary: true, vector, score: value, severity: (severity ?? severityOf(exact, value)).toUpperCase().slice(0, 12) }];
}

/** What both readings have in common at their end. */
export function jvnItem(parts: {
	name: string;
	title: string;
	text: string;
	published: Date;
	modified: Date;
	solution?: string | undefined;
	cves: readonly string[];
	cwes: VulnItem["cwes"];
	cvss: readonly CvssScore[];
	products: VulnItem["products"];
	references: VulnItem["references"];
}): ReadItem<VulnItem> {
	const { name, title, text, solution, products, references, ...rest } = parts;
	const some = capped(products, "products");
	const refs = capped(
		distinctBy(references, ({ url }) => url),
		"references",
	);
	const cut = [...some.cut, ...refs.cut];
	return {
		ok: true,
		where: name,
		item: {
			kind: "vulnerability",
			name,
			title: beginning(title, 1000),
			description: "",
			translatedDescription: beginning(text, MAX_TEXT),
			language: "ja",
			link: `https://jvndb.jvn.jp/ja/contents/${name.slice(6, 10)}/${name}.html`,
			...(solution === undefined ? {} : { solution: beginning(solution, MAX_TEXT) }),
			...rest,
			cves: [...new Set(rest.cves)],
			products: some.kept,
			references: refs.kept,
			...(cut.length === 0 ? {} : { cut }),
		},
	};
}

/** An entry that cannot be used, with what it looked like. */
export function jvnRefusal(element: XmlElement, where: string, reason: string): ReadItem<VulnItem> {
	const words = element.children.map((child) => `${child.name}: ${child.text}`).join(" ");
	return { ok: false, where, reason, excerpt: words.replace(/\s+/g, " ").slice(0, 300) };
}

function weaknessOf(reference: XmlElement): VulnItem["cwes"] {
	const id = cweId(reference.attributes.id);
	if (id === undefined) return [];
	const name = reference.attributes.title?.replace(/\s*\(CWE-\d+\)$/, "").trim();
	return [{ id, ...(name === undefined || name === "" ? {} : { name: name.slice(0, 300) }) }];
}

function referenceOf({ attributes, text }: XmlElement): VulnItem["references"] {
	const url = webAddress(text);
	if (url === undefined || /^CWE-/i.test(attributes.id ?? "")) return [];
	const title = [attributes.source, attributes.id].filter((part) => part !== undefined && part !== "").join(": ");
	return [{ url, ...(title === "" ? {} : { title: title.slice(0, 500) }), kind: "advisory" }];
}

/** One `item` of a feed or of the list. */
export function jvnEntry(item: XmlElement, at: number): ReadItem<VulnItem> {
	const name = jvnName(textAt(item, "identifier"));
	const title = textAt(item, "title");
	if (name === undefined) return jvnRefusal(item, String(at), `"${(textAt(item, "identifier") ?? "").slice(0, 40)}" is no id of JVN iPedia`);
	const published = jvnDate(textAt(item, "issued") ?? textAt(item, "date"));
	const modified = jvnDate(textAt(item, "modified") ?? textAt(item, "date")) ?? published;
	if (published === undefined || modified === undefined) return jvnRefusal(item, name, `its date "${(textAt(item, "issued") ?? textAt(item, "date") ?? "").slice(0, 40)}" is none`);
	const references = childrenOf(item, "references");
	return jvnItem({
		name,
		title: title ?? name,
		text: textAt(item, "description") ?? "",
		published,
		modified,
		cves: references.map(({ attributes }) => cveId(attributes.id)).filter((id) => id !== undefined),
		cwes: references.flatMap(weaknessOf),
		cvss: childrenOf(item, "cvss").flatMap(({ attributes }) => jvnScore(attributes.version, attributes.score, attributes.severity, attributes.vector)),
		products: childrenOf(item, "cpe").flatMap(({ attributes, text }) => {
			const { vendor, product } = attributes;
			if (vendor === undefined || product === undefined || product === "") return [];
			return [{ vendor: vendor.slice(0, 300), product: product.slice(0, 300), ...(text.startsWith("cpe:") ? { cpe: text.slice(0, 1024) } : {}) }];
		}),
		references: references.flatMap(referenceOf),
	});
}
