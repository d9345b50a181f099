import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, open, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ExistError } from "@/lib/errors";
import { FetchFailure, type GuardedResponse, guardedFetch, maskUrl, retryAfterSeconds } from "@/lib/net";
import type { SourceBasics } from "@/lib/sources/define";
import { type IngestContext, secretOf, secretsOf } from "./context";

/** Most bytes of a body as it is sent, unless the source says otherwise. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;
/** Whole download, so that fetch and staging fit a 60 s step. */
const FETCH_TIMEOUT_MS = 45_000;
const IDLE_TIMEOUT_MS = 20_000;
/** Bump when canonical form or staging change meaning: unchanged bodies are then read again. */
const READING_REVISION = 1;

/** What is asked of a body: any source with an address. */
export type BodySource = SourceBasics & { url: string | ((secret: string | undefined) => string); headers?: (secret: string | undefined) => Record<string, string> };

/** A fetch that brought no body to read, with what an operator should know. */
export class SourceFailure extends Error {
	readonly status: number | null;
	/** seconds before the provider wants to be asked again */
	readonly retryAfter: number | undefined;
	constructor(message: string, status: number | null, retryAfter?: number) {
		super(message);
		this.name = "SourceFailure";
		this.status = status;
		this.retryAfter = retryAfter;
	}
}

export type FetchedBody =
	| { kind: "not-modified"; status: number }
	| {
			kind: "body";
			status: number | null;
			path: string;
			bytes: number;
			digest: Buffer;
			contentType: string | undefined;
			name: string;
			etag: string | undefined;
			lastModified: string | undefined;
			/** removes the temporary file; the caller's duty */
			dispose: () => Promise<void>;
	  };

function digestStart(source: BodySource) {
	return createHash("sha256").update(`${READING_REVISION}|${source.number}|${source.revision ?? 1}|`);
}

/** Reads a local file in place of the source's address. */
export async function bodyFromFile(source: BodySource, path: string): Promise<FetchedBody> {
	const info = await stat(path).catch(() => null);
	if (info === null) throw new ExistError("invalid", `There is no file "${path}". Give the path of a downloaded body of ${source.name}.`, { field: "file" });
	if (!info.isFile()) throw new ExistError("invalid", `"${path}" is not a file.`, { field: "file" });
	const digest = digestStart(source);
	for await (const chunk of createReadStream(path)) digest.update(chunk as Buffer);
	return {
		kind: "body",
		status: null,
		path,
		bytes: info.size,
		digest: digest.digest(),
		contentType: undefined,
		name: path,
		etag: undefined,
		lastModified: undefined,
		dispose: async () => {},
	};
}

function statusFailure(source: BodySource, response: GuardedResponse, now: Date): SourceFailure {
	const { status } = response;
	const after = retryAfterSeconds(response.headers["retry-after"], now);
	const told: Record<number, string> = {
		401: "the provider refuses the key",
		403: "the provider refuses us",
		404: "nothing is there any more",
		410: "the provider took it down for good",
		429: "the provider asks for fewer requests",
	};
	const why = told[status] ?? (status >= 500 ? "the provider has a fault" : "that is no list");
	return new SourceFailure(`${source.name} answered ${status}: ${why}.`, status, status === 429 || status === 503 ? after : undefined);
}

async function spool(source: BodySource, response: GuardedResponse): Promise<FetchedBody> {
	const folder = await mkdtemp(join(tmpdir(), "exist-body-"));
	const dispose = () => rm(folder, { recursive: true, force: true });
	try {
		const path = join(folder, "body");
		const digest = digestStart(source);
		const file = await open(path, "wx", 0o600);
		let bytes = 0;
		try {
			for await (const chunk of response.body) {
				digest.update(chunk);
				bytes += chunk.length;
				await file.write(chunk);
			}
		} finally {
			await file.close();
		}
		return {
			kind: "body",
			status: response.status,
			path,
			bytes,
			digest: digest.digest(),
			contentType: response.headers["content-type"],
			name: new URL(response.finalUrl).pathname,
			etag: response.headers.etag,
			lastModified: response.headers["last-modified"],
			dispose,
		};
	} catch (error) {
		await dispose();
		throw error;
	}
}

async function attempt(source: BodySource, context: IngestContext, validators: Validators): Promise<FetchedBody> {
	const secret = secretOf(source, context);
	const url = typeof source.url === "function" ? source.url(secret) : source.url;
	const headers: Record<string, string> = { accept: "*/*", ...source.headers?.(secret) };
	if (validators.etag !== undefined) headers["if-none-match"] = validators.etag;
	if (validators.lastModified !== undefined) headers["if-modified-since"] = validators.lastModified;
	const response = await guardedFetch(url, {
		headers,
		timeoutMs: FETCH_TIMEOUT_MS,
		idleMs: IDLE_TIMEOUT_MS,
		maxBytes: source.maxBytes ?? MAX_BODY_BYTES,
		policy: context.policy,
		...(context.route === undefined ? {} : { route: context.route }),
	});
	if (response.status === 304) {
		await drain(response);
		if (!validators.known) throw new SourceFailure(`${source.name} answered 304 though we never had its list.`, 304);
		return { kind: "not-modified", status: 304 };
	}
	if (response.status !== 200) {
		await drain(response);
		throw statusFailure(source, response, context.now());
	}
	return spool(source, response);
}

/** Lets go of a body nobody reads, so that its connection closes. */
async function drain(response: GuardedResponse): Promise<void> {
	await response.body[Symbol.asyncIterator]().return?.();
}

export interface Validators {
	etag?: string | undefined;
	lastModified?: string | undefined;
	/** a good set of this source is stored, so "not modified" means something */
	known: boolean;
}

function worthRetrying(error: unknown): boolean {
	if (error instanceof FetchFailure) return error.retryable;
	return error instanceof SourceFailure && error.status !== null && error.status >= 500;
}

/**
 * Fetches a source's body into a temporary file: conditional, guarded, capped; a passing fault is tried again twice.
 * Throws `SourceFailure` with a message for people (secrets masked) when there is nothing to read.
 */
export async function fetchBody(source: BodySource, context: IngestContext, validators: Validators): Promise<FetchedBody> {
	for (let turn = 0; ; turn++) {
		try {
			return await attempt(source, context, validators);
		} catch (error) {
			const delay = context.retryDelays[turn];
			if (delay !== undefined && worthRetrying(error)) {
				await sleep(delay);
				continue;
			}
			if (error instanceof FetchFailure) {
				throw new SourceFailure(`${source.name}: ${maskUrl(error.message, secretsOf(source, context))}`, null);
			}
			throw error;
		}
	}
}
