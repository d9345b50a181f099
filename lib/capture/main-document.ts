import { createHash } from "node:crypto";
import type { CDPSession, Protocol } from "puppeteer-core";
import { Gathered } from "@/lib/net/bytes";
import type { Budget, Clock } from "./budget";
import type { Judge } from "./judge";
import { type CaptureProxy, REFUSED_HEADER } from "./proxy";
import { kept } from "./record";
import type { CaptureResult, Hop, Outcome } from "./result";

const MAX_REDIRECTS = 10;
/** Documents in the main frame one after another, whoever asks for them. */
const MAX_DOCUMENTS = 20;
const MAX_HOPS = MAX_DOCUMENTS + MAX_REDIRECTS;
const MAX_HEADERS = 200;
/** of Content-Encoding: more are an attack */
const MAX_LAYERS = 2;
const PIECE = 512 * 1024;
const HANG_UP_MS = 1_000;
const MAX_URL = 16_384;
/** Only these are given to the browser to show. Everything else is described. */
const PAGES = new Set(["text/html", "application/xhtml+xml"]);
/** Headers that speak of the body as it was sent, not as it is. */
const OF_THE_WIRE = new Set(["content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive"]);
/** What an answer without a type begins with where it is a page (MIME Sniffing standard, 7.1). */
const MARKUP = /^[\t\n\f\r ]*<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|!--)[\t\n\f\r >]/i;

export interface Document {
	url: string;
	response: NonNullable<CaptureResult["response"]>;
	content: Buffer;
	mediaType: string;
	rendered: boolean;
	/** the name it would be saved under, where it wants to be saved */
	attachment: string | null;
	/** what is wrong with it, in words */
	fault: string | null;
	/** headers beyond those of `response` */
	headersMore: number;
}

export interface Failure {
	outcome: Outcome;
	reason: string;
}

type Paused = Protocol.Fetch.RequestPausedEvent;

/**
 * The answer of the address itself: taken whole before the browser sees a byte of it. So the target is asked once, what is kept is
 * exactly what was shown, and what is no page never reaches a viewer.
 */
export class MainDocument {
	readonly hops: Hop[] = [];
	hopsMore = 0;
	/** the newest that was accepted */
	current: Document | null = null;
	/** why the first navigation gave nothing */
	failure: Failure | null = null;
	/** why the next navigation happened, as the browser says */
	#why: Hop["by"] = "page";
	#redirects = 0;
	#documents = 0;
	readonly #session: CDPSession;
	readonly #frameId: string;
	readonly #context: { clock: Clock; budget: Budget; proxy: CaptureProxy; judge: Judge };

	constructor(session: CDPSession, frameId: string, context: { clock: Clock; budget: Budget; proxy: CaptureProxy; judge: Judge }) {
		this.#session = session;
		this.#frameId = frameId;
		this.#context = context;
	}

	async watch(): Promise<void> {
		const session = this.#session;
		session.on("Fetch.requestPaused", (event) => void this.#paused(event).catch(() => session.send("Fetch.failRequest", { requestId: event.requestId, errorReason: "Failed" }).catch(() => {})));
		session.on("Page.frameRequestedNavigation", ({ frameId, reason }) => {
			if (frameId === this.#frameId) this.#why = reason === "metaTagRefresh" || reason === "httpHeaderRefresh" ? "refresh" : "page";
		});
		await session.send("Fetch.enable", {
			patterns: [
				{ urlPattern: "*", resourceType: "Document", requestStage: "Request" },
				{ urlPattern: "*", resourceType: "Document", requestStage: "Response" },
			],
		});
	}

	async #paused(event: Paused): Promise<void> {
		if (event.frameId !== this.#frameId) return this.#go(event);
		const asked = event.responseStatusCode === undefined && event.responseErrorReason === undefined;
		if (asked) return this.#asked(event);
		// The network's own error: the browser tells it to whoever navigated.
		if (event.responseErrorReason !== undefined) return this.#go(event);
		const status = event.responseStatusCode as number;
		const location = header(event, "location");
		if (status >= 300 && status < 400 && status !== 304 && location !== null && location !== "") return this.#redirected(event, status, location);
		return this.#answered(event, status);
	}

	async #go({ requestId }: Paused): Promise<void> {
		await this.#session.send("Fetch.continueRequest", { requestId });
	}

	async #stop({ requestId }: Paused, failure: Failure | null): Promise<void> {
		if (this.current === null && failure !== null) this.failure = failure;
		await this.#session.send("Fetch.failRequest", { requestId, errorReason: failure === null ? "Aborted" : "BlockedByClient" });
	}

	async #asked(event: Paused): Promise<void> {
		if (event.redirectedRequestId === undefined) {
			this.#documents++;
			this.#redirects = 0;
		}
		if (this.#documents > MAX_DOCUMENTS) return this.#stop(event, null);
		return this.#go(event);
	}

	async #redirected(event: Paused, status: number, location: string): Promise<void> {
		const { url } = event.request;
		await this.#hop(url, status, "location");
		const next = URL.canParse(location, url) ? new URL(location, url) : null;
		if (next !== null && next.protocol !== "http:" && next.protocol !== "https:") {
			return this.#stop(event, { outcome: "blocked", reason: `${new URL(url).host} redirects to ${next.protocol.slice(0, 20)}, which is not visited` });
		}
		if (location.length > MAX_URL) return this.#stop(event, { outcome: "failed", reason: `${new URL(url).host} redirects to an address of ${location.length} characters` });
		if (++this.#redirects > MAX_REDIRECTS) return this.#stop(event, { outcome: "failed", reason: `${new URL(url).host} redirects more than ${MAX_REDIRECTS} times` });
		return this.#go(event);
	}

	async #hop(url: string, status: number, by: Hop["by"]): Promise<void> {
		if (this.hops.length >= MAX_HOPS) {
			this.hopsMore++;
			return;
		}
		this.hops.push({ url: kept(url, MAX_URL), status, by, address: await this.#context.judge.addressOf(new URL(url).hostname) });
	}

	async #answered(event: Paused, status: number): Promise<void> {
		const url = new URL(event.request.url);
		if (url.protocol === "http:" && header(event, REFUSED_HEADER) !== null) return this.#stop(event, this.refused(url));
		const body = await this.#body(event, status);
		const type = (header(event, "content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
		const attachment = attachmentName(header(event, "content-disposition"), url);
		const isPage = type === "" ? MARKUP.test(body.content.subarray(0, 1024).toString("latin1")) : PAGES.has(type);
		const layers = (header(event, "content-encoding") ?? "").split(",").length;
		const fault =
			layers > MAX_LAYERS
				? `${url.host} encodes its answer ${layers} times`
				: body.facts.truncated
					? `the content did not end: ${body.facts.bytes} bytes were read`
					: body.content.length < body.facts.bytes
						? `the content has ${body.facts.bytes} bytes, the first ${body.content.length} are kept`
						: null;
		const rendered = isPage && layers <= MAX_LAYERS && attachment === null && status !== 204 && status !== 205;
		if (this.current !== null) await this.#hop(this.current.url, this.current.response.status, this.#why);
		this.current = {
			url: url.href,
			response: {
				status,
				contentType: cut(header(event, "content-type")),
				server: cut(header(event, "server")),
				lastModified: cut(header(event, "last-modified")),
				...body.facts,
				headers: (event.responseHeaders ?? []).slice(0, MAX_HEADERS).map(({ name, value }) => [kept(name, 200), kept(value, 4_000)]),
				address: await this.#context.judge.addressOf(url.hostname),
			},
			content: body.content,
			mediaType: type === "" ? (isPage ? "text/html" : "application/octet-stream") : kept(type, 127),
			rendered,
			attachment,
			fault,
			headersMore: Math.max(0, (event.responseHeaders ?? []).length - MAX_HEADERS),
		};
		if (!rendered) return this.#stop(event, null);
		await this.#session.send("Fetch.fulfillRequest", {
			requestId: event.requestId,
			responseCode: status,
			...(event.responseStatusText === undefined || event.responseStatusText === "" ? {} : { responsePhrase: event.responseStatusText }),
			responseHeaders: (event.responseHeaders ?? []).filter(({ name }) => !OF_THE_WIRE.has(name.toLowerCase())),
			body: body.content.toString("base64"),
		});
	}

	/** Reads the body under the caps. Hashed to the end, kept from the beginning; what is too large by its own word is not drawn to the end. */
	async #body(event: Paused, status: number): Promise<{ content: Buffer; facts: { bytes: number; truncated: boolean; sha256: string | null } }> {
		const { clock, budget, proxy } = this.#context;
		const gathered = new Gathered();
		const hash = createHash("sha256");
		let bytes = 0;
		let whole = status === 204 || status === 205 || status === 304;
		if (!whole) {
			const { stream } = await this.#session.send("Fetch.takeResponseBodyAsStream", { requestId: event.requestId });
			const declared = Number(header(event, "content-length") ?? 0);
			const most = declared > budget.wireBytes - proxy.bytes ? budget.keptBytes : budget.wireBytes;
			const until = clock.at() + budget.loadMs;
			while (clock.at() < until && bytes < most) {
				const reading = this.#session.send("IO.read", { handle: stream, size: PIECE });
				let read = await clock.within(reading, until - clock.at());
				// A piece is given when it is full or the stream ends: of one that trickles, the rest comes when we hang up.
				const hungUp = read === null;
				if (read === null) {
					proxy.hangUp();
					read = await clock.within(reading, HANG_UP_MS);
				}
				if (read === null) break;
				// Bytes that happen to be UTF-8 come as text, all others as Base64.
				const chunk = Buffer.from(read.data, read.base64Encoded === true ? "base64" : "utf8");
				bytes += chunk.length;
				hash.update(chunk);
				if (gathered.length < budget.keptBytes) gathered.append(chunk.subarray(0, budget.keptBytes - gathered.length));
				whole = read.eof && !hungUp && !proxy.exhausted && !(header(event, "content-encoding") === null && bytes < declared);
				if (read.eof || hungUp) break;
			}
			// Not awaited: a stream that hangs is closed when the browser is.
			this.#session.send("IO.close", { handle: stream }).catch(() => {});
		}
		return { content: gathered.take(), facts: { bytes, truncated: !whole, sha256: whole ? hash.digest("hex") : null } };
	}

	/** What the proxy says about an address that gave no answer. */
	refused(url: URL): Failure {
		const refusal = this.#context.proxy.refusalOf(url);
		const outcomes = { blocked: "blocked", dns: "unresolved", network: "failed", budget: "failed" } as const;
		return refusal === undefined ? { outcome: "failed", reason: `${url.host} gave no answer` } : { outcome: outcomes[refusal.kind], reason: refusal.reason };
	}
}

function cut(text: string | null): string | null {
	return text === null ? null : kept(text, 500);
}

function header({ responseHeaders }: Paused, name: string): string | null {
	return responseHeaders?.find((each) => each.name.toLowerCase() === name)?.value ?? null;
}

/** The name an attachment asks for: its last part, for people to read. Null where it is none. */
function attachmentName(disposition: string | null, url: URL): string | null {
	if (disposition === null || !/^\s*attachment\b/i.test(disposition)) return null;
	const named = /filename\s*=\s*(?:"([^"]*)"|([^;\s]+))/i.exec(disposition);
	const name = named?.[1] ?? named?.[2] ?? url.pathname;
	return kept(name.split(/[\\/]/).findLast((part) => part !== "") ?? "download", 200);
}
