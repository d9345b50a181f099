import { listCaptures } from "@/lib/capture";
import { answering, answeringBody, captureEndpoint, captureJson, capturesEndpoint, methods, publicOrigin } from "@/lib/http";
import { requestCapture } from "@/lib/jobs";

/** Captures, and asking for one. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
	GET: answering(capturesEndpoint, async ({ url, limit, cursor }, { request }) => {
		const page = await listCaptures({ url, cursor, limit: limit ?? 50 });
		const origin = publicOrigin(request);
		const query = new URLSearchParams({ ...(url === undefined ? {} : { url }), limit: String(limit ?? 50), cursor: page.next ?? "" });
		return { next: page.next === null ? null : `${origin}/api/captures?${query}`, results: page.captures.map((capture) => captureJson(capture, origin)) };
	}),
	POST: answeringBody(captureEndpoint, async ({ url, profile, again }, { principal, request }) => {
		const { capture, shared } = await requestCapture(url, { profile, again }, principal);
		return { id: capture.id, state: capture.state, url: capture.url, shared, page: `${publicOrigin(request)}/captures/${capture.id}` };
	}),
});
