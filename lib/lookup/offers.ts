import type { Indicator } from "@/lib/domain";
import type { EnricherDefinition, Exposure } from "@/lib/enrichers/define";
import { LOOKUP_VARIABLES } from "@/lib/env";
import { isPublicAddress } from "@/lib/net";
import { type LookupContext, lookupContext } from "./context";
import { leftOf } from "./quota";
import type { Offer, Reach } from "./states";
import { localStore } from "./stores";

const WITHIN: Readonly<Record<Reach, readonly Exposure[]>> = { all: ["nobody", "provider", "target"], passive: ["nobody", "provider"], index: ["nobody"] };

/** Why an enricher will not be asked about an indicator, null where it will. */
export function heldBack(enricher: EnricherDefinition, indicator: Indicator, reach: Reach, context: LookupContext): Offer["held"] {
	if (!enricher.supports.includes(indicator.type)) return { why: "off", reason: `${enricher.name} knows nothing of this kind of value.` };
	if (enricher.offReason !== undefined) return { why: "off", reason: enricher.offReason };
	// Outside nobody knows an inner address, and to ask would tell that there is one.
	const isAddress = indicator.type === "ipv4" || indicator.type === "ipv6";
	if (enricher.exposure !== "nobody" && isAddress && !isPublicAddress(indicator.value)) return { why: "off", reason: "The address is not public: nobody outside knows it." };
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
