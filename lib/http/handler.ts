import { createHash } from "node:crypto";
import { allow, type Principal, type Role, requestPrincipal, type Scope } from "@/lib/auth";
import { toProblem } from "@/lib/errors";
import { log } from "@/lib/platform";
import { checkOrigin } from "./origin";

export interface HandlerContext {
	request: Request;
	url: URL;
	/** dynamic segments, decoded */
	params: Readonly<Record<string, string>>;
	principal: Principal;
}

interface RouteContext {
	params: Promise<Record<string, string | string[] | undefined>>;
}

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

/**
 * A route handler that asks who is there before anything else: `role` and, for keys, `scope`. Requests that change something
 * (all but GET and HEAD) must come from our own origin. Errors become their status and JSON here and nowhere else.
 */
export function handler(needs: { role: Role; scope: Scope }, work: (context: HandlerContext) => Promise<Response>) {
	return async (request: Request, context: RouteContext): Promise<Response> => {
		try {
			const principal = await requestPrincipal(request);
			allow(principal, needs.role, needs.scope);
			if (request.method !== "GET" && request.method !== "HEAD" && principal.kind === "session") checkOrigin(request);
			return await work({ request, url: new URL(request.url), params: await flatParams(context), principal });
		} catch (error) {
			return problemResponse(error, request);
		}
	};
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
