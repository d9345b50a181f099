import { slackAction } from "@/lib/alerts";
import { boundedRequest, methods, openHandler } from "@/lib/http";

export const dynamic = "force-dynamic";

/** Far above what a button sends. */
const MAX_BODY = 256 * 1024;

/** Buttons of Slack messages: no session, no key; Slack's signature over the whole body says who asks, so the body is read first. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
	POST: openHandler(async (request) => {
		const bounded = await boundedRequest(request, MAX_BODY);
		await slackAction(bounded.headers, await bounded.text());
		return new Response(null, { status: 200, headers: { "cache-control": "no-store" } });
	}),
});
