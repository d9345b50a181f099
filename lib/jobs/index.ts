export { catalogue } from "./catalogue";
export type { AnyJob, Job, JobContext, JobEvent, JobFailure, Steps } from "./job";
export { requestCapture } from "./request-capture";
export { requestRun } from "./request-run";
export { type JobServices, jobServices } from "./services";
