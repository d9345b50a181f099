import type { Enrichment, Exposure } from "@/lib/enrichers/define";

/** What may be asked: everybody, nobody whom the target could notice, or only what is known here. */
export const REACHES = ["all", "passive", "index"] as const;
export type Reach = (typeof REACHES)[number];

/** An enricher as a page shows it before it has been asked: who would see the value, and whether it can be asked at all. */
export interface Offer {
	id: string;
	name: string;
	homepage: string;
	exposure: Exposure;
	/** why it will not be asked, null where it will: `not-configured` names the variable to set */
	held: { why: "not-configured"; variable: string } | { why: "reach" } | { why: "off"; reason: string } | null;
	/** calls left in the tightest window, where this installation has counted any */
	left: { calls: number; of: number; resetAt: string } | null;
}

/** What became of asking one enricher. Times are ISO 8601. Only `found` says anything about the value. */
export type Answer =
	| { state: "found"; enrichment: Enrichment; raw: unknown; askedAt: string; keptUntil: string; kept: boolean }
	| { state: "unknown"; askedAt: string; keptUntil: string; kept: boolean }
	| { state: "off"; held: NonNullable<Offer["held"]> }
	| { state: "limited"; by: "provider" | "quota"; until: string }
	/** the asker's own share of a quota is used up, and nobody else's; the reason says how large it is */
	| { state: "limited"; by: "share"; until: string; reason: string }
	| { state: "failed"; reason: string; again: string }
	| { state: "timeout"; afterMs: number; again: string };
