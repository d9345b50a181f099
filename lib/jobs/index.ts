export { catalogue } from "./catalogue";
export type { AnyJob, Job, JobContext, JobEvent, JobFailure, Steps } from "./job";
export { requestRun } from "./request-run";
export { type JobServices, jobServices } from "./services";
