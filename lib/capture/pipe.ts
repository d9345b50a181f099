import type { Readable, Writable } from "node:stream";
import type { ConnectionTransport } from "puppeteer-core";

const MAX_MESSAGE = 64 * 1024 * 1024;
const MAX_TOTAL = 512 * 1024 * 1024;

/**
 * The browser's remote control over two pipes, so that there is no port a page or a neighbour could reach. A page can make the
 * browser talk without end (console, dialogs): one message and all of them together have a limit.
 */
export class PipeTransport implements ConnectionTransport {
	onmessage?: (message: string) => void;
	onclose?: () => void;
	readonly #out: Writable;
	#held: Buffer[] = [];
	#size = 0;
	#total = 0;
	#closed = false;

	constructor(out: Writable, back: Readable, onFlood: () => void) {
		this.#out = out;
		out.on("error", () => this.#ended());
		back.on("error", () => this.#ended());
		back.on("close", () => this.#ended());
		back.on("data", (chunk: Buffer) => {
			if (this.#closed) return;
			this.#total += chunk.length;
			if (this.#size + chunk.length > MAX_MESSAGE || this.#total > MAX_TOTAL) {
				this.#ended();
				return onFlood();
			}
			this.#take(chunk);
		});
	}

	#take(chunk: Buffer): void {
		let from = 0;
		for (let end = chunk.indexOf(0); end !== -1; end = chunk.indexOf(0, from)) {
			this.#held.push(chunk.subarray(from, end));
			const message = Buffer.concat(this.#held).toString("utf8");
			this.#held = [];
			this.#size = 0;
			from = end + 1;
			// Each in a turn of its own: a handler may wait for the next message.
			setImmediate(() => {
				if (!this.#closed) this.onmessage?.(message);
			});
		}
		if (from < chunk.length) {
			this.#held.push(chunk.subarray(from));
			this.#size += chunk.length - from;
		}
	}

	#ended(): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#held = [];
		this.onclose?.();
	}

	send(message: string): void {
		if (!this.#closed) this.#out.write(`${message}\0`);
	}

	close(): void {
		this.#ended();
	}
}
