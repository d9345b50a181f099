import { type Database, database } from "@/lib/platform";
import { list } from "./list";
import { type ReputationRow, reputation } from "./reputation";

export type { BaseQuery, CsvColumn, Tracker } from "./define";
export { chart, count, get, type ListPage, list, MAX_OFFSET, stream } from "./list";
export { type ReputationQuery, type ReputationRow, reputation } from "./reputation";
export { type TrackerTotal, totals } from "./summary";

/** Every tracker there is, in the order of navigation and API. */
export const trackers = [reputation] as const;

/** The newest `limit` records of the reputation tracker, for the dashboard. */
export async function newestReputation(limit: number, db: Database = database()): Promise<ReputationRow[]> {
	return (await list(reputation, { limit }, db)).rows;
}

/** The tracker with this name (also the API's resource), undefined where there is none. */
export function trackerByName(name: string): (typeof trackers)[number] | undefined {
	return trackers.find((tracker) => tracker.name === name);
}
