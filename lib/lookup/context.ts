import { type EnricherDefinition, enrichers } from "@/lib/enrichers";
import type { EnricherSecret, EnricherTools, Place } from "@/lib/enrichers/define";
import { type Env, env, LOOKUP_VARIABLES } from "@/lib/env";
import { routeTo } from "@/lib/ingest/context";
import type { AddressPolicy, NamesOptions, WhoisOptions } from "@/lib/net";
import { type Cache, cache, geo, log, systems } from "@/lib/platform";
import { listingsOf } from "./listings";

/** Everything lookups need from outside, so that tests hand in their own. */
export interface LookupContext {
	enrichers: readonly EnricherDefinition[];
	secrets: Partial<Record<EnricherSecret, string>>;
	/** shared between instances: answers, counts, what is left alone for now */
	cache: Cache;
	policy: AddressPolicy;
	/** maps a public address to the demo's upstream; undefined: as it is */
	route?: (url: URL) => URL;
	names: NamesOptions;
	whoisRoute?: NonNullable<WhoisOptions["route"]>;
	place: (address: string) => Place;
	system: EnricherTools["system"];
	listings: EnricherTools["listings"];
	now: () => Date;
	/** hears of failures nobody expected; their text has been masked */
	report: (failure: { enricher: string; error: string }) => void;
}

/** The enrichers as this installation's files make them: with a file of autonomous systems nobody is asked for those. */
function withFiles(all: readonly EnricherDefinition[], settings: Env): readonly EnricherDefinition[] {
	if (settings.geo.asnPath === null) return all;
	let broken: string | undefined;
	try {
		systems();
	} catch (error) {
		broken = "The file that GEOIP_ASN_PATH names cannot be read; the log says why.";
		log.error({ reason: (error as Error).message }, "no autonomous systems");
	}
	return all.map((one) => (one.localWithSystems === true ? { ...one, exposure: "nobody", ...(broken === undefined ? {} : { offReason: broken }) } : one));
}

/** The context of this installation. The demo's upstream answers DNS and whois on the port of its HTTP. */
export function lookupContext(settings: Env = env()): LookupContext {
	const upstream = settings.demo === null ? undefined : new URL(settings.demo.upstream);
	return {
		enrichers: withFiles(enrichers, settings),
		// Nothing that is asked in the demonstration needs a real key, and none is used.
		secrets: upstream === undefined ? settings.lookupSecrets : Object.fromEntries(Object.keys(LOOKUP_VARIABLES).map((name) => [name, "demo-key"])),
		cache: cache(),
		policy: upstream === undefined ? {} : { allowLoopback: true },
		...(upstream === undefined ? {} : { route: routeTo(upstream.href), whoisRoute: () => ({ host: upstream.hostname, port: Number(upstream.port) }) }),
		names: upstream === undefined ? { servers: settings.dnsServers } : { servers: [upstream.host] },
		place: (address) => geo().lookup(address),
		system: (address) => systems()(address),
		listings: (indicator) => listingsOf(indicator),
		now: () => new Date(),
		report: (failure) => log.error(failure, "an enricher failed"),
	};
}
