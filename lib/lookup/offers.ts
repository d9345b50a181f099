import { hostOf, type Indicator } from "@/lib/domain";
import type { EnricherDefinition, Exposure } from "@/lib/enrichers/define";
import { LOOKUP_VARIABLES } from "@/lib/env";
import { isPublicAddress } from "@/lib/net";
import { type LookupContext, lookupContext } from "./context";
import { leftOf } from "./quota";
import type { Offer, Reach } from "./states";
import { localStore } from "./stores";

const WITHIN: Readonly<Record<Reach, readonly Exposure[]>> = { all: ["nobody", "provider", "target"], passive: ["nobody", "provider"], index: ["nobody"] };

/** Names that exist in somebody's own network only (RFC 6761, RFC 6762, RFC 8375, ICANN's `internal`, and what people take). */
const INNER_NAME = /\.(?:local|localhost|internal|intranet|lan|home|corp|private|home\.arpa|test|invalid|example)$/;

/** What of an indicator only its own network knows, so that to ask would tell that there is one; null for what is public. */
function inner(indicator: Indicator): string | null {
	if (indicator.type === "ipv4" || indicator.type === "ipv6") return isPublicAddress(indicator.value) ? null : "The address is not public: nobody outside knows it.";
	const host = hostOf(indicator);
	if (host === null) return null;
	const isAddress = host.includes(":") || /^[\d.]+$/.test(host);
	if (isAddress) return isPublicAddress(host) ? null : "The address in it is not public: nobody outside knows it.";
	return INNER_NAME.test(`.${host}`) ? "The name is not public: nobody outside knows it." : null;
}

/** Why an enricher will not be asked about an indicator, null where it will. */
export function heldBack(enricher: EnricherDefinition, indicator: Indicator, reach: Reach, context: LookupContext): Offer["held"] {
	if (!enricher.supports.includes(indicator.type)) return { why: "off", reason: `${enricher.name} knows nothing of this kind of value.` };
	if (enricher.offReason !== undefined) return { why: "off", reason: enricher.offReason };
	const own = enricher.exposure === "nobody" ? null : inner(indicator);
	if (own !== null) return { why: "off", reason: own };
	if (!WITHIN[reach].includes(enricher.exposure)) return { why: "reach" };
	if (enricher.secret?.required === true && context.secrets[enricher.secret.name] === undefined) return { why: "not-configured", variable: LOOKUP_VARIABLES[enricher.secret.name] };
	return null;
}

/** What can be asked about an indicator, in the order of pages: who would see the value, and why somebody is not asked. */
export function offers(indicator: Indicator, reach: Reach, context: LookupContext = lookupContext()): Promise<Offer[]> {
	const now = context.now().getTime();
	const stores = [context.cache, localStore(context)];
	return Promise.all(
		context.enrichers
			.filter(({ supports }) => supports.includes(indicator.type))
			.map(async (enricher) => {
				const held = heldBack(enricher, indicator, reach, context);
				const left = held === null && enricher.quota.length > 0 ? await leftOf(enricher, stores, now).catch(() => null) : null;
				const { id, name, homepage, exposure } = enricher;
				return { id, name, homepage, exposure, held, left: left === null ? null : { calls: left.calls, of: left.of, resetAt: new Date(left.resetAt).toISOString() } };
			}),
	);
}
