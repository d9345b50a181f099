import { handler, listCost, listResponse, methods } from "@/lib/http";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
	GET: handler({ role: "viewer", scope: "read", cost: listCost }, ({ request, params }) => listResponse(params.resource, request)),
});
