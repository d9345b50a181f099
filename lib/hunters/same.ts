import { type Database, database, lit } from "@/lib/platform";

const SHOWN = 3;

/**
 * Hunters whose whole query is one of these texts, by name, three at most: so that nobody makes a second one for the same value. One
 * that names the value among other terms is not among them.
 */
export async function huntersAsking(queries: readonly string[], db: Database = database()): Promise<Array<{ id: string; name: string }>> {
	if (queries.length === 0) return [];
	const rows = await db.query<{ id: Buffer; name: string }>(`SELECT id, name FROM hunter WHERE query IN (${queries.map((query) => lit(query)).join(",")}) ORDER BY name, id LIMIT ${SHOWN}`);
	return rows.map(({ id, name }) => ({ id: id.toString("hex"), name }));
}
