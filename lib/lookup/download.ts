import type { Indicator } from "@/lib/domain";
import { type EnricherDefinition, ProviderFailure } from "@/lib/enrichers/define";
import { enricherTools } from "@/lib/enrichers/tools";
import { ExistError } from "@/lib/errors";
import { FetchFailure, type GuardedResponse, guardedFetch, retryAfterSeconds } from "@/lib/net";
import type { Cache } from "@/lib/platform";
import { toolParts } from "./ask";
import { type LookupContext, lookupContext } from "./context";
import { masker, shownReason } from "./fit";
import { heldBack } from "./offers";
import { QuotaSpent, restOf, spendQuota } from "./quota";
import { type Asker, ShareSpent } from "./shares";
import { localStore } from "./stores";

/** Most bytes of a file; a capture of a sandbox's traffic has a few megabytes. */
const MAX_BYTES = 50 * 1024 * 1024;
const TIMEOUT_MS = 60_000;

export interface Download {
	/** ours: letters, digits, `.`, `-` and `_` */
	name: string;
	body: AsyncIterable<Uint8Array>;
}

function limited(name: string, until: number, now: number): ExistError {
	return new ExistError("rate_limited", `${name} may be asked again at ${new Date(until).toISOString()}.`, { retryAfter: Math.max(1, (until - now) / 1000) });
}

/** What a status that is no file means, as an error for people. */
function check(response: GuardedResponse, { name }: EnricherDefinition, now: Date): void {
	const { status, headers } = response;
	if (status === 404) throw new ExistError("not_found", `${name} has no such file.`);
	if (status === 429) throw new ExistError("rate_limited", `${name} says that it was asked too often.`, { retryAfter: retryAfterSeconds(headers["retry-after"], now) ?? 60 });
	if (status === 401 || status === 403) throw new ExistError("upstream", `${name} does not give this file away with the key that is set (${status}).`);
	if (status < 200 || status >= 300) throw new ExistError("upstream", `${name} answers with status ${status}.`);
	if (/\bhtml\b/i.test(headers["content-type"] ?? "")) throw new ExistError("upstream", `${name} sent a page in place of the file.`);
}

/** Lets a body go that nobody reads. */
async function drop({ body }: GuardedResponse): Promise<void> {
	await body[Symbol.asyncIterator]()
		.return?.()
		.catch(() => {});
}

function asProblem(error: unknown, { name }: EnricherDefinition, context: LookupContext): unknown {
	if (error instanceof ShareSpent) return new ExistError("rate_limited", error.message, { retryAfter: Math.max(1, (error.until - context.now().getTime()) / 1000) });
	if (error instanceof QuotaSpent) return limited(name, error.until, context.now().getTime());
	if (error instanceof FetchFailure || error instanceof ProviderFailure) return new ExistError("upstream", shownReason(error.message, masker(Object.values(context.secrets))), { cause: error });
	return error;
}

/** Everything that may be said before the provider is asked. */
async function permitted(enricherId: string, indicator: Indicator, context: LookupContext, stores: readonly Cache[]): Promise<EnricherDefinition> {
	const enricher = context.enrichers.find(({ id }) => id === enricherId);
	if (enricher?.download === undefined) throw new ExistError("not_found", "This service has no files to download.");
	const held = heldBack(enricher, indicator, "all", context);
	if (held?.why === "not-configured") throw new ExistError("unavailable", `${enricher.name} needs a key that is not set: ${held.variable}.`);
	if (held?.why === "off") throw new ExistError("invalid", held.reason);
	const now = context.now().getTime();
	const resting = await restOf(enricher, stores, now);
	if (resting !== null) throw limited(enricher.name, resting.until, now);
	return enricher;
}

/** Opens a file that an answer offered, out of the asker's share. The body throws where it is longer than 50 MB or breaks off. Throws `ExistError`. */
export async function openDownload(enricherId: string, indicator: Indicator, id: string, asker: Asker, context: LookupContext = lookupContext()): Promise<Download> {
	const stores = [context.cache, localStore(context)];
	const enricher = await permitted(enricherId, indicator, context, stores);
	const parts = toolParts(enricher, asker, context, AbortSignal.timeout(TIMEOUT_MS), stores);
	try {
		const wanted = enricher.download?.(id, indicator, enricherTools(parts));
		if (wanted === undefined) throw new ExistError("not_found", "This service has no files to download.");
		await spendQuota(enricher, parts.secret !== undefined, asker, context, stores);
		const { policy, route } = context;
		const response = await guardedFetch(wanted.url, { headers: wanted.headers, signal: parts.signal, policy, maxBytes: MAX_BYTES, timeoutMs: TIMEOUT_MS, ...(route === undefined ? {} : { route }) });
		try {
			check(response, enricher, context.now());
		} catch (error) {
			await drop(response);
			throw error;
		}
		return { name: wanted.name.replace(/[^\w.-]+/g, "_").slice(-120), body: response.body };
	} catch (error) {
		throw asProblem(error, enricher, context);
	}
}
