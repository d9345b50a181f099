import { classify, classifyMany } from "@/lib/domain/classify";
import type { Indicator } from "@/lib/domain/indicator";
import { understand, withoutPassword } from "@/lib/domain/understand";

/** Values of one list; the index answers for as many in one go. */
export const MAX_VALUES = 10_000;
/** Values for which services are asked. */
export const MAX_ASKED = 1_000;
/** Bytes of a file that is read as a list. */
export const MAX_FILE = 4 * 1024 * 1024;

export interface Row {
	/** place in the list, from 0 */
	at: number;
	/** as it was written */
	text: string;
	/** null: it is none */
	indicator: Indicator | null;
	/** why it is no indicator */
	reason: string | null;
}

export interface ParsedList {
	rows: Row[];
	/** values that stand in the list more than once */
	repeated: number;
	comments: number;
	/** values beyond what one list may have */
	beyond: number;
}

/** The value of a line of a table: its first cell that is one. */
function firstCell(text: string): { text: string; indicator: Indicator } | null {
	if (!/[,;|\t]/.test(text)) return null;
	for (const cell of text.split(/[,;|\t]/)) {
		const plain = cell.trim().replace(/^(["'])(.*)\1$/, "$2");
		const found = classify(plain);
		if (found.kind === "indicator") return { text: plain, indicator: found.indicator };
	}
	return null;
}

function why(text: string): string {
	const found = understand(text);
	return found.kind === "invalid" ? found.reason : "This is no indicator.";
}

function rowOf(text: string): Omit<Row, "at"> {
	const found = understand(text);
	if (found.kind === "indicator") return { text: withoutPassword(text), indicator: found.indicator, reason: null };
	const cell = firstCell(text);
	return cell === null ? { text: withoutPassword(text), indicator: null, reason: why(text) } : { ...cell, reason: null };
}

/** A pasted or uploaded list as rows: comments left out, each value once, whatever is no indicator kept with the reason. */
export function parseList(input: string): ParsedList {
	const lines = input.split(/\r\n?|\n/);
	const plain = lines.filter((line) => !/^\s*(?:#|\/\/)/.test(line));
	const seen = new Set<string>();
	const list: ParsedList = { rows: [], repeated: 0, comments: lines.length - plain.length, beyond: 0 };
	for (const line of plain) {
		// Tabs separate cells of a table here, not values.
		const parts = line.includes("\t") && !line.includes(" ") ? [{ text: line.trim() }] : classifyMany(line);
		for (const { text } of parts) {
			if (text === "") continue;
			const row = rowOf(text);
			const key = row.indicator === null ? `? ${row.text}` : `${row.indicator.type} ${row.indicator.value}`;
			if (seen.has(key)) list.repeated++;
			else if (list.rows.length >= MAX_VALUES) list.beyond++;
			else {
				seen.add(key);
				list.rows.push({ at: list.rows.length, ...row });
			}
		}
	}
	return list;
}
