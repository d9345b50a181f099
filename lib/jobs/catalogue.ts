import { alertsDeliver } from "./alerts-deliver";
import { captureVisit } from "./capture-visit";
import { housekeeping } from "./housekeeping";
import { huntersJudge } from "./hunters-judge";
import type { AnyJob } from "./job";
import { sourceRun } from "./source-run";
import { sourcesSchedule } from "./sources-schedule";

/** Every job there is. Jobs differ in the data they take, which the adapter checks against each one's own schema. */
export const catalogue: readonly AnyJob[] = [sourcesSchedule, sourceRun, captureVisit, huntersJudge, alertsDeliver, housekeeping];
