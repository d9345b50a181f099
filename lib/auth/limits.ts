import { cache, type Limit } from "@/lib/platform";
import type { Principal } from "./principal";

/** What a key, or a person with a session, may spend in a window. */
export const BUDGET = { units: 600, windowSeconds: 60 } as const;

/** What requests cost: a page of a list or one record, one service asked about one value, several indexes, half a million rows at once. */
export const COSTS = { read: 1, enrich: 1, search: 3, export: 20 } as const;
export type Cost = keyof typeof COSTS;

/** Counts a request of somebody. Never open: when the shared store fails, this instance counts alone, and stricter. */
export function spend(principal: Principal, cost: Cost): Promise<Limit> {
	const who = principal.kind === "key" ? `key:${principal.keyId}` : `user:${principal.user.id}`;
	return cache().limit("api", who, BUDGET.units, BUDGET.windowSeconds, COSTS[cost]);
}
