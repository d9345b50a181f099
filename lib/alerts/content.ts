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
	/** `records` are the ten newest of `total`; to a webhook, all of them */
	| { kind: "digest"; hunter: { id: string; name: string; kind: string }; total: number; records: readonly ToldRecord[] }
	| OperationContent
	| { kind: "test"; hunter: { id: string | null; name: string; kind: string }; by: string };

/** A source that is in trouble (`failing`, `suspect`, `stale`) or well again (`ok`). */
export interface OperationContent {
	kind: "operation";
	source: number;
	name: string;
	was: string;
	state: string;
	reason: string | null;
	/** ISO 8601: since when it is so */
	since: string;
}

/** First line of what an alert says, raw. */
export function titleOf(content: AlertContent): string {
	switch (content.kind) {
		case "hit":
			return content.record.title;
		case "digest":
			return `${content.total} hits of ${content.hunter.name}`;
		case "operation":
			return content.state === "ok" ? `${content.name} is well again` : `${content.name} is ${content.state}`;
		case "test":
			return `Test of ${content.hunter.name}`;
	}
}
