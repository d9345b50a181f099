import { addressBytes } from "@/lib/domain";
import { defineEnricher, type EnricherTools } from "./define";
import { tagsFact, textFact } from "./facts";

/** An address as names of reverse zones write it, without the zone. */
function reversed(address: string): string {
	if (!address.includes(":")) return address.split(".").reverse().join(".");
	return [...Buffer.from(addressBytes(address)).toString("hex")].reverse().join(".");
}

function fields(text: string | undefined): string[] {
	return (text ?? "").split("|").map((part) => part.trim());
}

/** Team Cymru's DNS: `13335 | 1.1.1.0/24 | AU | apnic | 2011-08-11`, one row for each announcement; several systems in one are possible. */
async function announced(address: string, { names }: EnricherTools) {
	const zone = address.includes(":") ? "origin6" : "origin";
	const rows = (await names.resolve(`${reversed(address)}.${zone}.asn.cymru.com`, "TXT")).map(fields);
	const longest = rows.sort((a, b) => Number(b[1]?.split("/")[1] ?? 0) - Number(a[1]?.split("/")[1] ?? 0))[0];
	const numbers = longest?.[0]?.split(/\s+/).filter((number) => /^\d{1,10}$/.test(number)) ?? [];
	if (longest === undefined || numbers.length === 0) return null;
	const [, prefix = "", country = "", registry = ""] = longest;
	// `13335 | US | arin | 2010-07-14 | CLOUDFLARENET - Cloudflare, Inc., US`
	const name = fields((await names.resolve(`AS${numbers[0]}.asn.cymru.com`, "TXT"))[0])[4] ?? "";
	return { numbers, prefix, country, registry, name };
}

/** The autonomous system that announces an address: by a file of this installation, else by Team Cymru's name service. */
export const asn = defineEnricher({
	id: "asn",
	name: "Autonomous system",
	homepage: "https://www.team-cymru.com/ip-asn-mapping",
	supports: ["ipv4", "ipv6"],
	exposure: "provider",
	localWithSystems: true,
	quota: [{ calls: 300, seconds: 60 }],
	keeps: { found: 24 * 3600, unknown: 3600 },
	timeoutMs: 6_000,
	async ask({ value }, tools) {
		const own = tools.system(value);
		if (own !== undefined)
			return own === null
				? null
				: { enrichment: { summary: `AS${own.number} ${own.name}`.trim(), tone: "none", facts: [...textFact("System", `AS${own.number}`), ...textFact("Name", own.name)] }, raw: own };
		const found = await announced(value, tools);
		if (found === null) return null;
		const systems = found.numbers.map((number) => `AS${number}`);
		const facts = [
			...tagsFact("System", systems),
			...textFact("Name", found.name),
			...textFact("Announced as", found.prefix),
			...textFact("Registry", found.registry),
			...textFact("Registered in", found.country),
		];
		return { enrichment: { summary: `${systems[0]} ${found.name}`.trim(), tone: "none", facts }, raw: found };
	},
});
