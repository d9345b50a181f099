import { type Database, database, lit, remembered } from "@/lib/platform";
import { trackers } from "./all";

export interface TrackerTotal {
	tracker: string;
	title: string;
	path: string;
	/** records ever */
	total: number;
	/** records dated today (UTC) */
	today: number;
	/** distinct indicators the tracker was first to name */
	indicators: number;
	/** records a day over the last 30 UTC days, today last */
	days: Array<{ day: string; count: number }>;
}

const DAYS = 30;
const DAY_MS = 86_400_000;

/** How old totals may be, seconds: every page shows them, and most show them twice. */
const TOTALS_SECONDS = 10;

/** Totals and charts for the dashboard and the navigation, from roll-ups; some seconds old at most. */
export function totals(db: Database = database()): Promise<TrackerTotal[]> {
	return remembered(db, "totals", TOTALS_SECONDS, () => readTotals(db));
}

/** The same as it is now: two questions, whose cost does not grow with the records. */
export async function readTotals(db: Database = database(), now = new Date()): Promise<TrackerTotal[]> {
	const days = Array.from({ length: DAYS }, (_, at) => new Date(now.getTime() - (DAYS - 1 - at) * DAY_MS).toISOString().slice(0, 10));
	const [sums, newest] = await Promise.all([
		db.query<{ tracker: string; total: number | null; indicators: number | null }>("SELECT tracker, SUM(records) AS total, SUM(indicators) AS indicators FROM daily_count GROUP BY tracker"),
		db.query<{ tracker: string; day: string; records: number }>(
			`SELECT tracker, DATE_FORMAT(day, '%Y-%m-%d') AS day, SUM(records) AS records FROM daily_count WHERE day >= ${lit(days[0] as string)} GROUP BY tracker, day`,
		),
	]);
	const byTracker = new Map(sums.map((row) => [row.tracker, row]));
	const byDay = new Map(newest.map((row) => [`${row.tracker} ${row.day}`, Number(row.records)]));
	return trackers
		.filter(({ isPart }) => isPart !== true)
		.map(({ name, title, path }) => {
			const counted = days.map((day) => ({ day, count: byDay.get(`${name} ${day}`) ?? 0 }));
			return {
				tracker: name,
				title,
				path,
				total: Number(byTracker.get(name)?.total ?? 0),
				today: counted.at(-1)?.count ?? 0,
				indicators: Number(byTracker.get(name)?.indicators ?? 0),
				days: counted,
			};
		});
}
