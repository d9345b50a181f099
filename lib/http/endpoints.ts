import { z } from "zod";
import type { Cost } from "@/lib/auth";
import { type Parameters, readGiven, reputation, textParameter } from "@/lib/trackers";
import { type HandlerContext, handler, json, type RouteHandler } from "./handler";

/** A call of the API that is no list of records. Handler, OpenAPI document and the API's page read the same definition. */
export interface Endpoint<P extends Parameters = Parameters, Answer extends z.ZodType = z.ZodType> {
	path: string;
	title: string;
	says: string;
	parameters: P;
	answer: Answer;
	cost: Cost;
	/** needs neither session nor key */
	open?: boolean;
}

function defineEndpoint<P extends Parameters, Answer extends z.ZodType>(endpoint: Endpoint<P, Answer>): Endpoint<P, Answer> {
	return endpoint;
}

const indicator = z.object({ type: z.string(), value: z.string().describe("in canonical form") });

export const indexEndpoint = defineEndpoint({
	path: "/api/",
	title: "Resources",
	says: "Names and addresses of the resources.",
	parameters: {},
	answer: z.record(z.string(), z.url()),
	cost: "read",
});

export const sourcesEndpoint = defineEndpoint({
	path: "/api/reputation/sources",
	title: "Reputation sources",
	says: "Numbers and names of the reputation sources, those that died included.",
	parameters: {},
	answer: z.record(z.string(), z.string()),
	cost: "read",
});

export const searchEndpoint = defineEndpoint({
	path: "/api/search",
	title: "Cross search",
	says: "Everything known about an indicator, or whatever holds all of the words: over all resources.",
	parameters: { keyword: textParameter("keyword", { description: "an indicator, defanged or not, or words", example: "duckdns.org" }) },
	answer: z.object({
		query: z
			.discriminatedUnion("kind", [
				z.object({ kind: z.literal("indicator"), indicator, port: z.int().optional() }),
				z.object({ kind: z.literal("words"), words: z.array(z.string()) }),
				z.object({ kind: z.literal("empty") }),
				z.object({ kind: z.literal("invalid"), reason: z.string() }),
			])
			.describe("what the keyword was taken for"),
		counts: z.array(z.object({ tracker: z.string(), count: z.int(), more: z.boolean().describe("the count is a floor") })),
		notes: z.array(z.string()).describe("what was understood or left out"),
		groups: z
			.array(z.object({ kind: z.string(), title: z.string(), total: z.int(), more: z.boolean(), rows: z.array(reputation.item) }))
			.describe("sightings: of the value itself, of what contains it, of what lies under it"),
		records: z
			.array(z.object({ tracker: z.string(), title: z.string(), total: z.int(), more: z.boolean(), rows: z.array(z.object({ id: z.string(), title: z.string(), url: z.url().describe("its page") })) }))
			.describe("records of the other resources that name it"),
	}),
	cost: "search",
});

export const healthEndpoint = defineEndpoint({
	path: "/api/health",
	title: "Health",
	says: "Whether the parts answer. 503 when the installation is down.",
	parameters: {},
	answer: z.object({ status: z.enum(["ok", "degraded", "down"]), checks: z.object({ database: z.boolean(), cache: z.boolean() }) }),
	cost: "read",
	open: true,
});

export const endpoints: readonly Endpoint[] = [indexEndpoint, sourcesEndpoint, searchEndpoint, healthEndpoint];

/** The handler of an endpoint: parameters come as they are declared, and what is answered has the declared shape. */
export function answering<P extends Parameters, Answer extends z.ZodType>(
	endpoint: Endpoint<P, Answer>,
	work: (query: ReturnType<typeof readGiven<P>>, context: HandlerContext) => Promise<z.output<Answer>>,
): RouteHandler {
	return handler({ role: "viewer", scope: "read", cost: endpoint.cost }, async (context) => json(context.request, await work(readGiven(endpoint.parameters, context.url.searchParams), context)));
}
