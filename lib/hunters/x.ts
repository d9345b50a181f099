import type { Database } from "@/lib/platform";
import type { Search } from "@/lib/sources/record";
import { twitterHunter } from "./kinds/twitter";
import { parseQuery } from "./query/parse";
import { xQueryOf } from "./query/x-query";

/**
 * What hunters of tweets want searched for on X, in the order they were made. One whose query X cannot be asked is left out: it
 * still sees every tweet that timelines and lists bring.
 */
export async function xSearches(db: Database): Promise<Search[]> {
	const rows = await db.query<{ id: Buffer; name: string; query: string; since: Date }>("SELECT id, name, query, since FROM hunter WHERE kind = 'twitter' AND enabled = 1 ORDER BY created_at, id");
	return rows.flatMap(({ id, name, query, since }): Search[] => {
		const parsed = parseQuery(query, twitterHunter.fields);
		const asked = parsed.ok ? xQueryOf(parsed.query) : parsed;
		const owner = id.toString("hex");
		return asked.ok ? [{ key: `${owner} ${asked.query}`, owner, label: `"${name}"`, query: asked.query, since }] : [];
	});
}
