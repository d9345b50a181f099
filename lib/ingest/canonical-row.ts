import { canonicaliseFeed } from "@/lib/domain/canonical";
import { type Indicator, TYPE_NUMBERS } from "@/lib/domain/indicator";
import { warningFor } from "@/lib/domain/warnings";
import { indicatorId } from "@/lib/indicators/identity";
import type { Listing, SourceDefinition } from "@/lib/sources/define";
import type { StagedRow } from "./rows";

/** Text fields are bounded by what a page can show; a feed that sends more is refused row by row, never cut. */
const MAX_TEXT = 4000;
const MAX_REFERRER = 8192;
/** A date later than this after the fetch is a broken clock or a broken row. */
const FUTURE_MS = 48 * 3600_000;
const OLDEST = Date.UTC(1990, 0, 1);

export interface CanonicalRow {
	indicator: Indicator;
	id: Buffer;
	row: StagedRow;
}

export interface RowContext {
	source: SourceDefinition;
	/** start of the run, milliseconds */
	now: number;
	country: (address: string) => string | null;
	ownDomains: readonly string[];
}

/** What making a row canonical needs of it. */
export type ListingContext = Omit<RowContext, "source"> & { source: Pick<SourceDefinition, "category"> };

/** Why a listing cannot be used; becomes the reason of its set-aside row. */
export class Unusable extends Error {}

function time(date: Date | undefined, now: number): number | null {
	if (date === undefined) return null;
	const value = date.getTime();
	if (Number.isNaN(value) || value < OLDEST) throw new Unusable("its date is no date");
	if (value > now + FUTURE_MS) throw new Unusable(`its date ${date.toISOString()} lies in the future`);
	return value;
}

const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

function text(value: string | undefined, name: string): string | null {
	if (value === undefined) return null;
	const trimmed = value.trim();
	if (trimmed === "") return null;
	if (trimmed.length > MAX_TEXT) throw new Unusable(`its ${name} has ${trimmed.length} characters, at most ${MAX_TEXT} are kept`);
	return trimmed.replace(CONTROL, "\ufffd").toWellFormed();
}

/** A link of the provider, only where it is http(s): nothing else may ever become an `href`. */
function link(value: string | undefined): string | null {
	if (value === undefined || value.length > MAX_REFERRER || !/^https?:\/\//i.test(value) || !URL.canParse(value)) return null;
	return value;
}

function portText(listing: Listing, found: number | undefined): string | null {
	const port = listing.port ?? found;
	if (port === undefined || !Number.isInteger(port) || port < 1 || port > 65535) return null;
	return listing.protocol === "udp" ? `${port}/udp` : String(port);
}

function countryOf(listing: Listing, indicator: Indicator, context: ListingContext): string | null {
	if (listing.country !== undefined && /^[A-Za-z]{2}$/.test(listing.country)) return listing.country.toUpperCase();
	if (indicator.type === "ipv4" || indicator.type === "ipv6") return context.country(indicator.value);
	if (indicator.type === "cidr") return context.country(indicator.value.slice(0, indicator.value.indexOf("/")));
	if (indicator.type !== "url") return null;
	const onAddress = /^[a-z]+:\/\/(\d{1,3}(?:\.\d{1,3}){3})(?=[:/?]|$)/.exec(indicator.value);
	return onAddress?.[1] === undefined ? null : context.country(onAddress[1]);
}

function identify(value: string, as: Listing["as"]) {
	const result = canonicaliseFeed(value, as);
	if (!result.ok) throw new Unusable(result.reason);
	return result;
}

/**
 * One listing of a feed to canonical rows: one, or one a hash where the source gives several for a file.
 * Throws `Unusable` with the reason where the row cannot be kept.
 */
export function canonicalRows(listing: Listing, context: ListingContext): CanonicalRow[] {
	const main = identify(listing.value, listing.as);
	const last = time(listing.lastSeen, context.now);
	// A provider that gives the last date only has seen it by then at the latest: without this, it would end before it began.
	const seen = time(listing.firstSeen, context.now) ?? last;
	const description = text(listing.description, "description");
	const tags = listing.tags === undefined || listing.tags.length === 0 ? null : listing.tags.map((tag) => text(tag, "tag")).filter((tag) => tag !== null);
	const base = {
		seen,
		last: last !== null && seen !== null && last < seen ? seen : last,
		category: listing.category ?? context.source.category,
		ports: portText(listing, main.port),
		description,
		referrer: link(listing.referrer),
		tags: tags === null || tags.length === 0 ? null : tags,
		confidence: listing.confidence === undefined || !Number.isFinite(listing.confidence) ? null : Math.round(Math.min(100, Math.max(0, listing.confidence))),
	};
	const make = (indicator: Indicator): CanonicalRow => ({
		indicator,
		id: indicatorId(indicator),
		row: {
			type: TYPE_NUMBERS[indicator.type],
			value: indicator.value,
			warning: warningFor(indicator, context.ownDomains)?.list ?? null,
			...base,
			country: countryOf(listing, indicator, context),
			siblings: null,
		},
	});
	const rows = [make(main.indicator)];
	for (const sibling of listing.siblings ?? []) rows.push(make(identify(sibling.value, sibling.as).indicator));
	if (rows.length > 1) {
		const ids = rows.map((row) => row.id.toString("hex"));
		for (const [at, row] of rows.entries()) row.row.siblings = ids.filter((id, other) => other !== at && id !== ids[at]);
	}
	return rows;
}
