import { type Database, lit } from "@/lib/platform";

/** The text indexes: of indicators and their labels, of records, of events' attributes. What is common in one is rare in another. */
export type TextIndex = "values" | "records" | "attributes";

/** `sample`: rows that are looked at. Ids are hashes, so the first ones are a fair sample. A record's text is longer by far. */
const INDEXES: Readonly<Record<TextIndex, { table: string; key: string; setting: string; sample: number }>> = {
	values: { table: "search_text", key: "indicator_id", setting: "gram-frequency", sample: 20_000 },
	records: { table: "record_text", key: "record_id", setting: "gram-frequency-records", sample: 4000 },
	attributes: { table: "threat_attribute_text", key: "event_id, id", setting: "gram-frequency-attributes", sample: 20_000 },
};
/** Trigrams in fewer texts than this are rare and not listed. */
const NOTABLE_SHARE = 0.004;

interface Frequencies {
	/** share of texts (0-1) that hold a trigram, the notable ones only */
	shares: Record<string, number>;
	rows: number;
}

/** What is known before anything was measured: the trigrams every host list is full of, by hex. */
const BUILT_IN: Frequencies = {
	rows: 0,
	shares: Object.fromEntries(
		["com", ".co", "htt", "ttp", "tp:", "p:/", "://", "//w", "www", "ww.", ".ne", "net", ".or", "org", ".ru", "ing", ".php", "^ht", "^ww", "^co", ".10", ".1.", "192", "168"].map((gram) => [
			Buffer.from(gram.slice(0, 3)).toString("hex"),
			0.2,
		]),
	),
};

const cached: Readonly<Record<TextIndex, WeakMap<Database, { at: number; value: Frequencies }>>> = { values: new WeakMap(), records: new WeakMap(), attributes: new WeakMap() };
const CACHE_MS = 5 * 60_000;

/**
 * Measures how common each trigram is, so that searches ask for the rare ones of a word and never for `com`
 * (which cost seconds on both engines). Reads a sample of rows, writes one setting.
 */
export async function measureGrams(database: Database, index: TextIndex = "values"): Promise<number> {
	const { table, key, setting, sample } = INDEXES[index];
	const rows = await database.query<{ grams: string }>(`SELECT grams FROM ${table} ORDER BY ${key} LIMIT ${sample}`);
	if (rows.length === 0) return 0;
	const counts = new Map<string, number>();
	for (const row of rows) {
		for (const gram of row.grams.split(" ")) counts.set(gram, (counts.get(gram) ?? 0) + 1);
	}
	const shares: Record<string, number> = {};
	for (const [gram, count] of counts) {
		const share = count / rows.length;
		if (count > 3 && share >= NOTABLE_SHARE) shares[gram] = Math.round(share * 1e4) / 1e4;
	}
	const value: Frequencies = { shares, rows: rows.length };
	await database.execute(
		`INSERT INTO setting (name, value, updated_at) VALUES (${lit(setting)}, ${lit(JSON.stringify(value))}, ${lit(new Date())}) ON DUPLICATE KEY UPDATE value = VALUES(value), updated_at = VALUES(updated_at)`,
	);
	cached[index].delete(database);
	return Object.keys(shares).length;
}

/** Measures while the sample is not yet full: an index that grows from nothing soon knows its own common trigrams. */
export async function measureYoungIndex(database: Database, index: TextIndex = "values"): Promise<void> {
	const { setting, sample } = INDEXES[index];
	const rows = await database.query<{ value: string }>(`SELECT value FROM setting WHERE name = ${lit(setting)}`);
	const known = rows[0] === undefined ? BUILT_IN : (JSON.parse(rows[0].value) as Frequencies);
	if (known.rows < sample) await measureGrams(database, index);
}

/** Share of texts that hold a trigram; rare ones give 0. Read from the setting every five minutes at most. */
export async function gramShares(database: Database, index: TextIndex = "values"): Promise<(gram: string) => number> {
	const known = cached[index].get(database);
	if (known !== undefined && Date.now() - known.at < CACHE_MS) return (gram) => known.value.shares[gram] ?? 0;
	const rows = await database.query<{ value: string }>(`SELECT value FROM setting WHERE name = ${lit(INDEXES[index].setting)}`);
	const value = rows[0] === undefined ? BUILT_IN : (JSON.parse(rows[0].value) as Frequencies);
	cached[index].set(database, { at: Date.now(), value });
	return (gram) => value.shares[gram] ?? 0;
}
