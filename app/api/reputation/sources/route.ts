import { knowAddedFeeds } from "@/lib/feeds";
import { answering, methods, sourcesEndpoint } from "@/lib/http";
import { sourceNames } from "@/lib/sources";

/** Numbers and names, those of sources that died included. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
	GET: answering(sourcesEndpoint, async () => {
		await knowAddedFeeds();
		return { ...sourceNames() };
	}),
});
