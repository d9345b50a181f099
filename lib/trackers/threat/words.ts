import { parseWords, wordCondition } from "@/lib/indicators/words";
import { type Database, lit } from "@/lib/platform";

/** Names of MISP's levels and states, as the original's API writes them. */
export const LEVELS = ["High", "Medium", "Low", "Undefined"] as const;
export const ANALYSES = ["Initial", "Ongoing", "Complete"] as const;

export function levelName(level: number): (typeof LEVELS)[number] {
	return LEVELS[level - 1] ?? "Undefined";
}

export function analysisName(analysis: number): (typeof ANALYSES)[number] {
	return ANALYSES[analysis] ?? "Initial";
}

/** Attributes whose value holds every word, as a condition over `threat_attribute_text t`; null where there is no word. */
async function valueWords(text: string, db: Database): Promise<{ where: string; dense: boolean } | null> {
	const words = parseWords(text);
	if (words.length === 0) return null;
	const { match, conditions, dense } = await wordCondition(db, words, false, "attributes");
	return { where: [...(match === null ? [] : [match]), ...conditions].join(" AND "), dense };
}

/** Join and conditions for attributes (alias `a`) whose value holds every word. */
export async function attributesHolding(text: string, db: Database): Promise<{ joins: string[]; conditions: string[] }> {
	const found = await valueWords(text, db);
	return found === null ? { joins: [], conditions: [] } : { joins: ["JOIN threat_attribute_text t ON t.event_id = a.event_id AND t.id = a.id"], conditions: [found.where] };
}

/**
 * Condition for events (alias `e`) with an attribute whose value holds the text. Where a word is too common for the index, the
 * newest events are asked one by one: nearly each has it.
 */
export async function eventsHolding(text: string, db: Database): Promise<string[]> {
	const found = await valueWords(text, db);
	if (found === null) return [];
	if (found.dense) return [`EXISTS (SELECT 1 FROM threat_attribute_text t WHERE t.event_id = e.id AND ${found.where})`];
	return [`e.id IN (SELECT t.event_id FROM threat_attribute_text t WHERE ${found.where})`];
}

/** A number, a UUID or our own 32 hex as a condition over `number` and `id` columns. */
export function idCondition(text: string, columns: { number: string; id: string; bytes: (uuid: string) => Buffer }): string {
	if (/^\d{1,16}$/.test(text)) return `${columns.number} = ${text}`;
	if (/^[0-9a-f]{32}$/i.test(text)) return `${columns.id} = ${lit(Buffer.from(text, "hex"))}`;
	return `${columns.id} = ${lit(columns.bytes(text.toLowerCase()))}`;
}

/** What `id` parameters take. */
export const ID_PATTERN = { is: /^(?:\d{1,16}|[0-9a-f]{32}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$/i, right: "a number or a UUID" };
