import { answering, indexEndpoint, methods, publicOrigin } from "@/lib/http";
import { trackers } from "@/lib/trackers";

/** Resources by name, as the original lists them. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
	GET: answering(indexEndpoint, async (_, { request }) => {
		const origin = publicOrigin(request);
		return Object.fromEntries(trackers.map(({ resource }) => [resource, `${origin}/api/${resource}`]));
	}),
});
