import { handler, hitJson, hitsCsv, hitsEndpoint, json, methods, publicOrigin } from "@/lib/http";
import { getHunter, listHits } from "@/lib/hunters";
import { readGiven } from "@/lib/trackers";

/** A file of all hits reads far more than a page of them. */
function costOf(request: Request): "read" | "export" {
	return new URL(request.url).searchParams.get("format") === "csv" ? "export" : "read";
}

/** Records that a hunter found, as JSON page by page or as one CSV file. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
	GET: handler({ role: "viewer", scope: "read", cost: costOf }, async ({ request, params, url }) => {
		const { most = 50, from, format } = readGiven(hitsEndpoint.parameters, url.searchParams);
		const hunter = await getHunter(params.id ?? "");
		if (format?.[0] === "csv") return hitsCsv(hunter, request);
		const origin = publicOrigin(request);
		const { rows, next } = await listHits(hunter.id, { limit: most, ...(from === undefined ? {} : { cursor: from }) });
		const further = new URLSearchParams({ limit: String(most), cursor: next ?? "" });
		return json(request, { next: next === null ? null : `${origin}/api/hunters/${hunter.id}/hits?${further}`, results: rows.map((hit) => hitJson(hit, origin)) });
	}),
});
