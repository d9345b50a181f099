import type { Cache } from "@/lib/platform";
import { memoryCache } from "@/lib/platform/cache";
import type { LookupContext } from "./context";
import type { Answer } from "./states";

/** What one instance keeps for itself beside the shared cache. */
interface Own {
	store: Cache;
	flights: Map<string, Promise<Answer>>;
}

const owned = new WeakMap<Cache, Own>();

function own({ cache, now }: LookupContext): Own {
	const known = owned.get(cache) ?? { store: memoryCache(() => now().getTime()), flights: new Map() };
	owned.set(cache, known);
	return known;
}

/** This instance's own store: it stands in where the shared one does not answer. */
export function localStore(context: LookupContext): Cache {
	return own(context).store;
}

/** Does the work once for all who ask for the same at the same time. `own`: it was this caller's that was done. */
export async function together(context: LookupContext, key: string, work: () => Promise<Answer>): Promise<{ answer: Answer; own: boolean }> {
	const { flights } = own(context);
	const flying = flights.get(key);
	if (flying !== undefined) return { answer: await flying, own: false };
	const flight = work().finally(() => flights.delete(key));
	flights.set(key, flight);
	return { answer: await flight, own: true };
}
