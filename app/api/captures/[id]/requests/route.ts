import { captureHar, findCapture } from "@/lib/capture";
import { captureRequestsEndpoint, evidence, handler, json, methods, requestsCsv } from "@/lib/http";
import { readGiven } from "@/lib/trackers";

/** Every request the page made, as JSON, CSV or HTTP Archive. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
	GET: handler({ role: "viewer", scope: "read", cost: captureRequestsEndpoint.cost }, async ({ request, params, url }) => {
		const { format } = readGiven(captureRequestsEndpoint.parameters, url.searchParams);
		const capture = await findCapture(params.id ?? "");
		const requests = capture.result?.requests ?? [];
		const name = `capture-${capture.id}-requests`;
		if (format?.[0] === "csv") return evidence(await requestsCsv(requests), "text/csv; charset=utf-8", `${name}.csv`);
		if (format?.[0] === "har") return evidence(JSON.stringify(captureHar(capture)), "application/json", `${name}.har`);
		return json(request, { more: capture.result?.more.requests ?? 0, requests });
	}),
});
