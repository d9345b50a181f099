import { readFileSync } from "node:fs";
import { join } from "node:path";

interface Entry {
	cat: string;
	value?: string;
	value_b64?: string;
}

const { entries, blns } = JSON.parse(readFileSync(join(import.meta.dirname, "../fixtures/security/naughty-strings.json"), "utf8")) as { entries: Entry[]; blns: string[] };

/** Every hostile text of the corpus once; bytes that are no UTF-8 as a decoder gives them. */
export const NAUGHTY: readonly string[] = [...new Set([...entries.map(({ value, value_b64 }) => value ?? Buffer.from(value_b64 ?? "", "base64").toString("utf8")), ...blns])];

/** Request headers that have fooled servers of this kind, as name and value. */
export const HEADERS: ReadonlyArray<readonly [string, string]> = entries
	.filter(({ cat }) => cat === "next-header")
	.map(({ value = "" }) => {
		const at = value.indexOf(": ");
		return [value.slice(0, at), value.slice(at + 2)] as const;
	});

/** In any part of an address; lone surrogates have no spelling there. */
export function escaped(text: string): string {
	return encodeURIComponent(text.toWellFormed());
}

/** Runs work over all items, some at a time. */
export async function each<T>(items: readonly T[], work: (item: T, at: number) => Promise<void>, atOnce = 6): Promise<void> {
	let next = 0;
	const lane = async (): Promise<void> => {
		while (next < items.length) {
			const at = next++;
			await work(items[at] as T, at);
		}
	};
	await Promise.all(Array.from({ length: atOnce }, lane));
}
