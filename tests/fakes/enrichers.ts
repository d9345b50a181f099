import { existsSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/**
 * Providers of single answers as the demonstration and the tests know them. A reply stands under `host/path` (a query may be named
 * as well) and is a body, a file of `tests/fixtures/enrichers`, or one of the ways providers misbehave.
 */

export interface Reply {
	status?: number;
	headers?: Readonly<Record<string, string>>;
	/** sent as JSON unless it is text */
	body?: unknown;
	/** file below `tests/fixtures/enrichers` */
	file?: string;
	/** milliseconds before anything is sent; Infinity: never */
	sleep?: number;
	/** other replies, by a text that the request's body holds: some providers have one address for every question */
	asked?: Readonly<Record<string, Reply>>;
}
export type Replies = Readonly<Record<string, Reply | ((request: { url: URL; method: string; headers: IncomingMessage["headers"]; body: string }) => Reply)>>;

/** How providers fail, for tests that go through all of it. */
export const MISBEHAVIOURS = {
	unauthorised: { status: 401, body: { error: "bad key" } },
	forbidden: { status: 403, body: { error: "no" } },
	unknown: { status: 404, body: { error: "not found" } },
	limited: { status: 429, body: { error: "slow down" } },
	limitedFor90: { status: 429, headers: { "retry-after": "90" }, body: {} },
	broken: { status: 500, body: "<html><head><title>Internal error</title></head></html>", headers: { "content-type": "text/html" } },
	html: { status: 200, body: "<!doctype html><html><head><title>Just a moment...</title></head></html>", headers: { "content-type": "text/html" } },
	halfJson: { status: 200, body: '{"data": {"attributes": {"last_analysis', headers: { "content-type": "application/json" } },
	empty: { status: 200, body: "" },
	sleeps: { sleep: Number.POSITIVE_INFINITY },
	inward: { status: 302, headers: { location: "http://169.254.169.254/latest/meta-data/" }, body: "" },
	tooLarge: { status: 200, body: `"${"x".repeat(5 * 1024 * 1024)}"`, headers: { "content-type": "application/json" } },
} as const satisfies Readonly<Record<string, Reply>>;

const FIXTURES = join(import.meta.dirname, "../fixtures/enrichers");

/** Text of a fixture. */
export function enricherFixture(file: string): string {
	return readFileSync(join(FIXTURES, file), "utf8");
}

async function bodyOf(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks).toString("utf8");
}

async function chosen(reply: Reply, request: IncomingMessage): Promise<Reply> {
	if (reply.asked === undefined) return reply;
	const sent = await bodyOf(request);
	const body = [sent, ...new URLSearchParams(sent).values()].join("\n");
	return Object.entries(reply.asked).find(([text]) => body.includes(text))?.[1] ?? reply;
}

function send({ status = 200, headers = {}, body, file }: Reply, response: ServerResponse): void {
	const text = file !== undefined ? enricherFixture(file) : typeof body === "string" ? body : JSON.stringify(body ?? {});
	response.writeHead(status, { "content-type": typeof body === "string" && file === undefined ? "text/plain" : "application/json", ...headers }).end(text);
}

/** Answers where a reply stands under the request's path (`/host/path`, with or without its query). */
export async function answerEnricher(replies: Replies, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
	const url = new URL(request.url ?? "/", "http://upstream");
	const path = decodeURIComponent(url.pathname.slice(1));
	const found = [path + url.search, path].find((key) => Object.hasOwn(replies, key));
	const reply = found === undefined ? undefined : replies[found];
	if (reply === undefined) return false;
	const made = typeof reply === "function" ? reply({ url, method: request.method ?? "GET", headers: request.headers, body: await bodyOf(request) }) : await chosen(reply, request);
	if (made.sleep === Number.POSITIVE_INFINITY) return true;
	if (made.sleep !== undefined) await new Promise((resolve) => setTimeout(resolve, made.sleep));
	send(made, response);
	return true;
}

/** What the demonstration's providers answer: every fixture named in `demo.json` under its address. */
export function demoReplies(): Replies {
	const list = join(FIXTURES, "demo.json");
	return existsSync(list) ? (JSON.parse(readFileSync(list, "utf8")) as Replies) : {};
}

export interface FakeProvider {
	url: string;
	/** requests that came in, as `host/path?query` */
	asked: string[];
	/** replies may be changed while it runs */
	replies: Record<string, Replies[string]>;
	stop: () => Promise<void>;
}

/** A provider of its own for a test. What has no reply is answered by 404. */
export async function startFakeProvider(replies: Replies = {}): Promise<FakeProvider> {
	const fake: FakeProvider = { url: "", asked: [], replies: { ...replies }, stop: async () => {} };
	const server: Server = createServer((request, response) => {
		fake.asked.push((request.url ?? "/").slice(1));
		void answerEnricher(fake.replies, request, response).then((done) => {
			if (!done) response.writeHead(404, { "content-type": "application/json" }).end('{"error":"not found"}');
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	fake.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	fake.stop = async () => {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	};
	return fake;
}
