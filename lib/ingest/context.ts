import { env, SECRET_VARIABLES } from "@/lib/env";
import { customSources } from "@/lib/feeds";
import { xSearches } from "@/lib/hunters/x";
import type { AddressPolicy } from "@/lib/net/guard";
import { type Database, database, geo } from "@/lib/platform";
import type { RecordStore } from "@/lib/records";
import { type AnySource, allSources } from "@/lib/sources";
import type { SecretName, SourceBasics } from "@/lib/sources/define";
import type { Search } from "@/lib/sources/record";
import { recordStores } from "@/lib/trackers/stores";

/** Where a run stands, told to whoever watches (the command line's progress). Nothing waits on the answer but the run. */
export type RunPoint = "after-fetch-before-store" | "between-portions" | "between-batches" | "after-first-batch" | "after-last-batch-before-run-row" | "mid-expiry-of-old-rows" | "before-finish";

/** Everything a run needs from outside, so that the same code runs on the server, on the command line and on test data. */
export interface IngestContext {
	database: Database;
	sources: readonly AnySource[];
	/** feeds that people added: read when they are needed, so that a change holds at once */
	customSources?: () => Promise<readonly AnySource[]>;
	/** what hunters search for, for sources that search: read anew by every request, so that a change holds at once */
	searches?: () => Promise<readonly Search[]>;
	/** where records go, by tracker */
	stores: Readonly<Record<string, RecordStore<never>>>;
	secrets: Partial<Record<SecretName, string>>;
	policy: AddressPolicy;
	/** hosts that the operator configured together with a secret: sources of that secret may reach them in a private network */
	trustedHosts?: Partial<Record<SecretName, readonly string[]>>;
	/** maps a public address to the demo's upstream; undefined: as it is */
	route?: (url: URL) => URL;
	country: (address: string) => string | null;
	ownDomains: readonly string[];
	/** Slack channel that is told of sources in trouble; undefined: nobody is */
	operations?: string;
	/** how far back sources with a history are read, where an operator says so */
	historySince?: Date;
	now: () => Date;
	/** waits between attempts of one fetch, milliseconds */
	retryDelays: readonly number[];
	/** rows of one block, where fewer than usual are wanted in a transaction */
	blockRows?: number;
	/** how long one step stages, milliseconds, where it is not the usual time */
	stageMilliseconds?: number;
	onPoint?: (point: RunPoint, run: string) => void | Promise<void>;
}

/** `https://host/path?query` to `http://127.0.0.1:port/host/path?query`: how the demo's upstream is laid out. */
export function routeTo(upstream: string): (url: URL) => URL {
	return (url) => new URL(`/${url.host}${url.pathname}${url.search}`, upstream);
}

/** The context of this installation. */
export function ingestContext(): IngestContext {
	const settings = env();
	const upstream = settings.demo?.upstream;
	return {
		database: database(),
		sources: allSources,
		customSources: () => customSources(),
		searches: () => xSearches(database()),
		stores: recordStores,
		secrets: settings.secrets,
		trustedHosts: settings.trustedHosts,
		policy: upstream === undefined ? {} : { allowLoopback: true },
		...(upstream === undefined ? {} : { route: routeTo(upstream) }),
		country: (address) => geo().country(address),
		ownDomains: settings.ownDomains,
		...(settings.slack?.operations == null ? {} : { operations: settings.slack.operations }),
		...(settings.historySince === null ? {} : { historySince: settings.historySince }),
		now: () => new Date(),
		retryDelays: [1000, 4000],
	};
}

/** Every source there is, added ones included. */
export async function everySource(context: IngestContext): Promise<readonly AnySource[]> {
	const custom = (await context.customSources?.()) ?? [];
	return custom.length === 0 ? context.sources : [...context.sources, ...custom];
}

/** Shorter parts of a secret are words that stand anywhere. */
const MIN_PART = 8;

/** A secret and what it is made of: several credentials in one text, a key behind a word (`Bearer …`). */
function partsOf(secret: string): string[] {
	return [secret, ...secret.split(/[\s"{}[\]:,]+/).filter((part) => part.length >= MIN_PART && !/^https?$/.test(part))];
}

/** Whatever must not be shown of a source: masked in messages. */
export function secretsOf(source: SourceBasics, context: IngestContext): string[] {
	const secret = secretOf(source, context);
	return [...(secret === undefined ? [] : [secret]), ...(source.ownSecrets ?? [])].flatMap(partsOf);
}

/** Masks a source's secrets in texts that a provider wrote: providers like to repeat the key they were given. */
export function secretMask(source: SourceBasics, context: IngestContext): (text: string) => string {
	const secrets = [...new Set(secretsOf(source, context).flatMap((secret) => (secret === "" ? [] : [secret, encodeURIComponent(secret)])))];
	return (text) => secrets.reduce((shown, secret) => shown.replaceAll(secret, "…"), text);
}

/** One text with a source's secrets masked. */
export function withoutSecrets(text: string, source: SourceBasics, context: IngestContext): string {
	return secretMask(source, context)(text);
}

/** The secret a source runs with, or undefined where none is set. */
export function secretOf(source: SourceBasics, context: IngestContext): string | undefined {
	return source.secret === undefined ? undefined : context.secrets[source.secret.name];
}

/** Why a source with a required key does not run, and what to set. */
export function keyMissing(source: SourceBasics): string {
	return `${source.name} needs a key that is not set${source.secret === undefined ? "." : `: set ${SECRET_VARIABLES[source.secret.name]}.`}`;
}
