import { z } from "zod";
import { ProviderFailure, type Quota } from "./define";

/**
 * What the services of abuse.ch have in common: one Auth-Key for all, sent as a header; POST; status 200 with the outcome in
 * `query_status`. Their terms say fair use and name no figure; a request a second is what we hold to, each service by itself.
 */

export const FAIR_USE: readonly Quota[] = [{ calls: 60, seconds: 60 }];

export function authHeaders(secret: string | undefined): Record<string, string> {
	return { "auth-key": secret ?? "" };
}

const envelope = z.looseObject({ query_status: z.string() });

/** Outcomes that mean that nothing is known. */
const UNKNOWN = /^(?:no_results?|hash_not_found|not_found)$/;
const REFUSED = /^(?:unknown_auth_key|no_auth_key|user_blacklisted|illegal_auth_key)$/;

/** False where nothing is known. Throws what else an outcome other than `ok` means. */
export function known(raw: unknown, host: string): boolean {
	const { query_status: status } = envelope.parse(raw);
	if (status === "ok" || status === "hash_found") return true;
	if (UNKNOWN.test(status)) return false;
	if (REFUSED.test(status)) throw new ProviderFailure("refused", `${host} refuses the key (${status})`);
	throw new ProviderFailure("failed", `${host} says "${status.slice(0, 60)}"`);
}
