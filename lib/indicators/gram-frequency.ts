import { type Database, lit } from "@/lib/platform";

/** Rows that are looked at. Ids are hashes, so the first ones are a fair sample. */
const SAMPLE = 20_000;
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

const cached = new WeakMap<Database, { at: number; value: Frequencies }>();
const CACHE_MS = 5 * 60_000;

/**
 * Measures how common each trigram is, so that searches ask for the rare ones of a word and never for `com`
 * (which cost seconds on both engines). Reads 20,000 rows, writes one setting.
 */
export async function measureGrams(database: Database): Promise<number> {
	const rows = await database.query<{ grams: string }>(`SELECT grams FROM search_text ORDER BY indicator_id LIMIT ${SAMPLE}`);
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
		`INSERT INTO setting (name, value, updated_at) VALUES ('gram-frequency', ${lit(JSON.stringify(value))}, ${lit(new Date())}) ON DUPLICATE KEY UPDATE value = VALUES(value), updated_at = VALUES(updated_at)`,
	);
	cached.delete(database);
	return Object.keys(shares).length;
}

/** Measures while the sample is not yet full: an index that grows from nothing soon knows its own common trigrams. */
export async function measureYoungIndex(database: Database): Promise<void> {
	const rows = await database.query<{ value: string }>("SELECT value FROM setting WHERE name = 'gram-frequency'");
	const known = rows[0] === undefined ? BUILT_IN : (JSON.parse(rows[0].value) as Frequencies);
	if (known.rows < SAMPLE) await measureGrams(database);
}

/** Share of texts that hold a trigram; rare ones give 0. Read from the setting every five minutes at most. */
export async function gramShares(database: Database): Promise<(gram: string) => number> {
	const known = cached.get(database);
	if (known !== undefined && Date.now() - known.at < CACHE_MS) return (gram) => known.value.shares[gram] ?? 0;
	const rows = await database.query<{ value: string }>("SELECT value FROM setting WHERE name = 'gram-frequency'");
	const value = rows[0] === undefined ? BUILT_IN : (JSON.parse(rows[0].value) as Frequencies);
	cached.set(database, { at: Date.now(), value });
	return (gram) => value.shares[gram] ?? 0;
}
