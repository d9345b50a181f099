import { type Database, database, lit } from "@/lib/platform";

export interface TrackerTotal {
	tracker: string;
	title: string;
	/** records ever */
	total: number;
	/** records first listed today (UTC) */
	today: number;
	/** distinct indicators the tracker was first to name */
	indicators: number;
}

/** Totals for the dashboard and the navigation, from roll-ups: the cost does not grow with the records. */
export async function totals(db: Database = database(), now = new Date()): Promise<TrackerTotal[]> {
	const today = lit(now.toISOString().slice(0, 10));
	const [counts, days] = await Promise.all([
		db.query<{ total: number | null }>("SELECT SUM(sighting_count) AS total FROM source_state"),
		db.query<{ today: number | null; indicators: number | null }>(
			`SELECT SUM(CASE WHEN day = ${today} THEN records ELSE 0 END) AS today, SUM(indicators) AS indicators FROM daily_count WHERE tracker = 'reputation'`,
		),
	]);
	return [
		{
			tracker: "reputation",
			title: "Reputation",
			total: Number(counts[0]?.total ?? 0),
			today: Number(days[0]?.today ?? 0),
			indicators: Number(days[0]?.indicators ?? 0),
		},
	];
}
