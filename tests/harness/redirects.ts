import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { resolve } from "node:path";

/** The corpus of redirects and odd answers, and the server that gives them: the guarded fetch and the browser meet the same. */

export interface Hop {
	status?: number;
	location?: string;
	raw_headers?: Array<[string, string]>;
	raw_headers_b64?: Array<[string, string]>;
	header_count?: number;
	body?: string;
	body_bytes?: number;
	body_drip?: { bytes: number };
	header_drip?: { bytes: number };
	then?: "RST";
	raw?: string;
	hang?: boolean;
	repeat?: number;
}

export interface Chain {
	id: string;
	method?: "GET" | "POST";
	start?: string;
	request_headers?: Record<string, string>;
	hops: Hop[];
	final: string;
	max_requests?: number;
	max_read_bytes?: number;
	must_not_send_to?: Record<string, string[]>;
}

export const chains: readonly Chain[] = (JSON.parse(readFileSync(resolve(import.meta.dirname, "../fixtures/security/redirects.json"), "utf8")) as { chains: Chain[] }).chains;

function drip(socket: Socket, byte: string): void {
	const timer = setInterval(() => socket.write(byte), 20);
	socket.on("close", () => clearInterval(timer));
}

function pour(socket: Socket, bytes: number): void {
	const block = Buffer.alloc(64 * 1024, 120);
	let left = bytes;
	const more = (): void => {
		while (left > 0 && !socket.destroyed) {
			left -= block.length;
			if (!socket.write(block)) return void socket.once("drain", more);
		}
		socket.end();
	};
	more();
}

/** Answers requests on raw sockets as a chain says; `filled` puts in where the canaries are. */
export class ChainServer {
	chain: Chain = { id: "", final: "", hops: [] };
	readonly #filled: (text: string) => string;

	constructor(filled: (text: string) => string) {
		this.#filled = filled;
	}

	/** The hop that answers the nth request: one that repeats stands for all that follow. */
	#hop(index: number): Hop {
		const { hops } = this.chain;
		const hop = hops[Math.min(index, hops.length - 1)] as Hop;
		return index < hops.length || (hop.repeat ?? 1) > 1 ? hop : { status: 200, body: "end" };
	}

	#fill(text: string, index: number): string {
		return this.#filled(text).replaceAll("{{GROW}}", "x".repeat(2 ** (index + 6)));
	}

	#head(hop: Hop, index: number): Buffer[] {
		const head: Buffer[] = [Buffer.from(`HTTP/1.1 ${hop.status} X\r\n`)];
		const add = (name: string, value: string | Buffer): void => void head.push(Buffer.from(`${name}: `), Buffer.from(value as string), Buffer.from("\r\n"));
		if (hop.location !== undefined) add("Location", this.#fill(hop.location, index));
		for (const [name, value] of hop.raw_headers ?? []) add(name, this.#fill(value, index));
		for (const [name, value] of hop.raw_headers_b64 ?? []) add(name, Buffer.from(value, "base64"));
		for (let at = 0; at < (hop.header_count ?? 0); at++) add(`X-${at}`, "1");
		return head;
	}

	/** Answers the nth request, from 0. */
	respond(socket: Socket, index: number): void {
		const hop = this.#hop(index);
		if (hop.hang === true) return;
		if (hop.raw !== undefined) return void socket.end(hop.raw);
		const head = this.#head(hop, index);
		if (hop.header_drip !== undefined) {
			socket.write(Buffer.concat(head));
			return void drip(socket, "X");
		}
		if (hop.status === 103) {
			socket.write(Buffer.concat([...head, Buffer.from("\r\n")]));
			return void this.respond(socket, index + 1);
		}
		const body = this.#fill(hop.body ?? "", index);
		// A browser shows no page without a type.
		if (body.startsWith("<")) head.push(Buffer.from("Content-Type: text/html\r\n"));
		const hasLength = (hop.raw_headers ?? []).some(([name]) => name === "Content-Length");
		if (hop.body_drip === undefined && hop.body_bytes === undefined && !hasLength) head.push(Buffer.from(`Content-Length: ${Buffer.byteLength(body)}\r\n`));
		socket.write(Buffer.concat([...head, Buffer.from("\r\n")]));
		if (hop.body_drip !== undefined) drip(socket, "x");
		else if (hop.body_bytes !== undefined) pour(socket, hop.body_bytes);
		else socket.write(body);
		if (hop.then === "RST") setTimeout(() => socket.resetAndDestroy(), 20);
	}
}
