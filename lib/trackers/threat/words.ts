import { parseWords, type Word, wordCondition } from "@/lib/indicators/words";
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

/** Newest events that are looked at one by one when a word is too common for any index. */
export const DENSE_EVENTS = 5000;

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
	if (found.dense) {
		const newest = `SELECT n.id FROM (SELECT x.id FROM threat_event x WHERE x.deleted_at IS NULL ORDER BY x.published_at DESC LIMIT ${DENSE_EVENTS}) n`;
		return [`e.id IN (${newest}) AND EXISTS (SELECT 1 FROM threat_attribute_text t WHERE t.event_id = e.id AND ${found.where})`];
	}
	return [`e.id IN (SELECT t.event_id FROM threat_attribute_text t WHERE ${found.where})`];
}

/**
 * One word as joins and a condition over events (alias `e`): it stands in the event's own text or in the value of any of its
 * attributes. `key` names the joined tables. `dense`: too common for either index, so that nothing narrows the events down.
 */
async function eventsWithWord(word: Word, key: string, db: Database): Promise<{ joins: string[]; conditions: string[]; dense: boolean }> {
	const [own, values] = [await wordCondition(db, [word], false, "records"), await wordCondition(db, [word], false, "attributes")];
	const ownText = `SELECT t.record_id AS id FROM record_text t WHERE t.tracker = 'threat' AND ${own.conditions.join(" AND ")}`;
	const valueText = `SELECT t.event_id AS id FROM threat_attribute_text t WHERE ${values.conditions.join(" AND ")}`;
	// A joined UNION is read once by every optimiser; within IN (…) it may be read again for each event.
	if (!own.dense && !values.dense) return { joins: [`JOIN (${ownText} AND ${own.match} UNION ${valueText} AND ${values.match}) ${key} ON ${key}.id = e.id`], conditions: [], dense: false };
	const joins: string[] = [];
	const side = (text: string, { match, dense }: { match: string | null; dense: boolean }, id: string, alias: string): string => {
		if (dense) return `EXISTS (${text} AND t.${id} = e.id)`;
		joins.push(`LEFT JOIN (${text.replace("SELECT", "SELECT DISTINCT")} AND ${match}) ${alias} ON ${alias}.id = e.id`);
		return `${alias}.id IS NOT NULL`;
	};
	return { joins, conditions: [`(${side(ownText, own, "record_id", `${key}o`)} OR ${side(valueText, values, "event_id", `${key}v`)})`], dense: true };
}

/** Joins and conditions for events (alias `e`) that hold every word, each in their own text or in the value of any of their attributes. */
export async function eventsWithWords(words: readonly Word[], db: Database): Promise<{ joins: string[]; conditions: string[]; dense: boolean }> {
	const found = await Promise.all(words.map((word, at) => eventsWithWord(word, `k${at}`, db)));
	return { joins: found.flatMap(({ joins }) => joins), conditions: found.flatMap(({ conditions }) => conditions), dense: found.every(({ dense }) => dense) };
}

/** A number, a UUID or our own 32 hex as a condition over `number` and `id` columns. */
export function idCondition(text: string, columns: { number: string; id: string; bytes: (uuid: string) => Buffer }): string {
	if (/^\d{1,16}$/.test(text)) return `${columns.number} = ${text}`;
	if (/^[0-9a-f]{32}$/i.test(text)) return `${columns.id} = ${lit(Buffer.from(text, "hex"))}`;
	return `${columns.id} = ${lit(columns.bytes(text.toLowerCase()))}`;
}

/** What `id` parameters take. */
export const ID_PATTERN = { is: /^(?:\d{1,16}|[0-9a-f]{32}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$/i, right: "a number or a UUID" };
