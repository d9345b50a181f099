import type { EnricherDefinition, Quota } from "@/lib/enrichers/define";
import type { Cache } from "@/lib/platform";
import type { LookupContext } from "./context";
import { type Asker, checkShare, spendShare } from "./shares";

/** Until when nobody asks: a window of ours is used up, or the provider said so. Times in milliseconds since 1970. */
export interface Rest {
	by: "provider" | "quota";
	until: number;
}

/** The tightest window as it was last counted. */
export interface Left {
	calls: number;
	of: number;
	resetAt: number;
}

/** Thrown instead of sending a request beyond a window. */
export class QuotaSpent extends Error {
	readonly until: number;
	constructor(until: number) {
		super("the quota is used up");
		this.name = "QuotaSpent";
		this.until = until;
	}
}

/** Enrichers of one account count together. */
function accountOf(enricher: EnricherDefinition): string {
	return enricher.account ?? enricher.id;
}

function restKey(enricher: EnricherDefinition): string {
	return `lookup:rest:${accountOf(enricher)}`;
}

function leftKey(enricher: EnricherDefinition): string {
	return `lookup:left:${accountOf(enricher)}`;
}

/** Until when an enricher rests, null where it may be asked. Of two stores the later end holds. */
export async function restOf(enricher: EnricherDefinition, stores: readonly Cache[], now: number): Promise<Rest | null> {
	const found = await Promise.all(stores.map((store) => store.get<Rest>(restKey(enricher))));
	const standing = found.filter((rest): rest is Rest => rest !== null && rest.until > now).sort((a, b) => b.until - a.until);
	return standing[0] ?? null;
}

/** Lets an enricher rest, in every store: where the shared one is away, this instance still remembers. */
export async function rest(enricher: EnricherDefinition, { by, until }: Rest, stores: readonly Cache[], now: number): Promise<void> {
	const seconds = Math.max(1, Math.ceil((until - now) / 1000));
	await Promise.all(stores.map((store) => store.set(restKey(enricher), { by, until }, seconds)));
}

/** What is left as it was last counted. */
export async function leftOf(enricher: EnricherDefinition, stores: readonly Cache[], now: number): Promise<Left | null> {
	const found = await Promise.all(stores.map((store) => store.get<Left>(leftKey(enricher))));
	return found.find((left) => left !== null && left.resetAt > now) ?? null;
}

export function quotaOf(enricher: EnricherDefinition, hasSecret: boolean): readonly Quota[] {
	return hasSecret ? enricher.quota : (enricher.quotaWithoutKey ?? enricher.quota);
}

/**
 * Counts one request in every window, the shortest first, and throws `QuotaSpent` at the first that is full: the longer ones are
 * not touched then. What is full is remembered until it frees, so that whoever comes next uses up nothing at all. Before a long
 * window the asker's share of it is counted: `ShareSpent`, which concerns nobody else.
 */
export async function spendQuota(enricher: EnricherDefinition, hasSecret: boolean, asker: Asker, context: LookupContext, stores: readonly Cache[]): Promise<void> {
	const account = `${accountOf(enricher)}:${hasSecret ? "key" : "open"}`;
	const now = context.now().getTime();
	await checkShare(account, asker, stores, now);
	let tightest: Left | null = null;
	for (const quota of [...quotaOf(enricher, hasSecret)].sort((a, b) => a.seconds - b.seconds)) {
		const { calls, seconds } = quota;
		await spendShare(enricher.name, account, quota, asker, context, stores, now);
		const used = await context.cache.limit("lookup", `${account}:${seconds}`, calls, seconds);
		const until = used.resetAt.getTime();
		if (!used.allowed) {
			await rest(enricher, { by: "quota", until }, stores, now);
			throw new QuotaSpent(until);
		}
		if (tightest === null || used.remaining / used.limit < tightest.calls / tightest.of) tightest = { calls: used.remaining, of: used.limit, resetAt: until };
	}
	if (tightest === null) return;
	const { resetAt } = tightest;
	await Promise.all(stores.map((store) => store.set(leftKey(enricher), tightest, Math.max(1, Math.ceil((resetAt - now) / 1000)))));
}
