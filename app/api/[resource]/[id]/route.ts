import { handler, itemResponse, methods } from "@/lib/http";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
	GET: handler({ role: "viewer", scope: "read" }, ({ request, params }) => itemResponse(params.resource, params.id, request)),
});
