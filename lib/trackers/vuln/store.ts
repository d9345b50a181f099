import type { CanonicalValue } from "@/lib/domain/indicator";
import { indicatorId } from "@/lib/indicators/identity";
import { lit, type Queryable } from "@/lib/platform";
import {
	checkedDate,
	checkedLink,
	insertInto,
	mergeMentions,
	namedCves,
	namedIn,
	type PreparedRecord,
	plainText,
	type RecordStore,
	recordId,
	type SetAsideItem,
	type StoreContext,
	UnusableItem,
	writeRecords,
} from "@/lib/records";
import type { EpssItem, VulnItem } from "@/lib/sources/record";
import { leadingScore } from "./cvss";
import { storeEpss } from "./epss-store";
import { kevRecordId } from "./known-exploited";

const TABLE = { tracker: "vuln", table: "vuln" } as const;

interface Facet {
	kind: "vendor" | "cwe" | "tag";
	value: string;
}

interface Prepared {
	record: PreparedRecord;
	facets: Facet[];
}

function facetsOf(item: VulnItem, tags: readonly string[]): Facet[] {
	const found = new Map<string, Facet>();
	const add = (kind: Facet["kind"], text: string): void => {
		const value = (plainText(text, 255) ?? "").toLowerCase();
		if (value !== "") found.set(`${kind} ${value}`, { kind, value });
	};
	for (const { vendor } of item.products) add("vendor", vendor);
	for (const { id } of item.cwes) add("cwe", id);
	for (const tag of tags) add("tag", tag);
	return [...found.values()];
}

/** Tags of the source, and two that follow from what it says. */
function tagsOf(item: VulnItem): string[] {
	const tags = new Set((item.tags ?? []).map((tag) => plainText(tag, 100)).filter((tag) => tag !== null));
	if (item.rejected === true) tags.add("rejected");
	if (item.references.some(({ kind }) => kind?.split(", ").includes("Exploit") === true)) tags.add("exploit-reference");
	return [...tags];
}

function products(item: VulnItem) {
	return item.products.flatMap(({ vendor, product, versions, cpe }) => {
		const name = plainText(product, 300);
		return name === null
			? []
			: [{ vendor: plainText(vendor, 300) ?? "", product: name, ...(versions === undefined ? {} : { versions: plainText(versions, 3000) ?? "" }), ...(cpe === undefined ? {} : { cpe }) }];
	});
}

function references(item: VulnItem) {
	return item.references.flatMap(({ url, title, kind }) => {
		const link = checkedLink(url);
		const said = plainText(title, 500);
		return link === null ? [] : [{ url: link, ...(said === null ? {} : { title: said }), ...(kind === undefined ? {} : { kind: kind.slice(0, 300) }) }];
	});
}

/** A vulnerability as it is stored. Pure; throws `UnusableItem`. */
function prepare(item: VulnItem, context: StoreContext): Prepared {
	if (!/^[A-Z]+-\d{4}-\d{1,19}$/.test(item.name)) throw new UnusableItem(`"${item.name.slice(0, 40)}" is no name of a vulnerability`);
	const published = checkedDate(item.published, context.at, "date of publication");
	const modified = checkedDate(item.modified, context.at, "date of change");
	const title = plainText(item.title, 2000) ?? item.name;
	const description = plainText(item.description);
	const translated = plainText(item.translatedDescription);
	const cves = namedCves(item.cves);
	const first = cves[0]?.indicator.value;
	const lead = leadingScore(item.cvss);
	const tags = tagsOf(item);
	const named = products(item);
	const exploited = item.knownExploited;
	const record: PreparedRecord = {
		id: recordId(context.source.number, item.name),
		at: published,
		columns: {
			name: item.name,
			cve_id: first === undefined ? null : indicatorId({ type: "cve", value: first as CanonicalValue }),
			kev_id: first === undefined ? null : kevRecordId(first),
			title,
			description,
			translated,
			language: translated === null ? null : (item.language ?? null),
			published_at: published,
			modified_at: modified,
			link: checkedLink(item.link),
			solution: plainText(item.solution),
			status: plainText(item.status, 64),
			score_tenths: lead === undefined ? null : Math.round(lead.score * 10),
			severity: lead?.severity ?? null,
			exploited_on: exploited?.added ?? null,
			exploited: exploited === undefined ? null : JSON.stringify({ due: exploited.due, action: exploited.action, name: exploited.name }),
			rejected: item.rejected === true,
			cves: JSON.stringify(cves.map(({ indicator }) => indicator.value)),
			cwes: JSON.stringify(item.cwes),
			cvss: JSON.stringify(item.cvss),
			products: JSON.stringify(named),
			refs: JSON.stringify(references(item)),
			tags: JSON.stringify(tags),
			cut: item.cut === undefined ? null : JSON.stringify(item.cut),
		},
		text: [
			title,
			item.name,
			description ?? "",
			translated ?? "",
			tags.join(" "),
			item.cwes.map(({ id, name }) => `${id} ${name ?? ""}`).join(" "),
			[...new Set(named.map(({ vendor, product }) => `${vendor} ${product}`))].join(", "),
			plainText(item.solution) ?? "",
		],
		mentions: mergeMentions(
			cves,
			namedIn(
				[
					{ place: "title", text: title },
					{ place: "description", text: description },
					{ place: "description", text: translated },
				],
				context.ownDomains,
			),
		),
	};
	return { record, facets: facetsOf(item, tags) };
}

/** Facets of what was written, as they are now. */
async function writeFacets(tx: Queryable, written: ReadonlyArray<{ id: Buffer; facets: readonly Facet[] }>, known: readonly Buffer[]): Promise<void> {
	for (let at = 0; at < known.length; at += 500) {
		const list = known.slice(at, at + 500).map((id) => lit(id));
		await tx.execute(`DELETE FROM vuln_facet WHERE vuln_id IN (${list.join(",")})`);
	}
	const tuples = written.flatMap(({ id, facets }) => facets.map(({ kind, value }) => `(${lit(kind)},${lit(value)},${lit(id)})`));
	await insertInto(tx, "INSERT INTO vuln_facet (kind, value, vuln_id) VALUES", tuples.sort(), "ON DUPLICATE KEY UPDATE vuln_id = VALUES(vuln_id)");
}

async function storeVulns(tx: Queryable, items: ReadonlyArray<{ item: VulnItem; where: string }>, context: StoreContext) {
	const setAside: SetAsideItem[] = [];
	const prepared = new Map<string, Prepared>();
	let usable = 0;
	for (const { item, where } of items) {
		try {
			const one = prepare(item, context);
			prepared.set(one.record.id.toString("latin1"), one);
			usable++;
		} catch (error) {
			if (!(error instanceof UnusableItem)) throw error;
			setAside.push({ where, reason: error.message, excerpt: JSON.stringify(item).slice(0, 480) });
		}
	}
	const all = [...prepared.values()];
	const counts = await writeRecords(
		tx,
		TABLE,
		all.map(({ record }) => record),
		context,
		(fresh, changed) =>
			writeFacets(
				tx,
				[...fresh, ...changed].map(({ id }) => ({ id, facets: prepared.get(id.toString("latin1"))?.facets ?? [] })),
				changed.map(({ id }) => id),
			),
	);
	return { ...counts, duplicates: counts.duplicates + usable - all.length, setAside };
}

/** Vulnerabilities and their EPSS scores, which come from sources of the same tracker. */
export const vulnStore: RecordStore<VulnItem | EpssItem> = {
	async store(tx, items, context) {
		const vulns: Array<{ item: VulnItem; where: string }> = [];
		const scores: EpssItem[] = [];
		for (const { item, where } of items) {
			if (item.kind === "epss") scores.push(item);
			else vulns.push({ item, where });
		}
		const counts = await storeVulns(tx, vulns, context);
		if (scores.length === 0) return counts;
		const epss = await storeEpss(tx, scores, context);
		return {
			new: counts.new + epss.new,
			updated: counts.updated + epss.updated,
			unchanged: counts.unchanged + epss.unchanged,
			duplicates: counts.duplicates + epss.duplicates,
			setAside: counts.setAside,
		};
	},
};
