import { handler, json, publicOrigin } from "@/lib/http";
import { trackers } from "@/lib/trackers";

/** Resources by name, as the original lists them. */
export const GET = handler({ role: "viewer", scope: "read" }, async ({ request }) => {
	const origin = publicOrigin(request);
	return json(request, Object.fromEntries(trackers.map(({ resource }) => [resource, `${origin}/api/${resource}`])));
});
