import type { ReadItem, VulnItem } from "../record";
import { textOf } from "../text";
import { beginning, capped, cveId, cweId, distinctBy, firstSentence, listOf, MAX_TEXT, webAddress } from "./fields";
import { nvdMetrics } from "./nvd-metrics";
import { nvdProducts } from "./nvd-products";

/** One CVE of NVD's API 2.0. Everything but id and dates may be missing: a record of this hour has a description and no more. */

/** `2026-06-18T00:00:00.000` is UTC though it does not say so. Undefined for anything else. */
export function nvdDate(text: string | undefined): Date | undefined {
	const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(Z|[+-]\d{2}:\d{2})?$/.exec(text ?? "");
	if (match === null) return undefined;
	const date = new Date(`${(match[1] as string).replace(/(\.\d{3})\d+$/, "$1")}${match[2] ?? "Z"}`);
	return Number.isNaN(date.getTime()) ? undefined : date;
}

/** `** DISPUTED **` and its kin, which stood in descriptions before `cveTags` were there. */
const OLD_MARK = /^\*\*\s*([A-Z][A-Z ]{1,38}[A-Z])\s*\*\*\s*/;

interface Described {
	text: string;
	title: string;
	marks: string[];
}

function described(cve: unknown, id: string): Described {
	const all = listOf(cve, "descriptions").map((one) => ({ lang: textOf(one, "lang") ?? "", value: textOf(one, "value")?.trim() ?? "" }));
	const whole = (all.find(({ lang, value }) => lang.startsWith("en") && value !== "") ?? all.find(({ value }) => value !== ""))?.value ?? "";
	const mark = OLD_MARK.exec(whole)?.[1];
	const plain = whole.replace(OLD_MARK, "").replace(/^Rejected reason:\s*/i, "");
	const title = firstSentence(plain);
	return {
		text: whole.length <= MAX_TEXT ? whole : beginning(whole, MAX_TEXT),
		title: title === "" ? id : title,
		marks: mark === undefined || mark === "REJECT" ? [] : [mark.toLowerCase().replaceAll(" ", "-")],
	};
}

function exploited(cve: unknown): VulnItem["knownExploited"] {
	const day = (name: string): string | undefined => /^\d{4}-\d{2}-\d{2}/.exec(textOf(cve, name) ?? "")?.[0];
	const added = day("cisaExploitAdd");
	if (added === undefined) return undefined;
	const due = day("cisaActionDue");
	const action = textOf(cve, "cisaRequiredAction")?.slice(0, 4000);
	const name = textOf(cve, "cisaVulnerabilityName")?.slice(0, 500);
	return { added, ...(due === undefined ? {} : { due }), ...(action === undefined ? {} : { action }), ...(name === undefined ? {} : { name }) };
}

/** The same address stands there once for each who gave it: one is kept, with the kinds of all. */
function references(cve: unknown): VulnItem["references"] {
	const kinds = new Map<string, Set<string>>();
	for (const reference of listOf(cve, "references")) {
		const url = webAddress(textOf(reference, "url"));
		if (url === undefined) continue;
		const known = kinds.get(url) ?? new Set<string>();
		for (const tag of listOf(reference, "tags")) if (typeof tag === "string" && tag.length <= 60) known.add(tag);
		kinds.set(url, known);
	}
	return [...kinds].map(([url, tags]) => ({ url, ...(tags.size === 0 ? {} : { kind: [...tags].join(", ") }) }));
}

function weaknesses(cve: unknown): VulnItem["cwes"] {
	const ids = listOf(cve, "weaknesses")
		.flatMap((weakness) => listOf(weakness, "description"))
		.map((one) => cweId(textOf(one, "value")))
		.filter((id) => id !== undefined);
	return [...new Set(ids)].map((id) => ({ id }));
}

function tagsOf(cve: unknown, marks: readonly string[]): string[] {
	const given = listOf(cve, "cveTags")
		.flatMap((one) => listOf(one, "tags"))
		.filter((tag): tag is string => typeof tag === "string" && tag.length <= 60);
	return [...new Set([...marks, ...given])];
}

function solutionOf(cve: unknown): string | undefined {
	const text = textOf(cve, "evaluatorSolution")?.trim();
	return text === undefined || text === "" ? undefined : beginning(text, MAX_TEXT);
}

/** One member of `vulnerabilities`. Set aside are those without id or dates: nothing could be told from them. */
export function nvdItem(entry: unknown, where: string): ReadItem<VulnItem> {
	const cve = typeof entry === "object" && entry !== null ? (entry as { cve?: unknown }).cve : undefined;
	const given = textOf(cve, "id");
	const id = cveId(given);
	const bad = (reason: string): ReadItem<VulnItem> => ({ ok: false, where: id ?? where, reason, excerpt: (JSON.stringify(entry) ?? "").slice(0, 300) });
	if (id === undefined) return bad(given === undefined ? 'there is no "cve.id"' : `"${given.slice(0, 40)}" is no CVE id`);
	const published = nvdDate(textOf(cve, "published"));
	const modified = nvdDate(textOf(cve, "lastModified")) ?? published;
	if (published === undefined || modified === undefined) return bad(`its date "${String(textOf(cve, "published")).slice(0, 40)}" is none`);
	const { text, title, marks } = described(cve, id);
	const known = exploited(cve);
	const status = textOf(cve, "vulnStatus");
	const rejected = status === "Rejected" || /^(?:\*\*\s*REJECT\s*\*\*|Rejected reason:)/i.test(text);
	const solution = solutionOf(cve);
	const products = capped(nvdProducts(cve), "products");
	const refs = capped(references(cve), "references");
	const cut = [...products.cut, ...refs.cut, ...(text.endsWith("…") ? ["the beginning of the description"] : [])];
	return {
		ok: true,
		where: id,
		item: {
			kind: "vulnerability",
			name: id,
			title: known?.name ?? (rejected ? `Rejected: ${title}` : title),
			description: text,
			published,
			modified,
			link: `https://nvd.nist.gov/vuln/detail/${id}`,
			...(solution === undefined ? {} : { solution }),
			...(status === undefined ? {} : { status: status.slice(0, 60) }),
			cves: [id],
			cwes: weaknesses(cve),
			cvss: distinctBy(nvdMetrics(cve), (one) => `${one.version} ${one.source} ${one.vector}`),
			products: products.kept,
			references: refs.kept,
			tags: tagsOf(cve, marks),
			...(rejected ? { rejected } : {}),
			...(known === undefined ? {} : { knownExploited: known }),
			...(cut.length === 0 ? {} : { cut }),
		},
	};
}
