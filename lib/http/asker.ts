import { type Principal, spenderOf } from "@/lib/auth";
import type { Asker } from "@/lib/lookup";

/** A request's principal as lookups know it: keys have shares of their own, and belong to their person. */
export function askerOf(principal: Principal): Asker {
	const { id, role } = principal.user;
	return { id: spenderOf(principal), person: String(id), role };
}
