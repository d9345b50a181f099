import { installationHealth } from "@/lib/health";
import { openHandler } from "@/lib/http";

/** For load balancers and monitors: whether the parts answer. Tells no versions, names or counts. */
export const GET = openHandler(async () => {
	const health = await installationHealth();
	return Response.json(health, { status: health.status === "down" ? 503 : 200, headers: { "cache-control": "no-store" } });
});
