import { BUDGET } from "@/lib/auth";
import { ExistError } from "@/lib/errors";
import type { Limit } from "@/lib/platform";

/** What somebody may spend, for the API's page. */
export const apiBudget = BUDGET;

function secondsLeft(limit: Limit): number {
	return Math.max(1, Math.ceil((limit.resetAt.getTime() - Date.now()) / 1000));
}

/**
 * The two fields of the IETF draft (draft-ietf-httpapi-ratelimit-headers, since its eighth version) and the three of the versions
 * before it, which is what clients of today read. `docs/decisions/0018-rate-limit-fields.md` says why both.
 */
export function rateHeaders(limit: Limit): Record<string, string> {
	const left = secondsLeft(limit);
	return {
		"ratelimit-policy": `"api";q=${limit.limit};w=${BUDGET.windowSeconds}`,
		ratelimit: `"api";r=${limit.remaining};t=${left}`,
		"ratelimit-limit": String(limit.limit),
		"ratelimit-remaining": String(limit.remaining),
		"ratelimit-reset": String(left),
	};
}

/** Throws `rate_limited` for a use that is not within the limit. */
export function checkLimit(limit: Limit): void {
	if (limit.allowed) return;
	const wait = secondsLeft(limit);
	throw new ExistError("rate_limited", `More than ${limit.limit} requests in a minute (searches count as 3, exports as 20, bulk look-ups as 1 for 500 values). Try again in ${wait} seconds.`, {
		retryAfter: wait,
	});
}
