import { ExistError } from "@/lib/errors";
import { handler, json } from "@/lib/http";
import { get, trackerByResource } from "@/lib/trackers";

export const GET = handler({ role: "viewer", scope: "read" }, async ({ request, params }) => {
	const tracker = trackerByResource(params.resource ?? "");
	const row = tracker === undefined ? null : await get(tracker, params.id ?? "");
	if (tracker === undefined || row === null) throw new ExistError("not_found", "Not found.");
	return json(request, tracker.toApi(row));
});
