import { asn } from "./asn";
import type { EnricherDefinition } from "./define";
import { dns } from "./dns";
import { geo } from "./geo";
import { internetdb } from "./internetdb";
import { rdap } from "./rdap";
import { reverseDns } from "./reverse-dns";
import { whois } from "./whois";

export type { EnricherDefinition } from "./define";

/** Every enricher, in the order pages show them: one line for each file of this folder. */
export const enrichers: readonly EnricherDefinition[] = [geo, asn, reverseDns, dns, rdap, whois, internetdb];

/** The enricher of a slug, undefined where there is none. */
export function enricherById(id: string): EnricherDefinition | undefined {
	return enrichers.find((enricher) => enricher.id === id);
}
