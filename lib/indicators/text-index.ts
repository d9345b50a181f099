import { TYPE_NUMBERS } from "@/lib/domain/indicator";
import { lit, type Queryable } from "@/lib/platform";
import { gramsOf, hashToken } from "./grams";

/** What the text index is told about one indicator. */
export interface TextEntry {
	id: Buffer;
	type: number;
	value: string;
	/** descriptions, families and tags its sources gave */
	labels: readonly string[];
}

const HASHES: ReadonlySet<number> = new Set([TYPE_NUMBERS.md5, TYPE_NUMBERS.sha1, TYPE_NUMBERS.sha256]);
/** Labels of one indicator that are kept for search; they are an aid, the sightings hold every one. */
const MAX_LABELS = 24;

function labelLines(labels: readonly string[]): string[] {
	const lines = labels.map((label) => label.toLowerCase().replace(/\s+/g, " ").trim()).filter((label) => label !== "");
	return [...new Set(lines)].slice(0, MAX_LABELS);
}

/** The row of `search_text`: the value (not of a hash), then one label a line; and its search words. */
export function searchTextOf(entry: TextEntry): { text: string; grams: string } {
	const isHash = HASHES.has(entry.type);
	const lines = labelLines(entry.labels);
	const text = [entry.value.toLowerCase(), ...lines].join("\n");
	const grams = gramsOf(isHash ? lines.join("\n") : text);
	if (isHash) grams.push(hashToken(entry.value));
	return { text, grams: grams.join(" ") };
}

function merged(entry: TextEntry, stored: string): TextEntry {
	const known = stored.split("\n").slice(1);
	return { ...entry, labels: [...known, ...entry.labels] };
}

/**
 * Writes entries to the text index: labels are added to those other sources gave before. At most a few thousand a call;
 * idempotent. Several entries for one id are joined.
 */
export async function writeTextIndex(tx: Queryable, entries: readonly TextEntry[]): Promise<number> {
	if (entries.length === 0) return 0;
	const byId = new Map<string, TextEntry>();
	for (const entry of entries) {
		const key = entry.id.toString("hex");
		const other = byId.get(key);
		byId.set(key, other === undefined ? entry : { ...entry, labels: [...other.labels, ...entry.labels] });
	}
	const ids = [...byId.values()].map((entry) => lit(entry.id)).join(",");
	const stored = await tx.query<{ indicator_id: Buffer; text: string }>(`SELECT indicator_id, text FROM search_text WHERE indicator_id IN (${ids})`);
	const known = new Map(stored.map((row) => [row.indicator_id.toString("hex"), row.text]));
	const values: string[] = [];
	for (const [key, entry] of byId) {
		const before = known.get(key);
		const { text, grams } = searchTextOf(before === undefined ? entry : merged(entry, before));
		if (text !== before) values.push(`(${lit(entry.id)},${lit(text)},${lit(grams)})`);
	}
	for (let at = 0; at < values.length; at += 1000) {
		await tx.execute(`INSERT INTO search_text (indicator_id, text, grams) VALUES ${values.slice(at, at + 1000).join(",")} ON DUPLICATE KEY UPDATE text = VALUES(text), grams = VALUES(grams)`);
	}
	return values.length;
}
