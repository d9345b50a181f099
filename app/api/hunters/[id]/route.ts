import { answering, hunterJson, methods, oneHunterEndpoint, publicOrigin } from "@/lib/http";
import { getHunter } from "@/lib/hunters";

/** One saved query and how it does. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
	GET: answering(oneHunterEndpoint, async (_, { request, params }) => hunterJson(await getHunter(params.id ?? ""), publicOrigin(request))),
});
