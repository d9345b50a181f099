import { ExistError } from "@/lib/errors";
import { handler, listResponse } from "@/lib/http";
import { trackerByResource } from "@/lib/trackers";

export const GET = handler({ role: "viewer", scope: "read" }, async ({ request, params }) => {
	const tracker = trackerByResource(params.resource ?? "");
	if (tracker === undefined) throw new ExistError("not_found", "Not found.");
	return listResponse(tracker, request);
});
