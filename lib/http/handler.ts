import { createHash } from "node:crypto";
import { allow, type Cost, type Principal, type Role, requestPrincipal, type Scope, spend } from "@/lib/auth";
import { ExistError, toProblem } from "@/lib/errors";
import { log } from "@/lib/platform";
import { checkOrigin } from "./origin";
import { checkLimit, rateHeaders } from "./rate-headers";

export interface HandlerContext {
	request: Request;
	url: URL;
	/** dynamic segments, decoded */
	params: Readonly<Record<string, string>>;
	principal: Principal;
	/** counts further units, where only the body says how dear a request is. Throws `rate_limited` */
	charge: (units: number) => Promise<void>;
}

interface RouteContext {
	params: Promise<Record<string, string | string[] | undefined>>;
}

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);
const PLAIN_HEADERS = { "cache-control": "private, no-store", "x-content-type-options": "nosniff" };

function problemResponse(error: unknown, request: Request): Response {
	const problem = toProblem(error);
	if (problem.status >= 500) log.error({ err: error, path: new URL(request.url).pathname }, "request failed");
	const challenge = problem.status === 401 ? { "www-authenticate": 'Bearer realm="EXIST"' } : {};
	return Response.json(problem.body, { status: problem.status, headers: { ...PLAIN_HEADERS, ...challenge, ...problem.headers } });
}

async function flatParams(context: RouteContext): Promise<Record<string, string>> {
	const flat: Record<string, string> = {};
	for (const [name, value] of Object.entries((await context.params) ?? {})) flat[name] = Array.isArray(value) ? value.join("/") : (value ?? "");
	return flat;
}

export type RouteHandler = (request: Request, context: RouteContext) => Promise<Response>;

interface Needs {
	role: Role;
	/** what a key needs */
	scope: Scope;
	cost?: Cost | ((request: Request) => Cost);
}

/**
 * A route handler that asks who is there before anything else: `role` and, for keys, `scope`; what the request costs is counted
 * for whoever it is. Requests that change something (all but GET and HEAD) must come from our own origin. Errors become their
 * status and JSON here and nowhere else.
 */
export function handler(needs: Needs, work: (context: HandlerContext) => Promise<Response>): RouteHandler {
	return async (request, context) => {
		let spent: Record<string, string> = {};
		const answer = async (): Promise<Response> => {
			const principal = await requestPrincipal(request);
			const count = async (who: Principal, cost: Cost | number): Promise<void> => {
				const limit = await spend(who, cost);
				spent = rateHeaders(limit);
				checkLimit(limit);
			};
			if (principal !== null) await count(principal, typeof needs.cost === "function" ? needs.cost(request) : (needs.cost ?? "read"));
			allow(principal, needs.role, needs.scope);
			if (!SAFE_METHODS.has(request.method) && principal.kind === "session") checkOrigin(request);
			return work({ request, url: new URL(request.url), params: await flatParams(context), principal, charge: async (units) => (units > 0 ? count(principal, units) : undefined) });
		};
		const response = await answer().catch((error: unknown) => problemResponse(error, request));
		for (const [name, value] of Object.entries(spent)) response.headers.set(name, value);
		return response;
	};
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
type Method = (typeof METHODS)[number];

/** Handlers for every method of a route: those given, and for the others an answer that says which there are. HEAD goes with GET. */
export function methods(given: Partial<Record<Method, RouteHandler>>): Record<Method, RouteHandler> {
	const possible = METHODS.flatMap((method) => (given[method] === undefined ? [] : method === "GET" ? ["GET", "HEAD"] : [method]));
	const allowed = [...possible, "OPTIONS"].join(", ");
	const refusal = handler({ role: "viewer", scope: "read" }, async ({ request }) => {
		if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: { ...PLAIN_HEADERS, allow: allowed } });
		throw new ExistError("not_allowed", `${request.method} is not possible here. Use ${possible.join(" or ")}.`, { allow: allowed });
	});
	return { GET: refusal, POST: refusal, PUT: refusal, PATCH: refusal, DELETE: refusal, OPTIONS: refusal, ...given };
}

/** The same for the few routes that are open to everybody. */
export function openHandler(work: (request: Request) => Promise<Response>) {
	return async (request: Request): Promise<Response> => {
		try {
			return await work(request);
		} catch (error) {
			return problemResponse(error, request);
		}
	};
}

/** JSON with an ETag: a client that has this answer already gets 304. */
export function json(request: Request, body: unknown, headers: Record<string, string> = {}): Response {
	const text = JSON.stringify(body);
	const etag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
	const all = { ...PLAIN_HEADERS, ...headers, "cache-control": "private, no-cache", etag, vary: "accept, authorization, cookie" };
	const known = request.headers
		.get("if-none-match")
		?.split(",")
		.map((tag) => tag.trim().replace(/^W\//, ""));
	if (known?.includes(etag) === true || known?.includes("*") === true) return new Response(null, { status: 304, headers: all });
	return new Response(text, { headers: { ...all, "content-type": "application/json; charset=utf-8" } });
}
