import { captureArchive } from "@/lib/capture";
import { captureDownloadEndpoint, evidence, handler, methods } from "@/lib/http";

/** Content and downloads, packed so that nothing opens them by accident. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
	GET: handler({ role: "viewer", scope: "read", cost: captureDownloadEndpoint.cost }, async ({ params }) => {
		const { name, bytes } = await captureArchive(params.id ?? "");
		return evidence(bytes, "application/zip", name);
	}),
});
