import { abuseipdb } from "./abuseipdb";
import { asn } from "./asn";
import { blocklists } from "./blocklists";
import { censys } from "./censys";
import { crtsh } from "./crtsh";
import type { EnricherDefinition } from "./define";
import { dns } from "./dns";
import { geo } from "./geo";
import { greynoise } from "./greynoise";
import { internetdb } from "./internetdb";
import { malwarebazaar } from "./malwarebazaar";
import { otx } from "./otx";
import { rdap } from "./rdap";
import { reverseDns } from "./reverse-dns";
import { shodan } from "./shodan";
import { threatfox } from "./threatfox";
import { threatminer } from "./threatminer";
import { urlhaus } from "./urlhaus";
import { virustotal } from "./virustotal";
import { virustotalBehaviour } from "./virustotal-behaviour";
import { whois } from "./whois";

export type { EnricherDefinition } from "./define";

/** Every enricher, in the order pages show them: one line for each file of this folder. */
export const enrichers: readonly EnricherDefinition[] = [
	geo,
	asn,
	reverseDns,
	dns,
	rdap,
	whois,
	blocklists,
	virustotal,
	virustotalBehaviour,
	abuseipdb,
	greynoise,
	shodan,
	internetdb,
	censys,
	malwarebazaar,
	urlhaus,
	threatfox,
	otx,
	crtsh,
	threatminer,
];

/** The enricher of a slug, undefined where there is none. */
export function enricherById(id: string): EnricherDefinition | undefined {
	return enrichers.find((enricher) => enricher.id === id);
}
