import { lit, type Queryable, remembered } from "@/lib/platform";
import { sourceByNumber, sourceNames } from "@/lib/sources";

/** What sources are called, by number. */
export type SourceWords = ReadonlyMap<number, readonly string[]>;

const SECONDS = 60;

/** Names by which queries may call sources: its slug, its name, its number. Feeds that people added are in the database only. */
export async function sourceWords(db: Queryable, numbers: Iterable<number>): Promise<SourceWords> {
	const found = new Map<number, readonly string[]>();
	for (const number of new Set(numbers)) {
		const source = sourceByNumber(number);
		const name = source?.name ?? sourceNames()[number];
		if (name !== undefined) found.set(number, [...(source === undefined ? [] : [source.id]), name, String(number)]);
		else {
			const stored = (await addedSources(db)).get(number);
			found.set(number, stored ?? [String(number)]);
		}
	}
	return found;
}

function addedSources(db: Queryable): Promise<SourceWords> {
	return remembered(db, "hunters-added-sources", SECONDS, async () => {
		const rows = await db.query<{ source: number; slug: string; name: string | null }>("SELECT source, slug, name FROM source_state");
		return new Map(rows.map(({ source, slug, name }) => [Number(source), [slug, ...(name === null ? [] : [name]), String(source)]] as const));
	});
}

/** What a source is called. */
export async function sourceName(db: Queryable, number: number): Promise<string> {
	const words = (await sourceWords(db, [number])).get(number) ?? [];
	return words.at(-2) ?? `source ${number}`;
}

/** Every source that a tracker has records of. */
export async function sourcesWithRecords(db: Queryable, tracker: string): Promise<SourceWords> {
	const rows = await db.query<{ source: number }>(`SELECT DISTINCT source FROM daily_count WHERE tracker = ${lit(tracker)}`);
	return sourceWords(
		db,
		rows.map(({ source }) => Number(source)),
	);
}
