import { type Indicator, warningFor, warningLabel } from "@/lib/domain";
import { categoryWords } from "@/lib/domain/category";
import type { EnricherTools } from "@/lib/enrichers/define";
import { env } from "@/lib/env";
import { type Database, database } from "@/lib/platform";
import { readGroup, selectionsFor } from "@/lib/search/cross-search";

/** Sightings that are read at most, of the value and of the blocks around it. */
const MAX_LISTINGS = 200;

/** Where sources of this installation list a value and the blocks around it: by the indexes that search uses, newest first. */
export async function listingsOf(indicator: Indicator, db: Database = database(), own: readonly string[] = env().ownDomains): ReturnType<EnricherTools["listings"]> {
	const selections = selectionsFor(indicator).filter(({ kind }) => kind === "exact" || kind === "containing");
	const groups = await Promise.all(selections.map((selection) => readGroup(db, selection, MAX_LISTINGS)));
	const listings = groups
		.flatMap(({ rows }) => rows)
		.map((row) => ({
			source: row.source.name,
			value: { type: row.indicator.type, value: row.indicator.value },
			category: categoryWords(row.category),
			listed: row.listed,
			since: row.seenAt,
			until: row.lastSeen,
		}));
	const warning = warningFor(indicator, own);
	return { listings, more: groups.reduce((sum, { total, rows }) => sum + total - rows.length, 0), warning: warning === null ? null : warningLabel(warning.list) };
}
