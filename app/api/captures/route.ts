import { listCaptures } from "@/lib/capture";
import { answering, answeringBody, captureEndpoint, captureJson, capturesEndpoint, methods, publicOrigin } from "@/lib/http";
import { requestCapture } from "@/lib/jobs";

/** Captures, and asking for one. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
	GET: answering(capturesEndpoint, async ({ url, most = 50, from }, { request }) => {
		const page = await listCaptures({ url, cursor: from, limit: most });
		const origin = publicOrigin(request);
		const query = new URLSearchParams({ ...(url === undefined ? {} : { url }), limit: String(most), cursor: page.next ?? "" });
		return { next: page.next === null ? null : `${origin}/api/captures?${query}`, results: page.captures.map((capture) => captureJson(capture, origin)) };
	}),
	POST: answeringBody(captureEndpoint, async ({ url, profile, again }, { principal, request }) => {
		const { capture, shared } = await requestCapture(url, { profile, again }, principal);
		return { id: capture.id, state: capture.state, url: capture.url, shared, page: `${publicOrigin(request)}/captures/${capture.id}` };
	}),
});
