import { backtestEndpoint, backtestResponse, handler, methods } from "@/lib/http";

/** A query held against the last 30 days. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
	POST: handler({ role: backtestEndpoint.role ?? "viewer", scope: backtestEndpoint.scope ?? "read", cost: backtestEndpoint.cost }, backtestResponse),
});
