import { once } from "node:events";
import { readFileSync } from "node:fs";
import net, { type AddressInfo, type Socket } from "node:net";
import { resolve } from "node:path";
import tls from "node:tls";
import v8 from "node:v8";
import vm from "node:vm";
import { vi } from "vitest";
import { type FeedFormat, type FeedItem, FetchFailure, readFeed, SuspectBody, unpack } from "@/lib/net";

export const FIXTURES = resolve(import.meta.dirname, "../../fixtures");
export const fixture = (path: string): Buffer => readFileSync(resolve(FIXTURES, path));
export const fixtureJson = <T>(path: string): T => JSON.parse(fixture(path).toString("utf8")) as T;

/** A body as a stream of pieces of one size. */
export async function* pieces(bytes: Uint8Array, size = 64 * 1024): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Reads to the end; how much there was. */
export async function drain(bytes: AsyncIterable<Uint8Array>): Promise<number> {
	let size = 0;
	for await (const chunk of bytes) size += chunk.length;
	return size;
}

/** Columns of the CSV feed of the corpus, as a source would state them. */
export const CSV: FeedFormat = { kind: "csv", header: "comment", columns: ["id", "dateadded", "url", "url_status", "threat", "tags", "link", "reporter"] };

export interface Read {
	records: Array<Extract<FeedItem, { ok: true }>["record"]>;
	aside: Array<Extract<FeedItem, { ok: false }>>;
	/** why the body as a whole was refused */
	refused: string | null;
}

/** Unpacks and reads a body to its end; a refusal is an outcome, any other error is one of ours. */
export async function read(bytes: AsyncIterable<Uint8Array>, format: FeedFormat, options: { contentType?: string; maxBytes?: number } = {}): Promise<Read> {
	const out: Read = { records: [], aside: [], refused: null };
	try {
		const plain = unpack(bytes, { maxBytes: options.maxBytes ?? 32 * 1024 * 1024 });
		for await (const item of readFeed(plain, format, options.contentType === undefined ? {} : { contentType: options.contentType })) {
			if (item.ok) out.records.push(item.record);
			else out.aside.push(item);
		}
	} catch (error) {
		if (!(error instanceof SuspectBody || error instanceof FetchFailure)) throw error;
		out.refused = error.message;
	}
	return out;
}

export interface Listener {
	port: number;
	close: () => Promise<void>;
}

/** A loopback listener that hands out raw sockets, so that it can misbehave. */
export async function listen(serve: (socket: Socket) => void, secure?: { key: Buffer; cert: Buffer }): Promise<Listener> {
	const open = new Set<Socket>();
	const server = secure === undefined ? net.createServer() : tls.createServer(secure);
	server.on(secure === undefined ? "connection" : "secureConnection", (socket: Socket) => {
		open.add(socket);
		socket.on("error", () => {});
		socket.on("close", () => open.delete(socket));
		serve(socket);
	});
	server.on("tlsClientError", () => {});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return {
		port: (server.address() as AddressInfo).port,
		close: async () => {
			for (const socket of open) socket.destroy();
			server.close();
			await once(server, "close");
		},
	};
}

/** Calls back with each request's head (lines, lower-case header names); bodies are not looked at. */
export function onRequest(socket: Socket, answer: (request: { line: string; headers: Record<string, string> }) => void): void {
	let text = "";
	socket.on("data", (chunk: Buffer) => {
		text += chunk.toString("latin1");
		const end = text.indexOf("\r\n\r\n");
		if (end < 0) return;
		const [line = "", ...rest] = text.slice(0, end).split("\r\n");
		text = text.slice(end + 4);
		const headers = Object.fromEntries(rest.map((header) => [header.slice(0, header.indexOf(":")).toLowerCase(), header.slice(header.indexOf(":") + 1).trim()]));
		answer({ line, headers });
	});
}

export interface Dial {
	host: string;
	address: string;
	port: number;
	secure: boolean;
}

/**
 * Watches every connection undici opens, through the lookup it was given. What would have gone out goes to a port on
 * loopback, or is refused where there is none.
 */
export function watchConnects(to: (dial: Dial) => number | null): { dials: Dial[]; restore: () => void } {
	const dials: Dial[] = [];
	const [connect, connectTls] = [net.connect, tls.connect];
	type Options = { host?: string; port?: number | string; lookup?: net.LookupFunction; servername?: string; rejectUnauthorized?: boolean };
	const note = (options: Options, secure: boolean): number | null => {
		const host = options.host ?? "";
		const dial: Dial = { host, address: host, port: Number(options.port), secure };
		if (net.isIP(host) === 0) {
			dial.address = "(system)";
			options.lookup?.(host, { all: true }, (_error, found) => {
				dial.address = Array.isArray(found) ? found.map(({ address }) => address).join(" ") : found;
			});
		}
		dials.push(dial);
		return to(dial);
	};
	const refused = (): Socket => {
		const socket = new net.Socket();
		process.nextTick(() => socket.destroy(Object.assign(new Error("refused"), { code: "ECONNREFUSED" })));
		return socket;
	};
	const plain = vi.spyOn(net, "connect").mockImplementation(((options: Options) => {
		const port = note(options, false);
		return port === null ? refused() : connect({ host: "127.0.0.1", port });
	}) as typeof net.connect);
	const secure = vi.spyOn(tls, "connect").mockImplementation(((options: Options) => {
		const port = note(options, true);
		if (port === null) return refused();
		return connectTls({ host: "127.0.0.1", port, ...(options.servername === undefined ? {} : { servername: options.servername }) });
	}) as typeof tls.connect);
	return {
		dials,
		restore: () => {
			plain.mockRestore();
			secure.mockRestore();
		},
	};
}

/** How a fetch ended. */
export async function outcome<T>(work: Promise<T>): Promise<{ value: T; failure: null } | { value: null; failure: FetchFailure }> {
	try {
		return { value: await work, failure: null };
	} catch (error) {
		if (error instanceof FetchFailure) return { value: null, failure: error };
		throw error;
	}
}

v8.setFlagsFromString("--expose_gc");
const collect = vm.runInNewContext("gc") as () => void;

/** Memory that is really held, in bytes: what a collection leaves. */
export function held(): number {
	collect();
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}

/** Passes a stream on and notes the most memory that was held while it was read, looking every so many bytes. */
export function weighed(bytes: AsyncIterable<Uint8Array>, every = 4 * 1024 * 1024): { bytes: AsyncGenerator<Uint8Array>; growth: () => number; pulled: () => number } {
	const before = held();
	let [most, pulled, next] = [0, 0, every];
	async function* watch(): AsyncGenerator<Uint8Array> {
		for await (const chunk of bytes) {
			pulled += chunk.length;
			if (pulled >= next) {
				most = Math.max(most, held() - before);
				next = pulled + every;
			}
			yield chunk;
		}
	}
	return { bytes: watch(), pulled: () => pulled, growth: () => Math.max(most, held() - before) };
}
