import type { VulnItem } from "../record";
import { textOf } from "../text";
import { parseCpe } from "./cpe";
import { listOf } from "./fields";

type Product = VulnItem["products"][number];

/** Characters of the versions of one product. */
const MAX_VERSIONS = 2000;

/** `2.0.1 up to 2.3.1 (not included)`, from the bounds beside a CPE name. */
function range(match: unknown): string | undefined {
	const from = textOf(match, "versionStartIncluding");
	const after = textOf(match, "versionStartExcluding");
	const before = textOf(match, "versionEndExcluding");
	const upTo = textOf(match, "versionEndIncluding");
	const start = from !== undefined ? `from ${from}` : after !== undefined ? `after ${after}` : undefined;
	const end = before !== undefined ? `before ${before}` : upTo !== undefined ? `up to ${upTo}` : undefined;
	return start === undefined && end === undefined ? undefined : [start, end].filter((part) => part !== undefined).join(" ");
}

interface Gathered {
	vendor: string;
	product: string;
	cpe: string;
	versions: Set<string>;
}

/** Vulnerable CPE names by vendor and product; platforms that a product merely runs on are not among them. */
function fromConfigurations(cve: unknown): Product[] {
	const found = new Map<string, Gathered>();
	const matches = listOf(cve, "configurations")
		.flatMap((configuration) => listOf(configuration, "nodes"))
		.flatMap((node) => listOf(node, "cpeMatch"));
	for (const match of matches) {
		if ((match as { vulnerable?: unknown } | null)?.vulnerable !== true) continue;
		const criteria = textOf(match, "criteria");
		const name = criteria === undefined ? undefined : parseCpe(criteria);
		if (criteria === undefined || name === undefined) continue;
		const key = `${name.vendor}\n${name.product}`;
		const known = found.get(key) ?? { vendor: name.vendor, product: name.product, cpe: criteria, versions: new Set<string>() };
		const versions = range(match) ?? name.version;
		if (versions !== undefined) known.versions.add(versions);
		found.set(key, known);
	}
	return [...found.values()].map(({ versions, ...product }) => withVersions(product, [...versions]));
}

function withVersions(product: Omit<Product, "versions">, versions: readonly string[]): Product {
	if (versions.length === 0) return product;
	let text = "";
	for (const [at, version] of versions.entries()) {
		const next = text === "" ? version : `${text}; ${version}`;
		if (next.length > MAX_VERSIONS) return { ...product, versions: `${text} and ${versions.length - at} more` };
		text = next;
	}
	return { ...product, versions: text };
}

function affectedVersion(version: unknown): string | undefined {
	if (textOf(version, "status") !== "affected") return undefined;
	const from = textOf(version, "version");
	const start = from === undefined || from === "0" || from === "unspecified" || from === "n/a" ? undefined : from;
	const before = textOf(version, "lessThan");
	const upTo = textOf(version, "lessThanOrEqual");
	const end = before !== undefined ? `before ${before}` : upTo !== undefined ? `up to ${upTo}` : undefined;
	if (end === undefined) return start;
	return start === undefined ? end : `from ${start} ${end}`;
}

/**
 * `affected`, there since 2026: what the one who reported it names, one product in several pieces. Read where NVD has not
 * analysed the record yet.
 */
function fromAffected(cve: unknown): Product[] {
	const found = new Map<string, { vendor: string; product: string; versions: Set<string> }>();
	for (const one of listOf(cve, "affected").flatMap((affected) => listOf(affected, "affectedData"))) {
		const vendor = textOf(one, "vendor")?.trim().slice(0, 300) ?? "";
		const product = textOf(one, "product")?.trim().slice(0, 300) ?? "";
		if (vendor === "" || product === "" || product.toLowerCase() === "n/a") continue;
		const key = `${vendor}\n${product}`;
		const known = found.get(key) ?? { vendor, product, versions: new Set<string>() };
		for (const version of listOf(one, "versions").map(affectedVersion)) if (version !== undefined) known.versions.add(version);
		found.set(key, known);
	}
	return [...found.values()].map(({ versions, ...product }) => withVersions(product, [...versions]));
}

/** The products a record is about, each once. */
export function nvdProducts(cve: unknown): Product[] {
	const analysed = fromConfigurations(cve);
	return analysed.length > 0 ? analysed : fromAffected(cve);
}
