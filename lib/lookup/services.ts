import { canonicalise, INDICATOR_TYPES, type IndicatorType } from "@/lib/domain";
import { type LookupContext, lookupContext } from "./context";
import { offers } from "./offers";
import type { Offer, Reach } from "./states";

/** A public value of every type: what holds a service back from it, holds it back from all of the type. */
const SAMPLES: Readonly<Partial<Record<IndicatorType, string>>> = {
	ipv4: "1.1.1.1",
	ipv6: "2606:4700:4700::1111",
	cidr: "1.1.1.0/24",
	domain: "iana.org",
	url: "https://iana.org/",
	md5: "0".repeat(32),
	sha1: "0".repeat(40),
	sha256: "0".repeat(64),
	email: "iana@iana.org",
	cve: "CVE-2021-44228",
};

/** A service that can be asked about values of some types, before any value is at hand. */
export interface Service extends Offer {
	supports: IndicatorType[];
}

/** Who can be asked about a list of values of any type, in the order of pages. Nobody is asked. */
export async function services(reach: Reach, context: LookupContext = lookupContext()): Promise<Service[]> {
	const byId = new Map<string, Service>();
	const order = context.enrichers.map(({ id }) => id);
	await Promise.all(
		INDICATOR_TYPES.map(async (type) => {
			const made = canonicalise(SAMPLES[type] ?? "", type);
			if (!made.ok) return;
			for (const offer of await offers(made.indicator, reach, context)) {
				const known = byId.get(offer.id);
				if (known === undefined) byId.set(offer.id, { ...offer, supports: [type] });
				else known.supports.push(type);
			}
		}),
	);
	return [...byId.values()].sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
}
