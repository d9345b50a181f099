import { handler, json, methods, openApiDocument, publicOrigin } from "@/lib/http";

/** The API's description, for clients that generate themselves and for the tools that try it. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
	GET: handler({ role: "viewer", scope: "read" }, async ({ request }) => json(request, openApiDocument(publicOrigin(request)))),
});
