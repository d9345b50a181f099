import { answering, methods, publicOrigin, searchEndpoint } from "@/lib/http";
import { crossSearch } from "@/lib/search";
import { reputation, shownGroups } from "@/lib/trackers";

const ROWS = 50;

/** Cross search: `keyword` is an indicator, defanged or not, or words. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
	GET: answering(searchEndpoint, async ({ keyword }, { request }) => {
		const { query, counts, notes, groups, records } = await crossSearch(keyword ?? "", { limit: ROWS });
		const origin = publicOrigin(request);
		return {
			query,
			counts,
			notes,
			groups: groups.map(({ kind, title, total, more, rows }) => ({ kind, title, total, more, rows: rows.map(reputation.toApi) })),
			records: shownGroups(records).map(({ tracker, title, total, more, table }) => ({
				tracker,
				title,
				total,
				more,
				rows: table.rows.map(({ id, href, cells }) => ({ id, title: cells.find((cell) => cell.kind === "record")?.text ?? "", url: `${origin}${href}` })),
			})),
		};
	}),
});
