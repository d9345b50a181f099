import type { z } from "zod";
import type { Cost, Role, Scope } from "@/lib/auth";
import { type Parameters, readGiven } from "@/lib/trackers";
import { jsonBody } from "./body";
import { type HandlerContext, handler, json, type RouteHandler } from "./handler";

/** A call of the API that is no list of records. Handler, OpenAPI document and the API's page read the same definition. */
export interface Endpoint<P extends Parameters = Parameters, Answer extends z.ZodType = z.ZodType, Body extends z.ZodObject = z.ZodObject> {
	path: string;
	/** its JSON: such a call is POST, all others GET */
	body?: Body;
	/** what a key needs, `read` unless said */
	scope?: Scope;
	/** who may, everybody unless said */
	role?: Role;
	/** the answer is a file, not JSON */
	file?: string;
	/** other media types of body and answer, each with what it holds; the first one of the answers is what comes unless something else is asked for */
	also?: { bodies: Readonly<Record<string, string>>; answers: Readonly<Record<string, string>> };
	/** what it costs beyond `cost`, in words */
	costs?: string;
	/** what stands in braces in the path */
	segments?: Readonly<Record<string, string>>;
	/** of a good answer, 200 unless said */
	status?: number;
	title: string;
	says: string;
	parameters: P;
	answer: Answer;
	cost: Cost;
	/** needs neither session nor key */
	open?: boolean;
}

/** A call whose question is JSON, not parameters. */
type PostEndpoint<Answer extends z.ZodType = z.ZodType, Body extends z.ZodObject = z.ZodObject> = Endpoint<Parameters, Answer, Body> & { body: Body };

export function defineEndpoint<P extends Parameters, Answer extends z.ZodType>(endpoint: Endpoint<P, Answer>): Endpoint<P, Answer> {
	return endpoint;
}

export function definePost<Answer extends z.ZodType, Body extends z.ZodObject>(endpoint: PostEndpoint<Answer, Body>): PostEndpoint<Answer, Body> {
	return endpoint;
}

/** The handler of an endpoint: parameters come as they are declared, and what is answered has the declared shape. */
export function answering<P extends Parameters, Answer extends z.ZodType>(
	endpoint: Endpoint<P, Answer>,
	work: (query: ReturnType<typeof readGiven<P>>, context: HandlerContext) => Promise<z.output<Answer>>,
): RouteHandler {
	return handler({ role: "viewer", scope: endpoint.scope ?? "read", cost: endpoint.cost }, async (context) =>
		json(context.request, await work(readGiven(endpoint.parameters, context.url.searchParams), context)),
	);
}

/** The same for an endpoint with a body. What it answers is nobody's to keep. */
export function answeringBody<Answer extends z.ZodType, Body extends z.ZodObject>(
	endpoint: PostEndpoint<Answer, Body>,
	work: (body: z.output<Body>, context: HandlerContext) => Promise<z.output<Answer>>,
): RouteHandler {
	return handler({ role: endpoint.role ?? "viewer", scope: endpoint.scope ?? "read", cost: endpoint.cost }, async (context) =>
		Response.json(await work(await jsonBody(context.request, endpoint.body), context), {
			status: endpoint.status ?? 200,
			headers: { "cache-control": "private, no-store", "x-content-type-options": "nosniff" },
		}),
	);
}
