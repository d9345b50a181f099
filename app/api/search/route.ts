import { handler, json, publicOrigin } from "@/lib/http";
import { crossSearch } from "@/lib/search";
import { reputation, shownGroups } from "@/lib/trackers";

const ROWS = 50;

/** Cross search: `keyword` is an indicator, defanged or not, or words. */
export const GET = handler({ role: "viewer", scope: "read" }, async ({ request, url }) => {
	const result = await crossSearch(url.searchParams.get("keyword") ?? "", { limit: ROWS });
	const { tookMs: _tookMs, groups, records, ...rest } = result;
	const origin = publicOrigin(request);
	return json(request, {
		...rest,
		groups: groups.map((group) => ({ ...group, rows: group.rows.map(reputation.toApi) })),
		records: shownGroups(records).map(({ tracker, title, total, more, table }) => ({
			tracker,
			title,
			total,
			more,
			rows: table.rows.map(({ id, href, cells }) => ({ id, title: cells.find((cell) => cell.kind === "record")?.text ?? "", url: `${origin}${href}` })),
		})),
	});
});
