import { type IngestContext, ingestContext } from "@/lib/ingest/context";
import { lit } from "@/lib/platform";
import { type SourceHealth, sourceHealth } from "./sources";

/** What stops all searches, in words. */
function stopped({ state, reason }: Pick<SourceHealth, "state" | "reason">): string | null {
	const why = reason === null ? "" : ` ${reason}`;
	if (state === "no-key") return `X is not searched:${why}`;
	if (state === "disabled") return `X is not searched: the source "X search" is switched off.${why}`;
	return state === "failing" || state === "suspect" ? `Searching X fails:${why}` : null;
}

/**
 * Why X is not searched for hunters of tweets, in words; null: it is. `name`: a hunter's, whose own search X may refuse while it takes
 * the others'; null for any.
 */
export async function xSearchTrouble(name: string | null, context: IngestContext = ingestContext()): Promise<string | null> {
	const source = (await sourceHealth(context)).find(({ id }) => id === "x-search");
	if (source === undefined) return null;
	const trouble = stopped(source);
	if (trouble !== null || name === null || source.lastRun === null) return trouble;
	const rows = await context.database.query<{ reason: string }>(`SELECT reason FROM set_aside WHERE run = ${lit(Buffer.from(source.lastRun.run, "hex"))} ORDER BY seq`);
	const before = `search of "${name}": `;
	const refused = rows.find(({ reason }) => reason.startsWith(before));
	return refused === undefined ? null : `Its search on X: ${refused.reason.slice(before.length)}`;
}
