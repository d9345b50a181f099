import type { Category } from "@/lib/domain/category";
import type { Expectation } from "@/lib/domain/indicator";
import type { FeedFormat, FeedRecord } from "@/lib/net/formats";

/** Names of the secrets a source can ask for. Each has one line in `lib/env.ts`. */
export type SecretName = "abuseChAuthKey" | "phishTankKey" | "abuseIpdbKey" | "malshareKey" | "nvdKey" | "twitterHome" | "twitterLists" | "twitterSearch" | "mispServer";

/** What one record of a feed says, in the feed's own spelling; ingest makes the values canonical. */
export interface Listing {
	value: string;
	as: Expectation;
	port?: number;
	protocol?: "tcp" | "udp";
	/** the feed's own dates, where it gives them */
	firstSeen?: Date;
	lastSeen?: Date;
	category?: Category;
	/** short text as the feed gives it (family, threat, target), at most a line */
	description?: string;
	/** page at the provider that shows the evidence (http or https) */
	referrer?: string;
	/** ISO 3166-1 alpha-2; left out, it is looked up by address */
	country?: string;
	tags?: readonly string[];
	/** 0-100 as the feed states it */
	confidence?: number;
	/** other hashes of the same file: listed as well, and linked */
	siblings?: ReadonlyArray<{ value: string; as: Expectation }>;
}

/** Thrown by a source's `row` for a record it cannot use: the record is set aside with this reason, the run goes on. */
export class UnusableRow extends Error {
	constructor(reason: string) {
		super(reason);
		this.name = "UnusableRow";
	}
}

/**
 * How a source lists. `snapshot`: what is missing is delisted at that run. `window`: the last N days, missing means
 * nothing until `expiresAfterDays` have passed. `append`: never delists.
 */
export type ListingMode = { mode: "snapshot" } | { mode: "window"; expiresAfterDays: number } | { mode: "append" };

export interface Licence {
	/** as the provider names it: `CC0 1.0`, `CC BY-NC-SA 4.0`, `Spamhaus DROP terms` */
	name: string;
	url?: string;
	/** false where the terms forbid commercial use or redistribution: such rows stay out of exports meant for others */
	redistributable: boolean;
	/** text the provider wants shown */
	attribution?: string;
}

/** What every source says of itself, whatever it gives. */
export interface SourceBasics {
	/** slug, also the file's name */
	id: string;
	/** display name, the API's `source` */
	name: string;
	/** never reused, no two trackers share one; the original's numbers stay below 1001, ours start there */
	number: number;
	/** page for people at the provider */
	homepage: string;
	secret?: { name: SecretName; required: boolean };
	/** minutes between runs, not below the provider's terms */
	everyMinutes: number;
	/** false: known but off until an operator turns it on; `offReason` says why */
	enabledByDefault?: boolean;
	offReason?: string;
	licence: Licence;
	/** raise when reading changes meaning, so that an unchanged body is read again */
	revision?: number;
	/** caps, where the defaults (64 MB body, 512 MB unpacked) are wrong */
	maxBytes?: number;
	/** secrets of a feed that somebody added: they stand in its address and headers already, and are masked in every message */
	ownSecrets?: readonly string[];
	/** why it cannot be asked, in words with the way out */
	unusable?: string;
	/** number of the source whose records these are, where one provider is read in two ways: both give the same record for the same id */
	recordsOf?: number;
	/** names the original used for it, recognised by API and importer */
	formerNames?: readonly string[];
	/** numbers the original used for it within its tracker, where they differ from `number` (exploit 101 and 111, vuln 101 and 201) */
	formerNumbers?: readonly number[];
}

/** A reputation source: its rows are listings of indicators. */
export interface SourceDefinition extends SourceBasics {
	tracker: "reputation";
	/** where it is fetched; with a secret it may depend on it. The secret itself is never shown or logged */
	url: string | ((secret: string | undefined) => string);
	/** request headers; `secret` is passed where one is set */
	headers?: (secret: string | undefined) => Record<string, string>;
	lists: ListingMode;
	category: Category;
	/** text that a good body carries within its first 4 KB; a body without it is suspect */
	marker?: string | RegExp;
	format: FeedFormat;
	/** One record to none, one or several listings. Pure. Throws `UnusableRow` to set the record aside. */
	row: (record: FeedRecord) => Listing | readonly Listing[] | null;
	/** a good body can really be empty (a provider that took everything down says so by its marker) */
	mayBeEmpty?: boolean;
}

/** Identity function that checks a definition's shape at compile time. */
export function defineSource<const T extends SourceDefinition>(definition: T): T {
	return definition;
}

/** `YYYY-MM-DD HH:MM:SS`, also with a trailing ` UTC`, `Z` or `T`: always UTC. Undefined for empty and `None`. */
export function utc(text: string | undefined): Date | undefined {
	if (text === undefined) return undefined;
	const trimmed = text.trim();
	if (trimmed === "" || trimmed === "None" || trimmed === "n/a" || trimmed === "null") return undefined;
	const match = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?(?:\s*UTC|Z|\+00:?00)?$/.exec(trimmed);
	if (match === null) throw new UnusableRow(`date "${trimmed.slice(0, 40)}" is not YYYY-MM-DD HH:MM:SS`);
	const [, year, month, day, hour = "0", minute = "0", second = "0"] = match;
	const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)));
	if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day) || Number(hour) > 23 || Number(minute) > 59) throw new UnusableRow(`date "${trimmed.slice(0, 40)}" does not exist`);
	return date;
}

/** A list as feeds write it in one cell; the empty markers of the providers give an empty list. */
export function tagList(text: string | undefined): string[] {
	if (text === undefined) return [];
	const trimmed = text.trim();
	if (trimmed === "" || trimmed === "None" || trimmed === "n/a" || trimmed === "null") return [];
	return trimmed
		.split(",")
		.map((tag) => tag.trim())
		.filter((tag) => tag !== "");
}

/** Text of a cell, or undefined where the provider writes one of its markers for nothing. */
export function present(text: string | undefined): string | undefined {
	if (text === undefined) return undefined;
	const trimmed = text.trim();
	return trimmed === "" || trimmed === "None" || trimmed === "n/a" || trimmed === "null" || trimmed === "-" || trimmed === ">>UNKNOWN<<" ? undefined : trimmed;
}
