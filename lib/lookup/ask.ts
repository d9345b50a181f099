import { ZodError } from "zod";
import type { Indicator } from "@/lib/domain";
import { type EnricherDefinition, type Enrichment, ProviderFailure } from "@/lib/enrichers/define";
import { enricherTools, type ToolParts } from "@/lib/enrichers/tools";
import { indicatorId } from "@/lib/indicators/identity";
import type { Cache } from "@/lib/platform";
import { leftAlone, noteOutcome } from "./breaker";
import { type LookupContext, lookupContext } from "./context";
import { fitEnrichment, fitRaw, type Masker, masker, shownReason } from "./fit";
import { askedOnce } from "./flight";
import { heldBack } from "./offers";
import { QuotaSpent, rest, restOf, spendQuota } from "./quota";
import { type Asker, ShareSpent } from "./shares";
import type { Answer, Reach } from "./states";
import { localStore, together } from "./stores";

/** Seconds for which a failure stands, so that a page that is opened again does not wait for it again. */
const KEEP_FAILED = 60;
const KEEP_TIMEOUT = 30;
/** An answer younger than this is not asked for anew, whoever wishes it. */
const AGAIN_SECONDS = 30;
/** How long a provider rests that does not say for how long. */
const LIMITED_SECONDS = 60;

export interface AskOptions {
	reach: Reach;
	/** whose share of the provider's quotas is used */
	asker: Asker;
	/** ask anew although an answer is kept */
	again?: boolean;
}

/** An answer as it is kept: times in milliseconds since 1970. */
interface Kept {
	askedAt: number;
	until: number;
	outcome: { state: "found"; enrichment: Enrichment; raw: unknown } | { state: "unknown" } | { state: "failed"; reason: string } | { state: "timeout"; afterMs: number } | { state: "limited" };
}

/** One question: what does this enricher know of this value. */
interface Question {
	enricher: EnricherDefinition;
	indicator: Indicator;
	context: LookupContext;
	asker: Asker;
	key: string;
	mask: Masker;
	/** the shared cache, and this instance's own for when that is away */
	stores: readonly Cache[];
}

function iso(at: number): string {
	return new Date(at).toISOString();
}

function toAnswer({ askedAt, until, outcome }: Kept, kept: boolean): Answer {
	if (outcome.state === "failed") return { state: "failed", reason: outcome.reason, again: iso(until) };
	if (outcome.state === "limited") return { state: "limited", by: "provider", until: iso(until) };
	if (outcome.state === "timeout") return { state: "timeout", afterMs: outcome.afterMs, again: iso(until) };
	return { ...outcome, askedAt: iso(askedAt), keptUntil: iso(until), kept };
}

/** The newest answer that still stands in any of the stores. */
async function standing({ key, stores, context }: Question): Promise<Kept | null> {
	const now = context.now().getTime();
	const found = await Promise.all(stores.map((store) => store.get<Kept>(key)));
	return found.filter((kept): kept is Kept => kept !== null && kept.until > now).sort((a, b) => b.askedAt - a.askedAt)[0] ?? null;
}

async function keep({ key, stores, context }: Question, outcome: Kept["outcome"], seconds: number): Promise<Kept> {
	const askedAt = context.now().getTime();
	const kept: Kept = { askedAt, until: askedAt + seconds * 1000, outcome };
	await Promise.all(stores.map((store) => store.set(key, kept, seconds)));
	return kept;
}

/** What the enricher's tools are made of here. */
export function toolParts(enricher: EnricherDefinition, asker: Asker, context: LookupContext, signal: AbortSignal, stores: readonly Cache[]): ToolParts {
	const secret = enricher.secret === undefined ? undefined : context.secrets[enricher.secret.name];
	const { policy, route, names, whoisRoute, place, system, listings, now } = context;
	return {
		...{ secret, signal, policy, names, place, system, listings, now },
		...(route === undefined ? {} : { route }),
		...(whoisRoute === undefined ? {} : { whoisRoute }),
		spend: () => spendQuota(enricher, secret !== undefined, asker, context, stores),
	};
}

/** The enricher's own work, ended by its time whatever it does. */
async function asked({ enricher, indicator, asker, context, stores }: Question, signal: AbortSignal): ReturnType<EnricherDefinition["ask"]> {
	const tools = enricherTools(toolParts(enricher, asker, context, signal, stores));
	let stop = (): void => {};
	const ended = new Promise<never>((_resolve, reject) => {
		stop = () => reject(new ProviderFailure("timeout", `${enricher.name} did not answer in time`));
		signal.addEventListener("abort", stop, { once: true });
	});
	const work = enricher.ask(indicator, tools);
	work.catch(() => {});
	try {
		return await Promise.race([work, ended]);
	} finally {
		signal.removeEventListener("abort", stop);
	}
}

function reasonOf(error: unknown, { enricher, mask, context, indicator }: Question): string {
	if (error instanceof ProviderFailure) return shownReason(error.message, mask);
	if (error instanceof ZodError) return `${enricher.name} answers in another shape than expected (at "${shownReason(error.issues[0]?.path.join(".") ?? "", mask).slice(0, 80)}").`;
	const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
	context.report({ enricher: enricher.id, error: shownReason(text.replaceAll(indicator.value, "…"), mask) });
	return "Something failed here. It has been logged.";
}

async function afterFailure(error: unknown, question: Question): Promise<Answer> {
	const { enricher, context, stores } = question;
	const now = context.now().getTime();
	if (error instanceof ShareSpent) return { state: "limited", by: "share", until: iso(error.until), reason: error.message };
	if (error instanceof QuotaSpent) return { state: "limited", by: "quota", until: iso(error.until) };
	if (error instanceof ProviderFailure && error.kind === "limited") {
		const seconds = Math.max(1, error.retryAfter ?? LIMITED_SECONDS);
		// One of many servers is not asked about this value for a while; the others may be.
		if (enricher.manyServers === true) return toAnswer(await keep(question, { state: "limited" }, seconds), false);
		const until = now + seconds * 1000;
		await rest(enricher, { by: "provider", until }, stores, now);
		return { state: "limited", by: "provider", until: iso(until) };
	}
	const late = error instanceof ProviderFailure && error.kind === "timeout";
	const seconds = late ? KEEP_TIMEOUT : KEEP_FAILED;
	const outcome: Kept["outcome"] = late ? { state: "timeout", afterMs: enricher.timeoutMs } : { state: "failed", reason: reasonOf(error, question) };
	await noteOutcome(enricher, true, stores, now);
	// An older answer that still stands is worth more to the next reader than this failure.
	const older = await standing(question);
	if (older !== null && (older.outcome.state === "found" || older.outcome.state === "unknown")) return toAnswer({ askedAt: now, until: now + seconds * 1000, outcome }, false);
	return toAnswer(await keep(question, outcome, seconds), false);
}

/** Asks the enricher itself and keeps what became of it. */
async function fresh(question: Question): Promise<Answer> {
	const { enricher, context, mask, stores } = question;
	try {
		const found = await asked(question, AbortSignal.timeout(enricher.timeoutMs));
		await noteOutcome(enricher, false, stores, context.now().getTime());
		if (found === null) return toAnswer(await keep(question, { state: "unknown" }, enricher.keeps.unknown), false);
		const outcome = { state: "found", enrichment: fitEnrichment(found.enrichment, mask), raw: fitRaw(found.raw, mask) } as const;
		return toAnswer(await keep(question, outcome, enricher.keeps.found), false);
	} catch (error) {
		return afterFailure(error, question);
	}
}

async function answer(question: Question, again: boolean): Promise<Answer> {
	const { enricher, context, stores } = question;
	const now = context.now().getTime();
	const [kept, resting] = await Promise.all([standing(question), restOf(enricher, stores, now)]);
	if (kept !== null && !(again && now - kept.askedAt >= AGAIN_SECONDS * 1000)) return toAnswer(kept, true);
	if (resting !== null) return { state: "limited", by: resting.by, until: iso(resting.until) };
	const alone = await leftAlone(enricher, stores, now);
	if (alone !== null) return { state: "failed", reason: `${enricher.name} failed several times in a row and is left alone for a while.`, again: iso(alone) };
	const found = async (): Promise<Answer | null> => {
		const other = await standing(question);
		return other === null || (again && now - other.askedAt >= AGAIN_SECONDS * 1000) ? null : toAnswer(other, true);
	};
	return askedOnce({ cache: context.cache, key: question.key, timeoutMs: enricher.timeoutMs, found }, () => fresh(question));
}

/**
 * What one enricher knows of an indicator, from what is kept or by asking it. Never throws: whatever goes wrong is a state. `reach`
 * is held to here, whatever a page did. Everybody who asks for the same at the same time waits for one question.
 */
export async function ask(enricherId: string, indicator: Indicator, { reach, asker, again = false }: AskOptions, context: LookupContext = lookupContext()): Promise<Answer> {
	const enricher = context.enrichers.find(({ id }) => id === enricherId);
	if (enricher === undefined) return { state: "off", held: { why: "off", reason: "There is no such enricher." } };
	const held = heldBack(enricher, indicator, reach, context);
	if (held !== null) return { state: "off", held };
	const secret = enricher.secret === undefined ? undefined : context.secrets[enricher.secret.name];
	const key = `lookup:${enricher.id}:${enricher.revision ?? 0}:${secret === undefined ? "open" : "key"}:${indicatorId(indicator).toString("hex")}`;
	const mask = masker(Object.values(context.secrets));
	const question: Question = { enricher, indicator, asker, context, key, mask, stores: [context.cache, localStore(context)] };
	const work = async (): Promise<Answer> => {
		try {
			return await answer(question, again);
		} catch (error) {
			return { state: "failed", reason: reasonOf(error, question), again: iso(context.now().getTime() + KEEP_FAILED * 1000) };
		}
	};
	for (;;) {
		const { answer: got, own } = await together(context, key, work);
		// Somebody else's share being used up says nothing about this asker's.
		if (own || got.state !== "limited" || got.by !== "share") return got;
	}
}
