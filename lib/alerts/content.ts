import type { StoredMatch } from "@/drizzle/schema";

/** A record as an alert tells it. Texts are raw: whoever sends them escapes them for the receiver. */
export interface ToldRecord {
	/** 32 hex */
	id: string;
	title: string;
	/** page of the record, from the root */
	path: string;
	/** ISO 8601, the record's own date */
	at: string;
	/** name of the source */
	source: string;
	matches: readonly StoredMatch[];
	/** canonical, the most telling first, ten at most */
	indicators: ReadonlyArray<{ type: string; value: string }>;
}

/** What an alert says, by its kind; stored as JSON. */
export type AlertContent =
	| { kind: "hit"; hunter: { id: string; name: string; kind: string }; record: ToldRecord }
	/** `records` are the first ten of `total` */
	| { kind: "digest"; hunter: { id: string; name: string; kind: string }; total: number; records: readonly ToldRecord[] }
	| { kind: "operation"; source: number; name: string; was: string; state: string; reason: string | null; since: string }
	| { kind: "test"; hunter: { id: string | null; name: string; kind: string }; by: string };
