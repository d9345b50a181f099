import { type Database, database, lit } from "@/lib/platform";

const DAYS = 30;
const DAY_MS = 86_400_000;

/** Hits of a UTC day. */
export interface HitDay {
	day: string;
	count: number;
}

/** Hits of each of the last 30 UTC days, oldest first, of each of these hunters (32 hex): how a list shows them at a glance. */
export async function hitDays(hunters: readonly string[], now = new Date(), db: Database = database()): Promise<Map<string, HitDay[]>> {
	if (hunters.length === 0) return new Map();
	const today = Date.parse(now.toISOString().slice(0, 10));
	const days = Array.from({ length: DAYS }, (_, at) => new Date(today - (DAYS - 1 - at) * DAY_MS).toISOString().slice(0, 10));
	const ids = hunters.map((id) => lit(Buffer.from(id, "hex")));
	const rows = await db.query<{ hunter_id: Buffer; day: string; count: number }>(
		`SELECT hunter_id, DATE_FORMAT(at, '%Y-%m-%d') AS day, COUNT(*) AS count FROM hunter_hit WHERE hunter_id IN (${ids.join(",")}) AND at >= ${lit(new Date(today - (DAYS - 1) * DAY_MS))} GROUP BY hunter_id, day`,
	);
	const counts = new Map(rows.map(({ hunter_id, day, count }) => [`${hunter_id.toString("hex")} ${day}`, Number(count)]));
	return new Map(hunters.map((id) => [id, days.map((day) => ({ day, count: counts.get(`${id} ${day}`) ?? 0 }))]));
}
