import { z } from "zod";
import { type Indicator, type IndicatorType, registrableDomain } from "@/lib/domain";
import { amount, listOf, textCell, timeCell, utc, word, words } from "./answer";
import { defineEnricher, type FactTable } from "./define";
import { counted, tagsFact, textFact } from "./facts";

/** What the API calls our types. */
const PATHS: Partial<Readonly<Record<IndicatorType, string>>> = { ipv4: "IPv4", ipv6: "IPv6", domain: "domain", url: "url", md5: "file", sha1: "file", sha256: "file", cve: "cve" };

const family = z.union([z.string(), z.looseObject({ display_name: z.string() }).transform((one) => one.display_name)]);
const pulse = z.looseObject({
	id: word,
	name: word,
	modified: word,
	created: word,
	tags: words,
	adversary: word,
	TLP: word,
	malware_families: listOf(family),
	attack_ids: listOf(family),
	indicator_count: amount,
	author: z.looseObject({ username: word }).catch({ username: null }),
});
const related = z.looseObject({ adversary: words, malware_families: listOf(family), industries: words }).catch({ adversary: [], malware_families: [], industries: [] });
const answer = z.looseObject({
	pulse_info: z.looseObject({ count: z.number(), pulses: listOf(pulse), related: z.looseObject({ alienvault: related, other: related }).nullish().catch(null) }),
	validation: listOf(z.looseObject({ name: word, message: word })),
	false_positive: listOf(z.looseObject({ assessment: word })),
	asn: word,
	country_name: word,
});
type Pulse = z.output<typeof pulse>;

const MAX_ROWS = 20;
/** Tags that say something: the dozens that automatic pulses carry drown the rest. */
const MAX_TAGS = 30;

function common(pulses: readonly Pulse[]): string[] {
	const counts = new Map<string, number>();
	for (const tag of pulses.flatMap(({ tags }) => [...new Set(tags)])) counts.set(tag, (counts.get(tag) ?? 0) + 1);
	return [...counts]
		.sort((a, b) => b[1] - a[1])
		.slice(0, MAX_TAGS)
		.map(([tag]) => tag);
}

function tableOf(pulses: readonly Pulse[], count: number): FactTable[] {
	if (pulses.length === 0) return [];
	const rows = pulses.slice(0, MAX_ROWS).map((one) => [textCell(one.name), textCell(one.author.username), timeCell(utc(one.modified)), textCell(one.indicator_count)]);
	return [{ title: "Pulses", columns: ["Name", "Author", "Changed", "Indicators"], rows, more: Math.max(count, pulses.length) - rows.length }];
}

/** A name below the registered one is a `hostname` there. */
function pathOf({ type, value }: Indicator): string {
	return type === "domain" && registrableDomain(value) !== value ? "hostname" : (PATHS[type] ?? type);
}

function pageOf(indicator: Indicator): string {
	const { type, value } = indicator;
	const kind = type === "ipv4" || type === "ipv6" ? "ip" : pathOf(indicator);
	return `https://otx.alienvault.com/indicator/${kind}/${encodeURIComponent(value)}`;
}

/**
 * Pulses (reports of users) that name the value. Anybody writes pulses, and some name everything their tool met, so that being in
 * them needs eyes and is no verdict; OTX's own note of a false positive is shown. No pulses and no note is nothing known.
 */
export const otx = defineEnricher({
	id: "otx",
	name: "AlienVault OTX",
	homepage: "https://otx.alienvault.com/",
	supports: ["ipv4", "ipv6", "domain", "url", "md5", "sha1", "sha256", "cve"],
	exposure: "provider",
	secret: { name: "otxKey", required: true },
	quota: [{ calls: 10_000, seconds: 3600 }],
	keeps: { found: 12 * 3600, unknown: 6 * 3600 },
	timeoutMs: 15_000,
	async ask(indicator, tools) {
		const raw = await tools.json(`https://otx.alienvault.com/api/v1/indicators/${pathOf(indicator)}/${encodeURIComponent(indicator.value)}/general`, {
			headers: { "x-otx-api-key": tools.secret ?? "" },
		});
		if (raw === null) return null;
		const { pulse_info: info, validation, false_positive: falsePositive, asn, country_name: country } = answer.parse(raw);
		const { count, pulses } = info;
		const notes = [...validation.map(({ name, message }) => message ?? name ?? ""), ...falsePositive.map(({ assessment }) => assessment ?? "")];
		if (count === 0 && pulses.length === 0 && notes.length === 0) return null;
		const all = [info.related?.alienvault, info.related?.other].flatMap((one) => (one === undefined ? [] : [one]));
		const facts = [
			...tagsFact("Adversaries", [...all.flatMap(({ adversary }) => adversary), ...pulses.map(({ adversary }) => adversary ?? "")], "warn"),
			...tagsFact("Malware", [...all.flatMap((one) => one.malware_families), ...pulses.flatMap((one) => one.malware_families)], "warn"),
			...tagsFact(
				"Techniques",
				pulses.flatMap((one) => one.attack_ids),
			),
			...tagsFact(
				"Industries",
				all.flatMap(({ industries }) => industries),
			),
			...tagsFact("Tags", common(pulses)),
			...tagsFact("Notes on false positives", notes),
			...textFact("Network", asn),
			...textFact("Country", country),
		];
		return {
			enrichment: { summary: `Named in ${counted(Math.max(count, pulses.length), "pulse")}`, tone: count > 0 ? "warn" : "none", facts, tables: tableOf(pulses, count), link: pageOf(indicator) },
			raw,
		};
	},
});
