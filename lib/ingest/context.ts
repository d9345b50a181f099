import { env, SECRET_VARIABLES } from "@/lib/env";
import type { AddressPolicy } from "@/lib/net/guard";
import { type Database, database, geo } from "@/lib/platform";
import { reputationSources } from "@/lib/sources";
import type { SecretName, SourceDefinition } from "@/lib/sources/define";

/** Where a run stands, told to whoever watches (the command line's progress). Nothing waits on the answer but the run. */
export type RunPoint = "after-fetch-before-store" | "between-batches" | "after-first-batch" | "after-last-batch-before-run-row" | "mid-expiry-of-old-rows" | "before-finish";

/** Everything a run needs from outside, so that the same code runs on the server, on the command line and on test data. */
export interface IngestContext {
	database: Database;
	sources: readonly SourceDefinition[];
	secrets: Partial<Record<SecretName, string>>;
	policy: AddressPolicy;
	/** maps a public address to the demo's upstream; undefined: as it is */
	route?: (url: URL) => URL;
	country: (address: string) => string | null;
	ownDomains: readonly string[];
	now: () => Date;
	/** waits between attempts of one fetch, milliseconds */
	retryDelays: readonly number[];
	/** rows of one block, where fewer than usual are wanted in a transaction */
	blockRows?: number;
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
		sources: reputationSources,
		secrets: settings.secrets,
		policy: upstream === undefined ? {} : { allowLoopback: true },
		...(upstream === undefined ? {} : { route: routeTo(upstream) }),
		country: (address) => geo().country(address),
		ownDomains: settings.ownDomains,
		now: () => new Date(),
		retryDelays: [1000, 4000],
	};
}

/** The secret a source runs with, or undefined where none is set. */
export function secretOf(source: SourceDefinition, context: IngestContext): string | undefined {
	return source.secret === undefined ? undefined : context.secrets[source.secret.name];
}

/** Why a source with a required key does not run, and what to set. */
export function keyMissing(source: SourceDefinition): string {
	return `${source.name} needs a key that is not set${source.secret === undefined ? "." : `: set ${SECRET_VARIABLES[source.secret.name]}.`}`;
}
