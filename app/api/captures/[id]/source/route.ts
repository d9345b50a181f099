import { sourceText } from "@/lib/capture";
import { captureSourceEndpoint, evidence, handler, methods } from "@/lib/http";
import { readGiven } from "@/lib/trackers";

/** A source as text and nothing else, whatever the server called it. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
	GET: handler({ role: "viewer", scope: "read", cost: captureSourceEndpoint.cost }, async ({ params, url }) => {
		const { kind } = readGiven(captureSourceEndpoint.parameters, url.searchParams);
		return evidence((await sourceText(params.id ?? "", kind?.[0] ?? "content")).text, "text/plain; charset=utf-8", null);
	}),
});
