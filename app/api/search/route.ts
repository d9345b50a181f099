import { handler, json } from "@/lib/http";
import { crossSearch } from "@/lib/search";
import { reputation } from "@/lib/trackers";

const ROWS = 50;

/** Cross search: `keyword` is an indicator, defanged or not, or words. */
export const GET = handler({ role: "viewer", scope: "read" }, async ({ request, url }) => {
	const result = await crossSearch(url.searchParams.get("keyword") ?? "", { limit: ROWS });
	const { tookMs: _tookMs, groups, ...rest } = result;
	return json(request, { ...rest, groups: groups.map((group) => ({ ...group, rows: group.rows.map(reputation.toApi) })) });
});
