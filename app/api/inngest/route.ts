import { type JobHandlers, jobHandlers } from "@/inngest/serve";

export const dynamic = "force-dynamic";

/** Steps are cut to need less than this many seconds. */
export const maxDuration = 60;

let handlers: JobHandlers | undefined;
const method = (name: keyof JobHandlers) => (request: Request) => {
	handlers ??= jobHandlers();
	return handlers[name](request);
};

export const GET = method("GET");
export const POST = method("POST");
export const PUT = method("PUT");
