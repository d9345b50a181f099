import { addressBytes } from "@/lib/domain";
import { defineEnricher } from "./define";
import { counted, indicatorFact, indicatorsOf, textFact } from "./facts";

function reverseName(address: string): string {
	if (!address.includes(":")) return `${address.split(".").reverse().join(".")}.in-addr.arpa`;
	return `${[...Buffer.from(addressBytes(address)).toString("hex")].reverse().join(".")}.ip6.arpa`;
}

function same(a: string, b: string): boolean {
	try {
		return Buffer.compare(addressBytes(a), addressBytes(b)) === 0;
	} catch {
		return false;
	}
}

/**
 * The names an address claims for itself, and whether the first of them leads back to it: anybody can write `google.com` into the
 * reverse zone of an address of their own.
 */
export const reverseDns = defineEnricher({
	id: "reverse-dns",
	name: "Reverse DNS",
	homepage: "https://www.rfc-editor.org/rfc/rfc1035#section-3.5",
	supports: ["ipv4", "ipv6"],
	exposure: "target",
	manyServers: true,
	quota: [],
	keeps: { found: 3600, unknown: 1800 },
	timeoutMs: 8_000,
	async ask({ type, value }, { names }) {
		const claimed = (await names.resolve(reverseName(value), "PTR")).map((name) => name.replace(/\.$/, ""));
		const first = claimed[0];
		if (first === undefined) return null;
		const forward = await names.resolve(first, type === "ipv6" ? "AAAA" : "A").catch(() => null);
		const leadsBack = forward?.some((address) => same(address, value));
		const domains = indicatorsOf(claimed, "domain");
		const facts = [
			...indicatorFact("Names", domains),
			...(domains.length === 0 ? textFact("Names", claimed.join(", ")) : []),
			...(leadsBack === undefined ? [] : textFact("Leads back", leadsBack ? "the name resolves to this address" : "the name does not resolve to this address", leadsBack ? "none" : "warn")),
		];
		return { enrichment: { summary: claimed.length === 1 ? first : `${first} and ${counted(claimed.length - 1, "other")}`, tone: "none", facts }, raw: { PTR: claimed, forward } };
	},
});
