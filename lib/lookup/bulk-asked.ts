import type { Category } from "@/lib/domain/category";
import type { Indicator } from "@/lib/domain/indicator";

/** What one source says of an indicator. */
export interface Listing {
	source: { number: number; name: string };
	category: Category;
	listed: boolean;
	firstSeen: Date;
	lastSeen: Date;
}

/** An indicator that the index is asked about, one object a call however often it occurs, and what the index says of it. */
export interface Asked {
	readonly indicator: Indicator;
	/** 32 hex digits */
	readonly id: string;
	/** it has been asked for, or is being; the same for records that name it */
	asked: boolean;
	askedRecords: boolean;
	/** it is in the index: only then anything can be said of it */
	stored: boolean;
	listings: readonly Listing[];
	/** records that name it, by tracker; those that only mention it in passing are left out */
	records: Readonly<Record<string, number>> | undefined;
}

/** How something contains a value: the host of a URL or mail address, a domain above it, a block around its address. */
export type Relation = "host" | "parent" | "block";

export interface Around {
	relation: Relation;
	asked: Asked;
}

const NONE: readonly Listing[] = [];

export function notYetAsked(indicator: Indicator, id: string): Asked {
	return { indicator, id, asked: false, askedRecords: false, stored: false, listings: NONE, records: undefined };
}
