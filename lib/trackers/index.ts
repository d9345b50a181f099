import { type Database, database } from "@/lib/platform";
import { type AnyTracker, anyTracker } from "./define";
import { list } from "./list";
import { type ReputationRow, reputation } from "./reputation";

export type { AnyTracker, BaseQuery, CsvColumn, Tracker } from "./define";
export { chart, count, get, type ListPage, list, MAX_OFFSET, stream } from "./list";
export { type ReputationQuery, type ReputationRow, reputation } from "./reputation";
export { type TrackerTotal, totals } from "./summary";

/** Every tracker there is, in the order of navigation and API. */
export const trackers: readonly AnyTracker[] = [reputation].map(anyTracker);

/** The newest `limit` records of the reputation tracker, for the dashboard. */
export async function newestReputation(limit: number, db: Database = database()): Promise<ReputationRow[]> {
	return (await list(reputation, { limit }, db)).rows;
}

/** The tracker that the API calls so, undefined where there is none. */
export function trackerByResource(resource: string): AnyTracker | undefined {
	return trackers.find((tracker) => tracker.resource === resource);
}
