import { type EnricherDefinition, enrichers } from "@/lib/enrichers";
import type { EnricherSecret, Place } from "@/lib/enrichers/define";
import { env } from "@/lib/env";
import { routeTo } from "@/lib/ingest/context";
import type { AddressPolicy, NamesOptions, WhoisOptions } from "@/lib/net";
import { type Cache, cache, geo, log, systems } from "@/lib/platform";

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
	system: (address: string) => { number: number; name: string } | null;
	now: () => Date;
	/** hears of failures nobody expected; their text has been masked */
	report: (failure: { enricher: string; error: string }) => void;
}

/** The context of this installation. The demo's upstream answers DNS and whois on the port of its HTTP. */
export function lookupContext(): LookupContext {
	const settings = env();
	const upstream = settings.demo === null ? undefined : new URL(settings.demo.upstream);
	return {
		enrichers,
		secrets: settings.lookupSecrets,
		cache: cache(),
		policy: upstream === undefined ? {} : { allowLoopback: true },
		...(upstream === undefined ? {} : { route: routeTo(upstream.href), whoisRoute: () => ({ host: upstream.hostname, port: Number(upstream.port) }) }),
		names: upstream === undefined ? { servers: settings.dnsServers } : { servers: [upstream.host] },
		place: (address) => geo().lookup(address),
		system: (address) => systems()(address),
		now: () => new Date(),
		report: (failure) => log.error(failure, "an enricher failed"),
	};
}
