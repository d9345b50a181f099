import { z } from "zod";
import type { BacktestLine, Hit, Hunter } from "@/lib/hunters/hunter";
import { hunterKinds } from "@/lib/hunters/kinds";

/** Hunters as the API describes and answers them. */

const time = z.iso.datetime();
const text = z.string();

export const KIND_IDS = hunterKinds.map(({ id }) => id) as [string, ...string[]];

export const hunterShape = z.object({
	id: text,
	kind: z.enum(KIND_IDS),
	name: text,
	query: text,
	enabled: z.boolean(),
	state: z.enum(["new", "ok", "failing", "off"]),
	reason: text.nullable().describe("why it fails, in words"),
	slack: z.boolean().describe("hits are told in Slack"),
	channel: text.describe("the channel in force, without #"),
	webhook: text.nullable().describe("host of its webhook"),
	digestOver: z.int().describe("more hits than this at a time are told in one message"),
	mutedUntil: time.nullable(),
	lastRunAt: time.nullable(),
	lastHitAt: time.nullable(),
	hits: z.int(),
	alerts: z.object({ pending: z.int(), unknown: z.int(), failed: z.int() }).describe("alerts that were not sent"),
	createdBy: text,
	createdAt: time,
	updatedAt: time,
	page: z.url().describe("its page"),
});

const match = z.object({
	term: text,
	place: text.describe("field of the record"),
	excerpt: text.describe("around the match, as it stands in the record"),
	from: z.int().describe("where it begins in the excerpt, in UTF-16 units"),
	to: z.int(),
});

const sample = z.object({
	record: text.describe("id of the record"),
	recordAt: time.describe("the record's own date"),
	source: z.object({ number: z.int(), name: text }),
	title: text,
	page: z.url().describe("the record's page"),
	matches: z.array(match),
});

export const hitShape = sample.extend({ at: time.describe("when it was found") });

const fault = z.object({ from: z.int().describe("in UTF-16 units"), to: z.int(), message: text.describe("what is wrong, and the way out") });
const readTerm = z.object({ text, as: text.describe("what it was taken for") });

export const checkShape = z.object({
	faults: z.array(fault).describe("empty where the query can be read"),
	reads: z.array(z.object({ all: z.array(readTerm), none: z.array(readTerm) })).describe("any of these: all of the first, none of the second"),
	channel: text.nullable().describe("where its hits would be told, without #; null where neither a name nor a channel was given"),
});

/** A line of a backtest. */
export const backtestShape = z.discriminatedUnion("type", [
	z.object({ type: z.literal("progress"), day: z.iso.date().describe("how far back it has come"), looked: z.int().describe("records that were looked at"), hits: z.int() }),
	z.object({ type: z.literal("sample"), hit: sample }),
	z.object({
		type: z.literal("done"),
		days: z.array(z.object({ day: z.iso.date(), hits: z.int() })).describe("newest first"),
		looked: z.int(),
		hits: z.int(),
		messages: z.int().describe("how many messages the hits would have been, an estimate"),
		cut: text.nullable().describe("why it ended early"),
		newest: z.iso.date().nullable().describe("where no record is dated within these days: the day of the newest there is"),
	}),
	z.object({ type: z.literal("error"), detail: text, code: text }),
]);

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

export function hunterJson(hunter: Hunter, origin: string): z.output<typeof hunterShape> {
	const { id, kind, name, query, enabled, state, reason, slack, channel, webhookHost, digestOver, hitCount, alerts, createdBy } = hunter;
	return {
		...{ id, kind, name, query, enabled, state, reason, slack, channel, webhook: webhookHost, digestOver },
		mutedUntil: iso(hunter.mutedUntil),
		lastRunAt: iso(hunter.lastRunAt),
		lastHitAt: iso(hunter.lastHitAt),
		hits: hitCount,
		alerts,
		createdBy,
		createdAt: hunter.createdAt.toISOString(),
		updatedAt: hunter.updatedAt.toISOString(),
		page: `${origin}/hunters/${id}`,
	};
}

function sampleJson({ record, recordAt, source, title, path, matches }: Omit<Hit, "at">, origin: string): z.output<typeof sample> {
	return { record, recordAt: recordAt.toISOString(), source, title, page: origin + path, matches: [...matches] };
}

export function hitJson(hit: Hit, origin: string): z.output<typeof hitShape> {
	return { at: hit.at.toISOString(), ...sampleJson(hit, origin) };
}

export function backtestJson(line: BacktestLine, origin: string): z.output<typeof backtestShape> {
	if (line.kind === "sample") return { type: "sample", hit: sampleJson(line.hit, origin) };
	if (line.kind === "progress") return { type: "progress", day: line.day, looked: line.looked, hits: line.hits };
	const { days, looked, hits, messages, cut, newest } = line;
	return { type: "done", days: [...days], looked, hits, messages, cut, newest };
}
