import { handler, json } from "@/lib/http";
import { sourceNames } from "@/lib/sources";

/** Numbers and names, those of sources that died included. */
export const GET = handler({ role: "viewer", scope: "read" }, async ({ request }) => json(request, sourceNames()));
