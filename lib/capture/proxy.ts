import { randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import net, { type AddressInfo, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Dial, Judge, Target, Verdict } from "./judge";

/** Headers between two neighbours. The credential of the proxy goes no further either. */
const HOP = new Set(["connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"]);
/** Leads the browser to what the proxy said about a request that has no status of its own. */
export const REFUSED_HEADER = "x-exist-refused";
/** A name that only this proxy knows: asked first, so that the browser learns the credential before it meets a stranger. */
export const GREETING = "http://greeting.invalid/";
const CONNECT_MS = 10_000;
const IDLE_MS = 30_000;
const MAX_SOCKETS = 200;

export interface Refusal {
	/** `host:port` */
	target: string;
	kind: "blocked" | "dns" | "network" | "budget";
	reason: string;
}

export interface ProxyOptions {
	judge: Judge;
	dial?: Dial;
	/** bytes in both directions */
	maxBytes: number;
	/** the budget is used up: nothing goes through any more */
	onExhausted?: () => void;
}

function passed(raw: readonly string[]): string[] {
	const kept: string[] = [];
	for (let at = 0; at + 1 < raw.length; at += 2) {
		const name = (raw[at] as string).toLowerCase();
		if (!HOP.has(name) && name !== REFUSED_HEADER) kept.push(raw[at] as string, raw[at + 1] as string);
	}
	return kept;
}

/**
 * The only way from a captured page to the network. Every request and every tunnel is judged, goes to the address that was
 * judged, and counts. A credential of its own keeps other programs of the machine out.
 */
export class CaptureProxy {
	readonly username = randomBytes(12).toString("hex");
	readonly password = randomBytes(24).toString("hex");
	/** what was refused or failed, newest last; at most 1000 */
	readonly refusals: Refusal[] = [];
	refused = 0;
	bytes = 0;
	exhausted = false;
	readonly #server: http.Server;
	readonly #sockets = new Set<Duplex>();
	readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 6, timeout: IDLE_MS });
	readonly #end = new AbortController();
	readonly #options: ProxyOptions;
	readonly #credential: Buffer;

	private constructor(options: ProxyOptions) {
		this.#options = options;
		this.#credential = Buffer.from(`Basic ${Buffer.from(`${this.username}:${this.password}`).toString("base64")}`);
		this.#server = http.createServer({ maxHeaderSize: 64 * 1024 });
		this.#server.on("request", (request, response) => void this.#request(request, response).catch(() => response.destroy()));
		this.#server.on("connect", (request, socket, head) => void this.#connect(request, socket, head).catch(() => socket.destroy()));
		// Browsers tunnel their WebSockets.
		this.#server.on("upgrade", (_request, socket) => void socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"));
		this.#server.on("connection", (socket) => this.#track(socket));
		this.#server.on("clientError", (_error, socket) => void socket.destroy());
	}

	static async start(options: ProxyOptions): Promise<CaptureProxy> {
		const proxy = new CaptureProxy(options);
		proxy.#server.listen(0, "127.0.0.1");
		await once(proxy.#server, "listening");
		return proxy;
	}

	get address(): string {
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	/** Why a target was refused or could not be reached, newest first. */
	refusalOf(url: URL): Refusal | undefined {
		const target = `${url.hostname}:${url.port || (url.protocol === "https:" || url.protocol === "wss:" ? 443 : 80)}`;
		return this.refusals.findLast((refusal) => refusal.target === target);
	}

	async close(): Promise<void> {
		this.#end.abort();
		this.#agent.destroy();
		this.hangUp();
		if (!this.#server.listening) return;
		this.#server.close();
		await once(this.#server, "close");
	}

	/** Ends every connection there is; new ones may follow. */
	hangUp(): void {
		for (const socket of this.#sockets) socket.destroy();
	}

	#track(socket: Duplex): void {
		if (this.#sockets.has(socket)) return;
		this.#sockets.add(socket);
		socket.on("error", () => {});
		socket.on("close", () => this.#sockets.delete(socket));
	}

	#count(bytes: number): void {
		this.bytes += bytes;
		if (this.exhausted || this.bytes <= this.#options.maxBytes) return;
		this.exhausted = true;
		this.#options.onExhausted?.();
		this.hangUp();
		this.#agent.destroy();
	}

	#admits(request: IncomingMessage): boolean {
		const given = Buffer.from(request.headers["proxy-authorization"] ?? "");
		return given.length === this.#credential.length && timingSafeEqual(given, this.#credential);
	}

	#note(target: string, kind: Refusal["kind"], reason: string): void {
		this.refused++;
		this.refusals.push({ target, kind, reason });
		if (this.refusals.length > 1000) this.refusals.shift();
	}

	async #verdict(url: URL): Promise<Verdict> {
		if (this.exhausted) return { ok: false, kind: "budget", reason: "the budget of bytes is used up" };
		if (this.#sockets.size > MAX_SOCKETS) return { ok: false, kind: "budget", reason: `more than ${MAX_SOCKETS} connections at once` };
		return this.#options.judge.judge(url, this.#end.signal);
	}

	/** Where the socket to an address that was judged is opened. */
	dialled({ host, address, port }: Target): { host: string; port: number } {
		return this.#options.dial?.({ host, address, port }) ?? { host: address, port };
	}

	async #request(request: IncomingMessage, response: ServerResponse): Promise<void> {
		if (!this.#admits(request)) {
			response.writeHead(407, { "proxy-authenticate": 'Basic realm="capture"', "content-length": "0" }).end();
			return;
		}
		const asked = request.url ?? "";
		if (asked === GREETING) return void response.writeHead(204).end();
		if (!/^http:\/\//i.test(asked) || !URL.canParse(asked)) return void response.writeHead(400, { connection: "close" }).end();
		const url = new URL(asked);
		const name = `${url.hostname}:${url.port || 80}`;
		const refuse = (kind: Refusal["kind"], reason: string): void => {
			this.#note(name, kind, reason);
			if (response.headersSent) response.destroy();
			// With words of our own: those of an answer that could not be passed on may still stand in it.
			else response.writeHead(502, "Bad Gateway", { [REFUSED_HEADER]: kind, "content-length": "0", connection: "close" }).end();
		};
		const verdict = await this.#verdict(url);
		if (!verdict.ok) return refuse(verdict.kind, verdict.reason);
		this.#forward(request, response, url, verdict.target, (reason) => refuse("network", reason));
	}

	#forward(request: IncomingMessage, response: ServerResponse, url: URL, target: Target, fail: (reason: string) => void): void {
		const headers = passed(request.rawHeaders).flatMap((text, at, all) => (at % 2 === 0 && text.toLowerCase() !== "host" ? [text, all[at + 1] as string] : []));
		const upstream = http.request({
			...this.dialled(target),
			agent: this.#agent,
			method: request.method ?? "GET",
			path: url.pathname + url.search,
			headers: ["Host", url.host, ...headers],
			maxHeaderSize: 64 * 1024,
			setDefaultHeaders: false,
		});
		const connecting = setTimeout(() => upstream.destroy(new Error("no connection in time")), CONNECT_MS);
		upstream.on("socket", (socket) => {
			this.#track(socket);
			if (!socket.connecting) clearTimeout(connecting);
			else socket.once("connect", () => clearTimeout(connecting));
		});
		upstream.on("error", (error) => {
			clearTimeout(connecting);
			fail(`${url.host}: ${words(error)}`);
		});
		upstream.on("response", (answer) => {
			// To a browser behind a proxy it would mean ours.
			if (answer.statusCode === 407) {
				answer.destroy();
				return fail(`${url.host} answers 407, which only a proxy may`);
			}
			this.#count(answer.rawHeaders.join().length);
			try {
				response.writeHead(answer.statusCode as number, answer.statusMessage ?? "", passed(answer.rawHeaders));
			} catch {
				// Statuses and words that Node reads and would not write itself.
				answer.destroy();
				return fail(`${url.host} does not speak proper HTTP`);
			}
			answer.on("data", (chunk: Buffer) => this.#count(chunk.length));
			answer.on("error", () => response.destroy());
			answer.on("aborted", () => response.destroy());
			answer.pipe(response);
		});
		request.on("data", (chunk: Buffer) => this.#count(chunk.length));
		request.pipe(upstream);
		response.on("close", () => upstream.destroy());
	}

	async #connect(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
		this.#track(socket);
		if (!this.#admits(request)) {
			socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="capture"\r\nContent-Length: 0\r\n\r\n');
			return;
		}
		const authority = request.url ?? "";
		const refuse = (kind: Refusal["kind"], reason: string): void => {
			this.#note(authority, kind, reason);
			socket.end("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
		};
		if (!/^[^/?#@\\]+:\d+$/.test(authority) || !URL.canParse(`https://${authority}/`)) return refuse("blocked", "that is no host and port");
		const verdict = await this.#verdict(new URL(`https://${authority}/`));
		if (!verdict.ok) return refuse(verdict.kind, verdict.reason);
		const upstream = net.connect({ ...this.dialled(verdict.target), timeout: CONNECT_MS });
		this.#track(upstream);
		let open = false;
		upstream.on("timeout", () => upstream.destroy(new Error("no answer in time")));
		upstream.on("error", (error) => (open ? socket.destroy() : refuse("network", `${authority}: ${words(error)}`)));
		upstream.on("connect", () => {
			open = true;
			upstream.setTimeout(IDLE_MS);
			socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
			if (head.length > 0) upstream.write(head);
			this.#join(socket, upstream);
		});
		socket.on("close", () => upstream.destroy());
	}

	#join(socket: Duplex, upstream: Socket): void {
		for (const [from, to] of [
			[socket, upstream],
			[upstream, socket],
		] as const) {
			from.on("data", (chunk: Buffer) => this.#count(chunk.length));
			from.pipe(to);
		}
		upstream.on("close", () => socket.destroy());
	}
}

function words(error: Error): string {
	const { code } = error as { code?: string };
	if (code === "ECONNREFUSED") return "the connection was refused";
	if (code === "ECONNRESET") return "the connection broke off";
	if (code?.startsWith("HPE_") === true) return `that is no proper HTTP (${code})`;
	return code ?? error.message.slice(0, 120);
}
