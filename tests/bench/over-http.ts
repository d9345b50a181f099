import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as WebStream } from "node:stream/web";

/**
 * A plain server of Node before a route handler of `app/api`, on the loopback. Next itself stays out: `next start` wants a production
 * build, which takes longer than the whole measurement, and it would not measure what is ours. What it adds to a request (routing,
 * its own wrapping of Request and Response) is therefore not in the figures.
 */
export async function overHttp(handle: (request: Request) => Promise<Response>): Promise<{ url: string; stop: () => Promise<void> }> {
	const server = createServer(async ({ url, headers, method }, answer) => {
		try {
			const given = Object.entries(headers).flatMap(([name, value]) => (typeof value === "string" ? [[name, value] as [string, string]] : []));
			const response = await handle(new Request(new URL(url ?? "/", "http://exist.test"), { method: method ?? "GET", headers: given }));
			answer.writeHead(response.status, Object.fromEntries(response.headers));
			if (response.body === null) answer.end();
			else await pipeline(Readable.fromWeb(response.body as WebStream), answer);
		} catch {
			// The client sees a broken answer and ends the run.
			answer.destroy();
		}
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		stop: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
