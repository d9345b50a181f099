import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Bridge {
	/** `http://127.0.0.1:port` */
	url: string;
	stop: () => Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	const text = Buffer.concat(chunks).toString("utf8");
	return text === "" ? {} : JSON.parse(text);
}

export interface BridgeRequest {
	path: string;
	headers: IncomingMessage["headers"];
	body: unknown;
}

/** A loopback server that answers every POST with JSON. */
export async function startBridge(answer: (request: BridgeRequest) => Promise<{ status: number; body: unknown }>, onStop: () => Promise<void>): Promise<Bridge> {
	const server: Server = createServer((request, response) => {
		void (async () => {
			try {
				const { status, body } = await answer({ path: request.url ?? "/", headers: request.headers, body: await bodyOf(request) });
				response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
			} catch (error) {
				response.writeHead(500, { "content-type": "application/json" }).end(JSON.stringify({ error: { message: String(error), code: "INTERNAL" } }));
			}
		})();
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		stop: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
			await onStop();
		},
	};
}
