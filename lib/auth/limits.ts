import { cache, type Limit } from "@/lib/platform";
import type { Principal } from "./principal";

/** What a key, or a person with a session, may spend in a window. */
export const BUDGET = { units: 600, windowSeconds: 60 } as const;

/** What requests cost: a page of a list or one record, one service asked about one value, several indexes, half a million rows at once, a browser for most of a minute. */
export const COSTS = { read: 1, enrich: 1, search: 3, export: 20, capture: 60 } as const;
export type Cost = keyof typeof COSTS;

/** Values of a bulk look-up that cost one unit: 10,000 cost as much as an export. */
export const VALUES_PER_UNIT = 500;

/** What so many values cost beyond the one unit that each request costs. */
export function bulkUnits(values: number): number {
	return Math.max(0, Math.ceil(values / VALUES_PER_UNIT) - 1);
}

/** Whose uses are counted together: a person with a session, and each key by itself. */
export function spenderOf(principal: Principal): string {
	return principal.kind === "key" ? `key:${principal.keyId}` : `user:${principal.user.id}`;
}

/** Counts a request of somebody, by its kind or in units. Never open: when the shared store fails, this instance counts alone, and stricter. */
export function spend(principal: Principal, cost: Cost | number): Promise<Limit> {
	return cache().limit("api", spenderOf(principal), BUDGET.units, BUDGET.windowSeconds, typeof cost === "number" ? cost : COSTS[cost]);
}
