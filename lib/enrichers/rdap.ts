import { z } from "zod";
import { addressBytes, cidrRange, type Indicator, registrableDomain } from "@/lib/domain";
import { defineEnricher, type EnricherTools, type Fact } from "./define";
import { indicatorFact, indicatorsOf, tagsFact, textFact, timeFact, YOUNG_DAYS, youngTone } from "./facts";
import { type Registration, readRdap } from "./rdap-answer";

/** IANA's files of who answers for what (RFC 9224): which names and blocks, and the addresses of their servers. */
const bootstrap = z.looseObject({ services: z.array(z.tuple([z.array(z.string()), z.array(z.string())]).rest(z.unknown())) });
type Services = z.infer<typeof bootstrap>["services"];

const KEEP_MS = 24 * 3600_000;
/** They change a few times a month; one copy a day and process is enough. */
const files = new Map<string, { at: number; services: Services }>();

async function services(file: "dns" | "ipv4" | "ipv6", tools: EnricherTools): Promise<Services> {
	const now = tools.now().getTime();
	const known = files.get(file);
	if (known !== undefined && now - known.at < KEEP_MS) return known.services;
	const read = bootstrap.parse(await tools.json(`https://data.iana.org/rdap/${file}.json`, { unknown: [] })).services;
	files.set(file, { at: now, services: read });
	return read;
}

function contains(block: string, address: Uint8Array): boolean {
	try {
		const { from, to } = cidrRange(block);
		return Buffer.compare(from, address) <= 0 && Buffer.compare(address, to) <= 0;
	} catch {
		return false;
	}
}

function serverOf(entry: Services[number] | undefined): string | null {
	const server = entry?.[1].find((one) => one.startsWith("https://")) ?? entry?.[1][0];
	return server === undefined ? null : server.replace(/\/*$/, "/");
}

/** Address of the answer about an indicator, null where no registry answers by RDAP. */
async function addressFor({ type, value }: Indicator, tools: EnricherTools): Promise<string | null> {
	if (type === "domain") {
		const name = registrableDomain(value) ?? value;
		const ending = name.split(".").at(-1) ?? "";
		const server = serverOf((await services("dns", tools)).find(([names]) => names.some((one) => one.toLowerCase() === ending)));
		return server === null ? null : `${server}domain/${encodeURIComponent(name)}`;
	}
	const address = addressBytes(value);
	const server = serverOf((await services(type === "ipv6" ? "ipv6" : "ipv4", tools)).find(([blocks]) => blocks.some((block) => contains(block, address))));
	return server === null ? null : `${server}ip/${value}`;
}

function domainFacts(found: Registration): Fact[] {
	return [
		...textFact("Registrar", found.registrar),
		...timeFact("Registered", found.registered, YOUNG_DAYS),
		...timeFact("Changed", found.changed),
		...timeFact("Expires", found.expires),
		...tagsFact("Status", found.status),
		...indicatorFact("Name servers", indicatorsOf(found.nameservers, "domain")),
		...textFact("Registrant", found.registrant),
		...textFact("Abuse contact", found.abuse),
		...(found.signed === undefined ? [] : textFact("DNSSEC", found.signed ? "signed" : "not signed")),
	];
}

function networkFacts(found: Registration): Fact[] {
	const { name, handle, range, country, kind } = found.network;
	return [
		...textFact("Network", name),
		...textFact("Range", range),
		...textFact("Holder", found.registrant),
		...textFact("Country", country),
		...textFact("Kind", kind),
		...textFact("Handle", handle),
		...timeFact("Registered", found.registered),
		...timeFact("Changed", found.changed),
		...tagsFact("Status", found.status),
		...textFact("Abuse contact", found.abuse),
	];
}

/**
 * Who registered a domain or an address, and when, from the registry itself. The registry sees what is asked; the holder does not.
 * A domain of a few days needs eyes.
 */
export const rdap = defineEnricher({
	id: "rdap",
	name: "RDAP",
	homepage: "https://about.rdap.org/",
	supports: ["domain", "ipv4", "ipv6"],
	exposure: "provider",
	manyServers: true,
	quota: [{ calls: 60, seconds: 60 }],
	keeps: { found: 12 * 3600, unknown: 3600 },
	timeoutMs: 15_000,
	async ask(indicator, tools) {
		if (indicator.value.endsWith(".onion")) return null;
		const address = await addressFor(indicator, tools);
		const raw = address === null ? null : await tools.json(address, { headers: { accept: "application/rdap+json, application/json;q=0.8" } });
		const found = raw === null ? null : readRdap(raw);
		if (found === null) return null;
		if (indicator.type !== "domain") {
			const summary = [found.network.name, found.registrant, found.network.country].filter((part) => part !== undefined).join(", ");
			return { enrichment: { summary: summary === "" ? "registered" : summary, tone: "none", facts: networkFacts(found) }, raw };
		}
		const day = timeFact("", found.registered)[0];
		const since = day?.kind === "time" ? `registered ${day.at.slice(0, 10)}` : "registered";
		const summary = found.registrar === undefined ? since : `${since} with ${found.registrar}`;
		return { enrichment: { summary, tone: youngTone(found.registered, tools.now()), facts: domainFacts(found) }, raw };
	},
});
