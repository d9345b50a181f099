import { type Database, database, remembered } from "@/lib/platform";

const SECONDS = 2;

/** How many hunters are switched on, some seconds old at most: every page of the console asks. */
export function hunterCount(db: Database = database()): Promise<number> {
	return remembered(db, "hunters", SECONDS, async () => Number((await db.query<{ n: number }>("SELECT COUNT(*) AS n FROM hunter WHERE enabled = 1"))[0]?.n ?? 0));
}
