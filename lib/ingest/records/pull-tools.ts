import { setTimeout as sleep } from "node:timers/promises";
import { FetchFailure, guardedFetch, maskUrl, retryAfterSeconds } from "@/lib/net";
import { toUtf8 } from "@/lib/net/lines";
import type { AnyRecordSource, PullAnswer, PullRequest, PullTools } from "@/lib/sources/record";
import { PullFailure } from "@/lib/sources/record";
import { type IngestContext, secretOf, secretsOf } from "../context";

const DEFAULT_BYTES = 64 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 30_000;

const TOLD: Readonly<Record<number, string>> = {
	401: "the provider refuses the key",
	403: "the provider refuses us",
	404: "nothing is there",
	429: "the provider asks for fewer requests",
};

async function gather(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
	const chunks: Uint8Array[] = [];
	for await (const chunk of bytes) chunks.push(chunk);
	return Buffer.concat(chunks);
}

async function textOf(bytes: AsyncIterable<Uint8Array>, contentType: string | undefined): Promise<string> {
	return (await gather(toUtf8(bytes, contentType))).toString("utf8");
}

/** What is passed on of an answer that is no JSON: enough to recognise a login page. */
function begins(text: string): string {
	return text.slice(0, 80).replace(/\s+/g, " ").trim();
}

/** The tools a pulling source works with. Every request passes the guard; secrets are masked in every message. */
export function pullTools(source: AnyRecordSource, context: IngestContext, now: Date, deadline: number): PullTools {
	const secret = secretOf(source, context);
	const masked = (text: string): string => maskUrl(text, secretsOf(source, context));
	const trusted = source.secret === undefined ? undefined : context.trustedHosts?.[source.secret.name];
	const policy = trusted === undefined ? context.policy : { ...context.policy, trustedHosts: trusted };
	const ask = async (request: PullRequest): Promise<PullAnswer> => {
		const headers: Record<string, string> = { accept: "*/*", ...request.headers };
		if (request.etag !== undefined) headers["if-none-match"] = request.etag;
		if (request.lastModified !== undefined) headers["if-modified-since"] = request.lastModified;
		if (request.body !== undefined) headers["content-type"] ??= "application/json";
		let response: Awaited<ReturnType<typeof guardedFetch>>;
		try {
			response = await guardedFetch(request.url, {
				headers,
				method: request.method ?? (request.body === undefined ? "GET" : "POST"),
				...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
				timeoutMs: request.timeoutMs ?? DEFAULT_TIMEOUT_MS,
				maxBytes: request.maxBytes ?? DEFAULT_BYTES,
				policy,
				...(context.route === undefined ? {} : { route: context.route }),
			});
		} catch (error) {
			if (error instanceof FetchFailure) throw new PullFailure(masked(`${source.name}: ${error.message}`));
			throw error;
		}
		const { status } = response;
		if (status !== 304 && (status < 200 || status > 299)) {
			const text = await textOf(response.body, response.headers["content-type"]).catch(() => "");
			const why = TOLD[status] ?? (status >= 500 ? "the provider has a fault" : "that is no answer to use");
			const said = begins(masked(text.slice(0, 4000).replace(/<[^>]*>/g, " ")));
			throw new PullFailure(
				masked(`${source.name} answered ${status}: ${why}${said === "" ? "" : ` ("${said}")`}.`),
				status,
				retryAfterSeconds(response.headers["retry-after"], context.now()),
				response.headers,
			);
		}
		const text = (): Promise<string> => textOf(response.body, response.headers["content-type"]);
		return {
			status,
			headers: response.headers,
			bytes: response.body,
			text: async () => {
				try {
					return await text();
				} catch (error) {
					if (error instanceof FetchFailure) throw new PullFailure(masked(`${source.name}: ${error.message}`), status);
					throw error;
				}
			},
			json: async () => {
				let body: string;
				try {
					body = await text();
				} catch (error) {
					throw new PullFailure(masked(`${source.name}: ${error instanceof Error ? error.message : "the answer broke off"}`), status);
				}
				try {
					return JSON.parse(body) as unknown;
				} catch {
					throw new PullFailure(masked(`${source.name} answered ${status} with something that is no JSON: it begins with "${begins(masked(body.slice(0, 4000)))}".`), status);
				}
			},
		};
	};
	const fetchWithRetry = async (request: PullRequest): Promise<PullAnswer> => {
		for (let turn = 0; ; turn++) {
			try {
				return await ask(request);
			} catch (error) {
				const delay = context.retryDelays[turn];
				const passing = error instanceof PullFailure && (error.status === null || error.status >= 500) && error.retryAfter === undefined;
				if (delay === undefined || !passing || Date.now() + delay > deadline) throw error;
				await sleep(delay);
			}
		}
	};
	return {
		fetch: fetchWithRetry,
		secret,
		now,
		...(context.historySince === undefined ? {} : { since: context.historySince }),
		secondsLeft: () => Math.max(0, (deadline - Date.now()) / 1000),
		sleep: (milliseconds) => sleep(milliseconds),
		searches: async () => (await context.searches?.()) ?? [],
	};
}
