import type { Readable } from "node:stream";
import { Agent, request } from "undici";
import { codings, decoded } from "./decode";
import { type AddressPolicy, refusal, resolvePublic } from "./guard";

export type FailureKind = "blocked" | "dns" | "connect" | "tls" | "timeout" | "too-large" | "protocol" | "truncated";

/** A fetch that did not succeed. The message names the host, never path, query or headers (they may hold keys). */
export class FetchFailure extends Error {
	readonly kind: FailureKind;
	/** trying the same again in a moment makes sense */
	readonly retryable: boolean;
	constructor(kind: FailureKind, message: string, retryable = false, cause?: unknown) {
		super(message, cause === undefined ? undefined : { cause });
		this.name = "FetchFailure";
		this.kind = kind;
		this.retryable = retryable;
	}
}

export interface FetchOptions {
	headers?: Readonly<Record<string, string>>;
	method?: "GET" | "POST";
	body?: string;
	signal?: AbortSignal;
	/** whole fetch, body included */
	timeoutMs?: number;
	/** silence of the other side */
	idleMs?: number;
	/** most bytes of the body, as sent and after Content-Encoding */
	maxBytes?: number;
	policy?: AddressPolicy;
	/** most hops that are followed, 10 unless said; none: a redirect is an answer like any other */
	maxRedirects?: number;
	/** maps a public address to the demo's upstream; what it gives is dialled in its place */
	route?: (url: URL) => URL;
	userAgent?: string;
}

export interface GuardedResponse {
	status: number;
	/** lower-case names; repeated headers joined by comma */
	headers: Record<string, string>;
	/** after redirects */
	finalUrl: string;
	/** the body without its Content-Encoding; throws `FetchFailure` on caps, time-outs and broken encodings */
	body: AsyncIterable<Uint8Array>;
}

const MAX_REDIRECTS = 10;
const MAX_LOCATION = 16 * 1024;
const ACCEPTED = "gzip, deflate, br";
const USER_AGENT = "EXIST/0.1 (cyber threat intelligence aggregator)";
/** Most that a Content-Encoding may unpack to, in multiples of what was sent (beyond the first megabyte). */
const MAX_RATIO = 200;

/** Replaces every secret in a text, and whatever stands in a URL's query. */
export function maskUrl(text: string, secrets: readonly string[] = []): string {
	let out = text;
	for (const secret of secrets) if (secret !== "") out = out.replaceAll(secret, "…").replaceAll(encodeURIComponent(secret), "…");
	return out.replace(/(https?:\/\/[^\s?#]*)\?[^\s]*/g, "$1?…");
}

function classify(error: unknown, host: string): FetchFailure {
	if (error instanceof FetchFailure) return error;
	const code = String((error as { code?: unknown }).code ?? (error as { cause?: { code?: unknown } }).cause?.code ?? "");
	const name = (error as { name?: string }).name;
	if (name === "TimeoutError" || name === "AbortError" || code.includes("TIMEOUT")) return new FetchFailure("timeout", `${host} did not answer in time`, true, error);
	if (/^(EPROTO|ERR_TLS|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO|ERR_SSL)/.test(code)) return new FetchFailure("tls", `the certificate of ${host} is not valid (${code})`, false, error);
	if (code === "ECONNREFUSED" || code === "EHOSTUNREACH" || code === "ENETUNREACH") return new FetchFailure("connect", `${host} refuses connections`, true, error);
	// undici's parser errors have a name and no code.
	if (name === "HTTPParserError" || code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH" || code.startsWith("UND_ERR_HEADERS")) {
		const cut = code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH";
		return new FetchFailure(cut ? "truncated" : "protocol", cut ? `${host} sent another length than it announced` : `${host} does not speak proper HTTP${code === "" ? "" : ` (${code})`}`, cut, error);
	}
	return new FetchFailure("truncated", `the connection to ${host} broke off`, true, error);
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
	const flat: Record<string, string> = {};
	for (const [name, value] of Object.entries(headers)) {
		if (value !== undefined && name !== "set-cookie") flat[name] = Array.isArray(value) ? value.join(", ") : value;
	}
	return flat;
}

/** A body's bytes without its Content-Encoding, under the caps on both sides of it. */
async function* capped(body: Readable, encoding: string, maxBytes: number, host: string, close: () => void): AsyncGenerator<Uint8Array> {
	let wire = 0;
	let out = 0;
	async function* counted(): AsyncGenerator<Uint8Array> {
		for await (const chunk of body) {
			wire += (chunk as Buffer).length;
			if (wire > maxBytes) throw new FetchFailure("too-large", `the answer of ${host} is larger than ${maxBytes} bytes`);
			yield chunk as Buffer;
		}
	}
	try {
		const steps = codings(encoding);
		if (typeof steps === "string") throw new FetchFailure("protocol", `${host} ${steps}`);
		let bytes: AsyncIterable<Uint8Array> = counted();
		for (const step of steps) bytes = decoded(bytes, step);
		for await (const chunk of bytes) {
			out += chunk.length;
			if (out > maxBytes || (steps.length > 0 && out > 1_000_000 && out > wire * MAX_RATIO)) {
				throw new FetchFailure("too-large", `the answer of ${host} unpacks to more than ${Math.min(maxBytes, wire * MAX_RATIO)} bytes`);
			}
			yield chunk;
		}
	} catch (error) {
		const code = String((error as { code?: unknown }).code ?? "");
		if (code.startsWith("Z_") || code === "ERR_PADDING_2" || code.startsWith("ERR__ERROR_FORMAT")) {
			throw new FetchFailure("truncated", `the answer of ${host} is broken or cut (${code})`, false, error);
		}
		throw classify(error, host);
	} finally {
		body.destroy();
		close();
	}
}

/** Headers that speak for us; they stay with the host they were meant for. */
function withoutCredentials(headers: Readonly<Record<string, string>>): Record<string, string> {
	return Object.fromEntries(Object.entries(headers).filter(([name]) => /^(?:accept|accept-language|user-agent|if-none-match|if-modified-since)$/i.test(name)));
}

/** What is asked: changes from hop to hop. */
interface Question {
	url: URL;
	method: "GET" | "POST";
	headers: Record<string, string>;
	body: string | undefined;
}

interface Hop {
	response: Awaited<ReturnType<typeof request>>;
	agent: Agent;
}

async function hop({ url, method, headers, body }: Question, options: FetchOptions, signal: AbortSignal): Promise<Hop> {
	const dialled = options.route?.(url) ?? url;
	const refused = refusal(url, options.policy) ?? (dialled === url || options.policy?.allowLoopback === true ? null : refusal(dialled, options.policy));
	if (refused !== null) throw new FetchFailure("blocked", refused);
	const found = await resolvePublic(dialled, options.policy ?? {}, signal);
	if (signal.aborted) throw classify(signal.reason, url.host);
	if (!found.ok) throw new FetchFailure(found.kind, found.reason);
	const idle = options.idleMs ?? 20_000;
	const agent = new Agent({
		connect: {
			timeout: Math.min(10_000, idle),
			// The address that was checked is the address that is dialled; TLS still verifies the name.
			lookup: (_name, lookupOptions, done) => {
				if ((lookupOptions as { all?: boolean }).all === true) (done as unknown as (e: null, a: object[]) => void)(null, [{ address: found.address, family: found.family }]);
				else done(null, found.address, found.family);
			},
		},
		headersTimeout: idle,
		bodyTimeout: idle,
		maxHeaderSize: 64 * 1024,
		pipelining: 0,
	});
	try {
		const response = await request(dialled, { method, headers, signal, dispatcher: agent, ...(body === undefined ? {} : { body }) });
		// A body nobody reads still ends, by deadline if not before: that is nobody's error.
		response.body.on("error", () => {});
		return { response, agent };
	} catch (error) {
		await agent.destroy().catch(() => {});
		throw classify(error, url.host);
	}
}

/** Where an answer sends us, or null. One address only: of two, nobody knows which was meant. */
function redirect({ statusCode, headers }: Hop["response"], from: URL): URL | null {
	if (statusCode < 300 || statusCode >= 400 || statusCode === 304) return null;
	const { location } = headers;
	if (location === undefined || location === "") return null;
	if (typeof location !== "string") throw new FetchFailure("protocol", `${from.host} redirects to ${location.length} places at once`);
	if (location.length > MAX_LOCATION) throw new FetchFailure("protocol", `${from.host} redirects to an address of ${location.length} characters`);
	if (!URL.canParse(location, from)) throw new FetchFailure("protocol", `${from.host} redirects to something that is no URL`);
	return new URL(location, from);
}

/** The question as it goes to the next place (RFC 9110, 15.4). What speaks for us, a body included, stays with its host. */
function forward(asked: Question, status: number, next: URL): Question {
	const foreign = next.host !== asked.url.host || (asked.url.protocol === "https:" && next.protocol === "http:");
	const keeps = asked.method === "GET" || status === 307 || status === 308;
	if (keeps && foreign && asked.body !== undefined) throw new FetchFailure("blocked", `${asked.url.host} would send what we posted to ${next.host.slice(0, 80)}`);
	const kept = foreign ? withoutCredentials(asked.headers) : asked.headers;
	const headers = Object.fromEntries(Object.entries(kept).filter(([name]) => keeps || !/^content-/i.test(name)));
	return { url: next, method: keeps ? asked.method : "GET", headers: { ...headers, "accept-encoding": ACCEPTED }, body: keeps ? asked.body : undefined };
}

/**
 * Fetches a URL that somebody else chose: public addresses only, resolved once and pinned, every redirect checked again,
 * capped in bytes and time. Throws `FetchFailure`; any HTTP status is an answer.
 */
export async function guardedFetch(address: string, options: FetchOptions = {}): Promise<GuardedResponse> {
	if (!URL.canParse(address)) throw new FetchFailure("blocked", "that is no URL");
	const maxBytes = options.maxBytes ?? 64 * 1024 * 1024;
	const deadline = AbortSignal.timeout(options.timeoutMs ?? 60_000);
	const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]);
	const headers = { "user-agent": options.userAgent ?? USER_AGENT, "accept-encoding": ACCEPTED, ...options.headers };
	let asked: Question = { url: new URL(address), method: options.method ?? "GET", headers, body: options.body };
	for (let turn = 0; ; turn++) {
		const { url } = asked;
		url.username = "";
		url.password = "";
		const { response, agent } = await hop(asked, options, signal);
		const close = (): void => void agent.destroy().catch(() => {});
		try {
			const next = options.maxRedirects === 0 ? null : redirect(response, url);
			if (next === null) return answer(response, url, maxBytes, close);
			const most = options.maxRedirects ?? MAX_REDIRECTS;
			if (turn >= most) throw new FetchFailure("protocol", `${url.host} redirects more than ${most} times`);
			asked = forward(asked, response.statusCode, next);
			close();
		} catch (error) {
			close();
			throw error;
		}
	}
}

function answer(response: Hop["response"], url: URL, maxBytes: number, close: () => void): GuardedResponse {
	const headers = flatten(response.headers);
	const length = Number(headers["content-length"]);
	if (length > maxBytes) throw new FetchFailure("too-large", `${url.host} announces ${length} bytes, at most ${maxBytes} are read`);
	const body = capped(response.body, headers["content-encoding"] ?? "", maxBytes, url.host, close);
	return { status: response.statusCode, headers, finalUrl: url.href, body };
}
