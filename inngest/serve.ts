import type { Inngest } from "inngest";
import { serve } from "inngest/next";
import type { JobServices } from "@/lib/jobs";
import { client } from "./client";
import { makeFunctions } from "./functions";

type Method = "GET" | "POST" | "PUT";
export type JobHandlers = Record<Method, (request: Request) => Promise<Response>>;

/** A body of the protocol: the state of one run. Ours are far below Inngest's own 4 MB. */
const MAX_BODY = 4 * 1024 * 1024;

/**
 * The handlers of `/api/inngest`. Every request must be signed but in dev mode, registration (`PUT`) too. Without a signing
 * key nothing is served. Other methods are not offered at all, so they tell nothing of the environment.
 */
export function jobHandlers(through: Inngest = client(), services?: JobServices): JobHandlers {
	const signed = through.mode === "dev" || Boolean(through.signingKey);
	const handler = serve({ client: through, functions: makeFunctions(through, services), servePath: "/api/inngest", enableUnauthedSync: false });
	const guarded = (method: Method) => async (request: Request) => {
		if (!signed) return problem(503, "unavailable", "Jobs are not configured: INNGEST_SIGNING_KEY is not set.");
		if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY) return problem(413, "too_large", "The body is too large.");
		const body = method === "GET" ? "" : await request.text();
		if (body !== "" && !isJson(body)) return problem(401, "unauthenticated", "The request is not signed.");
		const copy = new Request(request.url, { method, headers: request.headers, ...(body === "" ? {} : { body }) });
		return (handler[method] as unknown as (request: Request, context: undefined) => Promise<Response>)(copy, undefined);
	};
	return { GET: guarded("GET"), POST: guarded("POST"), PUT: guarded("PUT") };
}

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}

function problem(status: number, code: string, detail: string): Response {
	return Response.json({ detail, code }, { status });
}
