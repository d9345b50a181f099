import type { StoredMatch } from "@/drizzle/schema";

export type { ShownAlert } from "@/lib/alerts/list";

/** What a person decides of a hunter. */
export interface HunterInput {
	kind: string;
	/** 1 to 100 characters, unique among hunters of a kind */
	name: string;
	/** 2,000 characters at most */
	query: string;
	enabled: boolean;
	slack: boolean;
	/** without `#`; empty or null: `th-<name>` */
	channel: string | null;
	/** address that is told every hit, signed; null: none. Left out of an update: stays as it is */
	webhook?: string | null | undefined;
	/** 1 to 1000 */
	digestOver: number;
}

/** A hunter as pages and API show it. */
export interface Hunter {
	/** 32 hex */
	id: string;
	kind: string;
	name: string;
	query: string;
	enabled: boolean;
	slack: boolean;
	/** the channel in force, without `#` */
	channel: string;
	/** the person named it; else it is made of the name */
	ownChannel: boolean;
	webhookHost: string | null;
	digestOver: number;
	mutedUntil: Date | null;
	revision: number;
	state: "new" | "ok" | "failing" | "off";
	reason: string | null;
	seenTo: Date;
	lastRunAt: Date | null;
	lastHitAt: Date | null;
	hitCount: number;
	createdBy: string;
	createdAt: Date;
	updatedAt: Date;
	/** alerts by what became of them, without those that were sent */
	alerts: { pending: number; unknown: number; failed: number };
}

/** A record that a hunter found. */
export interface Hit {
	/** 32 hex of the record */
	record: string;
	at: Date;
	recordAt: Date;
	source: { number: number; name: string };
	title: string;
	path: string;
	matches: readonly StoredMatch[];
}

/** One line of a backtest as it goes, newest day first. */
export type BacktestLine =
	/** the UTC day it has come to, and what it has looked at and found up to there */
	| { kind: "progress"; day: string; looked: number; hits: number }
	/** the first twenty */
	| { kind: "sample"; hit: Omit<Hit, "at"> }
	/** the end: hits of each of the days that were looked at, newest first, how many messages they would have been, and whether it was cut short; `newest`: where no record is dated within them, the day of the newest one there is */
	| { kind: "done"; days: ReadonlyArray<{ day: string; hits: number }>; looked: number; hits: number; messages: number; cut: string | null; newest: string | null };
