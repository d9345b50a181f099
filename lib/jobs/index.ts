export { catalogue } from "./catalogue";
export { SOURCE_RUN_REQUESTED, type SourceRunRequest } from "./events";
export type { AnyJob, Job, JobContext, JobEvent, JobFailure, Steps } from "./job";
export { requestRun } from "./request-run";
export { type JobServices, jobServices } from "./services";
