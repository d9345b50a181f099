import { type JobHandlers, jobHandlers } from "@/inngest/serve";
import { boundedRequest, openHandler } from "@/lib/http";

export const dynamic = "force-dynamic";

/** Steps are cut to need less than this many seconds. */
export const maxDuration = 60;

let handlers: JobHandlers | undefined;
/** The state of one run, as Inngest sends it: 4 MB at most. The signature is checked over the whole body, so it is read first. */
const MAX_BODY = 4 * 1024 * 1024;

const method = (name: keyof JobHandlers) =>
	openHandler(async (request) => {
		handlers ??= jobHandlers();
		return handlers[name](await boundedRequest(request, MAX_BODY));
	});

export const GET = method("GET");
export const POST = method("POST");
export const PUT = method("PUT");
