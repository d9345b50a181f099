import {
	type AddressPolicy,
	askWhois,
	cleanText,
	FetchFailure,
	type GuardedResponse,
	guardedFetch,
	maskUrl,
	NameFailure,
	type NamesOptions,
	resolveRecords,
	retryAfterSeconds,
	type WhoisOptions,
} from "@/lib/net";
import type { EnricherTools, JsonRequest, Place } from "./define";
import { ProviderFailure } from "./define";

/** Most bytes of one answer of a provider. */
const MAX_BYTES = 4 * 1024 * 1024;

/** What the tools of one question are made of. */
export interface ToolParts {
	secret: string | undefined;
	/** ends everything that is under way */
	signal: AbortSignal;
	policy: AddressPolicy;
	/** maps a public address to the demo's upstream */
	route?: (url: URL) => URL;
	names: NamesOptions;
	whoisRoute?: WhoisOptions["route"];
	place(address: string): Place;
	system: EnricherTools["system"];
	listings: EnricherTools["listings"];
	now(): Date;
	/** counts a request before it is sent; throws where none is left */
	spend(): Promise<void>;
}

/** A failure below as one of the provider's, its reason fit to be shown. */
function asProviderFailure(error: unknown, secret: string | undefined): unknown {
	const secrets = secret === undefined ? [] : [secret];
	if (error instanceof FetchFailure) return new ProviderFailure(error.kind === "timeout" ? "timeout" : "failed", maskUrl(error.message, secrets), undefined, error);
	if (error instanceof NameFailure) return new ProviderFailure(/^(?:TIMEOUT|CANCELLED)$/.test(error.code) ? "timeout" : "failed", maskUrl(error.message, secrets), undefined, error);
	return error;
}

async function bodyText(response: GuardedResponse): Promise<string> {
	const chunks: Uint8Array[] = [];
	for await (const chunk of response.body) chunks.push(chunk);
	return Buffer.concat(chunks)
		.toString("utf8")
		.replace(/^\ufeff/, "");
}

/** Lets a body go that nobody reads. */
async function drop(response: GuardedResponse): Promise<void> {
	await response.body[Symbol.asyncIterator]()
		.return?.()
		.catch(() => {});
}

function questionOf(request: JsonRequest): { method: "GET" | "POST"; headers: Record<string, string>; body?: string } {
	const { json, form, headers = {} } = request;
	const method = request.method ?? (json === undefined && form === undefined ? "GET" : "POST");
	if (json !== undefined) return { method, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(json) };
	if (form !== undefined) return { method, headers: { "content-type": "application/x-www-form-urlencoded", ...headers }, body: new URLSearchParams(form).toString() };
	return { method, headers: { ...headers } };
}

/** Throws what a status other than success means. The answer's own words stay out: some providers repeat the key in them. */
function checkStatus({ status, headers }: GuardedResponse, host: string, hasSecret: boolean, now: Date): void {
	if (status >= 200 && status < 300) return;
	if (status === 401 || status === 403 || status === 407) throw new ProviderFailure("refused", hasSecret ? `${host} refuses the key (${status})` : `${host} refuses to answer (${status})`);
	if (status === 429) throw new ProviderFailure("limited", `${host} says that it was asked too often`, retryAfterSeconds(headers["retry-after"], now));
	if (status >= 500) throw new ProviderFailure("failed", `${host} has a fault of its own (${status})`, retryAfterSeconds(headers["retry-after"], now));
	throw new ProviderFailure("failed", `${host} answers with status ${status}`);
}

function parsed(text: string, host: string): unknown {
	const start = text.trimStart();
	if (start === "") throw new ProviderFailure("failed", `${host} sent an empty answer`);
	if (start.startsWith("<")) {
		const title = cleanText(/<title[^>]*>([^<]{1,200})/i.exec(start)?.[1] ?? "").slice(0, 60);
		throw new ProviderFailure("failed", `${host} sent a page in place of JSON${title === "" ? "" : ` ("${title}")`}`);
	}
	try {
		return JSON.parse(text) as unknown;
	} catch {
		throw new ProviderFailure("failed", `${host} sent JSON that is broken or ends early`);
	}
}

/** The tools of one question. `host` in messages is the host asked; path, query and headers may hold keys. */
export function enricherTools(parts: ToolParts): EnricherTools {
	const { secret, signal, policy, route } = parts;
	const shielded = async <T>(work: () => Promise<T>): Promise<T> => {
		try {
			return await work();
		} catch (error) {
			throw asProviderFailure(error, secret);
		}
	};
	const text = async (url: string, request: JsonRequest = {}): Promise<string | null> => {
		const { host } = new URL(url);
		await parts.spend();
		const { method, headers, body } = questionOf(request);
		const response = await guardedFetch(url, {
			method,
			headers: { accept: "application/json, text/plain;q=0.9, */*;q=0.5", ...headers },
			signal,
			policy,
			maxBytes: MAX_BYTES,
			...(body === undefined ? {} : { body }),
			...(route === undefined ? {} : { route }),
		});
		if ((request.unknown ?? [404]).includes(response.status) || response.status === 204) {
			await drop(response);
			return null;
		}
		try {
			checkStatus(response, host, secret !== undefined, parts.now());
		} catch (error) {
			await drop(response);
			throw error;
		}
		return bodyText(response);
	};
	// A name server's dozen answers to one value are one request to whoever counts.
	let counted: Promise<void> | undefined;
	return {
		secret,
		text: (url, request) => shielded(() => text(url, request)),
		json: (url, request) =>
			shielded(async () => {
				const body = await text(url, request);
				return body === null ? null : parsed(body, new URL(url).host);
			}),
		names: {
			resolve: (name, type) =>
				shielded(async () => {
					counted ??= parts.spend();
					await counted;
					return resolveRecords(name, type, { ...parts.names, signal });
				}),
		},
		whois: (server, query) =>
			shielded(async () => {
				await parts.spend();
				return askWhois(server, query, { policy, signal, ...(parts.whoisRoute === undefined ? {} : { route: parts.whoisRoute }) });
			}),
		place: parts.place,
		system: parts.system,
		listings: parts.listings,
		now: parts.now,
	};
}
