import type { EnricherDefinition } from "./define";
import { geo } from "./geo";
import { internetdb } from "./internetdb";

export type { EnricherDefinition } from "./define";

/** Every enricher, in the order pages show them: one line for each file of this folder. */
export const enrichers: readonly EnricherDefinition[] = [geo, internetdb];

/** The enricher of a slug, undefined where there is none. */
export function enricherById(id: string): EnricherDefinition | undefined {
	return enrichers.find((enricher) => enricher.id === id);
}
