import { defineEnricher, type Fact } from "./define";

/** Where the address is registered or used, by the MaxMind-format file of this installation. */
export const geo = defineEnricher({
	id: "geo",
	name: "Location",
	homepage: "https://github.com/sapics/ip-location-db",
	supports: ["ipv4", "ipv6"],
	exposure: "nobody",
	quota: [],
	keeps: { found: 3600, unknown: 3600 },
	timeoutMs: 2_000,
	async ask({ value }, tools) {
		const { country, city } = tools.place(value);
		if (country === null) return null;
		const name = new Intl.DisplayNames(["en"], { type: "region", fallback: "code" }).of(country) ?? country;
		const facts: Fact[] = [
			{ label: "Country", kind: "text", text: name === country ? country : `${name} (${country})` },
			...(city === null ? [] : [{ label: "City", kind: "text", text: city } as const]),
		];
		return { enrichment: { summary: city === null ? name : `${city}, ${name}`, tone: "none", facts }, raw: { country, city } };
	},
});
