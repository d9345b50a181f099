import { defineEnricher, type EnricherTools, type Fact, type FactTable } from "./define";
import { counted, indicatorFact, indicatorsOf, textFact } from "./facts";

const TYPES = ["A", "AAAA", "CNAME", "MX", "NS", "TXT", "SOA"] as const;
type RecordType = (typeof TYPES)[number];
type Records = Readonly<Partial<Record<RecordType, string[]>>>;

/** Every type at once; one that fails leaves the others, unless all do. */
async function allRecords(name: string, { names }: EnricherTools): Promise<{ records: Records; failed: RecordType[] }> {
	const settled = await Promise.allSettled(TYPES.map((type) => names.resolve(name, type)));
	const failed = TYPES.filter((_type, at) => settled[at]?.status === "rejected");
	const first = settled.find((one) => one.status === "rejected");
	if (first?.status === "rejected" && failed.length === TYPES.length) throw first.reason;
	return { records: Object.fromEntries(TYPES.map((type, at) => [type, settled[at]?.status === "fulfilled" ? settled[at].value : []])), failed };
}

/** Where the addresses are. */
function addressTable(addresses: readonly string[], tools: EnricherTools): FactTable[] {
	const rows = indicatorsOf(addresses, "ip").map((indicator) => {
		const { country, city } = tools.place(indicator.value);
		const system = tools.system(indicator.value);
		return [
			{ kind: "indicator", indicator } as const,
			{ kind: "text", text: [country, city].filter((part) => part !== null).join(" ") } as const,
			{ kind: "text", text: system === null || system === undefined ? "" : `AS${system.number} ${system.name}`.trim() } as const,
		];
	});
	return rows.length === 0 ? [] : [{ title: "Addresses", columns: ["Address", "Country", "System"], rows, more: 0 }];
}

/** Hosts behind records whose last word is a name: `10 mail.example.com` */
function hosts(label: string, records: readonly string[] = []): Fact[] {
	const names = records.map((record) => (record.split(/\s+/).at(-1) ?? "").replace(/\.$/, ""));
	const found = indicatorsOf(names, "domain");
	return found.length === 0 ? textFact(label, records.join(", ")) : indicatorFact(label, found);
}

/** Forward records of a name, asked of its own zone's servers by way of a resolver: who runs them may see it. */
export const dns = defineEnricher({
	id: "dns",
	name: "DNS",
	homepage: "https://www.rfc-editor.org/rfc/rfc1035",
	supports: ["domain"],
	exposure: "target",
	manyServers: true,
	quota: [],
	keeps: { found: 600, unknown: 300 },
	timeoutMs: 10_000,
	async ask({ value }, tools) {
		// Names of Tor are none of DNS (RFC 7686).
		if (value.endsWith(".onion")) return null;
		const { records, failed } = await allRecords(value, tools);
		const addresses = [...(records.A ?? []), ...(records.AAAA ?? [])];
		const total = Object.values(records).flat().length;
		if (total === 0 && failed.length === 0) return null;
		const unanswered = addresses.length === 0 && (failed.includes("A") || failed.includes("AAAA"));
		const facts = [
			...textFact("No answer", failed.join(", "), "warn"),
			...hosts("CNAME", records.CNAME),
			...hosts("MX", records.MX),
			...hosts("NS", records.NS),
			...(records.TXT ?? []).slice(0, 20).flatMap((text) => textFact("TXT", text)),
			...textFact("SOA", records.SOA?.[0]),
		];
		const summary = unanswered
			? `addresses unknown: no answer for ${failed.join(", ")}`
			: addresses.length === 0
				? total === 0
					? "no records"
					: "no addresses"
				: counted(addresses.length, "address", "addresses");
		return { enrichment: { summary, tone: unanswered ? "warn" : "none", facts, tables: addressTable(addresses, tools) }, raw: records };
	},
});
