import { ingestProgress } from "@/lib/health";
import { handler, json } from "@/lib/http";

/** How far reading the sources is; the console asks while a first run is under way. */
export const GET = handler({ role: "viewer", scope: "read" }, async ({ request }) => json(request, await ingestProgress()));
