import { type Database, database } from "@/lib/platform";
import type { AnyTracker } from "./define";
import { list } from "./list";

export { trackerByPath, trackerByResource, trackers } from "./all";
export { type AnyTracker, anyTracker, type BaseQuery, type CsvColumn, type Tracker, type TrackerPage } from "./define";
export { chart, count, exportEnd, get, type ListPage, list, MAX_OFFSET, stream } from "./list";
export { integerParameter, listParameter, PAGE_PARAMETERS, type Parameter, type Parameters, readGiven, readParameter, textParameter } from "./parameters";
export { type ReputationQuery, type ReputationRow, reputation } from "./reputation";
export { type ShownGroup, shownFilters, shownGroups, shownTable } from "./shown";
export { type TrackerTotal, totals } from "./summary";
export { type EventGalaxy, type EventRow, type RelatedEvent, threatEvent } from "./threat";
export { type AttributeRow, threatAttribute } from "./threat/attribute";
export { attributeGroups, attributePage, objectPage } from "./threat/contents";
export { NAMES_SHOWN, threatOrgs, threatTags } from "./threat/names";
export { eventView, tagBadge } from "./threat/page";
export { correlatedEvents, mispRelated } from "./threat/related";
export { type VulnRow, vuln } from "./vuln";

/** The newest `limit` records of any tracker that the generic pages show, without their texts. */
export async function newestRecords(tracker: AnyTracker, limit: number, db: Database = database()): Promise<unknown[]> {
	return (await list(tracker, { limit }, db, { light: true })).rows;
}
