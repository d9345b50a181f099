import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { readRegistration } from "./call";
import type { Engine } from "./engine";
import { BadEvent, readEvents } from "./events";
import { hashedSigningKey, sameSecret } from "./protocol";

/** The only address that is listened on. */
export const LOOPBACK = "127.0.0.1";

/** Bytes a request's body may have; a single event's own limit is smaller. */
const MAX_BODY = 4 * 1024 * 1024;

/** Names a request may call this server by. Any other comes from a web page whose name was made to point here. */
const HOSTS = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

export interface ServerParts {
	engine: Engine;
	eventKey: string;
	signingKey: string;
	/** epoch milliseconds */
	now?: () => number;
}

interface Reply {
	status: number;
	body: Record<string, unknown>;
}

class TooLarge extends Error {}

/** `status` and `error` are what the SDK looks at. */
function problem(status: number, error: string): Reply {
	return { status, body: { status, error } };
}

async function readBody(request: IncomingMessage): Promise<unknown> {
	if (Number(request.headers["content-length"] ?? 0) > MAX_BODY) throw new TooLarge();
	const parts: Buffer[] = [];
	let size = 0;
	for await (const part of request as AsyncIterable<Buffer>) {
		size += part.length;
		if (size > MAX_BODY) throw new TooLarge();
		parts.push(part);
	}
	return JSON.parse(Buffer.concat(parts).toString("utf8"));
}

async function takeEvents(request: IncomingMessage, given: string, parts: ServerParts): Promise<Reply> {
	if (!sameSecret(given, parts.eventKey)) return problem(401, "The event key is not right.");
	if (!parts.engine.ready) return problem(503, "No app has registered yet.");
	const seed = request.headers["x-inngest-event-id-seed"];
	const events = readEvents(await readBody(request), typeof seed === "string" ? seed : null, (parts.now ?? Date.now)());
	parts.engine.send(events);
	return { status: 200, body: { ids: events.map(({ id }) => id), status: 200 } };
}

async function register(request: IncomingMessage, parts: ServerParts): Promise<Reply> {
	const given = request.headers.authorization?.replace(/^Bearer /, "") ?? "";
	if (!sameSecret(given, hashedSigningKey(parts.signingKey))) return problem(401, "The signing key is not right.");
	const body = await readBody(request);
	try {
		const modified = parts.engine.register(readRegistration(body));
		return { status: 200, body: { status: 200, ok: true, modified, skipped: false } };
	} catch (error) {
		return problem(400, error instanceof Error ? error.message : String(error));
	}
}

async function answer(request: IncomingMessage, parts: ServerParts): Promise<Reply> {
	if (!HOSTS.test(request.headers.host ?? "")) return problem(403, "Only requests to the loopback address are answered.");
	const { pathname } = new URL(request.url ?? "/", `http://${LOOPBACK}`);
	const route = `${request.method} ${pathname}`;
	if (route === "GET /health") return { status: 200, body: { ...parts.engine.health() } };
	if (route === "POST /fn/register") return register(request, parts);
	if (route.startsWith("POST /e/")) return takeEvents(request, decodeURIComponent(pathname.slice("/e/".length)), parts);
	return problem(404, "There is nothing here.");
}

function toProblem(error: unknown): Reply {
	if (error instanceof TooLarge) return problem(413, `The body is above ${MAX_BODY / 1024 / 1024} MB.`);
	if (error instanceof BadEvent) return problem(400, error.message);
	if (error instanceof SyntaxError || error instanceof URIError) return problem(400, "The request cannot be read.");
	return problem(500, "The request could not be done.");
}

async function handle(request: IncomingMessage, response: ServerResponse, parts: ServerParts): Promise<void> {
	const { status, body } = await answer(request, parts).catch(toProblem);
	const text = JSON.stringify(body);
	// What was refused may still be coming in: the connection is not used again.
	const close = status === 200 ? {} : { connection: "close" };
	response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store", ...close }).end(text);
}

/**
 * Serves the part of Inngest's API the SDK uses, on the loopback address only. Port 0 for any that is free. Rejects where the
 * port is taken.
 */
export async function serveStandin(parts: ServerParts, port: number): Promise<{ server: Server; port: number }> {
	const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, (request, response) => {
		void handle(request, response, parts);
	});
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(port, LOOPBACK, resolve);
	});
	const address = server.address();
	return { server, port: typeof address === "object" && address !== null ? address.port : port };
}
