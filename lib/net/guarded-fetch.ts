import { pipeline } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from "node:zlib";
import type { Readable, Transform } from "node:stream";
import { Agent, request } from "undici";
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
	if (/^(ERR_TLS|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO|ERR_SSL)/.test(code)) return new FetchFailure("tls", `the certificate of ${host} is not valid (${code})`, false, error);
	if (code === "ECONNREFUSED" || code === "EHOSTUNREACH" || code === "ENETUNREACH") return new FetchFailure("connect", `${host} refuses connections`, true, error);
	if (code.startsWith("HPE_") || code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH" || code.startsWith("UND_ERR_HEADERS")) {
		const cut = code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH";
		return new FetchFailure(cut ? "truncated" : "protocol", cut ? `${host} sent another length than it announced` : `${host} does not speak proper HTTP (${code})`, cut, error);
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

function decoders(encoding: string, host: string): Transform[] {
	const names = encoding.toLowerCase().split(",").map((name) => name.trim()).filter((name) => name !== "" && name !== "identity");
	if (names.length > 2) throw new FetchFailure("protocol", `${host} encodes its answer ${names.length} times`);
	return names.reverse().map((name) => {
		if (name === "gzip" || name === "x-gzip") return createGunzip();
		if (name === "deflate") return createInflateAuto();
		if (name === "br") return createBrotliDecompress();
		throw new FetchFailure("protocol", `${host} encodes its answer as "${name.slice(0, 20)}", which was not asked for`);
	});
}

/** `deflate` means zlib, yet some send it raw; without a way to look ahead the first is assumed and the second tried by name. */
function createInflateAuto(): Transform {
	const inflate = createInflate();
	const write = inflate._transform.bind(inflate);
	let raw: Transform | null = null;
	let begun = false;
	inflate._transform = (chunk: Buffer, encoding, done) => {
		if (!begun && chunk.length > 0) {
			begun = true;
			if (((chunk[0] as number) & 0x0f) !== 8) {
				raw = createInflateRaw();
				raw.on("data", (data) => inflate.push(data));
				raw.on("error", (error) => inflate.destroy(error));
			}
		}
		if (raw === null) write(chunk, encoding, done);
		else raw.write(chunk, encoding, () => done());
	};
	const flush = inflate._flush.bind(inflate);
	inflate._flush = (done) => {
		if (raw === null) flush(done);
		else {
			raw.once("end", () => done());
			raw.end();
		}
	};
	return inflate;
}

async function* capped(body: Readable, encoding: string, maxBytes: number, host: string, close: () => void): AsyncGenerator<Uint8Array> {
	let wire = 0;
	let out = 0;
	try {
		const steps = decoders(encoding, host);
		body.on("data", (chunk: Buffer) => {
			wire += chunk.length;
			if (wire > maxBytes) body.destroy(new FetchFailure("too-large", `the answer of ${host} is larger than ${maxBytes} bytes`));
		});
		body.pause();
		const last = steps.length === 0 ? body : steps.at(-1);
		if (steps.length > 0) pipeline([body, ...steps] as unknown as [Readable, Transform], () => {});
		for await (const chunk of last as Readable) {
			out += (chunk as Buffer).length;
			if (out > maxBytes || (steps.length > 0 && out > 1_000_000 && out > wire * MAX_RATIO)) {
				throw new FetchFailure("too-large", `the answer of ${host} unpacks to more than ${Math.min(maxBytes, wire * MAX_RATIO)} bytes`);
			}
			yield chunk as Buffer;
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

interface Hop {
	response: Awaited<ReturnType<typeof request>>;
	agent: Agent;
}

async function hop(url: URL, headers: Record<string, string>, options: FetchOptions, signal: AbortSignal): Promise<Hop> {
	const dialled = options.route?.(url) ?? url;
	const refused = refusal(url) ?? (dialled === url || options.policy?.allowLoopback === true ? null : refusal(dialled));
	if (refused !== null) throw new FetchFailure("blocked", refused);
	const found = await resolvePublic(dialled, options.policy ?? {});
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
		const response = await request(dialled, { method: options.method ?? "GET", headers, signal, dispatcher: agent, ...(options.body === undefined ? {} : { body: options.body }) });
		return { response, agent };
	} catch (error) {
		await agent.destroy().catch(() => {});
		throw classify(error, url.host);
	}
}

/**
 * Fetches a URL that somebody else chose: public addresses only, resolved once and pinned, every redirect checked again,
 * capped in bytes and time. Throws `FetchFailure`; any HTTP status is an answer.
 */
export async function guardedFetch(address: string, options: FetchOptions = {}): Promise<GuardedResponse> {
	if (!URL.canParse(address)) throw new FetchFailure("blocked", "that is no URL");
	let url = new URL(address);
	const maxBytes = options.maxBytes ?? 64 * 1024 * 1024;
	const deadline = AbortSignal.timeout(options.timeoutMs ?? 60_000);
	const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]);
	let headers: Record<string, string> = { "user-agent": options.userAgent ?? USER_AGENT, "accept-encoding": "gzip, deflate, br", ...options.headers };
	for (let turn = 0; ; turn++) {
		url.username = "";
		url.password = "";
		const { response, agent } = await hop(url, headers, options, signal);
		const close = (): void => void agent.destroy().catch(() => {});
		const flat = flatten(response.headers);
		const location = response.statusCode >= 300 && response.statusCode < 400 && response.statusCode !== 304 ? flat.location : undefined;
		if (location === undefined) {
			const length = Number(flat["content-length"]);
			if (length > maxBytes) {
				close();
				throw new FetchFailure("too-large", `${url.host} announces ${length} bytes, at most ${maxBytes} are read`);
			}
			return { status: response.statusCode, headers: flat, finalUrl: url.href, body: capped(response.body, flat["content-encoding"] ?? "", maxBytes, url.host, close) };
		}
		close();
		if (turn >= MAX_REDIRECTS) throw new FetchFailure("protocol", `${url.host} redirects more than ${MAX_REDIRECTS} times`);
		if (!URL.canParse(location, url)) throw new FetchFailure("protocol", `${url.host} redirects to something that is no URL`);
		const next = new URL(location, url);
		const downgraded = url.protocol === "https:" && next.protocol === "http:";
		if (next.host !== url.host || downgraded) headers = withoutCredentials(headers);
		headers["accept-encoding"] = "gzip, deflate, br";
		url = next;
	}
}
