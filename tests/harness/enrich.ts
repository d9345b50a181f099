import { canonicalise, type Indicator } from "@/lib/domain";
import type { EnricherDefinition, EnricherTools } from "@/lib/enrichers/define";
import { enricherTools, type ToolParts } from "@/lib/enrichers/tools";
import { routeTo } from "@/lib/ingest/context";
import type { Asker, LookupContext } from "@/lib/lookup";
import { fitEnrichment, fitRaw, masker } from "@/lib/lookup/fit";
import { memoryCache } from "@/lib/platform/cache";

/** The time at which tests ask. */
export const NOW = new Date("2026-11-24T12:00:00Z");

/** Who asks in tests that are not about shares. */
export const ASKER: Asker = { id: "user:ada", person: "ada", role: "analyst" };

/** The indicator of a text; throws for what is none. */
export function indicator(text: string): Indicator {
	const made = canonicalise(text);
	if (!made.ok) throw new Error(`"${text}" is no indicator: ${made.reason}`);
	return made.indicator;
}

/** Tools as an enricher gets them, whose requests reach a fake provider. */
export function testTools(upstream: string, more: Partial<ToolParts> = {}): EnricherTools {
	return enricherTools({
		secret: undefined,
		signal: AbortSignal.timeout(10_000),
		policy: { allowLoopback: true },
		route: routeTo(upstream),
		names: { servers: ["127.0.0.1:9"], timeoutMs: 50 },
		place: () => ({ country: null, city: null }),
		system: () => undefined,
		listings: async () => ({ listings: [], more: 0, warning: null }),
		now: () => NOW,
		spend: async () => {},
		...more,
	});
}

/** What an enricher makes of a value, as pages get it. */
export async function enrich(definition: EnricherDefinition, text: string, upstream: string, more: Partial<ToolParts> = {}) {
	const found = await definition.ask(indicator(text), testTools(upstream, more));
	const mask = masker(more.secret === undefined ? [] : [more.secret]);
	return found === null ? null : { enrichment: fitEnrichment(found.enrichment, mask), raw: fitRaw(found.raw, mask) };
}

/** A context of lookups whose requests reach a fake provider. */
export function testLookup(upstream: string, more: Partial<LookupContext> = {}): LookupContext {
	return {
		enrichers: [],
		secrets: {},
		cache: memoryCache(),
		policy: { allowLoopback: true },
		route: routeTo(upstream),
		names: { servers: ["127.0.0.1:9"], timeoutMs: 50 },
		place: () => ({ country: null, city: null }),
		system: () => undefined,
		listings: async () => ({ listings: [], more: 0, warning: null }),
		now: () => new Date(),
		report: () => {},
		...more,
	};
}
