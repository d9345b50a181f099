import { answering, hunterJson, huntersEndpoint, methods, publicOrigin } from "@/lib/http";
import { listHunters } from "@/lib/hunters";

/** Saved queries and how they do. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
	GET: answering(huntersEndpoint, async ({ kinds }, { request }) => {
		const origin = publicOrigin(request);
		const hunters = await listHunters();
		return { results: hunters.filter(({ kind }) => kinds === undefined || kinds.includes(kind)).map((hunter) => hunterJson(hunter, origin)) };
	}),
});
