import { createHash } from "node:crypto";
import { type ITwitterApiClientPlugin, TwitterApi, type TwitterResponse } from "twitter-api-v2";
import { z } from "zod";
import { PullFailure, type PullTools } from "./record";

const text = z.string().min(1);
const USER = z.object({ appKey: text, appSecret: text, accessToken: text, accessSecret: text });
const ACCESS = z.object({ users: z.array(USER), bearers: z.array(text), lists: z.array(z.string().regex(/^\d{1,20}$/)), api: z.url().optional() });

/** Credentials and what is read with them, as `lib/env.ts` hands them over: one secret in JSON. */
export type XAccess = z.infer<typeof ACCESS>;

export interface XCredential {
	/** for messages: `account 2`, `app 1` */
	label: string;
	/** tells credentials apart in a source's mark without giving them away */
	key: string;
	/** speaks for an account: only such a one has a home timeline */
	isUser: boolean;
	tokens: z.infer<typeof USER> | string;
}

export interface XRateLimit {
	limit: number;
	remaining: number;
	resetAt: Date;
}

/** Reads the secret. Throws `PullFailure` where it is not what the configuration makes. */
export function readAccess(secret: string | undefined): XAccess {
	if (secret === undefined) throw new PullFailure("No credentials for X are set.");
	try {
		return ACCESS.parse(JSON.parse(secret));
	} catch {
		throw new PullFailure("The credentials for X cannot be read. Check the variables that begin with TWITTER_.");
	}
}

function keyOf(token: string): string {
	return createHash("sha256").update(token).digest("hex").slice(0, 12);
}

/** All credentials: accounts first, then apps. */
export function credentialsOf({ users, bearers }: XAccess): XCredential[] {
	return [
		...users.map((tokens, at) => ({ label: `account ${at + 1}`, key: keyOf(tokens.accessToken), isUser: true, tokens })),
		...bearers.map((tokens, at) => ({ label: `app ${at + 1}`, key: keyOf(tokens), isUser: false, tokens })),
	];
}

/** What X says of a limit in its headers; undefined where it says nothing. */
export function rateLimitOf(headers: Readonly<Record<string, unknown>>): XRateLimit | undefined {
	const [limit, remaining, reset] = ["limit", "remaining", "reset"].map((name) => Number(headers[`x-rate-limit-${name}`] ?? Number.NaN));
	if (limit === undefined || remaining === undefined || reset === undefined || ![limit, remaining, reset].every(Number.isSafeInteger)) return undefined;
	return { limit, remaining, resetAt: new Date(reset * 1000) };
}

/**
 * Answers the library's requests in its place: it builds and signs them, `fetch` sends them. Nothing leaves by the library's own
 * HTTP client, which knows no guard.
 */
function sentBy(fetch: PullTools["fetch"]): ITwitterApiClientPlugin {
	return {
		onBeforeRequestConfig: async ({ client, params }) => {
			// biome-ignore lint/complexity/useLiteralKeys: protected, and the only place where addresses are filled in and requests signed
			const { url, headers } = client["getHttpRequestArgs"](params);
			const answer = await fetch({ url: url.toString(), headers });
			return { data: await answer.json(), headers: answer.headers };
		},
	};
}

/** What we ask of `twitter-api-v2`, by our way out. Refusals come as `PullFailure`, never as the library's own errors. */
export class XClient {
	readonly #client: TwitterApi;
	readonly #prefix: string;

	constructor(tokens: XCredential["tokens"], tools: Pick<PullTools, "fetch">, api = "https://api.x.com") {
		const settings = { plugins: [sentBy(tools.fetch)] };
		this.#client = typeof tokens === "string" ? new TwitterApi(tokens, settings) : new TwitterApi(tokens, settings);
		this.#prefix = `${api.replace(/\/+$/, "")}/2/`;
	}

	/** GET of an endpoint of version 2: `lists/:id/tweets`. */
	async ask<T>(endpoint: string, query: Record<string, string | number | undefined>, params: Record<string, string> = {}): Promise<{ data: T; rateLimit: XRateLimit | undefined }> {
		const answer: TwitterResponse<T> = await this.#client.get<T>(endpoint, query, { prefix: this.#prefix, fullResponse: true, params });
		return { data: answer.data, rateLimit: rateLimitOf(answer.headers) };
	}
}
