import type { Indicator, IndicatorType } from "@/lib/domain/indicator";

/** Names of the secrets an enricher can ask for. Each has one line in `lib/env.ts`. */
export type EnricherSecret = "virusTotalKey" | "abuseIpdbKey" | "shodanKey" | "censysKey" | "abuseChAuthKey" | "greyNoiseKey" | "otxKey";

/**
 * Who sees the value when it is asked. `nobody`: data of ours, files on this machine. `provider`: a third party does, and the
 * target itself does not. `target`: servers of the target's own owner may see that somebody asks.
 */
export const EXPOSURES = ["nobody", "provider", "target"] as const;
export type Exposure = (typeof EXPOSURES)[number];

/** What colour says: malicious, in need of eyes, a plain fact. There is no "clean". */
export type Tone = "bad" | "warn" | "none";

/** One line of an answer. Indicators are canonical, so that they link and are shown defanged; what is none is text. */
export type Fact =
	| { label: string; kind: "text"; text: string; tone?: Tone }
	| { label: string; kind: "share"; part: number; of: number; tone?: Tone }
	| { label: string; kind: "number"; value: number; tone?: Tone }
	| { label: string; kind: "indicators"; indicators: readonly Indicator[]; more?: number }
	| { label: string; kind: "time"; at: string /** a young age needs eyes: days below which it does */; youngDays?: number }
	| { label: string; kind: "tags"; tags: readonly string[]; tone?: Tone }
	| { label: string; kind: "link"; text: string; href: string };

export type TableCell = { kind: "text"; text: string; tone?: Tone } | { kind: "indicator"; indicator: Indicator } | { kind: "time"; at: string } | { kind: "number"; value: number };

export interface FactTable {
	title: string;
	columns: readonly string[];
	rows: ReadonlyArray<readonly TableCell[]>;
	/** rows the provider has beyond those given */
	more: number;
}

/** What a provider says of an indicator, in the shape all of them share. Texts are the provider's: plain text, never markup. */
export interface Enrichment {
	/** one sentence without the provider's name: "17 of 94 engines call it malicious" */
	summary: string;
	/** what the provider's own judgement amounts to; `none` where it gives facts only */
	tone: Tone;
	facts: readonly Fact[];
	tables?: readonly FactTable[];
	/** the page at the provider, http or https */
	link?: string;
	/** files that can be asked for by `GET /api/lookup/download` */
	downloads?: ReadonlyArray<{ label: string; id: string }>;
}

/** Calls that a provider's terms allow in a window; all windows hold. */
export interface Quota {
	calls: number;
	seconds: number;
}

export interface JsonRequest {
	method?: "GET" | "POST";
	headers?: Readonly<Record<string, string>>;
	/** sent as JSON */
	json?: unknown;
	/** sent as a form */
	form?: Readonly<Record<string, string>>;
	/** statuses that mean "we know nothing" here; 404 by default */
	unknown?: readonly number[];
}

/** Name service by record type; a name that does not exist, and one without such records, give an empty list. Other failures throw. */
export interface NameService {
	resolve(name: string, type: "A" | "AAAA" | "CNAME" | "MX" | "NS" | "TXT" | "SOA" | "PTR" | "CAA"): Promise<string[]>;
}

export interface Place {
	/** ISO 3166-1 alpha-2 */
	country: string | null;
	city: string | null;
}

/** Where a source of this installation lists a value, or did. */
export interface Listing {
	/** its name */
	source: string;
	/** what is listed: the value itself, or a block around it */
	value: Indicator;
	/** in words */
	category: string;
	/** still counts as listed */
	listed: boolean;
	since: Date;
	until: Date;
}

/** What an enricher works with. Everything that goes out does so under the guards, counted and timed. */
export interface EnricherTools {
	secret: string | undefined;
	/**
	 * The JSON a provider answers, or null where it says that it knows nothing. Everything else throws `ProviderFailure`: 401 and
	 * 403 as a refused key, 429 with its Retry-After, HTML and half a JSON as what they are.
	 */
	json(url: string, request?: JsonRequest): Promise<unknown>;
	/** the same for plain text */
	text(url: string, request?: JsonRequest): Promise<string | null>;
	names: NameService;
	/** asks a whois server (RFC 3912); the text of its answer */
	whois(server: string, query: string): Promise<string>;
	place(address: string): Place;
	/** autonomous system of an address from a file on this machine: null where the file has none, undefined without a file */
	system(address: string): { number: number; name: string } | null | undefined;
	/** what our own index lists of the value and the blocks around it, newest first, and what lists of the well-known say of it */
	listings(indicator: Indicator): Promise<{ listings: readonly Listing[]; more: number; warning: string | null }>;
	now(): Date;
}

export interface EnricherDefinition {
	/** slug, also the file's name */
	id: string;
	name: string;
	/** page for people at the provider */
	homepage: string;
	supports: readonly IndicatorType[];
	exposure: Exposure;
	/** with a file of autonomous systems on this machine it asks nobody */
	localWithSystems?: true;
	/** `required: false`: it answers without, with less or more slowly */
	secret?: { name: EnricherSecret; required: boolean };
	/** windows of requests (not of values: one answer may take several), all of which hold; without any nothing is counted */
	quota: readonly Quota[];
	/** what holds without a key, where that differs */
	quotaWithoutKey?: readonly Quota[];
	/** enrichers of one account share what its terms allow: the same word at each of them. Their `quota` must be the same */
	account?: string;
	/** how long answers stand, seconds: something found, and nothing known */
	keeps: { found: number; unknown: number };
	timeoutMs: number;
	/** it asks another server for nearly every value: one that fails says nothing about the next, so it is never left alone as a whole */
	manyServers?: true;
	/** off until an operator turns it on, and why */
	offReason?: string;
	/** raise when reshaping changes, so that kept answers are asked for again */
	revision?: number;
	/** null: the provider knows nothing about it, which is unknown and never clean. Throws `ProviderFailure` */
	ask(indicator: Indicator, tools: EnricherTools): Promise<{ enrichment: Enrichment; raw: unknown } | null>;
	/** a file that `downloads` offered */
	download?(id: string, indicator: Indicator, tools: EnricherTools): { url: string; headers: Readonly<Record<string, string>>; name: string };
}

/** Why a provider gave no answer. The message is for people and holds neither key nor path. */
export class ProviderFailure extends Error {
	readonly kind: "refused" | "limited" | "failed" | "timeout";
	/** seconds after which asking again makes sense */
	readonly retryAfter: number | undefined;
	constructor(kind: ProviderFailure["kind"], message: string, retryAfter?: number, cause?: unknown) {
		super(message, cause === undefined ? undefined : { cause });
		this.name = "ProviderFailure";
		this.kind = kind;
		this.retryAfter = retryAfter;
	}
}

/** Identity function that checks a definition's shape at compile time. */
export function defineEnricher(definition: EnricherDefinition): EnricherDefinition {
	return definition;
}
