import type { CDPSession, Protocol } from "puppeteer-core";
import { shown } from "@/lib/errors";
import { cleanText } from "@/lib/net/html";
import type { Judge } from "./judge";
import { type CaptureProxy, REFUSED_HEADER } from "./proxy";
import type { CaptureResult, SeenRequest } from "./result";

const MAX_URL = 2_048;
const MAX_LINES = 200;
const MAX_LINE = 2_000;
const MAX_FEW = 50;

/** A text of the page as it may be kept: without control characters, cut. */
export function kept(text: string, max: number): string {
	const cut = cleanText(text.slice(0, max + 1));
	return cut.length > max ? `${cut.slice(0, max)}…` : cut;
}

function host(url: string): string | null {
	return URL.canParse(url) ? new URL(url).hostname : null;
}

/** What a page does, as the browser tells it: requests, messages, dialogs, windows. Everything is bounded. */
export class PageRecord {
	readonly requests: SeenRequest[] = [];
	/** beyond the caps */
	readonly more = { requests: 0, console: 0, dialogs: 0, popups: 0 };
	readonly console: CaptureResult["console"] = [];
	readonly dialogs: CaptureResult["dialogs"] = [];
	readonly popups: string[] = [];
	readonly #open = new Map<string, SeenRequest>();
	readonly #running = new Set<string>();
	readonly #at: () => number;
	readonly #max: number;
	readonly #proxy: CaptureProxy;

	constructor(proxy: CaptureProxy, at: () => number, max: number) {
		this.#proxy = proxy;
		this.#at = at;
		this.#max = max;
	}

	/** requests without an answer so far */
	get running(): number {
		return this.#running.size;
	}

	#add(id: string, url: string, method: string, kind: string): void {
		this.#running.add(id);
		if (this.requests.length >= this.#max) {
			this.#open.delete(id);
			this.more.requests++;
			return;
		}
		const request: SeenRequest = {
			url: kept(url, MAX_URL),
			method: kept(method, 20),
			kind: kind.toLowerCase(),
			status: null,
			mediaType: null,
			bytes: null,
			address: null,
			at: this.#at(),
			failure: null,
		};
		this.#open.set(id, request);
		this.requests.push(request);
	}

	/** Follows a session: the page's own, a frame's or a worker's. */
	follow(session: CDPSession): void {
		session.on("Network.requestWillBeSent", ({ requestId, request, type, redirectResponse }) => {
			if (redirectResponse !== undefined) this.#answered(requestId, redirectResponse);
			if (/^(?:https?|wss?|ftp|file):/i.test(request.url)) this.#add(requestId, request.url, request.method, type ?? "other");
		});
		session.on("Network.responseReceived", ({ requestId, response }) => this.#answered(requestId, response));
		session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
			const request = this.#open.get(requestId);
			if (request !== undefined) request.bytes ??= Math.round(encodedDataLength);
			this.#done(requestId);
		});
		session.on("Network.loadingFailed", ({ requestId, errorText, blockedReason, canceled }) => this.failed(requestId, errorText, blockedReason ?? (canceled === true ? "cancelled" : undefined)));
		session.on("Network.webSocketCreated", ({ requestId, url }) => {
			this.#add(requestId, url, "GET", "websocket");
			// A socket stays open: the page does not wait for it.
			this.#running.delete(requestId);
		});
		session.on("Network.webSocketHandshakeResponseReceived", ({ requestId, response }) => {
			const request = this.#open.get(requestId);
			if (request !== undefined) request.status = response.status;
		});
		session.on("Network.webSocketFrameError", ({ requestId, errorMessage }) => this.failed(requestId, errorMessage));
		session.on("Runtime.consoleAPICalled", ({ type, args }) => this.#line(type, args.map(said).join(" ")));
		session.on("Runtime.exceptionThrown", ({ exceptionDetails }) => this.#line("error", exceptionDetails.exception?.description ?? exceptionDetails.text));
		session.on("Log.entryAdded", ({ entry }) => this.#line(entry.level, entry.text));
		session.on("Page.windowOpen", ({ url }) => {
			if (this.popups.length < MAX_FEW) this.popups.push(kept(url, MAX_URL));
			else this.more.popups++;
		});
		session.on("Page.javascriptDialogOpening", ({ type, message }) => {
			// One that asks again and again is left standing: it waits, and the page with it.
			if (this.dialogs.length >= MAX_FEW) {
				this.more.dialogs++;
				return;
			}
			this.dialogs.push({ kind: type, text: kept(message, MAX_LINE) });
			session.send("Page.handleJavaScriptDialog", { accept: type === "beforeunload" }).catch(() => {});
		});
	}

	#line(level: string, text: string): void {
		if (this.console.length < MAX_LINES) this.console.push({ level, text: kept(text, MAX_LINE) });
		else this.more.console++;
	}

	#answered(id: string, { status, mimeType, encodedDataLength, url, headers }: Protocol.Network.Response): void {
		const request = this.#open.get(id);
		if (request === undefined) return;
		const refused = Object.entries(headers).find(([name]) => name.toLowerCase() === REFUSED_HEADER)?.[1];
		if (refused !== undefined && url.startsWith("http:")) {
			request.failure = this.#reason(url, "refused");
			return;
		}
		request.status = status;
		request.mediaType = mimeType === "" ? null : kept(mimeType, 128);
		if (status >= 300 && status < 400) request.bytes = Math.round(encodedDataLength);
	}

	/** A request that has no answer, with what the browser says about it. */
	failed(id: string, error: string, blocked?: string): void {
		const request = this.#open.get(id);
		if (request !== undefined) request.failure ??= this.#reason(request.url, [error, blocked].filter((part) => part !== undefined && part !== "").join(", "));
		this.#done(id);
	}

	#reason(url: string, error: string): SeenRequest["failure"] {
		const refusal =
			/refused|tunnel|proxy|ERR_FAILED|BLOCKED_BY_CLIENT|EMPTY_RESPONSE|RESET|ABORTED|CONNECTION_CLOSED/i.test(error) && URL.canParse(url) ? this.#proxy.refusalOf(new URL(url)) : undefined;
		if (refusal !== undefined) return { by: refusal.kind === "blocked" ? "guard" : refusal.kind === "budget" ? "budget" : "network", reason: refusal.reason };
		if (this.#proxy.exhausted) return { by: "budget", reason: "the budget of bytes is used up" };
		return { by: "network", reason: error === "origin" ? "the browser's own rules forbid it" : shown(error, 200) };
	}

	#done(id: string): void {
		this.#open.delete(id);
		this.#running.delete(id);
	}

	/** Fills in which address was dialled for each host, and what the proxy refused that the browser does not list. */
	async complete(judge: Judge): Promise<void> {
		for (const request of this.requests) {
			const name = host(request.url);
			if (name !== null && (request.failure === null || request.failure.by !== "guard")) request.address = await judge.addressOf(name);
		}
		const listed = new Set(this.requests.filter(({ failure }) => failure !== null && failure.by !== "network").map(({ url }) => target(url)));
		for (const { target: refused, kind, reason } of this.#proxy.refusals) {
			if (listed.has(refused)) continue;
			listed.add(refused);
			if (this.requests.length >= this.#max) this.more.requests++;
			else {
				const failure = { by: kind === "blocked" ? "guard" : kind === "budget" ? "budget" : "network", reason } as const;
				this.requests.push({ url: refused, method: "CONNECT", kind: "connection", status: null, mediaType: null, bytes: null, address: null, at: this.#at(), failure });
			}
		}
	}
}

/** `host:port` of a URL, as the proxy notes it. */
function target(url: string): string {
	if (!URL.canParse(url)) return url;
	const { hostname, port, protocol } = new URL(url);
	return `${hostname}:${port || (protocol === "https:" || protocol === "wss:" ? 443 : 80)}`;
}

function said({ type, value, description }: Protocol.Runtime.RemoteObject): string {
	return typeof value === "string" ? value : (description ?? (value === undefined ? type : String(JSON.stringify(value))));
}
