import { bulkEndpoint, bulkResponse, handler, methods } from "@/lib/http";

/** What the index knows of up to 10,000 values. Nobody else is asked. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({ POST: handler({ role: "viewer", scope: "read", cost: bulkEndpoint.cost }, bulkResponse) });
